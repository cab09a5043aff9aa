"""What the loops of a contest have in common: the types of their arguments, a shuffle, a rate."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
from numba import types

from attise.serving.delivery.candidates import CANDIDATE
from attise.serving.delivery.memory import EXPOSURE
from attise.serving.delivery.offers import OFFER_ROW
from attise.serving.delivery.value import (
    CLICK,
    CONVERSION,
    ENGAGEMENT,
    IMPRESSION,
    LONG_MS,
    SHORT_MS,
    VIEW_6S,
    VIEW_15S,
)
from attise.serving.kernels import kernel
from attise.serving.targeting.rows import AD_ROW


def read_only(of: Any, dimensions: int = 1) -> Any:
    """Return the type of an array that a loop does not write to."""
    return types.Array(of, dimensions, "C", readonly=True)


Ads: Final = read_only(numba.from_dtype(AD_ROW))
Offers: Final = read_only(numba.from_dtype(OFFER_ROW))
Shown: Final = read_only(numba.from_dtype(EXPOSURE))
Rows: Final = types.Array(numba.from_dtype(CANDIDATE), 1, "C")
Grid: Final = read_only(types.float32, 2)
Ids: Final = read_only(types.int64)
Ids32: Final = read_only(types.int32)


@kernel("u8(u8)")
def mixed(value: np.uint64) -> np.uint64:
    """Return a fixed shuffle of a number: ``targeting.segment.tie_breaker``."""
    mixed = value + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@kernel(types.float64(types.uint8, types.float32, types.float32, types.int32))
def rate_from(event: int, first: float, second: float, duration_ms: int) -> float:
    """Return how often what is bid for follows an impression, from the heads that it asks for: ``value.rates_of``."""
    found = 0.0
    if event == IMPRESSION:
        found = 1.0
    elif event in (CLICK, VIEW_6S, ENGAGEMENT):
        found = np.float64(first)
    elif event == CONVERSION:
        found = np.float64(first) * np.float64(second)
    elif event == VIEW_15S:
        least = np.float64(min(first, second))
        most = np.float64(max(first, second))
        share = (LONG_MS - SHORT_MS) / max(np.float64(duration_ms) - SHORT_MS, np.float64(LONG_MS - SHORT_MS))
        found = most * (max(least, 1e-9) / max(most, 1e-9)) ** share
    return found
