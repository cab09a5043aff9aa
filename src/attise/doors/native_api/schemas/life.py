"""Shapes of the life of an example house."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Told, ToldMoment


class LifeAnswer(Told):
    """How far the simulated life of an example house has come."""

    seed: int
    phase: Annotated[
        Literal["lived", "behind", "on"],
        Field(description="`behind`: days are lived as fast as may be. `on`: it goes on at `speed`. `lived`: neither."),
    ]
    is_going_on: Annotated[bool, Field(description="Whether somebody lives it at this moment.")]
    day: Annotated[int, Field(description="Of the life, from 1 on.")]
    now: Annotated[ToldMoment, Field(description="World time.")]
    behind_percent: Annotated[int, Field(description="Of the days that are lived behind while the house is served.")]
    speed: Annotated[float, Field(description="World seconds in a second, as asked for.")]
    reached: Annotated[float, Field(description="The same, as it was lately.")]
    impressions: int
    paid: int
