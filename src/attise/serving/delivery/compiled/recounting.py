"""Recounting a contest: in how many other draws each winner would have a slot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from attise.records.decision import HEADS
from attise.serving.delivery.caps import NONE
from attise.serving.delivery.chance import REDRAWS, key_of
from attise.serving.delivery.compiled.shared import Grid, Rows, mixed, rate_from
from attise.serving.delivery.contest import REDRAWN, Weighed
from attise.serving.delivery.value import ASKED, NO_HEAD
from attise.serving.kernels import kernel
from attise.serving.prediction.compiled import rate_at
from attise.serving.prediction.predictor import Draws
from attise.serving.prediction.thompson import QUANTILE_SHIFT, rises

# The compiler folds these in as numbers.
_NONE: Final = NONE
_HEADS: Final = len(HEADS)
_NO_HEAD: Final = NO_HEAD
_ASKED: Final = ASKED
_QUANTILE_SHIFT: Final = QUANTILE_SHIFT


@kernel(
    types.void(
        *(Rows, types.int64[::1], types.int16[::1], types.boolean[::1], types.float32[:, ::1], types.float32[:, ::1]),
        *(Grid, types.float64[::1], types.float64[::1], types.int64[::1], types.int64, types.int64, types.uint64),
        *(types.float64[::1], types.int64[::1]),
    )
)
def recount(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    rows: NDArray[Any],
    kept: NDArray[np.int64],
    drop: NDArray[np.int16],
    exploring: NDArray[np.bool_],
    middle: NDArray[np.float32],
    width: NDArray[np.float32],
    grid: NDArray[np.float32],
    user_value: NDArray[np.float64],
    rank_value: NDArray[np.float64],
    winners: NDArray[np.int64],
    slots: int,
    redrawn: int,
    key: np.uint64,
    quantiles: NDArray[np.float64],
    found: NDArray[np.int64],
) -> None:
    """Count in how many other draws each winner has a slot: ``contest._recounted``.

    Only what may stand above a winner is drawn: nobody draws more than the highest of the quantiles.
    """
    tried = len(middle)
    # Those that stand, and before them the winners; what is asked of them once for each draw, side by side.
    first = len(winners)
    many = first + len(kept)
    ads, numbers = np.empty(many, dtype=np.int64), np.empty(len(kept), dtype=np.int64)
    number = 0
    for n in range(len(kept)):
        numbers[n] = number if exploring[n] else -1
        number += exploring[n]
    end = first
    for place in range(first):
        ads[place] = winners[place]
    for n in range(len(kept)):
        if drop[kept[n]] == _NONE:
            ads[end] = n
            end += 1
    events, durations = np.empty(end, dtype=np.uint8), np.empty(end, dtype=np.int32)
    heads, factors = np.empty((end, 2), dtype=np.int64), np.empty(end, dtype=np.float64)
    middles, widths = np.zeros((end, 2), dtype=np.float32), np.zeros((end, 2), dtype=np.float64)
    highest, advertisers = np.empty(end, dtype=np.float64), np.empty(end, dtype=np.int64)
    for at in range(end):
        n = ads[at]
        row = rows[kept[n]]
        events[at], durations[at], factors[at] = row["event"], row["duration_ms"], row["factor"]
        advertisers[at] = row["advertiser_id"]
        heads[at] = _ASKED[row["event"]]
        highest[at] = rank_value[n]
        if numbers[n] < 0:
            continue
        rates: Any = (np.float32(0), np.float32(0))
        for side in range(2):
            if heads[at, side] != _NO_HEAD:
                middles[at, side], widths[at, side] = (
                    middle[numbers[n], heads[at, side]],
                    width[numbers[n], heads[at, side]],
                )
                rate = rate_at(grid, heads[at, side], middles[at, side] + np.float32(widths[at, side] * quantiles[-1]))
                rates = (rate, rates[1]) if side == 0 else (rates[0], rate)
        highest[at] = factors[at] * rate_from(events[at], rates[0], rates[1], durations[at]) + user_value[n]
    own, before = np.empty(first, dtype=np.float64), np.empty(first, dtype=np.int64)
    names, best = np.empty(end, dtype=np.int64), np.empty(end, dtype=np.float64)
    for turn in range(redrawn):
        least = np.inf
        above = 0
        for at in range(end):
            n = ads[at]
            if at >= first and highest[at] <= least:
                continue
            value = rank_value[n]
            if numbers[n] >= 0:
                drawn_at = (turn * tried + numbers[n]) * _HEADS
                rates = (np.float32(0), np.float32(0))
                for side in range(2):
                    head = heads[at, side]
                    if head == _NO_HEAD:
                        break
                    normal = quantiles[np.int64(mixed(np.uint64(drawn_at + head) ^ key) >> _QUANTILE_SHIFT)]
                    rate = rate_at(grid, head, middles[at, side] + np.float32(widths[at, side] * normal))
                    rates = (rate, rates[1]) if side == 0 else (rates[0], rate)
                value = factors[at] * rate_from(events[at], rates[0], rates[1], durations[at]) + user_value[n]
            if at < first:
                own[at] = value
                least = min(least, value)
                continue
            if value <= least:
                continue
            place = 0
            while place < above and names[place] != advertisers[at]:
                place += 1
            if place == above:
                names[place], best[place] = advertisers[at], value
                above += 1
            else:
                best[place] = max(best[place], value)
        for winner in range(first):
            before[winner] = 0
            is_first = True
            for place in range(above):
                if best[place] > own[winner]:
                    before[winner] += 1
                    is_first = is_first and names[place] != advertisers[winner]
            found[winner] += is_first and before[winner] < slots


def recounted(
    rows: NDArray[Any],
    kept: NDArray[np.int64],
    drop: NDArray[np.int16],
    exploring: NDArray[np.bool_],
    draws: Draws,
    weighed: Weighed,
    winners: Sequence[int],
    slots: int,
    seed: int,
) -> list[int]:
    """Return in how many other draws each winner has a slot: ``contest.recounted``."""
    found = np.zeros(len(winners), dtype=np.int64)
    recount(
        rows,
        kept,
        drop,
        exploring,
        draws.middle,
        draws.width,
        draws.grid,
        weighed.user_value,
        weighed.rank_value,
        np.array(winners, dtype=np.int64),
        slots,
        REDRAWN,
        key_of(seed, REDRAWS),
        rises(),
        found,
    )
    had: list[int] = found.tolist()
    return had
