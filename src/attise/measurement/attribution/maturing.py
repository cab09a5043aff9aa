"""How many conversions are still to come of clicks so young that they may yet convert. Pure.

Without it every noon looks dear to whoever holds a target cost: what was spent since midnight is known, what it brings
is not. Of each click that has not converted, ``r (1 - F) / (1 - r F)`` are expected, ``r`` being the rate of clicks
that ever convert and ``F`` the share of those that have by its age. Both are of the ad group's own last days: its mean
delay gives ``F = 1 - exp(-age / mean)``, and what converted among the clicks old enough gives ``r``. Of delays of many
hours the longest are never seen, so that the sum is a sixth too low for six hours, and right for one.

Source: Chapelle (2014), *Modeling Delayed Feedback in Display Advertising*, whose delays are exponential too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import HOUR_MS

Floats = NDArray[np.float64]

USUAL_RATE: Final = 0.02
"""Of clicks that convert, and below the delay, before anything is known of a group; each weighs as much as the next
number says: so many clicks, so many conversions."""
USUAL_CLICKS: Final = 20
USUAL_DELAY_MS: Final = HOUR_MS
USUAL_CONVERSIONS: Final = 2


class Quarter(NamedTuple):
    """A quarter of an hour of an ad group, by the time of its decisions (world time)."""

    quarter_ms: int
    clicks: int
    conversions: int
    delay_ms: int
    """From the decision to what happened, of all of them together."""


class Quarters(NamedTuple):
    """The same of several ad groups at once: arrays of quarters, or of groups and their quarters."""

    quarter_ms: Floats
    """float64[n_quarters], world time; whole numbers."""
    clicks: Floats
    """float64[..., n_quarters]; conversions and delay likewise."""
    conversions: Floats
    delay_ms: Floats


def conversions_due(quarters: Quarters, *, since_ms: int, now_ms: int) -> Floats:
    """Return how many conversions are still to be expected of decisions since ``since_ms``, float64[...] by group.

    ``quarters`` are those of some days, in any order. Invariants: 0 or more; no more than clicks that did not convert.
    """
    conversions = quarters.conversions.sum(axis=-1)
    delay_ms = quarters.delay_ms.sum(axis=-1) + USUAL_CONVERSIONS * USUAL_DELAY_MS
    mean_ms = np.maximum(delay_ms / (conversions + USUAL_CONVERSIONS), 1.0)
    shares = 1 - np.exp(-np.maximum(now_ms - quarters.quarter_ms, 0) / mean_ms[..., None])
    old_enough = (quarters.clicks * shares).sum(axis=-1)
    rate = np.minimum((conversions + USUAL_RATE * USUAL_CLICKS) / (old_enough + USUAL_CLICKS), 1.0)[..., None]
    waiting = np.where(quarters.quarter_ms >= since_ms, np.maximum(quarters.clicks - quarters.conversions, 0), 0)
    found: Floats = (waiting * rate * (1 - shares) / np.maximum(1 - rate * shares, 1e-9)).sum(axis=-1)
    return found


def due_milli(quarters: Sequence[Quarter], *, since_ms: int, now_ms: int) -> int:
    """Return the same of one group, from its rows, in thousandths."""
    rows = np.array(quarters, np.float64).reshape(-1, len(Quarter._fields))
    return round(float(conversions_due(Quarters(*rows.T), since_ms=since_ms, now_ms=now_ms)) * 1_000)
