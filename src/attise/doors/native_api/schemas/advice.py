"""Shapes of recommendations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Currency, Given, Micros, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.posts import tell_moment
from attise.measurement.advice.rules import Advice, Kind

Key = Annotated[str, Field(max_length=100, description="Names it, with what it does.")]


class Recommendation(Told):
    """One thing to do, and what it rests on."""

    key: Key
    kind: Annotated[
        Literal["renew_grant", "pause_costly", "pause_tired", "raise_bid", "raise_budget"],
        Field(
            description="renew_grant: the creator's grant ends before the ad group does. pause_costly: an ad without a "
            "result in 7 days. pause_tired: far fewer watch to the end than in the 7 days before. raise_bid: it is "
            "below your usual one, and the budget is not spent. raise_budget: it is spent every day."
        ),
    ]
    level: Literal["campaign", "adgroup", "ad"]
    object_id: ToldId
    name: Annotated[str, Field(description="What the object is called.")]
    currency: Currency
    spent_micros: Annotated[Micros | None, Field(description="In 7 days, or over the last 3 whole days of a budget.")]
    beside_micros: Annotated[
        Micros | None, Field(description="What a result costs the other ads; three budgets; the usual bid.")
    ]
    bid_micros: Micros | None
    completed_ppm: Annotated[int | None, Field(description="Completed views per million impressions, in 7 days.")]
    completed_before_ppm: Annotated[int | None, Field(description="The same of the 7 days before.")]
    grant_ends_at: ToldMoment | None
    to_micros: Annotated[Micros | None, Field(description="What the budget or the bid becomes.")]


class Recommendations(Told):
    """What would make a campaign do better."""

    items: list[Recommendation]


class TakenRecommendation(Given):
    """Which one is done."""

    key: Key


def tell_recommendation(one: Advice, name: str, currency: str) -> Recommendation:
    """Return an advice as callers see it."""
    pays = one.kind in (Kind.PAUSE_COSTLY, Kind.RAISE_BUDGET)
    tired, bids = one.kind is Kind.PAUSE_TIRED, one.kind is Kind.RAISE_BID
    return Recommendation(
        key=one.key,
        kind=one.kind.value,
        level=one.level,
        object_id=str(one.id),
        name=name,
        currency=currency,
        spent_micros=one.figure if pays else None,
        beside_micros=one.beside if pays or bids else None,
        bid_micros=one.figure if bids else None,
        completed_ppm=one.figure if tired else None,
        completed_before_ppm=one.beside if tired else None,
        grant_ends_at=tell_moment(one.figure) if one.kind is Kind.RENEW_GRANT else None,
        to_micros=one.to_micros,
    )
