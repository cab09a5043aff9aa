"""Holding the cost of a result near its target: a loop on the bid beside that of the budget; the smaller one rules.

``e = ln(target / cost)``, cost from conversions corrected for those that are still to come (else every noon looks
dear). ``ln λ ← ln λ + P (e - e₋) + I e``, held between 0.3 and 1.5 times the bid; frozen while too little is known,
and while the budget's multiplier is the smaller one (anti-windup). Cost is measured over a fading window, so that what
was learned last week does not hide today.

How well a cost can be held at all is a matter of counting: its relative noise is about ``1 / √conversions``, 28 % after
fifty. Source: Zhang and others (WSDM 2016), feedback control of bids; Balseiro and others (2023), min-pacing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.serving.delivery.pacing.budgets import Bools, Ints
from attise.serving.delivery.pacing.curve import Floats

P, I = 0.3, 0.1  # noqa: E741 - the letters of the loop
LEAST, MOST = float(np.log(0.3)), float(np.log(1.5))
STEP_MS: Final = 15 * 60_000
CONVERSIONS: Final = 5.0
"""A step waits for about so many; fewer, at less than three times their cost, say nothing."""
FREEZE_COSTS: Final = 3.0
WINDOW: Final = 30.0
"""Conversions that the fading window remembers."""
LEARNING_CONVERSIONS: Final = 50
LEARNING_MS: Final = 7 * 86_400_000
EDIT: Final = 0.3
"""A target changed by more than this begins to learn anew."""


@dataclass(frozen=True)
class Results:
    """What ad groups with a target have had, one entry a group, by rising ``adgroup_id``. Micros of its currency."""

    adgroup_id: Ints
    target_micros: Ints
    begins_at_ms: Ints
    """World time: of the day that the counts are of."""
    spent_micros: Ints
    conversions: Floats
    """With those still due of clicks too young to tell."""

    def __len__(self) -> int:
        return len(self.adgroup_id)


@dataclass(frozen=True)
class TargetPace:
    """What the loop remembers, one entry a group, by rising ``adgroup_id``."""

    adgroup_id: Ints
    begins_at_ms: Ints
    at_ms: Ints
    """World time of the last step; -1: none."""
    since_ms: Ints
    """World time since when it learns."""
    spent_micros: Ints
    """Of the day, as of the last step; conversions likewise."""
    conversions: Floats
    window_spent: Floats
    window_conversions: Floats
    learned: Floats
    """Conversions since it learns."""
    level: Floats
    error: Floats
    target_micros: Ints

    def __len__(self) -> int:
        return len(self.adgroup_id)

    def encode(self) -> bytes:
        """Return the bytes of the state."""
        return msgspec.msgpack.encode({one.name: getattr(self, one.name).tolist() for one in fields(self)})


_INTS: Final = frozenset({"adgroup_id", "begins_at_ms", "at_ms", "since_ms", "spent_micros", "target_micros"})


def no_target_pace() -> TargetPace:
    """Return the state before any step."""
    made: dict[str, Any] = {
        one.name: np.zeros(0, np.int64 if one.name in _INTS else np.float64) for one in fields(TargetPace)
    }
    return TargetPace(**made)


def decode_target_pace(body: bytes) -> TargetPace:
    """Return the state of some bytes; that of no step where they are of another release."""
    try:
        told: dict[str, list[float]] = msgspec.msgpack.decode(body)
        made: dict[str, Any] = {
            one.name: np.array(told[one.name], np.int64 if one.name in _INTS else np.float64)
            for one in fields(TargetPace)
        }
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, OverflowError):
        return no_target_pace()
    return TargetPace(**made) if len({len(column) for column in made.values()}) == 1 else no_target_pace()


def aligned(pace: TargetPace, results: Results, *, now_ms: int) -> TargetPace:
    """Return the state with exactly these groups; new ones begin at their whole bid, and so do edited targets' windows.

    An edit of more than ``EDIT`` also begins the learning anew.
    """
    count = len(results)
    fresh: dict[str, NDArray[Any]] = {
        "begins_at_ms": results.begins_at_ms,
        "at_ms": np.full(count, now_ms, np.int64),
        "since_ms": np.full(count, now_ms, np.int64),
        "spent_micros": results.spent_micros,
        "conversions": results.conversions,
        "window_spent": np.zeros(count),
        "window_conversions": np.zeros(count),
        "learned": np.zeros(count),
        "level": np.zeros(count),
        "error": np.zeros(count),
        "target_micros": results.target_micros,
    }
    if not len(pace):
        return TargetPace(results.adgroup_id, **fresh)
    place = np.minimum(np.searchsorted(pace.adgroup_id, results.adgroup_id), len(pace) - 1)
    known = pace.adgroup_id[place] == results.adgroup_id
    before = pace.target_micros[place]
    known &= np.abs(results.target_micros - before) <= EDIT * before
    made = {name: np.where(known, getattr(pace, name)[place], value) for name, value in fresh.items()}
    return TargetPace(results.adgroup_id, **{**made, "target_micros": results.target_micros})


def step(pace: TargetPace, results: Results, *, now_ms: int, rules: Bools | None = None) -> TargetPace:
    """Return the state after a step at ``now_ms`` (world time); groups that no step is due for stay as they are.

    Args: rules: bool[n], whether the group's multiplier is this loop's (the budget's is not smaller); None: all are.
    Invariants: levels lie between ``LEAST`` and ``MOST``. Cost: a few passes over the groups.
    """
    pace = aligned(pace, results, now_ms=now_ms)
    is_next = pace.begins_at_ms != results.begins_at_ms
    spent = results.spent_micros - np.where(is_next, 0, pace.spent_micros)
    conversions = np.maximum(results.conversions - np.where(is_next, 0.0, pace.conversions), 0.0)
    target = np.maximum(results.target_micros, 1)
    expected = np.maximum(spent / target, conversions)
    due = (now_ms - pace.at_ms >= STEP_MS) & (expected >= CONVERSIONS)
    kept = np.exp(-expected / WINDOW)
    window_spent = pace.window_spent * kept + np.maximum(spent, 0)
    window_conversions = pace.window_conversions * kept + conversions
    tells = (window_conversions >= CONVERSIONS) | (window_spent >= FREEZE_COSTS * target)
    error = np.log(target * np.maximum(window_conversions, 0.5) / np.maximum(window_spent, 1.0))
    change = P * (error - pace.error) + I * error
    moves = due & tells if rules is None else due & tells & rules
    level = np.clip(pace.level + change, LEAST, MOST)
    return TargetPace(
        results.adgroup_id,
        np.where(due, results.begins_at_ms, pace.begins_at_ms),
        np.where(due, now_ms, pace.at_ms),
        pace.since_ms,
        np.where(due, results.spent_micros, pace.spent_micros),
        np.where(due, results.conversions, pace.conversions),
        np.where(due, window_spent, pace.window_spent),
        np.where(due, window_conversions, pace.window_conversions),
        pace.learned + np.where(due, conversions, 0.0),
        np.where(moves, level, pace.level),
        np.where(due & tells, error, pace.error),
        results.target_micros,
    )


def multipliers(pace: TargetPace) -> Floats:
    """Return what each group's loop makes of its bid, float64[n] in 0.3..1.5."""
    found: Floats = np.exp(pace.level)
    return found


def is_learning(pace: TargetPace, *, now_ms: int) -> Bools:
    """Tell of each group whether its cost is still to settle: until 50 conversions, for a week at most."""
    found: Bools = (pace.learned < LEARNING_CONVERSIONS) & (now_ms - pace.since_ms < LEARNING_MS)
    return found
