"""Whether a post that everyone may be shown still grows. Pure.

Windows of six hours are compared by their rate: the post's impressions for each that the whole house had, so that
nights and holidays are nobody's end. A rate is taken to be Gamma–Poisson, the ratio of two to be log-normal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from attise.measurement.circles.bounds import FALLS_BELOW, GROWS_LEAST, WINDOW_MS, WINDOWS
from attise.measurement.circles.gate import chance_above

ADDED = 0.5
"""To a count, as by a prior that knows nothing."""


def is_over(
    hours: Sequence[tuple[int, int]], traffic: Callable[[int, int], float], *, since_ms: int, now_ms: int
) -> bool:
    """Tell whether a post fell in each of the last two windows.

    Args: hours: beginnings of hours with the post's organic impressions, rising; traffic: the house's impressions
    between two moments; since_ms: what was before is not looked at. World time.
    """
    begin_ms = now_ms - WINDOWS * WINDOW_MS
    if begin_ms < since_ms:
        return False
    seen, house = [0.0] * WINDOWS, []
    for window in range(WINDOWS):
        from_ms = begin_ms + window * WINDOW_MS
        house.append(traffic(from_ms, from_ms + WINDOW_MS))
        seen[window] = float(sum(count for hour_ms, count in hours if from_ms <= hour_ms < from_ms + WINDOW_MS))
    if min(house) <= 0:
        return False
    return all(
        chance_holds(seen[at], house[at], seen[at + 1], house[at + 1]) < GROWS_LEAST for at in range(WINDOWS - 1)
    )


def chance_holds(before: float, house_before: float, after: float, house_after: float) -> float:
    """Return how likely a rate is at least ``FALLS_BELOW`` of the one before; of no counts about one half."""
    ratio = math.log((after + ADDED) / house_after) - math.log((before + ADDED) / house_before)
    deviation = (1 / (after + ADDED) + 1 / (before + ADDED)) ** 0.5
    return chance_above(math.log(FALLS_BELOW), ratio, deviation)
