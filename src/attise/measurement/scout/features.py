"""What a forecast is made from: one row of numbers for a post, at its last observation. Pure.

Groups of columns, which are also what reasons are told by:

=============  =====================================================================================================
pace           views of the last six hours beside those of a post of that age and size
trend          the last day beside the day before, the last six hours beside those before, the peak beside now
excitation     views beside those that earlier views would bring by themselves, by a kernel of word of mouth
age            hours since publication
views          views there are, and beside those that are usual at that age
signals        ``signals.Levels``: comments, shares, saves, likes; completion, retention
=============  =====================================================================================================

Between two observations views are taken to come evenly, from publication on: hourly looks are best, daily ones do.
Source: Szabo, Huberman (2010) for logarithms of early counts; Rizoiu et al. (2017) for the kernel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from attise.kernel.limits import HOUR_MS
from attise.measurement.scout.bounds import ADDED_VIEWS, GRID_H
from attise.measurement.scout.observed import Floats, Observed
from attise.measurement.scout.signals import AGED, Levels, levels_of

NAMES: Final = (
    *("one", "pace", "trend", "turn", "peak", "excitation", "age", "age_squared", "size"),
    *("likes", "comments", "shares", "saves", "completion", "retention", "views", "quality", "quality_by_age"),
)
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "pace": ("pace", "excitation"),
    "trend": ("trend", "turn", "peak"),
    "age": ("age", "age_squared"),
    "views": ("size", "views"),
    **{name: (name,) for name in ("likes", "comments", "shares", "saves", "completion", "retention")},
}
UNSEEN: Final[dict[str, tuple[str, ...]]] = {
    "level": ("pace", "trend", "turn", "peak", "excitation"),
    "daily": ("turn", "peak"),
    "hourly": (),
}
"""What looks of a sort cannot show: it weighs nothing there."""
QUALITY: Final = {"likes": 0.2, "comments": 0.35, "shares": 0.5, "saves": 0.35, "completion": 0.5, "retention": 0.3}
"""How much each signal says of a post; only for ``quality``, whose weight is learnt."""
SMALL: Final = 4.0
"""Views added to both sides of a ratio, so that a handful is no trend."""
AGE_LEAST_H: Final = 0.5
OLDEST_H: Final = 240.0
"""Beyond, age says nothing more: no weights were learnt there."""
PHI: Final = (np.arange(1, GRID_H + 1) + 1.0) ** -1.6 / ((np.arange(1, GRID_H + 1) + 1.0) ** -1.6).sum()
"""float64[GRID_H]: how the views that one view brings come hour after hour."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Features of posts: ``matrix`` float64[n, len(NAMES)], and what reasons are told with."""

    matrix: Floats
    levels: Levels
    age_h: Floats
    views: Floats
    six_h: Floats
    """Views of the last six hours; below, those that are usual at that age and size."""
    usual_six_h: Floats
    day: Floats
    """Views of the last day, or of the last half of its age where it is younger; and those of as long before."""
    day_before: Floats
    day_h: Floats


def age_of(post: Observed) -> float:
    """Return how old a post was when it was last seen, in hours; from its first observation where that is all."""
    began = int(post.at_ms[0]) if post.published_at_ms is None else post.published_at_ms
    return max((int(post.at_ms[-1]) - began) / HOUR_MS, AGE_LEAST_H)


def rows_of(posts: Sequence[Observed]) -> Rows:
    """Return the features of posts, each at its own last observation. At least one post. Cost: O(posts × GRID_H)."""
    ages = np.array([age_of(one) for one in posts])
    grid = np.array([_grid(one) for one in posts])
    views = grid[:, -1]
    hourly = np.diff(grid, axis=1)
    levels = levels_of(posts, ages)
    typical = np.minimum(0.9, 1 - (np.maximum(ages - 6, AGE_LEAST_H) / np.maximum(ages, 6.5)) ** AGED)
    usual_six = typical * (views + ADDED_VIEWS)
    six, six_before = views - grid[:, -7], grid[:, -7] - grid[:, -13]
    span = np.clip(np.round(ages / 2), 1, 24).astype(int)
    at = np.arange(len(posts))
    day, day_before = views - grid[at, -1 - span], grid[at, -1 - span] - grid[at, -1 - 2 * span]
    brought = hourly[:, ::-1] @ PHI
    peak = hourly[:, -24:].max(axis=1)
    above = {name: np.nan_to_num(levels.above[:, place]) for place, name in enumerate(levels.names)}
    quality = sum((weight * above[name] for name, weight in QUALITY.items()), np.zeros(len(posts)))
    older = np.log(np.minimum(ages, OLDEST_H) / 36)
    columns = {
        "one": np.ones(len(posts)),
        "pace": np.log((six + SMALL) / (usual_six + SMALL)),
        "trend": np.log((day + SMALL) / (day_before + SMALL)),
        "turn": np.log((six + SMALL) / (six_before + SMALL)),
        "peak": np.log((peak + 1) / (six / 6 + 1)),
        "excitation": np.log((six / 6 + 1) / (brought + 1)),
        "age": older,
        "age_squared": older**2,
        "size": np.log((views + ADDED_VIEWS) / 1_000) / 3,
        **above,
        "quality": quality,
        "quality_by_age": quality * older,
    }
    return Rows(
        matrix=np.column_stack([columns[name] for name in NAMES]),
        levels=levels,
        age_h=ages,
        views=views,
        six_h=six,
        usual_six_h=usual_six,
        day=day,
        day_before=day_before,
        day_h=span.astype(np.float64),
    )


def _grid(post: Observed) -> Floats:
    """Return float64[GRID_H + 1]: views at each full hour before the last observation, and at it."""
    at, views = post.at_ms.astype(np.float64), post.counts[:, 0]
    if post.published_at_ms is not None:
        at, views = np.concatenate([[post.published_at_ms], at]), np.concatenate([[0.0], views])
    hours = at[-1] - HOUR_MS * np.arange(GRID_H, -1, -1.0)
    found: Floats = np.interp(hours, at, views)
    return found
