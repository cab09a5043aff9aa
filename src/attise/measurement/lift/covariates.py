"""CUPED: what is known of viewers from before takes out of an outcome what it explains, and intervals narrow. Pure.

It helps where the past tells the future (watching, visits of a shop by those who come often), and hardly where the
outcome is rare: whether somebody buys once is not told by last week. Where it would take out less than a hundredth, the
outcome stays as it is, and that is said. What is known must be from before the arms were drawn: an act that the ad may
have caused takes the effect out with it. Source: Deng, Xu, Kohavi, Walker (2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from attise.measurement.lift.arms import Floats

LEAST_EXPLAINED: Final = 0.01
"""Part of the variance; less is not worth another number that somebody has to understand."""
LEAST_VIEWERS: Final = 100
"""Of both arms: with fewer, what is explained is luck."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Two arms' outcomes as they are compared, and what knowing more did for it."""

    first: Floats
    second: Floats
    explained: float
    """Part of the variance that is taken out, or would have been: 0..1."""
    is_used: bool
    """Whether it was."""


def adjust(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Adjusted:
    """Return outcomes without what a covariate explains of them, the same for both arms.

    Args: of each arm the outcomes and the covariate, float64[n] each; a covariate that is not known is NaN and explains
    nothing. Invariants: the mean over both arms stays.
    """
    known = [np.isfinite(covariate) for _, covariate in (first, second)]
    filled = []
    everybody = np.concatenate([first[1][known[0]], second[1][known[1]]])
    middle = float(everybody.mean()) if len(everybody) else 0.0
    for (_, covariate), is_known in zip((first, second), known, strict=True):
        filled.append(np.where(is_known, covariate, middle) - middle)
    outcomes = (first[0], second[0])
    # Within arms: what the ad itself moved is no reason to think that the covariate explains it.
    rests = [(y - y.mean(), x - x.mean()) for y, x in zip(outcomes, filled, strict=True) if len(y)]
    together = sum(float((y * x).sum()) for y, x in rests)
    own = sum(float((x * x).sum()) for _, x in rests)
    total = sum(float((y * y).sum()) for y, _ in rests)
    if own <= 0 or total <= 0:
        return Adjusted(*outcomes, 0.0, is_used=False)
    explained = together**2 / (own * total)
    if explained < LEAST_EXPLAINED or len(first[0]) + len(second[0]) < LEAST_VIEWERS:
        return Adjusted(*outcomes, explained, is_used=False)
    slope = together / own
    shift = slope * float(np.concatenate(filled).mean())
    adjusted = [y - slope * x + shift for y, x in zip(outcomes, filled, strict=True)]
    return Adjusted(adjusted[0], adjusted[1], explained, is_used=True)
