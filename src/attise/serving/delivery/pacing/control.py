"""One step of all budgets at once: how much of its bid each lets its ad groups offer, and how often they take part.

**Plan.** What is left is spread over the traffic that is left: ``planned = (B - S) · f / Σf`` for the traffic ``f``
since the last step, planned anew at each, so that a late start, an edit or a slow hour needs no rule of its own.

**Controller.** Dual descent on the bid's multiplier in its multiplicative form, which has no scale:
``ln λ ← ln λ - K · (z - planned) / planned``, z what was spent meanwhile. The same number steers how often a throttled
budget takes part. Where error changes its sign from step to step the gain shrinks, where it keeps it the gain comes
back: a market in which everybody paces does not swing.

**Small budgets.** A step waits until about ten wins are due, so that it hears more than noise; within a tenth of the
plan nothing changes.

**Brake.** What is spent at more than ``BRAKE`` times the plan takes part less often at once, whatever its mode.

Source: dual descent of Balseiro and Gur (2019), traffic-proportional plans of Agarwal and others (KDD 2014), hysteresis
for small budgets after Apparaju and others (2026).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.serving.delivery.pacing.budgets import FAST, LOWEST, SHADE, THROTTLE, Bools, Budgets, Days, Ints
from attise.serving.delivery.pacing.curve import Floats

GAIN: Final = 0.25
ERROR_LEAST, ERROR_MOST = -1.0, 2.5
"""Relative errors beyond these count as these."""
STEP_MS: Final = 60_000
"""No step is shorter."""
WAIT_MS: Final = 45 * 60_000
"""A step that waits for wins is taken after so long without them."""
WINS: Final = 10.0
"""Wins due, or had, that a step waits for."""
SMALL_WINS: Final = 150.0
"""A budget of fewer wins is a small one."""
FEW_WINS: Final = 3.0
"""Of a small budget, wins beyond plan that are heard at once: at the start of its day, ten may be half of it."""
SOME_WINS: Final = 5.0
"""Of a small budget, wins due that a step waits for."""
SMALL_GAIN: Final = 0.5
DEAD_BAND: Final = 0.1
BRAKE: Final = 3.0
RELEASE: Final = 0.4
"""By how much the brake is let go of in a step (ln)."""
NOISE: Final = 1.0
"""An error below so many standard deviations of counting wins is no swing."""
GAIN_LEAST, GAIN_DOWN, GAIN_UP = 0.2, 0.6, 1.15


@dataclass(frozen=True)
class BudgetPace:
    """What controllers remember, one entry a budget, by rising ``envelope_id``; survives a restart as bytes."""

    envelope_id: Ints
    begins_at_ms: Ints
    """Of the period of the last step."""
    at_ms: Ints
    """World time of the last step; -1: none yet."""
    spent_micros: Ints
    """As of the last step."""
    level: Floats
    """ln of the multiplier (or of how often a throttled budget takes part)."""
    brake: Floats
    """ln of how often it takes part beyond that: 0, or below while it brakes."""
    gain: Floats
    """What is left of ``GAIN``, 0.2 to 1."""
    error: Floats
    """The last relative error."""
    anchor_ms: Ints
    """Since when, at this limit, its plan runs; with what it had spent then: what small budgets are held against."""
    anchor_micros: Ints
    limit_micros: Ints

    def __len__(self) -> int:
        return len(self.envelope_id)

    def encode(self) -> bytes:
        """Return the bytes of the state."""
        return msgspec.msgpack.encode({one.name: getattr(self, one.name).tolist() for one in fields(self)})


def no_pace() -> BudgetPace:
    """Return the state before any step."""
    ints, floats = np.zeros(0, np.int64), np.zeros(0, np.float64)
    return BudgetPace(ints, ints, ints, ints, floats, floats, floats, floats, ints, ints, ints)


def decode_pace(body: bytes) -> BudgetPace:
    """Return the state of some bytes; that of no step where they are of another release. It only costs a slow start."""
    try:
        told: dict[str, list[float]] = msgspec.msgpack.decode(body)
        kinds = {one.name: getattr(no_pace(), one.name).dtype for one in fields(BudgetPace)}
        made: dict[str, Any] = {name: np.array(told[name], kind) for name, kind in kinds.items()}
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, OverflowError):
        return no_pace()
    return BudgetPace(**made) if len({len(column) for column in made.values()}) == 1 else no_pace()


def aligned(pace: BudgetPace, budgets: Budgets) -> BudgetPace:
    """Return the state with exactly these budgets: known ones go on, new ones begin, others are forgotten."""
    count = len(budgets)
    place = np.minimum(np.searchsorted(pace.envelope_id, budgets.envelope_id), max(len(pace) - 1, 0))
    known = pace.envelope_id[place] == budgets.envelope_id if len(pace) else np.zeros(count, np.bool_)
    fresh: dict[str, NDArray[Any]] = {
        "begins_at_ms": budgets.begins_at_ms,
        "at_ms": np.full(count, -1, np.int64),
        "spent_micros": budgets.spent_micros,
        "level": budgets.first,
        "brake": np.zeros(count) if budgets.first_brake is None else budgets.first_brake,
        "gain": np.ones(count),
        "error": np.zeros(count),
        "anchor_ms": np.full(count, -1, np.int64),
        "anchor_micros": budgets.spent_micros,
        "limit_micros": budgets.limit_micros,
    }
    kept = {
        name: np.where(known, getattr(pace, name)[place], value) if len(pace) else value
        for name, value in fresh.items()
    }
    return BudgetPace(budgets.envelope_id, **kept)


def step(pace: BudgetPace, budgets: Budgets, days: Days, *, now_ms: int, binds: Bools | None = None) -> BudgetPace:
    """Return the state after a step at ``now_ms`` (world time); budgets that no step is due for stay as they are.

    Args: binds: bool[m], whether a budget is the tightest of any ad group it bounds; one that is not is not turned up
    further, since nothing would come of it (anti-windup). None: all do.
    Invariants: levels lie between ``LOWEST`` and the budget's cap; a budget with nothing left, or not begun, waits.
    Cost: a few passes over the budgets: about 60 µs, and 20 ms for 100,000.
    """
    pace = aligned(pace, budgets)
    pace = _begun(pace, budgets, days, now_ms)
    now = np.full(len(budgets), now_ms, np.int64)
    passed = days.traffic(budgets.day, pace.at_ms, now)
    ahead = days.left(budgets.day, pace.at_ms) + budgets.later
    left = np.maximum(budgets.limit_micros - pace.spent_micros, 0)
    planned = left * passed / np.maximum(ahead, 1e-9)
    spent = np.maximum(budgets.spent_micros - pace.spent_micros, 0).astype(np.float64)
    since_ms = now - pace.at_ms
    is_small = budgets.limit_micros < SMALL_WINS * budgets.price_micros
    from_plan = _from_plan(pace, budgets, days, now)
    enough = np.maximum(planned, spent) >= WINS * budgets.price_micros
    enough |= is_small & (spent >= budgets.price_micros) & (from_plan > DEAD_BAND)
    enough |= is_small & (planned >= SOME_WINS * budgets.price_micros)
    due = (since_ms >= STEP_MS) & (enough | (since_ms >= WAIT_MS)) & (budgets.spent_micros < budgets.limit_micros)
    due &= (ahead > 0) & (budgets.mode != FAST)

    error = np.clip((spent - planned) / np.maximum(planned, budgets.price_micros), ERROR_LEAST, ERROR_MOST)
    error = np.where(is_small, from_plan, error)
    wins = np.maximum(np.maximum(planned, spent) / budgets.price_micros, 1.0)
    turned = (error * pace.error < 0) & (np.abs(error) > np.maximum(DEAD_BAND, NOISE / np.sqrt(wins)))
    gain = np.clip(pace.gain * np.where(turned, GAIN_DOWN, GAIN_UP), GAIN_LEAST, 1.0)
    change = -np.where(is_small, SMALL_GAIN, GAIN * gain) * error
    change = np.where(is_small & (np.abs(error) <= DEAD_BAND), 0.0, change)
    if binds is not None:
        change = np.where(binds, change, np.minimum(change, 0.0))
    level = np.clip(pace.level + change, LOWEST, budgets.cap)
    over = spent / np.maximum(planned, WINS * budgets.price_micros)
    brake = np.where(over > BRAKE, pace.brake + np.log(BRAKE / np.maximum(over, BRAKE)), pace.brake + RELEASE)
    brake = np.clip(brake, LOWEST, 0.0)
    return BudgetPace(
        budgets.envelope_id,
        budgets.begins_at_ms,
        np.where(due, now, pace.at_ms),
        np.where(due, budgets.spent_micros, pace.spent_micros),
        np.where(due, level, pace.level),
        np.where(due, brake, pace.brake),
        np.where(due, gain, pace.gain),
        np.where(due, error, pace.error),
        pace.anchor_ms,
        pace.anchor_micros,
        budgets.limit_micros,
    )


def _begun(pace: BudgetPace, budgets: Budgets, days: Days, now_ms: int) -> BudgetPace:
    """Return the state with its plans anchored: at the begin of a day, at a new limit, or where a budget is new."""
    is_new = (pace.at_ms < 0) | (pace.at_ms > now_ms)  # or remembered of a world whose clock was put back
    is_next = ~is_new & (pace.begins_at_ms != budgets.begins_at_ms)
    is_edited = pace.limit_micros != budgets.limit_micros
    begins = np.where(is_next, np.maximum(budgets.begins_at_ms, now_ms - WAIT_MS), now_ms)
    restart = is_new | is_next
    anchor = restart | is_edited | (pace.anchor_ms < days.begins[budgets.day])
    return BudgetPace(
        budgets.envelope_id,
        budgets.begins_at_ms,
        np.where(restart, begins, pace.at_ms),
        np.where(is_next, 0, np.where(is_new, budgets.spent_micros, pace.spent_micros)),
        np.minimum(pace.level, budgets.cap),
        pace.brake,
        pace.gain,
        np.where(restart, 0.0, pace.error),
        np.where(anchor, begins, pace.anchor_ms),
        np.where(anchor, np.where(is_next, 0, budgets.spent_micros), pace.anchor_micros),
        budgets.limit_micros,
    )


def _from_plan(pace: BudgetPace, budgets: Budgets, days: Days, now: Ints) -> Floats:
    """Return how far each is from its whole plan, float64[m]: relative to it, or, behind it, to what is still planned.

    Late in a day little is planned any more, and a small part of the day that is missing is a large part of that.
    """
    passed = days.traffic(budgets.day, pace.anchor_ms, now)
    whole = days.left(budgets.day, pace.anchor_ms) + budgets.later
    share = passed / np.maximum(whole, 1e-9)
    planned = (budgets.limit_micros - pace.anchor_micros) * share
    spent = budgets.spent_micros - pace.anchor_micros
    few = FEW_WINS * budgets.price_micros
    behind = np.maximum(planned - spent, 0.0) / np.maximum(budgets.limit_micros - pace.anchor_micros - planned, few)
    found: Floats = np.minimum((spent - planned) / np.maximum(planned, few), np.where(behind > 0, -behind, np.inf))
    return np.clip(found, ERROR_LEAST, ERROR_MOST)


def bids(pace: BudgetPace, budgets: Budgets) -> Floats:
    """Return what part of its bid each budget lets be offered, float64[m]; 1 for what is throttled or fast."""
    found: Floats = np.where(budgets.mode == SHADE, np.exp(pace.level), np.exp(budgets.cap))
    return found


def entries(pace: BudgetPace, budgets: Budgets) -> Floats:
    """Return how often each budget's ad groups take part, float64[m] in 0..1."""
    level = np.where(budgets.mode == THROTTLE, np.minimum(pace.level, 0.0), 0.0)
    found: Floats = np.where(budgets.mode == FAST, 1.0, np.exp(level + pace.brake))
    return found


def smallest(values: Floats, places: NDArray[np.int64], default: float) -> Floats:
    """Return for each row of ``places`` (int64[n, levels]; -1: none) the smallest of its budgets' values."""
    padded = np.append(values, default)
    found: Floats = padded[places].min(axis=1)
    return found
