"""What the loops of a contest have in common: the types of their arguments, a shuffle, a rate."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from attise.serving.delivery.candidates import CANDIDATE
from attise.serving.delivery.memory import EXPOSURE
from attise.serving.delivery.offers import OFFER_ROW
from attise.serving.delivery.state import ARRAYS
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


PART, LEFT_PART = range(2)
PLACE, EXPOSURES, LEFT_PLACE, LEFT_EXPOSURES = range(4)
SINCE, KEPT, LEFT_SINCE = range(3)
N_SMALL, N_MIDDLE, N_LARGE = 2, 4, 3
"""Rows of what ``drawing.draw_up`` fills (``small``, ``middle``, ``large``): of every candidate its part, its place,
how often it was seen and how long ago; of those that are left (``LEFT_``) the same, and in ``KEPT`` their numbers."""
_PARTS: Final = 512
"""Between the least and the greatest value, when the last that has room is looked for."""


def _pointer_to(_typing: Any, address: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


pointer: Final[Any] = intrinsic(_pointer_to)
"""Where an array begins that is told by its address: parts and queries are, since there are any number of them."""
(N_ADS, ADS, OFFERS, GRANTS, PROMISES, GROUPS, BITS, LIVE, LISTS, N_GROUPS, N_ROWS, N_WORDS, N_BLOCKS, N_LISTS) = range(
    ARRAYS
)
"""What is told of a part's arrays: ``state.Part.arrays``."""


@kernel("u8(u8)", is_rule=True)
def mixed(value: np.uint64) -> np.uint64:
    """Return a fixed shuffle of a number: ``targeting.segment.tie_breaker``."""
    mixed = value + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@kernel(types.float64(types.uint8, types.float32, types.float32, types.int32), is_rule=True)
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


@kernel(types.float32(types.float32[::1], types.int64), is_rule=True)
def least_of_best(values: NDArray[np.float32], most: int) -> float:
    """Return the least of the ``most`` greatest values, of that many or more; all are finite.

    They are told apart by how far each lies between the least and the greatest, then those that lie as far again.
    """
    left, many, wanted = values.copy(), len(values), most
    counts = np.empty(_PARTS, dtype=np.int64)
    while True:
        low, high = left[0], left[0]
        for at in range(1, many):
            low, high = min(low, left[at]), max(high, left[at])
        if not low < high:
            found: float = low
            return found
        scale = (_PARTS - 1) / (np.float64(high) - np.float64(low))
        counts[:] = 0
        for at in range(many):
            counts[np.int64((np.float64(left[at]) - low) * scale)] += 1
        part = _PARTS - 1
        while counts[part] < wanted:
            wanted -= counts[part]
            part -= 1
        few = 0
        for at in range(many):
            one = left[at]
            left[few] = one
            few += np.int64((np.float64(one) - low) * scale) == part
        many = few
