"""A house's own posts as the scout takes them: organic counts by the hour become looks at cumulative counters. Pure.

Paid views are left out: a post that is boosted would look better than it is. Retention at the third second lies between
what is counted at the second and at the sixth, as if people left at an even rate between the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from attise.kernel.limits import HOUR_MS
from attise.measurement.scout.bounds import ADDED_VIEWS
from attise.measurement.scout.observed import SIGNALS, Observed, observe

READ: Final = ("views", *SIGNALS, "completions", "views_2s", "views_6s")
"""Signals of counters that are read."""
VIEWS_KNOWN: Final = 30
"""Views from which on shares of them are told."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that may be ranked."""

    post_id: int
    creator_id: int
    category: str
    published_at_ms: int
    duration_s: float | None


Hours = Sequence[tuple[int, tuple[int, ...]]]
"""Beginnings of hours of world time, rising, with counts in the order of ``READ``; hours without are left out."""


def look_at(one: Candidate, hours: Hours, now_ms: int) -> Observed | None:
    """Return a post as its counters show it at every full hour since its publication, and now. None: too young."""
    if one.published_at_ms >= now_ms:
        return None
    begin = one.published_at_ms // HOUR_MS
    several = max(now_ms // HOUR_MS - begin + 1, 1)
    counts = np.zeros((several, len(READ)))
    for hour_ms, counted in hours:
        place = min(max(hour_ms // HOUR_MS - begin, 0), several - 1)
        counts[place] += counted
    ends = np.minimum((begin + 1 + np.arange(several)) * HOUR_MS, now_ms)
    seen = np.maximum(counts.cumsum(axis=0), 0)
    views = seen[-1, 0]
    shares = {name: _share(seen[-1, READ.index(name)], views) for name in ("completions", "views_2s", "views_6s")}
    return observe(
        str(one.post_id),
        ends,
        seen[:, 0],
        **{name: seen[:, column] for column, name in enumerate(SIGNALS, 1)},
        published_at_ms=one.published_at_ms,
        duration_s=one.duration_s,
        creator=str(one.creator_id),
        category=one.category,
        completion=shares["completions"],
        retention=_at_three(shares["views_2s"], shares["views_6s"]),
    )


def growth_of(views: float, hours: Iterable[tuple[int, int]], at_ms: int, until_ms: int) -> float:
    """Return by how much a post grew between two moments, from the beginnings of hours and their views."""
    begin_ms, end_ms = (moment_ms // HOUR_MS * HOUR_MS for moment_ms in (at_ms, until_ms))
    more = sum(count for hour_ms, count in hours if begin_ms <= hour_ms < end_ms)
    return max(more, 0) / (views + ADDED_VIEWS)


def _share(count: float, views: float) -> float | None:
    return None if views < VIEWS_KNOWN else float(min(count / views, 1.0))


def _at_three(at_two: float | None, at_six: float | None) -> float | None:
    if not at_two or not at_six:
        return None
    return float(at_two * (min(at_six, at_two) / at_two) ** 0.25)
