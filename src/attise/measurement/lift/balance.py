"""Whether two arms are as large as chance makes them: where they are not, nothing that they differ by can be believed.

Something lost viewers of one arm: a filter that looks at what happened, a page that only one arm sees. Pure. Source:
Fabijan et al. (2019), *Diagnosing Sample Ratio Mismatch in Online Controlled Experiments*.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

LEAST_P: Final = 0.001
"""Arms that chance makes so rarely, or more rarely, are not what chance made."""


@dataclass(frozen=True, slots=True)
class Balance:
    """How the arms' sizes stand to what was to be expected."""

    expected: float
    """Part of all viewers that the second arm was to have; below, that it has."""
    found: float
    p_value: float

    @property
    def is_right(self) -> bool:
        """Whether chance may have made the arms."""
        return self.p_value >= LEAST_P


def balance_of(first: int, second: int, *, expected: float) -> Balance:
    """Return how two arms' viewers stand to the part that the second was to have, 0 < expected < 1: χ², one degree."""
    if not 0 < expected < 1:
        raise ValueError(f"the second arm's part is {expected}, and not between 0 and 1")
    total = first + second
    if not total:
        return Balance(expected, 0.0, 1.0)
    square = (second - total * expected) ** 2 / (total * expected * (1 - expected))
    return Balance(expected, second / total, math.erfc(math.sqrt(square / 2)))
