"""A daily budget paced over a log of auctions, as if it had been there: for judging pacing on one's own traffic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attise.serving.delivery.pacing.budgets import SHADE, Budgets, Ints, days_of, first_levels
from attise.serving.delivery.pacing.control import STEP_MS, bids, entries, no_pace, step
from attise.serving.delivery.pacing.curve import Curve, Floats, day_of, typical


@dataclass(frozen=True)
class Replay:
    """What became of each auction, in the order of the log."""

    won: NDArray[np.bool_]
    bid: Floats
    """What part of its value was offered."""
    entry: Floats
    """How often auctions of that minute were entered."""


def replay(
    at_ms: Ints,
    values: Floats,
    prices: Floats,
    limit_micros: int,
    *,
    zone: str,
    mode: int = SHADE,
    curve: Curve | None = None,
    luck: Floats | None = None,
) -> Replay:
    """Return what a budget of ``limit_micros`` a day would have won.

    Args: at_ms: int64[n], rising, world time; values, prices: float64[n] micros, what each impression is worth in full
    and what must be paid for it: one is won if ``bid · value >= price``; zone: whose days; mode: ``SHADE``,
    ``THROTTLE`` or ``FAST``; luck: float64[n] in 0..1, which auctions a throttled budget enters (None: drawn).
    What is spent is known to the controller a minute later. Invariants: no day's prices won sum to more than the limit.
    Cost: about 0.3 ms a minute of the log.
    """
    curve = typical() if curve is None else curve
    luck = np.random.default_rng(0).random(len(at_ms)) if luck is None else luck
    won, bid, entry = np.zeros(len(at_ms), np.bool_), np.zeros(len(at_ms)), np.zeros(len(at_ms))
    pace, begins, spent, known = no_pace(), -1, 0.0, 0.0
    usual = float(np.median(prices)) if len(prices) else 1.0
    first, last = (int(at_ms[0]), int(at_ms[-1])) if len(at_ms) else (0, -1)
    for now_ms in range(first // STEP_MS * STEP_MS, last + 1, STEP_MS):
        day = day_of(curve, zone, now_ms)
        if day.begins_at_ms != begins:
            begins, spent, known = day.begins_at_ms, 0.0, 0.0
        budgets = _budget(begins, limit_micros, int(known), mode, usual)
        known = spent
        pace = step(pace, budgets, days_of([day]), now_ms=now_ms)
        now = slice(*np.searchsorted(at_ms, [now_ms, now_ms + STEP_MS]))
        bid[now], entry[now] = bids(pace, budgets)[0], entries(pace, budgets)[0]
        takes = (bid[now] * values[now] >= prices[now]) & (luck[now] < entry[now])
        takes &= spent + np.cumsum(prices[now] * takes) <= limit_micros
        won[now] = takes
        spent += float(prices[now][takes].sum())
    return Replay(won, bid, entry)


def _budget(begins_at_ms: int, limit_micros: int, spent_micros: int, mode: int, price_micros: float) -> Budgets:
    def one(value: int) -> Ints:
        return np.array([value], np.int64)

    modes = np.array([mode], np.int8)
    return Budgets(
        one(1),
        one(begins_at_ms),
        one(limit_micros),
        one(spent_micros),
        one(0),
        np.zeros(1),
        modes,
        np.array([price_micros]),
        np.zeros(1),
        first_levels(modes),
    )
