"""Shapes of what ads left of a post."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.schemas.common import Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.lift import Estimate
from attise.kernel.clock import rfc3339
from attise.measurement.reports.promoted import LEAST_TOGETHER, Course, Gain
from attise.measurement.reports.queries import TogetherView


class PromotionPart(Told):
    """Views of a part of the course."""

    organic: int
    paid: int
    without: Annotated[float | None, Field(description="Organic views without ads, as is to be expected.")]
    brought: Annotated[Estimate | None, Field(description="Organic views above that; below zero where it has fewer.")]
    differs: Annotated[bool, Field(description="Whether the interval leaves zero out.")]
    more_posts: Annotated[int, Field(description="About how many more promoted posts like this one would tell it.")]


class PromotionStep(Told):
    """Views of a step of the course, six hours or a day."""

    at: Annotated[ToldMoment, Field(description="When it begins.")]
    organic: int
    paid: int
    without: Annotated[int | None, Field(description="Organic views without ads; null before them.")]


class Promotion(Told):
    """The course of a promoted post."""

    begins_at: Annotated[ToldMoment, Field(description="Its first hour with a paid view.")]
    ends_at: Annotated[ToldMoment, Field(description="The end of its last one so far.")]
    is_over: Annotated[bool, Field(description="Whether no ad has shown it for half a day.")]
    views_before: Annotated[int, Field(description="Organic ones.")]
    during: PromotionPart
    after: Annotated[PromotionPart | None, Field(description="null: it is not over.")]
    in_all: Annotated[PromotionPart, Field(description="From where its ads begin.")]
    beside: Annotated[int, Field(description="Posts that could have been promoted then and were not.")]
    is_enough: Annotated[bool, Field(description="Whether what it would have come to can be told.")]
    more_beside: Annotated[int, Field(description="How many more of those posts are needed.")]
    more_views_before: Annotated[int, Field(description="How many views it had too few before its ads.")]
    is_unlike: Annotated[
        bool, Field(description="Whether it is too unlike those posts for them to say anything of it.")
    ]
    steps: list[PromotionStep]


class PostPromotion(Told):
    """What ads left of a post."""

    post_id: ToldId
    advertiser_id: ToldId | None
    promotion: Promotion | None


class PromotionsTogether(Told):
    """What ads brought several posts in the feed."""

    advertiser_id: ToldId | None
    as_of: Annotated[
        ToldMoment | None, Field(description="Of the hours that were over then; null: it was not worked out yet.")
    ]
    posts: Annotated[int, Field(description="Promoted posts that this is told of.")]
    part: Annotated[Estimate | None, Field(description="Organic views above those without ads: 0.1 is a tenth more.")]
    differs: Annotated[bool, Field(description="Whether the interval leaves zero out.")]
    more_posts: Annotated[int, Field(description="About how many more promoted posts would tell it; 0: it is told.")]


def tell_together(advertiser_id: int | None, view: TogetherView | None) -> PromotionsTogether:
    """Return it as callers see it."""
    reader = None if advertiser_id is None else str(advertiser_id)
    as_of, found = (None, None) if view is None else (rfc3339(view.as_of_ms), view.found)
    if found is None:
        return PromotionsTogether(
            advertiser_id=reader, as_of=as_of, posts=0, part=None, differs=False, more_posts=LEAST_TOGETHER
        )
    return PromotionsTogether(
        advertiser_id=reader,
        as_of=as_of,
        posts=found.posts,
        part=Estimate(value=round(found.part, 4), low=round(found.low, 4), high=round(found.high, 4)),
        differs=found.differs,
        more_posts=found.more_posts,
    )


def tell_promotion(post_id: int, advertiser_id: int | None, found: Course | None) -> PostPromotion:
    """Return it as callers see it."""
    reader = None if advertiser_id is None else str(advertiser_id)
    if found is None:
        return PostPromotion(post_id=str(post_id), advertiser_id=reader, promotion=None)
    columns = zip(found.steps, found.organic, found.paid, found.without, strict=True)
    told = Promotion(
        begins_at=rfc3339(found.span.from_ms),
        ends_at=rfc3339(found.span.to_ms),
        is_over=found.span.is_over,
        views_before=found.before,
        during=_part(found.during),
        after=None if found.after is None else _part(found.after),
        in_all=_part(found.in_all),
        beside=found.others,
        is_enough=found.is_enough,
        more_beside=found.more_others,
        more_views_before=found.more_views,
        is_unlike=found.is_unlike,
        steps=[
            PromotionStep(at=rfc3339(at_ms), organic=organic, paid=paid, without=without)
            for at_ms, organic, paid, without in columns
        ],
    )
    return PostPromotion(post_id=str(post_id), advertiser_id=reader, promotion=told)


def _part(one: Gain) -> PromotionPart:
    brought = None
    if one.gain is not None and one.low is not None and one.high is not None:
        brought = Estimate(value=round(one.gain, 1), low=round(one.low, 1), high=round(one.high, 1))
    return PromotionPart(
        organic=one.organic,
        paid=one.paid,
        without=None if one.without is None else round(one.without, 1),
        brought=brought,
        differs=one.differs,
        more_posts=one.more_posts,
    )
