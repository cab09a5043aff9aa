"""Shapes of lift: what a campaign changed, with intervals, and what it could be told."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Currency, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.earnings import SignedMicros
from attise.doors.native_api.schemas.posts import tell_moment
from attise.doors.site.lifted import Lifted
from attise.kernel.money import LARGEST_MICROS, MICROS
from attise.management.campaigns.views import CampaignView
from attise.measurement.lift.arms import Share
from attise.measurement.lift.campaign import Effect, Plan
from attise.measurement.lift.costs import Cost
from attise.measurement.lift.customers import Customers
from attise.measurement.lift.study import Study
from attise.records.terms import PPM

Signal = Literal["follows", "profile_visits", "completions", "views", "likes", "comments", "shares", "saves"]
Rate = Annotated[float, Field(ge=0, le=1, description="Of the viewers, 0 to 1.")]
Ppm = Annotated[int, Field(ge=0, le=PPM, description="Millionths of the viewers.")]


class LiftArm(Told):
    """One arm."""

    viewers: int
    did: Annotated[int, Field(description="Of them, who did it at least once, through an ad or in the feed.")]
    rate: Rate


class Estimate(Told):
    """A figure with the ends of the interval that holds the truth 95 times of 100."""

    value: float
    low: float
    high: float


class CostEstimate(Told):
    """What one more costs; an end that is null cannot be told."""

    value_micros: SignedMicros | None
    low_micros: SignedMicros | None
    high_micros: SignedMicros | None


class LiftOutcome(Told):
    """What a campaign changed of one signal, on its posts or their creators."""

    signal: Signal
    verdict: Annotated[
        Literal["more", "less", "not_told", "too_little", "broken"],
        Field(
            description="not_told: the interval leaves nothing out, which is not *no effect*. too_little: not enough "
            "data yet. broken: the arms are not as large as chance makes them."
        ),
    ]
    shown: LiftArm
    held_out: LiftArm
    difference: Annotated[Estimate, Field(description="Of the two rates.")]
    relative: Annotated[
        Estimate | None, Field(description="Beside those held out: 0.1 is a tenth more; null where an arm did nothing.")
    ]
    brought: Annotated[Estimate, Field(description="Viewers who would not have done it without the campaign.")]
    cost_of_one_more: CostEstimate
    earned: Annotated[
        Estimate,
        Field(description="How often it was done in the feed, and not through an ad, because of the campaign."),
    ]
    more_viewers_of_each_arm: Annotated[
        int,
        Field(
            description="About how many more would tell it from nothing, if it is what it seems; 0: it is told. "
            "A billion is as good as never."
        ),
    ]
    detectable: Annotated[
        float | None, Field(description="The least difference that so many viewers would show four times of five.")
    ]


class LiftViewers(Told):
    """Who is compared."""

    shown: Annotated[int, Field(description="For whom an ad of the campaign won.")]
    seen: Annotated[int, Field(description="Of them, who had it on screen.")]
    held_out: Annotated[int, Field(description="For whom it would have won.")]


class LiftBalance(Told):
    """Whether the arms are as large as chance makes them."""

    expected: Rate
    found: Rate
    p_value: Annotated[float, Field(ge=0, le=1, description="Below 0.001, nothing else here is to be believed.")]
    is_right: bool


class LiftCovariate(Told):
    """What customers did before, and whether it narrowed the interval (CUPED)."""

    explained: Annotated[float, Field(ge=0, le=1, description="Part of the variance that it takes out, or would.")]
    is_used: Annotated[bool, Field(description="Less than a hundredth is not worth it, and left alone.")]


class LiftPurchases(Told):
    """Who bought on the advertiser's pages at least once, of the viewers whom these knew before the ad won first."""

    verdict: Annotated[
        Literal["more", "less", "not_told", "too_little", "broken"], Field(description="As of the other outcomes.")
    ]
    known_part: Annotated[float, Field(ge=0, le=1, description="Of all who are compared, those who were known.")]
    shown: LiftArm
    held_out: LiftArm
    difference: Annotated[Estimate, Field(description="Of the two rates.")]
    brought: Annotated[Estimate, Field(description="Customers who would not have bought without the campaign.")]
    cost_of_one_more: CostEstimate
    covariate: Annotated[LiftCovariate | None, Field(description="Null: an arm has nobody.")]
    more_viewers_of_each_arm: Annotated[int, Field(description="As of the other outcomes, of customers.")]


class LiftPlan(Told):
    """What a share could tell, before it is held out."""

    holdout_ppm: Ppm
    viewers: int
    rate: Rate
    detectable: Annotated[float, Field(description="The least difference of follow rates seen four times of five.")]


class CampaignLift(Told):
    """What a campaign changed: who was shown its ads beside who was held out of them by chance."""

    campaign_id: ToldId
    currency: Currency
    holdout_ppm: Annotated[Ppm, Field(description="Held out now.")]
    compared_holdout_ppm: Annotated[
        Ppm | None, Field(description="Whose arms these are: the share of now, or the last one; null: nobody was.")
    ]
    since: Annotated[ToldMoment | None, Field(description="When an ad won first under this share.")]
    data_until: ToldMoment | None
    viewers: LiftViewers
    balance: LiftBalance | None
    outcomes: Annotated[
        list[LiftOutcome], Field(description="Empty where nobody is compared, or where no ad shows a creator's post.")
    ]
    purchases: Annotated[LiftPurchases | None, Field(description="Null where nobody is compared.")]
    plans: Annotated[list[LiftPlan], Field(description="What shares could tell of as many viewers as were reached.")]
    planned_by: Annotated[
        Literal["own_reach", "example"],
        Field(description="Whether viewers and rate are the campaign's of the last 28 days, or just an example."),
    ]


def tell_lift(view: CampaignView, found: Lifted) -> CampaignLift:
    """Return what a campaign changed as callers see it."""
    balance = next((one.did.balance for one in found.effects), None)
    return CampaignLift(
        campaign_id=str(view.id),
        currency=view.currency,
        holdout_ppm=view.holdout_ppm,
        compared_holdout_ppm=found.holdout_ppm if found.since_ms is not None else None,
        since=tell_moment(found.since_ms),
        data_until=tell_moment(found.data_until_ms),
        viewers=LiftViewers(shown=found.shown, seen=found.seen, held_out=found.held),
        balance=None
        if balance is None
        else LiftBalance(
            expected=balance.expected, found=balance.found, p_value=balance.p_value, is_right=balance.is_right
        ),
        outcomes=[_tell_outcome(one) for one in found.effects],
        purchases=None if found.customers is None else _tell_purchases(found.customers),
        plans=[_tell_plan(one) for one in found.plans if math.isfinite(one.effect)],
        planned_by="own_reach" if found.is_planned_by_own else "example",
    )


def _tell_outcome(one: Effect) -> LiftOutcome:
    did, effect = one.did, one.did.effect
    part = did.relative
    return LiftOutcome(
        signal=one.signal,
        verdict=did.verdict.value,
        shown=_tell_arm(did.shown),
        held_out=_tell_arm(did.held),
        difference=Estimate(value=effect.difference, low=effect.low, high=effect.high),
        relative=None if part is None else Estimate(value=part.part, low=part.low, high=part.high),
        brought=_tell_caused(did),
        cost_of_one_more=tell_cost(did.cost),
        earned=_tell_caused(one.earned),
        more_viewers_of_each_arm=effect.more_viewers,
        detectable=did.detectable if math.isfinite(did.detectable) else None,
    )


def _tell_purchases(one: Customers) -> LiftPurchases:
    did, effect, adjusted = one.did, one.did.effect, one.did.adjusted
    return LiftPurchases(
        verdict=did.verdict.value,
        known_part=one.known_part,
        shown=_tell_arm(did.shown),
        held_out=_tell_arm(did.held),
        difference=Estimate(value=effect.difference, low=effect.low, high=effect.high),
        brought=_tell_caused(did),
        cost_of_one_more=tell_cost(did.cost),
        covariate=None if adjusted is None else LiftCovariate(explained=adjusted.explained, is_used=adjusted.is_used),
        more_viewers_of_each_arm=effect.more_viewers,
    )


def _tell_arm(arm: Share) -> LiftArm:
    return LiftArm(viewers=arm.viewers, did=round(arm.events), rate=arm.ratio)


def _tell_caused(found: Study) -> Estimate:
    value, low, high = found.caused
    return Estimate(value=value, low=low, high=high)


def tell_cost(cost: Cost | None) -> CostEstimate:
    """Return what one more costs, in micros; what is beyond all money cannot be told."""
    ends = (None, None, None) if cost is None else (cost.each, cost.low, cost.high)
    value, low, high = (_micros(end) for end in ends)
    return CostEstimate(value_micros=value, low_micros=low, high_micros=high)


def _micros(units: float | None) -> int | None:
    if units is None or not abs(units) < LARGEST_MICROS / MICROS:
        return None
    return round(units * MICROS)


def _tell_plan(one: Plan) -> LiftPlan:
    return LiftPlan(holdout_ppm=one.holdout_ppm, viewers=one.viewers, rate=one.rate, detectable=one.effect)
