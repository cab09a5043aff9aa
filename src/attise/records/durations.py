"""Videos by their length: whatever compares how long posts are watched compares them with posts about as long."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

DURATION_BANDS_MS: Final = np.array([6, 9, 12, 15, 20, 25, 30, 40, 50, 60, 90]) * 1000
"""Upper ends; twelve groups, those of ``serving.prediction.history`` too."""
DURATION_GROUPS: Final = len(DURATION_BANDS_MS) + 1


def duration_group(duration_ms: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the duration group, 0 to 11, of videos."""
    return np.searchsorted(DURATION_BANDS_MS, duration_ms, side="left").astype(np.int64)
