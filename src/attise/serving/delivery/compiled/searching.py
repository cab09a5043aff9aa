"""Searching all parts of a state: the best ads that may be shown, whichever part they are in.

The same as ``targeting.retrieve``, for the loop of a contest.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import carray, types  # type: ignore[attr-defined]
from numpy.typing import NDArray

from attise.records.drops import Drop
from attise.serving.delivery.compiled import shared
from attise.serving.delivery.compiled.shared import least_of_best, mixed, pointer
from attise.serving.kernels import kernel
from attise.serving.targeting.compiled import scan_blocks
from attise.serving.targeting.rows import AD_ROW, GROUP_ROW
from attise.serving.targeting.segment import BLOCK

# The compiler folds these in as numbers.
_AD_ROW: Final = AD_ROW
_GROUP_ROW: Final = GROUP_ROW
_UINT64: Final = np.dtype(np.uint64)
_INT64: Final = np.dtype(np.int64)
_INT32: Final = np.dtype(np.int32)
_UINT16: Final = np.dtype(np.uint16)
_UINT8: Final = np.dtype(np.uint8)
_BLOCK: Final = BLOCK
_SCAN_LIMIT: Final = int(Drop.SCAN_LIMIT)
N_ADS, ADS, GROUPS, BITS, LIVE, LISTS, N_GROUPS, N_ROWS, N_WORDS, N_BLOCKS, N_LISTS = (
    *(shared.N_ADS, shared.ADS, shared.GROUPS, shared.BITS, shared.LIVE, shared.LISTS),
    *(shared.N_GROUPS, shared.N_ROWS, shared.N_WORDS, shared.N_BLOCKS, shared.N_LISTS),
)
SCANNED, VISITED, IS_WHOLE = 0, 1, 2
"""Of a search, beside what it found: blocks and ads that were read, whether no better ad can have been missed."""
TOLD: Final = 3


@kernel(
    types.int64(
        *(types.int64[::1], types.int32[::1], types.float32[::1], types.uint64[::1]),
        *(types.uint8[::1], types.int32[::1]),
    ),
    is_rule=True,
)
def _merge(
    ends: NDArray[np.int64],
    found: NDArray[np.int32],
    bounds: NDArray[np.float32],
    ties: NDArray[np.uint64],
    part: NDArray[np.uint8],
    places: NDArray[np.int32],
) -> int:
    """Write the best of what all parts have, one part's after the other's; returns how many.

    Each has its own in falling order of bound; equal bounds are ordered by a hash of the ad's id, whichever part it is
    in.
    """
    at = np.zeros(len(ends), dtype=np.int64)
    for number in range(1, len(ends)):
        at[number] = ends[number - 1]
    for count in range(len(places)):
        best = -1
        for number in range(len(ends)):
            one = at[number]
            if one == ends[number]:
                continue
            if best >= 0:
                other = at[best]
                if bounds[one] < bounds[other] or (bounds[one] == bounds[other] and ties[one] >= ties[other]):
                    continue
            best = number
        if best < 0:
            return count
        part[count], places[count] = best, found[at[best]]
        at[best] += 1
    return len(places)


@kernel(
    types.int64(
        *(types.int64[:, ::1], types.int64[:, ::1], types.int64[:, ::1], types.int64, types.int64),
        *(
            types.int64[::1],
            types.int64[::1],
            types.int64,
            types.uint8[::1],
            types.int32[::1],
            types.int64[::1],
            types.int64[::1],
        ),
    ),
    is_rule=True,
)
def search(
    parts: NDArray[np.int64],
    asked: NDArray[np.int64],
    clocks: NDArray[np.int64],
    now_ms: int,
    price: int,
    audiences: NDArray[np.int64],
    follows: NDArray[np.int64],
    most_blocks: int,
    part: NDArray[np.uint8],
    places: NDArray[np.int32],
    dropped: NDArray[np.int64],
    told: NDArray[np.int64],
) -> int:
    """Write the best ads of all parts, as many as ``places`` has, and what became of the others; returns how many.

    Args: parts, asked, clocks: by part, where its arrays, those that a viewer asks by and its open clocks begin.
    """
    most, many_parts = len(places), len(parts)
    found = np.empty(many_parts * most, dtype=np.int32)
    bounds, ties = np.empty(len(found), dtype=np.float32), np.empty(len(found), dtype=np.uint64)
    ends = np.empty(many_parts, dtype=np.int64)
    count, floor = 0, -np.inf
    told[SCANNED], told[VISITED], told[IS_WHOLE] = 0, 0, 1
    for number in range(many_parts):
        many = parts[number, N_ADS]
        ads = carray(pointer(parts[number, ADS]), (many,), _AD_ROW)
        passed, blocks = scan_blocks(
            carray(pointer(parts[number, BITS]), (parts[number, N_ROWS], parts[number, N_WORDS]), _UINT64),
            carray(pointer(parts[number, LIVE]), (parts[number, N_BLOCKS],), _UINT64),
            ads,
            carray(pointer(parts[number, GROUPS]), (parts[number, N_GROUPS],), _GROUP_ROW),
            carray(pointer(parts[number, LISTS]), (parts[number, N_LISTS],), _INT64),
            carray(pointer(asked[number, 0]), (asked[number, 1],), _INT32),
            carray(pointer(asked[number, 2]), (asked[number, 3],), _INT32),
            carray(pointer(asked[number, 4]), (asked[number, 5],), _INT32),
            now_ms,
            price,
            carray(pointer(asked[number, 6]), (asked[number, 7],), _UINT16),
            audiences,
            follows,
            carray(pointer(clocks[number, 0]), (clocks[number, 1],), _UINT8),
            most,
            floor,
            most_blocks,
            found[count:],
            dropped,
        )
        if passed < most and blocks == most_blocks and most_blocks < parts[number, N_BLOCKS]:
            told[IS_WHOLE] &= ads[blocks * _BLOCK]["bound"] < floor
        read = min(blocks * _BLOCK, many)
        told[SCANNED] += blocks
        told[VISITED] += read
        dropped[_SCAN_LIMIT] += many - read
        end = count + min(passed, most)
        ends[number] = end
        if many_parts > 1:
            for at in range(count, end):
                bounds[at], ties[at] = ads[found[at]]["bound"], mixed(np.uint64(ads[found[at]]["ad_id"]))
            if end >= most and number + 1 < many_parts:
                floor = np.float64(least_of_best(bounds[:end], most))
        count = end
    if many_parts == 1:
        for at in range(count):
            part[at], places[at] = 0, found[at]
        return count
    kept = _merge(ends, found, bounds, ties, part, places)
    dropped[_SCAN_LIMIT] += count - kept
    return kept
