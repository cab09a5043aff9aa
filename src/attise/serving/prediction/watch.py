"""How long a video was watched, among videos as long: watch time without its bias for length.

Long videos bring more seconds and fewer completions; what says something of a video is where its watch time lies among
those of its duration group. Each group keeps 101 watch times, of the quantiles 0 to 1 in hundredths.

Source: Zhan et al. (2022), *Deconfounding Duration Bias in Watch-time Prediction* (D2Q).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.records.durations import DURATION_BANDS_MS, duration_group

POINTS: Final = 101
LOWEST, HIGHEST = 0.01, 0.99
"""No watch time is the very least or most that there can be."""
LEVELS: Final = np.linspace(0.0, 1.0, POINTS)

Sketches = NDArray[np.float32]
"""float32[12, 101]: milliseconds, rising along each row."""


def cold_sketches() -> Sketches:
    """Return what is believed before anything was watched: half swipe within a third of the video, a tenth watch all.

    A guess that keeps the order of watch times right; ``training.quantiles`` replaces it.
    """
    ends = np.append(DURATION_BANDS_MS, 2 * DURATION_BANDS_MS[-1])
    begins = np.append(0, DURATION_BANDS_MS)
    shape = np.interp(LEVELS, (0.0, 0.5, 0.9, 1.0), (0.0, 0.33, 1.0, 1.5))
    found: Sketches = ((begins + ends)[:, None] / 2 * shape).astype(np.float32)
    return found


def watch_quantile(
    sketches: Sketches, duration_ms: NDArray[np.integer], watch_ms: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Return where watch times lie among those of videos as long, float64[n] in [0.01, 0.99].

    Where many watched exactly as long (to the end, or not at all) they share the middle of their quantiles.
    """
    groups = duration_group(duration_ms)
    found = np.empty(len(groups))
    for group in np.unique(groups):
        of_it = groups == group
        row = sketches[group]
        at = watch_ms[of_it].astype(np.float32)
        low = np.searchsorted(row, at, side="left")
        high = np.searchsorted(row, at, side="right")
        between = np.interp(at, row, LEVELS)
        found[of_it] = np.where(high > low, (low + high - 1) / 2 / (POINTS - 1), between)
    return np.clip(found, LOWEST, HIGHEST)


def watch_ms_of(
    sketches: Sketches, duration_ms: NDArray[np.integer], quantiles: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return the watch times at these quantiles, in milliseconds: the inverse of ``watch_quantile``."""
    place = np.clip(quantiles, 0.0, 1.0) * (POINTS - 1)
    low = np.minimum(place.astype(np.int64), POINTS - 2)
    rows = duration_group(duration_ms)
    below, above = sketches[rows, low].astype(np.float64), sketches[rows, low + 1].astype(np.float64)
    found: NDArray[np.float64] = below + (above - below) * (place - low)
    return found
