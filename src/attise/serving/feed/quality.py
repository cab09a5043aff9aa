"""What a post is worth to those who met it in the feed, whatever its length.

Why: short videos are watched to the end more often than long ones, so a ratio of completions ranks lengths, not posts.
A post is compared with its like, those of the same length group, in log-odds, and shrunk to them as long as few saw it;
once watch times were learned from, how long it is watched counts beside whether it is watched whole.
Source: quantiles within duration groups (D2Q, KDD 2022), on ratios where only these are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from msgspec.structs import astuple
from numpy.typing import NDArray

from attise.records.durations import DURATION_GROUPS
from attise.records.totals import PostCircle, PostTotals
from attise.serving.prediction.watch import Sketches, watch_quantile

Floats = NDArray[np.float64]

LENGTH_GROUPS: Final = DURATION_GROUPS
SHRINK: Final = (100.0, 100.0, 300.0)
"""Impressions that a post's like weighs: for completions, engagements, negatives."""
WEIGHTS: Final = (0.5, 0.3, 0.2)
"""Of completion, engagement and the absence of negatives in quality."""
TOLD_OFTEN: Final = (0.25, 0.05, 0.01)
"""Rates before anything was counted."""
WATCH_WEIGHT: Final = 0.2
"""Of how long a post is watched, beside the rest."""
UNKNOWN: Final = 0.5
"""The quality of a post that nobody met yet: that of its like."""
_UNTOLD: Final = (0,) * len(PostCircle.__struct_fields__)


@dataclass(frozen=True)
class Record:
    """What the feed alone showed of posts, by rising id: counts by completion, engagement, negative."""

    post_id: NDArray[np.int64]
    impressions: NDArray[np.int64]
    events: NDArray[np.int64]
    """int64[n, 3]."""
    watch_ms: NDArray[np.int64]
    """Watched in all its impressions together."""
    circles: NDArray[np.int64]
    """int64[n, 4]: what ``PostCircle`` says; ``last`` is 0 where nothing was told."""

    def of(self, post_ids: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
        """Return impressions float64[m], events float64[m, 3] and watch times float64[m]; zeros of posts without.

        Cost: O(m log n).
        """
        impressions, watch_ms = np.zeros(len(post_ids)), np.zeros(len(post_ids))
        events = np.zeros((len(post_ids), len(WEIGHTS)))
        if len(self.post_id):
            places = np.minimum(np.searchsorted(self.post_id, post_ids), len(self.post_id) - 1)
            known = self.post_id[places] == post_ids
            impressions[known] = self.impressions[places[known]]
            events[known] = self.events[places[known]]
            watch_ms[known] = self.watch_ms[places[known]]
        return impressions, events, watch_ms

    def circles_of(self, post_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what was told of the circles of posts, int64[m, 4]; zeros of posts without. Cost: O(m log n)."""
        found = np.zeros((len(post_ids), len(PostCircle.__struct_fields__)), np.int64)
        if len(self.post_id):
            places = np.minimum(np.searchsorted(self.post_id, post_ids), len(self.post_id) - 1)
            known = self.post_id[places] == post_ids
            found[known] = self.circles[places[known]]
        return found


def record_of(totals: Iterable[PostTotals]) -> Record:
    """Return the organic record of posts; what ads brought is not in it, so that money cannot buy a rank."""
    rows = sorted(totals, key=lambda row: row.post_id)
    counts = [(row.organic.completions, row.organic.engagements, row.organic.negatives) for row in rows]
    return Record(
        np.array([row.post_id for row in rows], np.int64),
        np.array([row.organic.impressions for row in rows], np.int64),
        np.array(counts, np.int64).reshape(-1, len(WEIGHTS)),
        np.array([row.organic.watch_ms for row in rows], np.int64),
        np.array([astuple(row.circle) if row.circle is not None else _UNTOLD for row in rows], np.int64).reshape(
            -1, len(_UNTOLD)
        ),
    )


NO_RECORD: Final = record_of(())


def quality_of(impressions: Floats, events: Floats, groups: NDArray[np.int64]) -> Floats:
    """Return a quality in 0..1 for each post, 0.5 for one that is like its like.

    Args: impressions float64[n]; events float64[n, 3] (completions, engagements, negatives); groups int64[n], of
    length. Invariants: a post without impressions is worth exactly ``UNKNOWN``; more completions or engagements of the
    same impressions are never worth less, more negatives never more. Cost: a few passes over the posts.
    """
    found = np.zeros(len(impressions))
    among = np.bincount(groups, impressions, LENGTH_GROUPS)
    for column, (weight, shrink, often) in enumerate(zip(WEIGHTS, SHRINK, TOLD_OFTEN, strict=True)):
        happened = np.bincount(groups, events[:, column], LENGTH_GROUPS)
        like = ((happened + shrink * often) / (among + shrink))[groups]
        own = (events[:, column] + shrink * like) / (impressions + shrink)
        above = _logit(own) - _logit(like)
        found += weight / (1 + np.exp(above if column == len(WEIGHTS) - 1 else -above))
    return found


def with_watch(
    quality: Floats, impressions: Floats, watch_ms: Floats, duration_ms: NDArray[np.int32], sketches: Sketches
) -> Floats:
    """Return qualities in which how long posts are watched, among posts as long, has its part.

    Args: as for ``quality_of``; watch_ms float64[n], of all impressions together; sketches: learned ones, of
    ``prediction.watch``. Invariants: what nobody met stays ``UNKNOWN``; longer watching is never worth less.
    """
    mean = (watch_ms / np.maximum(impressions, 1)).astype(np.int64)
    seen = watch_quantile(sketches, duration_ms, mean)
    shrink = SHRINK[0]
    found: Floats = quality + WATCH_WEIGHT * (seen - UNKNOWN) * impressions / (impressions + shrink)
    return np.clip(found, 0.0, 1.0)


def _logit(rates: Floats) -> Floats:
    inside = np.clip(rates, 1e-6, 1 - 1e-6)
    found: Floats = np.log(inside / (1 - inside))
    return found
