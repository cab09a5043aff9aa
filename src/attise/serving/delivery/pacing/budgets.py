"""How much may be spent until when: budgets as arrays, and the share of traffic that is still to come in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.delivery.pacing.curve import MOST_SLICES, SLICE_MS, Day, Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SHADE, THROTTLE, FAST = 0, 1, 2
"""How a budget is spread: by lower bids (buys the cheapest impressions of the day), by taking part less often (a fair
sample of the audience, at unchanged bids), or not at all."""
SLOW_START: Final = float(np.log(0.8))
"""Where bids begin: a fifth more selective than need be."""
THROTTLE_START: Final = float(np.log(0.1))
LOWEST: Final = float(np.log(1e-4))
"""No multiplier is lower."""


@dataclass(frozen=True)
class Days:
    """Several local days, those of budgets: ``begins`` int64[d], ``ends`` int64[d], ``upto`` float64[d, 101].

    ``upto`` is the traffic from the day's begin to the begin of each slice, the last entry repeated to the end.
    """

    begins: Ints
    ends: Ints
    upto: Floats

    def traffic(self, day: Ints, from_ms: Ints, to_ms: Ints) -> Floats:
        """Return the traffic between two moments of the same day, float64[m], evenly within a slice; never negative."""
        found: Floats = np.maximum(self._until(day, to_ms) - self._until(day, from_ms), 0.0)
        return found

    def left(self, day: Ints, from_ms: Ints) -> Floats:
        """Return the traffic from a moment to the day's end."""
        return self.traffic(day, from_ms, self.ends[day])

    def _until(self, day: Ints, at_ms: Ints) -> Floats:
        inside = np.clip(at_ms, self.begins[day], self.ends[day]) - self.begins[day]
        place, rest = np.divmod(inside, SLICE_MS)
        after = np.minimum(place + 1, MOST_SLICES)
        begin, end = self.upto[day, place], self.upto[day, after]
        found: Floats = begin + (end - begin) * rest / SLICE_MS
        return found


def days_of(days: list[Day]) -> Days:
    """Return several days as arrays."""
    upto = np.zeros((len(days), MOST_SLICES + 1))
    for row, day in zip(upto, days, strict=True):
        sums = np.cumsum(day.traffic)
        row[1 : len(sums) + 1] = sums
        row[len(sums) + 1 :] = sums[-1]
    return Days(
        np.array([day.begins_at_ms for day in days], np.int64),
        np.array([day.ends_at_ms for day in days], np.int64),
        upto,
    )


@dataclass(frozen=True)
class Budgets:
    """What bounds spending, one entry a budget, by rising ``envelope_id``. Amounts are micros of its own currency."""

    envelope_id: Ints
    begins_at_ms: Ints
    """World time: of the period that ``spent_micros`` is of."""
    limit_micros: Ints
    spent_micros: Ints
    day: Ints
    """Which of ``Days`` now lies in."""
    later: Floats
    """Traffic that is still to come after that day; 0 for what ends with it."""
    mode: NDArray[np.int8]
    price_micros: Floats
    """What one win costs about: how noisy spending is."""
    cap: Floats
    """The natural logarithm of the highest multiplier: 0 where a bid is the most that is paid."""
    first: Floats
    """Where the level of a budget begins of which nothing is remembered (``first_levels``)."""
    first_brake: Floats | None = None
    """Where its brake begins: ln of how often it takes part beyond that; None: not braked."""

    def __len__(self) -> int:
        return len(self.envelope_id)


def first_levels(mode: NDArray[np.int8], share: Floats | float | None = None) -> Floats:
    """Return where new budgets begin, by their mode.

    Args: share: what a throttled one may take part in for its plan if it won every time; None: nothing is known of the
    traffic, and a tenth is careful. Why: where few ask, a new ad is shown at once; where a million do, not to all.
    """
    throttled = THROTTLE_START if share is None else np.log(np.clip(share, np.exp(LOWEST), 1.0))
    found: Floats = np.select([mode == SHADE, mode == THROTTLE], [np.float64(SLOW_START), throttled], 0.0)
    return found
