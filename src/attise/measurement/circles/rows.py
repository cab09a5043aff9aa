"""Between rows and the book's values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from attise.ledger import storing
from attise.measurement.circles.book import Plan, Standing, circle_of, new_plan, plan_of_json
from attise.measurement.circles.models import Plan as PlanRow
from attise.measurement.circles.models import Standing as StandingRow
from attise.measurement.circles.moving import Place, State
from attise.measurement.circles.views import CircleView


def plan_of(row: PlanRow | None) -> Plan:
    """Return the plan of a row; a new one where none was made."""
    return new_plan() if row is None or row.body is None else plan_of_json(row.body)


def read_standings(post_ids: Iterable[int]) -> list[Standing]:
    """Return the standings of posts, those that have one. Cost: one statement."""
    rows = storing.read(StandingRow, COLUMNS, column="post_id", values=list(post_ids))
    return [_standing_of(*row) for row in rows]


def write_standings(standings: Iterable[Standing]) -> None:
    """Write standings, new ones and others. Cost: one statement."""
    storing.put(StandingRow, [_row_of(one) for one in standings], unique=("post_id",), update=COLUMNS[1:])


COLUMNS: Final = (
    *("post_id", "creator_id", "category", "length", "published_at_ms", "state", "circle", "since_ms", "reason"),
    *("met_before", "base", "seen", "looked_at_ms", "above"),
)
"""Of a standing, in the order of the model."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[int, ...]).decode


def _standing_of(
    post_id: int,
    creator_id: int,
    category: str,
    length: int,
    published_at_ms: int,
    state: str,
    circle: int,
    since_ms: int,
    reason: str,
    _met_before: int,
    base: bytes,
    seen: bytes,
    looked_at_ms: int,
    above: float | None,
) -> Standing:
    place = Place(State(state), circle, since_ms)
    return Standing(
        post_id,
        creator_id,
        category,
        length,
        published_at_ms,
        place,
        _decode(bytes(base)),
        _decode(bytes(seen)),
        looked_at_ms,
        above,
        reason,
    )


def _row_of(one: Standing) -> tuple[object, ...]:
    state, circle, since_ms = one.place
    return (
        *(one.post_id, one.creator_id, one.category, one.length, one.published_at_ms, state.value, circle, since_ms),
        *(one.reason, one.base[0], _encode(one.base), _encode(one.seen), one.looked_at_ms, one.above),
    )


def view_of(one: Standing, plan: Plan) -> CircleView:
    """Return what others see of a standing."""
    circle = circle_of(one.place.state, one.place.circle, plan)
    is_tested = one.place.state == State.TESTING and circle < plan.last
    return CircleView(
        post_id=one.post_id,
        state=one.place.state.value,
        circle=circle,
        last=plan.last,
        since_ms=one.place.since_ms,
        reason=one.reason,
        met=max(one.seen[0] - one.base[0], 0),
        batch=plan.levels[circle].batch if is_tested else 0,
    )
