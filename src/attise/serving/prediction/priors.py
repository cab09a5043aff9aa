"""What to believe of an ad's rates before, and while, it shows what they are.

Two sources. **Structure**: an ad's rate is shrunk to its campaign's, that to its advertiser's, that to its category's,
that to the house's. **The post**: a Spark ad shows a post that has lived in the feed. How much better or worse than
videos of the same length it did there is carried over to the paid rate as discounted pseudo-impressions, and lets a
Spark ad begin where another has to be learned: the advantage of the format, which ``attise bench science`` measures.

Paid and organic crowds differ, hence both the discount and the comparison: what is carried over is the post's distance
from its like, in logits, never its organic rate as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.records.durations import DURATION_GROUPS
from attise.serving.prediction.features import HIGHEST, LOWEST
from attise.serving.prediction.heads import (
    COMPLETE,
    CONVERT,
    COUNT,
    ENGAGE,
    IMPRESSIONS,
    NEGATIVE,
    TOLD_OFTEN,
    VIEW_6S,
    WIDTH,
    trials_of,
)
from attise.serving.prediction.history import AD, ADVERTISER, CAMPAIGN, CATEGORY

DISCOUNT: Final = 0.3
"""Of an organic impression, beside a paid one: another crowd, in another mood."""
MOST_ORGANIC: Final = 2_000.0
"""Pseudo-impressions that a record is worth at most: what is learned from ads wins in the end."""
SPREAD, ORGANIC_SPREAD = 0.35, 0.5
"""By how many logits ads differ from their parents, and posts from their like: one standard deviation."""
STRENGTH: Final = 1.0 / (SPREAD**2 * np.array(TOLD_OFTEN) * (1.0 - np.array(TOLD_OFTEN)))
"""Trials that a parent weighs, by head: as many as tell a rate as closely as ads spread about it.

n trials tell a log-odds with variance 1 / (n p (1 - p)): 36 impressions for 6-second views, 825 for clicks.
"""
ORGANIC_HEADS: Final = (VIEW_6S, COMPLETE, ENGAGE, NEGATIVE)
"""What the feed shows of a post; clicks and conversions have no organic counterpart."""
ORGANIC_STRENGTH: Final = STRENGTH[list(ORGANIC_HEADS)] * (SPREAD / ORGANIC_SPREAD) ** 2
"""Organic impressions that a post's like weighs when its record is read, by head of ``ORGANIC_HEADS``."""
GROUPS: Final = DURATION_GROUPS

Rates = NDArray[np.float64]


@dataclass(frozen=True)
class Base:
    """Where shrinking ends: ``paid`` float64[6], the house's rates; ``organic`` float64[12, 6], by duration group."""

    paid: Rates
    organic: Rates


def cold_base() -> Base:
    """Return the rates that a new house begins with."""
    paid = np.array(TOLD_OFTEN)
    return Base(paid, np.tile(paid, (GROUPS, 1)))


def shrunk(events: Rates, trials: Rates, towards: Rates, strength: Rates | float) -> Rates:
    """Return rates pulled to what is believed without them: ``(k + κ p) / (n + κ)``."""
    found: Rates = (events + strength * towards) / (trials + strength)
    return found


def logit(rates: NDArray[np.floating]) -> Rates:
    """Return log-odds; rates of 0 and 1 are moved inside by a millionth."""
    inside = np.clip(np.asarray(rates, dtype=np.float64), 1e-6, 1 - 1e-6)
    found: Rates = np.log(inside) - np.log1p(-inside)
    return found


def rate(logits: NDArray[np.floating]) -> Rates:
    """Return the rates of log-odds."""
    found: Rates = 1.0 / (1.0 + np.exp(-np.asarray(logits, dtype=np.float64)))
    return found


def organic_lifts(base: Base, records: NDArray[np.float32], groups: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return by how many logits posts lie above their like, float32[n, 4], in the order of ``ORGANIC_HEADS``.

    Args: records: float32[n, 8], what the feed counted of each post, zeros for none; groups: duration groups.
    """
    heads = list(ORGANIC_HEADS)
    like = base.organic[groups][:, heads]
    trials = records[:, IMPRESSIONS : IMPRESSIONS + 1].astype(np.float64)
    found = logit(shrunk(records[:, heads].astype(np.float64), trials, like, ORGANIC_STRENGTH)) - logit(like)
    return np.clip(found, LOWEST, HIGHEST).astype(np.float32)


def prior_logits(
    base: Base, counts: NDArray[np.float32], records: NDArray[np.float32], groups: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the log-odds of every head's rate as believed before features speak, float32[n, 8].

    Args: counts: float32[n, 6, 8] by level (``history.counts_of``); records: float32[n, 8], the posts' organic records;
    groups: duration groups. Cost: some 2 µs an ad.
    """
    believed = np.broadcast_to(base.paid, (len(counts), COUNT))
    for level in (CATEGORY, ADVERTISER, CAMPAIGN):
        believed = shrunk(_events(counts[:, level]), trials_of(counts[:, level]), believed, STRENGTH)
    trials, events = trials_of(counts[:, AD]), _events(counts[:, AD])
    heads = list(ORGANIC_HEADS)
    lifted = believed.copy()
    lifted[:, heads] = rate(logit(believed[:, heads]) + organic_lifts(base, records, groups))
    worth = np.zeros((len(counts), COUNT))
    worth[:, heads] = np.minimum(DISCOUNT * records[:, IMPRESSIONS : IMPRESSIONS + 1], MOST_ORGANIC)
    found = np.zeros((len(counts), WIDTH), dtype=np.float32)
    found[:, :COUNT] = logit((events + worth * lifted + STRENGTH * believed) / (trials + worth + STRENGTH))
    return found


def base_of(counts: NDArray[np.float64], organic: NDArray[np.float64], before: Base, strength: float = 1_000.0) -> Base:
    """Return the house's rates after what was counted.

    Args: counts: float64[8] over all ads; organic: float64[12, 8] over all records, by duration group; before: what was
    believed, which weighs ``strength`` trials.
    """
    paid = shrunk(counts[:COUNT], trials_of(counts[None])[0], before.paid, strength)
    paid[CONVERT] = shrunk(counts[CONVERT], trials_of(counts[None])[0, CONVERT], before.paid[CONVERT], strength / 10)
    found = shrunk(organic[:, :COUNT], organic[:, IMPRESSIONS : IMPRESSIONS + 1], before.organic, strength)
    kept = before.organic.copy()
    kept[:, list(ORGANIC_HEADS)] = found[:, list(ORGANIC_HEADS)]
    return Base(paid, kept)


def _events(counts: NDArray[np.float32]) -> Rates:
    return counts[:, :COUNT].astype(np.float64)
