"""Watch times by duration group, kept as 101-point sketches: the learning side of ``prediction.watch``."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.records.durations import duration_group
from attise.serving.prediction.watch import LEVELS, Sketches

HALF_LIFE_VIEWS: Final = 2_000
"""Of a group: views after which what was known before weighs half."""
LEAST_VIEWS: Final = 30
"""Fewer views than these move nothing: their quantiles are noise."""
MOST_PARTS: Final = 3
"""Watching in loops counts up to three times the duration."""


def learn_watch(before: Sketches, duration_ms: NDArray[np.integer], watch_ms: NDArray[np.integer]) -> Sketches:
    """Return the sketches after these views.

    Args: before: float32[12, 101]; duration_ms, watch_ms: int[n], one view each. A watch time below zero is none, and
    one above three times the duration is cut there.
    Invariants: every row rises.
    """
    found = before.copy()
    groups = duration_group(duration_ms)
    held = np.clip(watch_ms, 0, MOST_PARTS * np.maximum(duration_ms, 0))
    for group in np.unique(groups):
        seen = held[groups == group]
        if len(seen) < LEAST_VIEWS:
            continue
        fresh = np.quantile(seen, LEVELS, method="linear")
        share = 1.0 - 0.5 ** (len(seen) / HALF_LIFE_VIEWS)
        found[group] = np.maximum.accumulate((1 - share) * before[group] + share * fresh)
    return found
