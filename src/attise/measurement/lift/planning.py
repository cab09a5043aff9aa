"""What a comparison could tell, before it runs or when it told nothing: the least effect that would be seen. Pure.

With 80 % of power at 5 %, two-sided: an effect of this size is told from nothing four times of five. Source: van Belle
(2002), *Statistical Rules of Thumb*, section 2.1, for unequal arms.
"""

from __future__ import annotations

import math
from typing import Final

from attise.measurement.lift.comparing import Z

Z_POWER: Final = 0.841621
"""Of 80 %."""


def detectable(spread: float, *, first: float, second: float) -> float:
    """Return the least effect that would be seen, in units of the outcome; infinite where an arm has nobody.

    Args: spread: the variance of one viewer (``rate · (1 - rate)`` for a yes or no); first, second: viewers.
    """
    if first <= 0 or second <= 0:
        return math.inf
    return (Z + Z_POWER) * math.sqrt(spread / first + spread / second)


def viewers_needed(spread: float, *, effect: float, second_part: float) -> int:
    """Return how many viewers, of both arms together, show an effect of this size.

    Args: effect: in units of the outcome, not 0; second_part: of all viewers, 0 < second_part < 1.
    """
    each = spread / second_part + spread / (1 - second_part)
    return math.ceil(each * ((Z + Z_POWER) / effect) ** 2)


def spread_of_rate(rate: float) -> float:
    """Return the variance of one viewer who does something with this probability, 0..1."""
    return rate * (1 - rate)
