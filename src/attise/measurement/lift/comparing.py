"""Two arms that chance made, compared: what they differ by, an interval, how much more would tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from attise.measurement.lift.arms import Floats, Share

Z: Final = 1.959964
"""Of an interval that holds the truth in 95 of 100."""
LEAST_VIEWERS: Final = 30
"""Fewer viewers of an arm say nothing."""
LEAST_EVENTS: Final = 10
"""Fewer of what is counted, in both arms together, say nothing."""
LEAST_ACTIVE: Final = 20
"""Fewer viewers of an arm with anything counted do not say how it scatters: of money that few spend, alike arms beside
a small one differed in 7 of 100 with 15 of them, in 9 with 7. A yes or no scatters as its rate says."""
MORE_MOST: Final = 1_000_000_000
"""As good as never."""


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


@dataclass(frozen=True, slots=True)
class Relative:
    """By which part the first arm is above the second: 0.1 is a tenth more."""

    part: float
    low: float
    high: float


def compare(first: Share, second: Share) -> Difference:
    """Return what two arms differ by, with the interval of 95 in 100.

    Of a yes or no the interval is that of one more viewer who did and one more who did not in each arm, which holds
    for rare acts and small arms too, where the usual one is too narrow. Source: Agresti, Caffo (2000).
    """
    difference = first.ratio - second.ratio
    if first.is_yes_no and second.is_yes_no:
        low, high = intervals_of_rates(*((np.float64(one.events), np.float64(one.viewers)) for one in (first, second)))
    else:
        low, high = intervals(np.float64(difference), np.float64(first.variance + second.variance))
    half = float(high - low) / 2
    least = min(first.viewers, second.viewers)
    is_told = (
        least >= LEAST_VIEWERS
        and first.events + second.events >= LEAST_EVENTS
        and (first.is_yes_no or min(first.active, second.active) >= LEAST_ACTIVE)
    )
    more = 0
    if float(low) <= 0 <= float(high):
        # An interval narrows with the root of the viewers: as many times more as it is too wide.
        times = (half / abs(difference)) ** 2 if difference else np.inf
        more = int(min(np.ceil(max(least, 1) * (times - 1)), MORE_MOST)) if np.isfinite(times) else MORE_MOST
        more = max(more, 1)
    if not is_told:
        more = max(more, LEAST_VIEWERS - least, 1)
    return Difference(difference, float(low), float(high), is_told, more)


def relative(first: Share, second: Share) -> Relative | None:
    """Return by which part the first arm is above the second; None where either did nothing, or less than nothing.

    On the scale of logarithms, where a ratio is as likely to be half as it is to be twice.
    """
    if first.ratio <= 0 or second.ratio <= 0:
        return None
    half = Z * float(np.sqrt(first.variance / first.ratio**2 + second.variance / second.ratio**2))
    middle = float(np.log(first.ratio / second.ratio))
    low, high = (float(np.expm1(min(middle + side, 700.0))) for side in (-half, half))
    return Relative(first.ratio / second.ratio - 1, low, high)


def intervals(difference: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the ends of intervals of any shape, from differences and their variances."""
    half = Z * np.sqrt(variance)
    return difference - half, difference + half


def intervals_of_rates(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return the ends of intervals of any shape, from how many viewers did it and how many there are, of each arm."""
    rates, variances = [], []
    for events, viewers in (first, second):
        rate = (events + 1) / (viewers + 2)
        rates.append(rate)
        variances.append(rate * (1 - rate) / (viewers + 2))
    return intervals(rates[0] - rates[1], variances[0] + variances[1])
