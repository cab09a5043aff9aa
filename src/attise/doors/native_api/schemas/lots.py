"""Shapes of lots: several posts, of which chance chooses those that are boosted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.boosts import BoostFacts
from attise.doors.native_api.schemas.common import Currency, GivenId, Micros, Told, ToldId, ToldMoment, told_id
from attise.doors.native_api.schemas.posts import tell_moment
from attise.doors.site.lots import LotResult, LotsTogether
from attise.kernel.clock import rfc3339
from attise.kernel.limits import LOT_POSTS_LEAST, LOT_POSTS_MOST
from attise.management.campaigns.rules.drawing import can_tell
from attise.management.campaigns.views import LotView
from attise.measurement.reports.drawn import DrawnCourse, Effect, Part


class LotDraft(BoostFacts):
    """A lot to announce: posts that the advertiser may use, and how many of them are boosted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "post_ids": [str(7507931062747136000 + number) for number in range(8)],
                    "promoted": 3,
                    "name": "Autumn soups",
                    "budget_micros": 50_000_000,
                    "days": 7,
                    "call_to_action": "LEARN_MORE",
                    "landing_page_url": "https://shop.example/soups",
                }
            ]
        }
    )
    post_ids: Annotated[list[GivenId], Field(min_length=LOT_POSTS_LEAST, max_length=LOT_POSTS_MOST)]
    promoted: Annotated[
        int,
        Field(ge=1, lt=LOT_POSTS_MOST, description="How many of them chance chooses; at least one is left out."),
    ]


class LotPostAnswer(Told):
    """A post of a lot."""

    post_id: ToldId
    is_promoted: Annotated[bool | None, Field(description="null: not drawn yet.")]
    ad_id: ToldId | None


class LotAnswer(Told):
    """A lot as it is now."""

    lot_id: ToldId
    advertiser_id: ToldId
    name: str
    state: Literal["announced", "running", "over"]
    promoted: int
    posts: Annotated[list[LotPostAnswer], Field(description="As they were named.")]
    can_tell: Annotated[
        bool,
        Field(description="Whether so many posts can ever tell what ads brought from chance, in this lot alone."),
    ]
    currency: Currency
    budget_micros: Annotated[int, Field(description="A day, of each post that is boosted.")]
    days: int
    most_micros: Annotated[Micros, Field(description="What it spends at most.")]
    objective_type: str
    optimization_goal: str
    commitment: Annotated[
        str, Field(description="SHA-256, hexadecimal, of `seed:promoted:post,post…`, posts from the smallest id on.")
    ]
    seed: Annotated[
        str | None,
        Field(
            description="null before the draw. The posts with the smallest SHA-256 of `seed:post` are those promoted."
        ),
    ]
    campaign_id: ToldId | None
    created_at: ToldMoment
    drawn_at: ToldMoment | None
    ends_at: ToldMoment | None


class EffectAnswer(Told):
    """By which part promoted posts had more views in the feed than without ads."""

    part: Annotated[float, Field(description="0.1 is a tenth more.")]
    low: Annotated[float | None, Field(description="null: the draws that might have been are too few to say.")]
    high: float | None
    p_value: Annotated[float, Field(description="How often chance alone is at least as far from nothing.")]
    draws: Annotated[int, Field(description="That might have been.")]
    differs: Annotated[bool, Field(description="Whether the interval leaves zero out.")]


class LotPartAnswer(Told):
    """A part of the course, all promoted posts together."""

    organic: int
    paid: int
    without: Annotated[float, Field(description="Organic views without ads, as the posts left out say.")]
    brought: Annotated[float, Field(description="Organic views above those; below zero where they had fewer.")]
    brought_low: Annotated[float | None, Field(description="null: the draws that might have been are too few to say.")]
    brought_high: float | None
    effect: EffectAnswer


class LotStepAnswer(Told):
    """Views of a step, six hours or a day, of one post in the mean."""

    at: Annotated[ToldMoment, Field(description="When it begins.")]
    organic: float
    paid: float
    without: Annotated[float | None, Field(description="Organic views without ads; null before the draw.")]
    left_out: Annotated[float, Field(description="Organic views of a post that was left out.")]


class LotPostCounts(Told):
    """What was counted of a post of a lot."""

    post_id: ToldId
    is_promoted: bool
    views_day_before: int
    organic_since: int
    paid_since: Annotated[int, Field(description="By ads of the lot; of a post that was left out, by any.")]


class LotResultAnswer(Told):
    """What came of a lot."""

    lot_id: ToldId
    state: Literal["announced", "running", "over"]
    counted_until: ToldMoment | None
    views_before: Annotated[int, Field(description="Organic ones of the promoted posts.")]
    during: Annotated[LotPartAnswer | None, Field(description="null, as the next two: not drawn, or too early.")]
    after: LotPartAnswer | None
    in_all: LotPartAnswer | None
    shown: Annotated[int, Field(description="Promoted posts that an ad has shown.")]
    left_out_shown: Annotated[int, Field(description="Posts left out that some ad has shown since all the same.")]
    gone: Annotated[int, Field(description="Posts that nobody can be shown any more; counted for what they had.")]
    posts: list[LotPostCounts]
    steps: list[LotStepAnswer]


class LotsTogetherAnswer(Told):
    """What ads brought in several lots."""

    advertiser_id: ToldId
    lots: int
    promoted: int
    left_out: int
    effect: Annotated[EffectAnswer | None, Field(description="null: nothing can be told yet.")]


def tell_lot(view: LotView) -> LotAnswer:
    """Return a lot as callers see it."""
    wish = view.wish
    return LotAnswer(
        lot_id=str(view.id),
        advertiser_id=str(view.advertiser_id),
        name=wish.boost.name,
        state=view.state,
        promoted=wish.promoted,
        posts=[
            LotPostAnswer(post_id=str(one.post_id), is_promoted=one.is_promoted, ad_id=told_id(one.ad_id))
            for one in view.posts
        ],
        can_tell=can_tell(len(view.posts), wish.promoted),
        currency=view.currency,
        budget_micros=wish.boost.budget_micros,
        days=wish.boost.days,
        most_micros=wish.most_micros,
        objective_type=wish.boost.objective_type,
        optimization_goal=wish.boost.optimization_goal,
        commitment=view.commitment,
        seed=view.seed,
        campaign_id=told_id(view.campaign_id),
        created_at=rfc3339(view.created_at_ms),
        drawn_at=tell_moment(view.drawn_at_ms),
        ends_at=tell_moment(view.ends_at_ms),
    )


def tell_result(view: LotView, found: LotResult | None) -> LotResultAnswer:
    """Return what came of a lot as callers see it."""
    if found is None:
        nothing = {"during": None, "after": None, "in_all": None, "posts": [], "steps": []}
        counts = {"views_before": 0, "shown": 0, "left_out_shown": 0, "gone": 0}
        return LotResultAnswer(lot_id=str(view.id), state=view.state, counted_until=None, **counts, **nothing)
    course = found.course
    return LotResultAnswer(
        lot_id=str(view.id),
        state=view.state,
        counted_until=rfc3339(course.seen_ms),
        views_before=course.before,
        during=_part(course.during),
        after=_part(course.after),
        in_all=_part(course.in_all),
        shown=course.shown,
        left_out_shown=course.left_shown,
        gone=found.gone,
        posts=[
            LotPostCounts(
                post_id=str(one.post_id),
                is_promoted=one.is_promoted,
                views_day_before=one.recent,
                organic_since=one.organic,
                paid_since=one.paid,
            )
            for one in found.posts
        ],
        steps=_steps(course),
    )


def tell_together(advertiser_id: int, found: LotsTogether | None) -> LotsTogetherAnswer:
    """Return what came of several lots as callers see it."""
    owner = str(advertiser_id)
    if found is None:
        return LotsTogetherAnswer(advertiser_id=owner, lots=0, promoted=0, left_out=0, effect=None)
    return LotsTogetherAnswer(
        advertiser_id=owner,
        lots=found.lots,
        promoted=found.promoted,
        left_out=found.left_out,
        effect=_effect(found.effect),
    )


def _steps(course: DrawnCourse) -> list[LotStepAnswer]:
    columns = zip(course.steps, course.organic, course.paid, course.without, course.left, strict=True)
    return [
        LotStepAnswer(
            at=rfc3339(at_ms),
            organic=round(organic, 1),
            paid=round(paid, 1),
            without=None if without is None else round(without, 1),
            left_out=round(left, 1),
        )
        for at_ms, organic, paid, without, left in columns
    ]


def _part(one: Part | None) -> LotPartAnswer | None:
    if one is None:
        return None
    low, high = (None if end is None else round(end, 1) for end in (one.low, one.high))
    return LotPartAnswer(
        organic=one.organic,
        paid=one.paid,
        without=round(one.without, 1),
        brought=round(one.gain, 1),
        brought_low=low,
        brought_high=high,
        effect=_effect(one.effect),
    )


def _effect(one: Effect) -> EffectAnswer:
    low, high = (None if end is None else round(end, 4) for end in (one.low, one.high))
    return EffectAnswer(
        part=round(one.part, 4),
        low=low,
        high=high,
        p_value=round(one.p_value, 4),
        draws=one.draws,
        differs=one.differs,
    )
