"""What one more outcome costs: money by what it caused, with an interval, and never a point alone. Pure.

Both are uncertain, and the second may be nothing: then there is no upper end, and it is said what it costs at least.
Source: Fieller (1954).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from attise.measurement.lift.arms import Floats
from attise.measurement.lift.comparing import Z


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one more outcome, in the unit of the money that was given."""

    each: float | None
    """None: nothing was caused, as far as it seems."""
    low: float | None
    """None: not even this can be said."""
    high: float | None
    """None: there is no end, since what was caused may be nothing."""


def cost_of(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Cost:
    """Return what one more outcome costs. Args: of each arm the outcomes and the money, float64[n] each."""
    if min(len(first[0]), len(second[0])) < 2:  # noqa: PLR2004 - one viewer has no variance
        return Cost(None, None, None)
    more, paid = (float(first[place].mean() - second[place].mean()) for place in (0, 1))
    spread = sum(np.cov(np.stack(arm)) / len(arm[0]) for arm in (first, second))
    more_variance, paid_variance, together = float(spread[0][0]), float(spread[1][1]), float(spread[0][1])
    each = paid / more if more > 0 else None
    # Ends are where paid - end · more stands at the border of what chance does: a square in ``end``.
    a = more**2 - Z**2 * more_variance
    b = more * paid - Z**2 * together
    c = paid**2 - Z**2 * paid_variance
    inside = b**2 - a * c
    if inside < 0 or a == 0:
        return Cost(each, None, None)
    ends = sorted(((b - math.sqrt(inside)) / a, (b + math.sqrt(inside)) / a))
    if a > 0:
        return Cost(each, ends[0], ends[1]) if more > 0 else Cost(None, None, None)
    return Cost(each, ends[1] if ends[1] > 0 else None, None)
