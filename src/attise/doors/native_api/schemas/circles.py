"""Shapes of circles: how far the organic feed has taken a post."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.posts import Words

CircleState = Literal["testing", "open", "stopped"]
CircleReason = Literal["began", "promoted", "fell_short", "too_few", "growth_over", "came_back", "ladder"]


class CircleMove(Told):
    """A post came to a circle, or was stopped in one."""

    at: ToldMoment
    state: CircleState
    circle: int
    last_circle: Annotated[int, Field(description="The circle that was everyone then.")]
    reason: CircleReason
    impressions: Annotated[int, Field(description="Organic ones by which it was judged.")]
    words: Words


class CircleAnswer(Told):
    """How far the organic feed has taken a post; what ads bring has no part in it."""

    post_id: ToldId
    state: Annotated[
        CircleState | None,
        Field(description="`stopped`: no longer progressing; null, with all that follows, before anybody met it."),
    ]
    circle: int | None
    last_circle: Annotated[int | None, Field(description="The circle that is everyone; it follows the house's size.")]
    audience: Annotated[Words | None, Field(description="Whom the circle is made of.")]
    since: ToldMoment | None
    impressions: Annotated[int | None, Field(description="Organic ones since it came there.")]
    batch: Annotated[int | None, Field(description="How many impressions it is tested with; null where it is not.")]
    moves: Annotated[list[CircleMove], Field(description="Where it came, the newest first, 20 at most.")]
