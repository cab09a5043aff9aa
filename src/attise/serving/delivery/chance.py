"""Chance in a decision: keyed hashes of the request's seed, so that the same request draws the same."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction.thompson import QUANTILE_SHIFT, quantiles
from attise.serving.targeting.segment import tie_breaker

_MASK: Final = (1 << 64) - 1
_SHIFT: Final = np.uint64(11)
_UNIT: Final = 2.0**-53
PACING, TIES, REDRAWS = 1, 2, 3
"""What a draw is for: draws of one seed for two ends have nothing to do with each other."""


def key_of(seed: int, end: int) -> np.uint64:
    """Return what ids are mixed with."""
    return np.uint64((seed * 0x9E3779B97F4A7C15 + end * 0xD1B54A32D192ED03) & _MASK)


def shuffle(ids: NDArray[np.int64], seed: int, end: int) -> NDArray[np.uint64]:
    """Return a number for each id, uint64[m], that depends on the seed and on what it is for."""
    return tie_breaker((ids.astype(np.uint64) ^ key_of(seed, end)).view(np.int64))


def draws(ids: NDArray[np.int64], seed: int, end: int) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each id, float64[m]."""
    return (shuffle(ids, seed, end) >> _SHIFT).astype(np.float64) * _UNIT


def normals(numbers: NDArray[np.int64], seed: int, end: int) -> NDArray[np.float64]:
    """Return a standard normal number for each number, float64 of the same shape: a quantile, drawn."""
    return quantiles()[(shuffle(numbers, seed, end) >> QUANTILE_SHIFT).astype(np.int64)]
