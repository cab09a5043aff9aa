"""Whether a post is taken on to the next circle: the posterior of its quality against the circle's bar. Pure.

A post's mean is shrunk to what is usual of its creator and category:
``value = (n·mean/σ² + prior/τ²) / (n/σ² + 1/τ²)``. It is no test that is repeated until it says yes: the
posterior may be looked at as often as one likes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from attise.measurement.circles.bounds import (
    HELD,
    JUDGED_FROM,
    LIKE_SHRINK,
    PROMOTE,
    RESULTS_LEAST,
    SPREAD_COLD,
    SPREAD_LEAST,
    STOP,
    SURE,
)


class Says(StrEnum):
    """What the gate says."""

    PROMOTE = "promote"
    STOP = "stop"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Level:
    """What a circle asks of posts."""

    batch: int
    """Impressions."""
    bar: float
    mean: float
    """What posts that came here are worth."""
    spread: float
    """How far apart they truly are: a standard deviation."""


class Judged(NamedTuple):
    """What is thought of a post's quality."""

    says: Says
    value: float
    chance: float
    """That the post is above the bar."""


class Result(NamedTuple):
    """A post that was judged at a circle."""

    met: float
    mean: float
    value: float


def judge(level: Level, *, met: float, mean: float, noise: float, prior: float, is_late: bool = False) -> Judged:
    """Return what the gate says of a batch.

    Args: met: impressions; mean: their quality; noise: the standard deviation of one; prior: what is usual of the
    post's like; is_late: the batch has had its time, what there is decides.
    Invariants: a better batch is never stopped where a worse one of as many impressions is taken on.
    """
    precision, before = met / noise**2, 1 / level.spread**2
    value = (mean * precision + prior * before) / (precision + before)
    chance = chance_above(level.bar, value, (precision + before) ** -0.5)
    full = met / level.batch
    if full < JUDGED_FROM and not is_late:
        return Judged(Says.WAIT, value, chance)
    is_last = is_late or full >= HELD
    sure = 0.5 if is_last else SURE if full >= 1 else None
    if chance >= PROMOTE or (sure is not None and chance >= 1 - sure):
        return Judged(Says.PROMOTE, value, chance)
    if chance <= STOP or (sure is not None and chance <= sure):
        return Judged(Says.STOP, value, chance)
    return Judged(Says.WAIT, value, chance)


def chance_above(bar: float, value: float, deviation: float) -> float:
    """Return how likely a normal quantity lies above a bar."""
    return 0.5 * math.erfc((bar - value) / (deviation * math.sqrt(2)))


def level_of(batch: int, results: Sequence[Result], *, passes: float, usual: float, noise: float) -> Level:
    """Return what a circle asks, from what posts were judged there: about the share ``passes`` of them would pass.

    ``usual``, ``noise``: mean and deviation of a house's impressions, by which a circle begins.
    """
    if len(results) < RESULTS_LEAST:
        # Impressions of a house are mostly those of its better posts: a new one is not held to their mean.
        return Level(batch, usual - SPREAD_COLD, usual - SPREAD_COLD / 2, SPREAD_COLD)
    met, means, values = (np.array(column) for column in zip(*results, strict=True))
    within = noise**2 / np.maximum(met, 1.0)
    weights = 1 / (within + SPREAD_COLD**2)
    mean = float(weights @ means / weights.sum())
    between = float(weights @ ((means - mean) ** 2 - within) / weights.sum())
    spread = max(between, SPREAD_LEAST**2) ** 0.5
    return Level(batch, float(np.quantile(values, 1 - passes)), mean, spread)


def prior_of(level: Level, *alike: tuple[float, int]) -> float:
    """Return what is expected of a post before it is met: the circle's mean, and how its like stood above others.

    Args: alike: for its creator and its category, by how much their posts were above the mean of their circles, in the
    mean, and how many these were; few say little. Invariant: within two spreads of the mean.
    """
    above = sum(by * several / (several + LIKE_SHRINK) for by, several in alike)
    return level.mean + min(max(above, -2 * level.spread), 2 * level.spread)
