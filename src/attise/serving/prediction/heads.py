"""What is predicted: six events of one impression, always in this order, as columns 0 to 5 of every array here."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

HEADS: Final = ("click", "view_6s", "complete", "engage", "convert", "negative")
"""``convert`` is a rate per click; the five others are rates per impression."""
CLICK, VIEW_6S, COMPLETE, ENGAGE, CONVERT, NEGATIVE = range(len(HEADS))
COUNT: Final = len(HEADS)
WIDTH: Final = 8
"""Columns of an interleaved row: 32 bytes of float32, so that one read from memory serves every head."""

IMPRESSIONS, CLICKS = 6, 7
"""In rows of counts the two spare columns hold what rates are divided by."""

TOLD_OFTEN: Final = (0.010, 0.35, 0.20, 0.040, 0.030, 0.003)
"""Rates that a new house begins with, before it has learned any of its own. Orders of magnitude, no promise."""

NOT_TOLD: Final = -1
"""A label that is not known, or makes no sense for its row: a conversion without a click, for one."""


def trials_of(counts: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return what each head's events were counted among: impressions, and clicks for conversions.

    Args: counts: float[n, 8], events of each head in columns 0-5, impressions and clicks in 6 and 7.
    Returns: float64[n, 6].
    """
    found = np.repeat(np.asarray(counts[:, IMPRESSIONS : IMPRESSIONS + 1], dtype=np.float64), COUNT, axis=1)
    found[:, CONVERT] = counts[:, CLICKS]
    return found
