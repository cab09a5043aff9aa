"""How many people an ad group would be meant for: an estimate from a sample, told so that nobody is told apart. Pure.

Before: a sample of viewers that was drawn without looking at what they are like. After: a gauge, and an answer of the
API. The rule of who is meant is the one that decisions follow (``matching``), so that nobody is counted whom no ad of
this group could be shown to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from attise.kernel.limits import AUDIENCE_FEW
from attise.records.feed import ViewerContext
from attise.records.targeting import Targeting
from attise.serving.targeting.laws import ADULTS
from attise.serving.targeting.matching import is_meant_for

BROAD_SHARE: Final = 0.5
"""An audience is broad from this share on of the adults in its places."""
TWENTIETHS: Final = 20
"""How finely the share is told."""
SURE: Final = 1.96
"""Standard deviations within which the truth lies, 95 times of 100."""


class Size(StrEnum):
    """What an estimate comes to."""

    NARROW = "narrow"
    BALANCED = "balanced"
    BROAD = "broad"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an ad group says of whom it is for, as ``matching.ForWhom``."""

    targeting: Targeting
    objective: str
    category_gate: str
    special_industries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many people; figures are rounded to two digits, and below ``AUDIENCE_FEW`` the bound alone is told."""

    people: int
    """0 where they are few."""
    least: int
    most: int
    size: Size
    share: float
    """Of the adults in the places that are asked for, in 0..1, in twentieths."""

    @property
    def is_few(self) -> bool:
        """Whether all that is told is that there are fewer than ``AUDIENCE_FEW``."""
        return self.people == 0


def estimate(asked: Asked, sample: Sequence[ViewerContext], total: int) -> Estimate:
    """Return how many of ``total`` viewers an ad group is meant for, by a sample of them.

    Of a sample of everybody nothing is guessed. Cost: some microseconds for each viewer of the sample.
    """
    around = Asked(
        Targeting(locations=asked.targeting.locations, age_groups=ADULTS),
        asked.objective,
        asked.category_gate,
        asked.special_industries,
    )
    others = [one for one in sample if not is_meant_for(asked, one)]
    met = len(sample) - len(others)
    there = met + sum(is_meant_for(around, one) for one in others)
    looked_at, is_whole = max(len(sample), 1), len(sample) >= total
    part = met / looked_at
    error = 0.0 if is_whole else SURE * math.sqrt(part * (1 - part) / looked_at)
    share = min(met * TWENTIETHS // there, TWENTIETHS) / TWENTIETHS if there else 0.0
    people = two_digits(round(part * total))
    if people < AUDIENCE_FEW:
        return Estimate(0, 0, AUDIENCE_FEW, Size.NARROW, 0.0)
    least = two_digits(math.floor(max(part - error, 0.0) * total))
    most = two_digits(math.ceil(min(part + error, 1.0) * total), up=True)
    return Estimate(people, least, most, Size.BROAD if share >= BROAD_SHARE else Size.BALANCED, share)


def two_digits(count: int, *, up: bool = False) -> int:
    """Return a count rounded down to its first two digits, or up to them."""
    step: int = 10 ** max(len(str(count)) - 2, 0)
    return -(-count // step) * step if up else count // step * step
