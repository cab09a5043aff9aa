"""Shapes of the sandbox."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Given, Told, ToldMoment

FURTHEST_S = 10 * 366 * 86_400
VIEWERS_MOST = 2_000
HOURS_MOST = 168.0


class ClockMove(Given):
    """How far to move world time."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"advance_s": 86_400}]})
    advance_s: Annotated[int, Field(ge=0, le=FURTHEST_S, description="Seconds; 0 waits until all is done up to now.")]


class ClockAnswer(Told):
    """Where world time stands."""

    now: ToldMoment


class Traffic(Given):
    """How many simulated viewers watch, and for how long."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"viewers": 200, "hours": 24}]})
    viewers: Annotated[int, Field(ge=1, le=VIEWERS_MOST, description="The same ones come again in later calls.")]
    hours: Annotated[float, Field(gt=0, le=HOURS_MOST, description="World time goes on by as much.")]


class Spend(Told):
    """What was charged in one currency."""

    currency: str
    amount_micros: int


class TrafficAnswer(Told):
    """What simulated viewers did, once all of it is counted and charged."""

    feeds: Annotated[int, Field(description="Answers that were asked for.")]
    impressions: Annotated[int, Field(description="Items that came before somebody's eyes.")]
    paid: Annotated[int, Field(description="Of them, ads.")]
    events: Annotated[int, Field(description="Events that were accepted.")]
    settled: Annotated[int, Field(description="Events that were settled meanwhile, those of others among them.")]
    spend_micros: Annotated[int, Field(description="What their ads were charged, added up whatever the currency.")]
    spend: Annotated[list[Spend], Field(description="The same by currency.")]
    hours_lived: Annotated[float, Field(description="Less than asked for where the machine is slow: then nobody came.")]
    now: ToldMoment


class ResetAnswer(Told):
    """What a reset left nothing of."""

    deleted_rows: int
    now: ToldMoment
