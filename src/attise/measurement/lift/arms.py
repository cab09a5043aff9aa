"""What an arm came to: events for each unit, and how well that is known. Pure.

The unit of chance is the viewer, because viewers were drawn: who saw an ad three times is one person, not three. A
share is a ratio of sums over viewers (their mean, where each is one unit), its variance that of the ratio by the delta
method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """What one arm came to."""

    viewers: int
    events: float
    units: float
    """What the events are a share of: viewers, impressions, money."""
    variance: float
    """Of ``ratio``."""
    active: int
    """Viewers of whom anything was counted."""
    is_yes_no: bool = False
    """Whether each viewer is one unit, and did it or did not."""

    @property
    def ratio(self) -> float:
        """Events for each unit; 0 where there is no unit."""
        return self.events / self.units if self.units else 0.0

    @property
    def spread(self) -> float:
        """The variance of one viewer, from which any number of them is reckoned."""
        return self.variance * self.viewers


def share_of(events: Floats, units: Floats | None = None) -> Share:
    """Return what an arm came to, from what each of its viewers did.

    Args: events: float64[n]; units: float64[n], n viewers with units; None: each viewer is one.
    """
    each = np.ones(len(events)) if units is None else units
    count, total = len(each), float(each.sum())
    active = int(np.count_nonzero(events))
    if not count or total <= 0:
        return Share(count, float(events.sum()), 0.0, 0.0, active)
    _, variance = ratios(events, each)
    is_yes_no = bool((each == 1).all() and np.isin(events, (0, 1)).all())
    return Share(count, float(events.sum()), total, float(variance), active, is_yes_no)


def ratios(events: Floats, units: Floats) -> tuple[Floats, Floats]:
    """Return sums of events by sums of units along the last axis, and the variances of these ratios.

    Args: events, units: float64[..., n], of n viewers of an arm, in any number of replicates; no sum of units is 0.
    Source: Deng, Knoblich, Lu (2018), *Applying the Delta Method in Metric Analytics*.
    """
    count, total = units.shape[-1], units.sum(axis=-1)
    ratio = events.sum(axis=-1) / total
    rest = events - ratio[..., None] * units if np.ndim(ratio) else events - ratio * units
    spread = count / max(count - 1, 1)
    return ratio, np.asarray(spread * (rest**2).sum(axis=-1) / total**2)
