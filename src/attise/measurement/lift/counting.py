"""What ads earned of a post: how often something was done in the feed because they were shown. Pure.

Of each campaign the people for whom it won, beside those for whom it would have: the difference of what they did on the
post without an ad, times those for whom it won. Several campaigns draw their arms apart, so their figures add up, and
so do the squares of how far their ends are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attise.measurement.lift.acts import SIGNALS
from attise.measurement.lift.arms import Floats
from attise.measurement.lift.study import Study, Verdict


@dataclass(frozen=True, slots=True)
class Earned:
    """How often, with the ends that hold the truth 95 times of 100."""

    count: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Alike:
    """People of one campaign and arm who did the same on a post, in the feed."""

    campaign_id: int
    holdout_ppm: int
    is_held: bool
    viewers: int
    did: tuple[int, ...]
    """By ``SIGNALS``."""


def together(studies: Iterable[Study]) -> Earned | None:
    """Return what campaigns earned together, of those that say anything and are to be believed; None: none does."""
    told = [one for one in studies if one.verdict not in {Verdict.TOO_LITTLE, Verdict.BROKEN}]
    if not told:
        return None
    count = sum(one.caused[0] for one in told)
    below = math.sqrt(sum((one.caused[0] - one.caused[1]) ** 2 for one in told))
    above = math.sqrt(sum((one.caused[2] - one.caused[0]) ** 2 for one in told))
    return Earned(count, count - below, count + above)


def alike(
    campaign_id: int, holdout_ppm: int, is_held: Sequence[bool] | NDArray[np.bool_], organic: dict[str, Floats]
) -> list[Alike]:
    """Return people by what they did, so that whoever recounts needs nobody's name."""
    rows = zip(is_held, *(organic[name].astype(int) for name in SIGNALS), strict=True)
    counted = Counter((bool(row[0]), tuple(int(one) for one in row[1:])) for row in rows)
    return [Alike(campaign_id, holdout_ppm, held, viewers, did) for (held, did), viewers in sorted(counted.items())]
