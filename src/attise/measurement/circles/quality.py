"""What an impression of a post is worth, whatever the length of the post. Pure.

``y = percentile of the watch time + weights of what was done``, in the mean over impressions. The percentile is among
posts of the same duration group: counters tell how many left before the second second, before the sixth, before the
end, and how many saw the whole; each of these spans stands for the middle of its place among all impressions of the
group. So the mean of a group is one half, and a video of five seconds is not better for being watched whole.
Source: ridits (Bross, 1958) of duration groups (D2Q, KDD 2022).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.records.durations import DURATION_GROUPS

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]

READ: Final = (
    *("impressions", "views", "views_2s", "views_6s", "completions"),
    *("likes", "comments", "shares", "saves", "follows", "negatives"),
)
"""Organic counters that are read, in the order of ``counts``."""
WIDTH: Final = len(READ)
WEIGHTS: Final = np.array((0.5, 1.5, 2.0, 1.5, 3.0, -2.0))
"""Of likes, comments, shares, saves, follows and negatives, beside a percentile."""
SPANS: Final = 4
"""Left before 2 s, before 6 s, before the end; not left."""
COLD: Final = np.array((12.0, 10.0, 10.0, 8.0))
"""Impressions that a group of which little is known is thought to have had, by span."""
USUAL: Final = 0.5
"""The percentile of everything together."""


def spans_of(counts: Floats, groups: Groups) -> Floats:
    """Return how many impressions ended in each span, float64[n, SPANS].

    Args: counts float64[n, WIDTH]; groups: int64[n], of duration. What is told later implies what was not told before.
    Invariants: none is negative; rows sum to the impressions, or to the views where those are more (a profile's).
    """
    met, views, two, six, whole = (np.maximum(counts[:, column], 0.0) for column in range(5))
    six = np.where(groups == 0, whole, np.maximum(six, whole))  # nobody watches a shorter video for six seconds
    two = np.maximum(two, six)
    met = np.maximum.reduce([met, views, two])
    return np.stack([met - two, two - six, six - whole, whole], axis=1)


def percentiles_of(norms: Floats) -> Floats:
    """Return the percentile that each span of a group stands for, float64[DURATION_GROUPS, SPANS], in 0..1.

    Args: norms: float64[DURATION_GROUPS, SPANS], impressions of each group by span.
    Invariants: rising along each row; the mean of a group's own impressions is one half.
    """
    known = norms + COLD * (COLD.sum() / (COLD.sum() + norms.sum(axis=1, keepdims=True)))
    below = np.cumsum(known, axis=1) - known
    found: Floats = (below + known / 2) / known.sum(axis=1, keepdims=True)
    return found


def quality_of(counts: Floats, groups: Groups, norms: Floats) -> tuple[Floats, Floats]:
    """Return impressions and the mean quality of them, float64[n] each; of none, what is usual.

    Invariants: more of what is good and less of what is bad is never worth less. Cost: a few passes.
    """
    spans = spans_of(counts, groups)
    met = spans.sum(axis=1)
    watched = (spans * percentiles_of(norms)[groups]).sum(axis=1)
    done = counts[:, 5:] @ WEIGHTS
    return met, np.where(met > 0, (watched + done) / np.maximum(met, 1), USUAL)


def noise_of(norms: Floats, totals: Floats) -> tuple[float, float]:
    """Return the mean quality of a house's impressions and their standard deviation.

    Args: norms as above; totals: float64[WIDTH], of all its posts. What is done is taken to be done independently.
    """
    met = max(float(norms.sum()), 1.0)
    rates = np.clip(totals[5:] / met, 0.0, 1.0)
    shares = (norms.sum(axis=0) + COLD) / (met + COLD.sum())
    at = percentiles_of(norms.sum(axis=0, keepdims=True).repeat(DURATION_GROUPS, axis=0))[0]
    middle = float(shares @ at)
    variance = float(shares @ (at - middle) ** 2) + float((WEIGHTS**2) @ (rates * (1 - rates)))
    return middle + float(WEIGHTS @ rates), variance**0.5
