"""Two arms that chance made, compared: shares, what they differ by, an interval, how much more would tell. Pure.

The unit is the viewer, because viewers were drawn: who saw an ad three times is one person, not three. A share is a
ratio of sums over viewers, its variance that of the ratio by the delta method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z: Final = 1.959964
"""Of an interval that holds the truth in 95 of 100."""
LEAST_VIEWERS: Final = 30
"""Fewer viewers of an arm say nothing."""
LEAST_EVENTS: Final = 10
"""Fewer of what is counted, in both arms together, say nothing."""
MORE_MOST: Final = 1_000_000_000
"""As good as never."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one arm came to."""

    viewers: int
    events: float
    units: float
    """What the events are a share of: impressions, or money."""
    variance: float
    """Of ``ratio``."""

    @property
    def ratio(self) -> float:
        """Events for each unit; 0 where there is no unit."""
        return self.events / self.units if self.units else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """What the first arm has more than the second."""

    difference: float
    low: float
    high: float
    """Ends of the interval."""
    is_told: bool
    """Whether there is enough to say anything at all."""
    more_viewers: int
    """About how many more viewers of each arm would tell it from nothing, if it is what it seems; 0: it is told."""

    @property
    def differs(self) -> bool:
        """Whether the interval leaves nothing out: the arms differ."""
        return self.is_told and (self.low > 0 or self.high < 0)


def share_of(events: Floats, units: Floats) -> Share:
    """Return what an arm came to, from what each of its viewers did: float64[n] each, n viewers with units."""
    count, total = len(units), float(units.sum())
    if not count or total <= 0:
        return Share(count, float(events.sum()), 0.0, 0.0)
    ratio = float(events.sum()) / total
    rest = events - ratio * units
    spread = count / max(count - 1, 1)
    return Share(count, float(events.sum()), total, spread * float((rest**2).sum()) / total**2)


def compare(first: Share, second: Share) -> Difference:
    """Return what two arms differ by, with the interval of 95 in 100.

    Source: Deng, Knoblich, Lu (2018), *Applying the Delta Method in Metric Analytics*, for the ratio's variance.
    """
    difference = first.ratio - second.ratio
    variance = first.variance + second.variance
    half = Z * float(np.sqrt(variance))
    least = min(first.viewers, second.viewers)
    is_told = least >= LEAST_VIEWERS and first.events + second.events >= LEAST_EVENTS
    more = 0
    if abs(difference) <= half:
        # An interval narrows with the root of the viewers: as many times more as it is too wide.
        times = (half / abs(difference)) ** 2 if difference else np.inf
        more = int(min(np.ceil(max(least, 1) * (times - 1)), MORE_MOST)) if np.isfinite(times) else MORE_MOST
    if not is_told:
        more = max(more, LEAST_VIEWERS - least, 1)
    return Difference(difference, difference - half, difference + half, is_told, more)
