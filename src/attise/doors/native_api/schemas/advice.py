"""Shapes of recommendations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Currency, Given, Micros, Told, ToldId, ToldMoment, told_id
from attise.doors.native_api.schemas.posts import tell_moment
from attise.doors.site.advised import Advised
from attise.measurement.advice.rules import Kind

Key = Annotated[str, Field(max_length=100, description="Names it, with what it does.")]


class Recommendation(Told):
    """One thing to do, and what it rests on."""

    key: Key
    kind: Annotated[
        Literal[
            *("renew_grant", "pause_costly", "pause_tired", "audience_used_up", "widen_audience"),
            *("raise_bid", "raise_budget", "add_post"),
        ],
        Field(
            description="renew_grant: the creator's grant ends before the ad group does. pause_costly: an ad without a "
            "result in 7 days. pause_tired: far fewer watch to the end than in the 7 days before. audience_used_up: "
            "hardly anybody is reached for the first time, and the budget is not spent. widen_audience: it is meant "
            "for too few. Both leave out interests, behaviours and prices of devices. raise_bid: it is below your "
            "usual one, and the budget is not spent. raise_budget: it is spent every day. add_post: the scout would "
            "boost it now, and you may use it; an ad of it is made beside that of its creator."
        ),
    ]
    level: Literal["campaign", "adgroup", "ad"]
    object_id: ToldId
    campaign_id: ToldId
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
    people: Annotated[
        int | None, Field(description="The ad group is meant for fewer viewers than this: no smaller figure is told.")
    ]
    wider_people: Annotated[int | None, Field(description="Those without what is left out.")]
    reached: Annotated[int | None, Field(description="Viewers of the last 3 whole days.")]
    newly_reached: Annotated[int | None, Field(description="Of them, those not reached in the 28 days before.")]
    post_id: ToldId | None
    score: Annotated[int | None, Field(description="Of the post, by the scout: 0 to 100.")]
    worth_until: Annotated[ToldMoment | None, Field(description="Up to when boosting the post is worth it.")]
    is_done_here: Annotated[
        bool, Field(description="Whether `take` does it. A grant is its creator's; what cannot be widened is yours.")
    ]


class Recommendations(Told):
    """What would make a campaign do better."""

    items: list[Recommendation]


class TakenRecommendation(Given):
    """Which one is done."""

    key: Key


def tell_recommendation(told: Advised, currency: str) -> Recommendation:
    """Return an advice as callers see it."""
    one = told.advice
    pays = one.kind in (Kind.PAUSE_COSTLY, Kind.RAISE_BUDGET)
    narrow, used = one.kind is Kind.WIDEN_AUDIENCE, one.kind is Kind.AUDIENCE_USED_UP
    tired, bids = one.kind is Kind.PAUSE_TIRED, one.kind is Kind.RAISE_BID
    return Recommendation(
        key=one.key,
        kind=one.kind.value,
        level=one.level,
        object_id=str(one.id),
        campaign_id=str(told.campaign_id),
        name=told.name,
        currency=currency,
        spent_micros=one.figure if pays else None,
        beside_micros=one.beside if pays or bids else None,
        bid_micros=one.figure if bids else None,
        completed_ppm=one.figure if tired else None,
        completed_before_ppm=one.beside if tired else None,
        grant_ends_at=tell_moment(one.figure) if one.kind is Kind.RENEW_GRANT else None,
        to_micros=one.to_micros,
        people=one.figure if narrow else None,
        wider_people=one.beside if narrow else None,
        reached=one.beside if used else None,
        newly_reached=one.figure if used else None,
        post_id=told_id(one.post_id),
        score=one.figure if one.kind is Kind.ADD_POST else None,
        worth_until=tell_moment(one.beside) if one.kind is Kind.ADD_POST else None,
        is_done_here=one.is_done_here,
    )
