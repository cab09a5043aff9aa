"""Shapes of decisions: what was chosen for a slot, why, and at what price."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.schemas.common import Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.posts import Words
from attise.kernel.clock import rfc3339
from attise.records import decision as records

NAMES = {
    "click": "ctr",
    "view_6s": "vtr",
    "complete": "completion",
    "engage": "engagement",
    "convert": "cvr",
    "negative": "negative",
}
"""What the trade calls each prediction."""

Ratio = Annotated[float, Field(ge=0, le=1)]
Value = Annotated[float, Field(description="Of 1,000 impressions, in millionths of the common unit.")]


class Predictions(Told):
    """What was expected of an impression; ``cvr`` of a click."""

    ctr: Ratio
    vtr: Ratio
    completion: Ratio
    engagement: Ratio
    cvr: Ratio
    negative: Ratio


class DecidedViewer(Told):
    """Who watched, as coarsely as it is kept; null is unknown. Nothing leads back to them from here."""

    age_group: str | None
    gender: str | None
    country: str | None
    region: str | None
    language: str | None
    os: str | None
    may_profile: Annotated[bool, Field(description="Whether interests, behaviours and audiences could choose the ad.")]
    is_minor: bool


class DecidedStanding(Told):
    """Where an ad stood in the contest."""

    ad_id: ToldId
    adgroup_id: ToldId
    campaign_id: ToldId
    advertiser_id: ToldId
    post_id: ToldId | None
    creator_id: ToldId | None
    bid_micros: Annotated[int | None, Field(description="For its event, impressions by the thousand; null: the most.")]
    predictions: Predictions
    pace: Annotated[float, Field(description="The share of its bid that pacing let it offer.")]
    offer: Value
    user_value: Value
    rank_value: Value
    is_exploring: bool
    exposures: Annotated[int, Field(description="How often this viewer saw it within 7 days.")]


class DecidedHeld(Told):
    """An ad that would have won, of a campaign that this viewer is held out from."""

    ad_id: ToldId
    campaign_id: ToldId


class DecidedOn(Told):
    """The state that was decided on."""

    snapshot: int
    delta: int
    stops: int
    model: int
    totals: int
    pace: int
    code: int


class FeedDecision(Told):
    """What was decided for one slot."""

    decision_id: ToldId
    feed_id: ToldId
    at: ToldMoment
    surface: str
    viewer: DecidedViewer
    ad_id: ToldId | None
    post_id: ToldId | None
    no_ad: Annotated[str | None, Field(description="Why there is no ad.")]
    billing_event: str | None
    price_micros: Annotated[int | None, Field(description="Of one billable event.")]
    currency: str | None
    charged_micros: Annotated[int, Field(description="What its events have cost so far.")]
    predictions: Predictions | None
    live: Annotated[int, Field(description="Ads that could run, whoever asks.")]
    visited: Annotated[int, Field(description="Ads whose targeting was looked at one by one.")]
    scanned: int
    found: Annotated[int, Field(description="Ads that were brought to the contest.")]
    dropped: Annotated[dict[str, int], Field(description="How many ads each reason took out.")]
    winner: DecidedStanding | None
    runner_up: DecidedStanding | None
    holdout: list[DecidedHeld]
    is_exploration: bool
    propensity: float
    price_ecpm: Value
    reserve_ecpm: Value
    attention_ecpm: Value
    versions: DecidedOn
    words: Words


def tell_decision(one: records.Decision, words: Words, *, charged_micros: int) -> FeedDecision:
    """Return a decision as callers see it."""
    winner, claims = one.winner, one.claims
    return FeedDecision(
        decision_id=str(one.decision_id),
        feed_id=str(one.feed_id),
        at=rfc3339(one.decided_at_ms),
        surface=one.surface,
        viewer=_viewer(one.viewer),
        ad_id=None if winner is None else str(winner.ad_id),
        post_id=_id(winner.post_id) if winner is not None else None,
        no_ad=None if one.no_ad is None else one.no_ad.value,
        billing_event=None if claims is None else claims.billing_event,
        price_micros=None if claims is None else claims.price_micros,
        currency=None if claims is None else claims.currency,
        charged_micros=charged_micros,
        predictions=None if winner is None else _predictions(winner),
        live=one.live,
        visited=one.visited,
        scanned=one.scanned,
        found=one.found,
        dropped=one.dropped_by_name,
        winner=None if winner is None else _standing(winner),
        runner_up=None if one.runner_up is None else _standing(one.runner_up),
        holdout=[DecidedHeld(ad_id=str(ghost.ad_id), campaign_id=str(ghost.campaign_id)) for ghost in one.ghosts],
        is_exploration=one.is_exploration,
        propensity=one.propensity,
        price_ecpm=one.price_ecpm,
        reserve_ecpm=one.reserve_ecpm,
        attention_ecpm=one.attention_ecpm,
        versions=DecidedOn(**{name: getattr(one.versions, name) for name in DecidedOn.model_fields}),
        words=words,
    )


def _viewer(viewer: records.CoarseViewer) -> DecidedViewer:
    return DecidedViewer(
        age_group=viewer.age_group or None,
        gender=viewer.gender or None,
        country=viewer.country or None,
        region=viewer.region or None,
        language=viewer.language or None,
        os=viewer.os or None,
        may_profile=viewer.may_profile,
        is_minor=viewer.is_minor,
    )


def _standing(one: records.Contender) -> DecidedStanding:
    return DecidedStanding(
        ad_id=str(one.ad_id),
        adgroup_id=str(one.adgroup_id),
        campaign_id=str(one.campaign_id),
        advertiser_id=str(one.advertiser_id),
        post_id=_id(one.post_id),
        creator_id=_id(one.creator_id),
        bid_micros=None if one.bid_micros < 0 else one.bid_micros,
        predictions=_predictions(one),
        pace=one.pace,
        offer=one.offer,
        user_value=one.user_value,
        rank_value=one.rank_value,
        is_exploring=one.is_exploring,
        exposures=one.exposures,
    )


def _predictions(one: records.Contender) -> Predictions:
    return Predictions(
        **{NAMES[head]: min(1.0, max(0.0, value)) for head, value in zip(records.HEADS, one.predictions, strict=True)}
    )


def _id(value: int) -> str | None:
    return str(value) if value else None
