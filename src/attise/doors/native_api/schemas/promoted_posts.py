"""Shapes of promoted posts taken together."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.schemas.common import Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.posts import tell_moment
from attise.doors.native_api.schemas.promotion import PostPromotion, PromotionsTogether, tell_promotion, tell_together
from attise.doors.site.promoted_posts import PartTogether, PromotedTogether
from attise.measurement.reports.queries import TogetherView


class PromotedPart(Told):
    """A part of the course of several posts."""

    organic: int
    paid: int
    organic_told: Annotated[int, Field(description="Organic views of the posts of which the next can be told.")]
    without: Annotated[int | None, Field(description="Organic views of those without ads; null: of none.")]
    together: PromotionsTogether


class PromotedDay(Told):
    """A day of several posts, counted from where the ads of each begin; views of one post, in the mean."""

    number: Annotated[int, Field(description="0: the first day of its ads; below: before them.")]
    posts: int
    organic: float
    paid: float
    without: Annotated[float | None, Field(description="Organic views without ads; null before them.")]


class PromotedPosts(Told):
    """The newest posts that an advertiser's ads have shown, thirty at most."""

    advertiser_id: ToldId
    as_of: Annotated[
        ToldMoment | None, Field(description="Of the hours that were over then; null: it was not worked out yet.")
    ]
    views_before: Annotated[int, Field(description="Organic ones.")]
    during: PromotedPart
    after: Annotated[PromotedPart, Field(description="Of the posts whose ads are over.")]
    in_all: PromotedPart
    days: list[PromotedDay]
    items: list[PostPromotion]


def tell_promoted_posts(advertiser_id: int, found: PromotedTogether) -> PromotedPosts:
    """Return it as callers see it."""
    return PromotedPosts(
        advertiser_id=str(advertiser_id),
        as_of=tell_moment(found.as_of_ms),
        views_before=found.before,
        during=_part(advertiser_id, found, found.during),
        after=_part(advertiser_id, found, found.after),
        in_all=_part(advertiser_id, found, found.in_all),
        days=[
            PromotedDay(
                number=one.number,
                posts=one.posts,
                organic=round(one.organic, 1),
                paid=round(one.paid, 1),
                without=None if one.without is None else round(one.without, 1),
            )
            for one in found.days
        ],
        items=[tell_promotion(one.post.id, advertiser_id, one.course) for one in found.posts],
    )


def _part(advertiser_id: int, found: PromotedTogether, one: PartTogether) -> PromotedPart:
    view = None if found.as_of_ms is None else TogetherView(found.as_of_ms, one.effect)
    return PromotedPart(
        organic=one.organic,
        paid=one.paid,
        organic_told=one.organic_told,
        without=one.without,
        together=tell_together(advertiser_id, view),
    )
