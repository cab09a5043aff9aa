"""Shapes of the sandbox."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Given, Told, ToldMoment

FURTHEST_S = 10 * 366 * 86_400


class ClockMove(Given):
    """How far to move world time."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"advance_s": 86_400}]})
    advance_s: Annotated[int, Field(ge=0, le=FURTHEST_S, description="Seconds; 0 waits until all is done up to now.")]


class ClockAnswer(Told):
    """Where world time stands."""

    now: ToldMoment


class ResetAnswer(Told):
    """What a reset left nothing of."""

    deleted_rows: int
    now: ToldMoment
