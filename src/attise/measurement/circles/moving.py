"""A post on its way through circles: the states it may be in, and when it leaves them. Pure.

=========  ===========================================  ==============================================================
state      what it means                                leaves by
=========  ===========================================  ==============================================================
testing    shown to the people of a circle, a batch     ``promoted`` to the next circle, to *open* beyond the last one;
                                                        ``fell_short`` or ``too_few`` to *stopped*
open       everyone may be shown it                     ``growth_over`` to *stopped*
stopped    no longer progressing: shown where nothing   ``came_back`` to *testing*, a circle lower
           else is left
=========  ===========================================  ==============================================================

Only organic impressions are asked. A batch is what was counted since the post entered its circle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from attise.measurement.circles.bounds import BACK, BACK_AFTER_MS, PATIENCE_MS
from attise.measurement.circles.gate import Judged, Level, Says, judge


class State(StrEnum):
    """Where a post is."""

    TESTING = "testing"
    OPEN = "open"
    STOPPED = "stopped"


class Reason(StrEnum):
    """Why a post moved."""

    BEGAN = "began"
    PROMOTED = "promoted"
    FELL_SHORT = "fell_short"
    TOO_FEW = "too_few"
    GROWTH_OVER = "growth_over"
    CAME_BACK = "came_back"
    LADDER = "ladder"
    """There are fewer circles than there were."""


class Place(NamedTuple):
    """Where a post stands. Times are of the world."""

    state: State
    circle: int
    since_ms: int


class Batch(NamedTuple):
    """What was counted of a post since it came where it is."""

    met: float
    mean: float
    prior: Callable[[Level], float]
    """What is usual of its like at a circle."""


class Move(NamedTuple):
    """A post comes to another place, and why; ``judged`` where the gate said so."""

    to: Place
    reason: Reason
    judged: Judged | None = None


def move_of(
    at: Place,
    batch: Batch,
    levels: Sequence[Level],
    *,
    noise: float,
    now_ms: int,
    has_stopped_growing: Callable[[], bool],
) -> Move | None:
    """Return where a post goes now, None where it stays.

    Args: levels: of the circles that test, at least one; has_stopped_growing: asked of *open* posts alone.
    Invariants: never more than one circle up or down; only *open* is beyond the last level; nothing leaves *stopped*
    within ``BACK_AFTER_MS``.
    """
    last = len(levels)
    if at.state == State.OPEN:
        return Move(Place(State.STOPPED, last, now_ms), Reason.GROWTH_OVER) if has_stopped_growing() else None
    if at.state == State.STOPPED:
        return _came_back(at, batch, levels, noise=noise, now_ms=now_ms)
    if at.circle >= last:
        return Move(Place(State.OPEN, last, now_ms), Reason.LADDER)
    level, is_late = levels[at.circle], now_ms - at.since_ms >= PATIENCE_MS
    judged = judge(level, met=batch.met, mean=batch.mean, noise=noise, prior=batch.prior(level), is_late=is_late)
    if judged.says == Says.PROMOTE:
        circle = at.circle + 1
        return Move(Place(State.OPEN if circle == last else State.TESTING, circle, now_ms), Reason.PROMOTED, judged)
    if judged.says == Says.STOP:
        is_few = is_late and batch.met < level.batch
        reason = Reason.TOO_FEW if is_few else Reason.FELL_SHORT
        return Move(Place(State.STOPPED, at.circle, now_ms), reason, judged)
    return None


def _came_back(at: Place, batch: Batch, levels: Sequence[Level], *, noise: float, now_ms: int) -> Move | None:
    """Return a stopped post to the circle below where what came since says that it is above the bar after all."""
    circle = min(at.circle, len(levels) - 1)
    if now_ms - at.since_ms < BACK_AFTER_MS or batch.met < levels[0].batch:
        return None
    level = levels[circle]
    # What it was stopped for is known: its like say less of it than its own fresh signals.
    judged = judge(level, met=batch.met, mean=batch.mean, noise=noise, prior=level.mean)
    if judged.chance < BACK:
        return None
    return Move(Place(State.TESTING, max(circle - 1, 0), now_ms), Reason.CAME_BACK, judged)
