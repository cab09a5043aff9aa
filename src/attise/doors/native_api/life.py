"""The simulated life of an example house, as the operator's overview shows it. Elsewhere there is none."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.errors import NO_LIFE
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.life import LifeAnswer
from attise.doors.site.life import read_life
from attise.kernel.clock import rfc3339
from attise.kernel.errors import Refusal
from attise.kernel.house import Mode

group = Group("Example")


@group.get("/v1/life", gives=LifeAnswer, refuses=(404,))
def get_life(call: Call) -> LifeAnswer:
    """Get how far the simulated life of an example house has come."""
    life = read_life(call.house.folder) if call.house.mode is Mode.DEMO else None
    if life is None or life.phase in {"making", "begun"}:
        raise Refusal(NO_LIFE)
    return LifeAnswer(
        seed=life.seed,
        phase=life.phase,
        is_going_on=life.is_going_on(wire_ms=call.means.clock.wire_ms()),
        day=life.day,
        now=rfc3339(call.now_ms),
        behind_percent=life.behind_percent,
        speed=life.speed,
        reached=life.reached,
        impressions=life.impressions,
        paid=life.paid,
    )
