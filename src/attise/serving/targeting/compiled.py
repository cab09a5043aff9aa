"""The search of one segment, compiled; the same as ``numpy_scan``.

Nothing imports it at start: see ``serving.kernels``. Loops are written out: the compiler takes no generators.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array
from numpy.typing import NDArray

from attise.kernel.lines import LINE
from attise.records.drops import Drop
from attise.serving.kernels import kernel
from attise.serving.targeting.codes import FOLLOWERS
from attise.serving.targeting.query import PRICE_UNKNOWN
from attise.serving.targeting.rows import AD_ROW, GROUP_ROW

# The compiler folds these in as numbers.
_BLOCK: Final = 64
_TOGETHER: Final = 8
"""Blocks that are read at once."""
_PASSES: Final = -1
_ONLY: Final = FOLLOWERS["only"]
_NOT_THEM: Final = FOLLOWERS["excluded"]
_UNKNOWN: Final = PRICE_UNKNOWN
_NOT_LIVE: Final = int(Drop.NOT_LIVE)
_SCAN_LIMIT: Final = int(Drop.SCAN_LIMIT)
_SCHEDULE: Final = int(Drop.SCHEDULE)
_GRANT_WINDOW: Final = int(Drop.GRANT_WINDOW)
_DAYPART: Final = int(Drop.DAYPART)
_DEVICE_PRICE: Final = int(Drop.DEVICE_PRICE)
_FOLLOWERS: Final = int(Drop.FOLLOWERS)
_EXCLUDED_AUDIENCE: Final = int(Drop.EXCLUDED_AUDIENCE)
_AUDIENCE: Final = int(Drop.AUDIENCE)
_BEHAVIOURS: Final = int(Drop.BEHAVIOURS)
_ZERO: Final = np.uint64(0)
_ONE: Final = np.uint64(1)


def _read_only(of: Any, dimensions: int = 1) -> Any:
    return types.Array(of, dimensions, "C", readonly=True)


_Ad: Final = numba.from_dtype(AD_ROW)
_Group: Final = numba.from_dtype(GROUP_ROW)
_Ads: Final = _read_only(_Ad)
_Groups: Final = _read_only(_Group)
_Lists: Final = _read_only(types.int64)
_Ids: Final = types.int64[::1]


def _count_ones(_typing: Any, word: Any) -> Any:
    return types.int64(word), lambda _context, builder, _signature, arguments: builder.ctpop(arguments[0])


def _find_lowest_one(_typing: Any, word: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(word), generate


def _prefetch(context: Any, builder: Any, kind: Any, arguments: Any, byte: int) -> Any:
    rows, place = arguments
    held = make_array(kind)(context, builder, rows)  # type: ignore[no-untyped-call]
    stride = cgutils.unpack_tuple(builder, held.strides)[0]  # type: ignore[no-untyped-call]
    pointer, word = ir.PointerType(ir.IntType(8)), ir.IntType(32)
    at = builder.add(builder.mul(place, stride), ir.Constant(stride.type, byte))
    called = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
        builder.module, ir.FunctionType(ir.VoidType(), [pointer, word, word, word]), "llvm.prefetch.p0"
    )
    builder.call(called, [builder.gep(builder.bitcast(held.data, pointer), [at]), word(0), word(3), word(1)])
    return context.get_dummy_value()


def _fetch(_typing: Any, rows: Any, _place: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _prefetch(context, builder, signature.args[0], arguments, 0)

    return types.void(rows, types.int64), generate


def _fetch_more(_typing: Any, rows: Any, _place: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _prefetch(context, builder, signature.args[0], arguments, LINE)

    return types.void(rows, types.int64), generate


popcount: Final[Any] = intrinsic(_count_ones)
"""The number of ones of a word: one instruction."""
trailing_zeros: Final[Any] = intrinsic(_find_lowest_one)
"""The place of the lowest one of a word that has one."""
fetch: Final[Any] = intrinsic(_fetch)
"""Ask for the line of memory in which a row begins, and do not wait for it: one instruction."""
fetch_more: Final[Any] = intrinsic(_fetch_more)
"""Ask for the line after that one."""


@kernel(types.boolean(_Ids, types.int64))
def holds(ids: NDArray[np.int64], wanted: int) -> bool:
    """Tell whether rising ids hold one. Cost: the logarithm of their number."""
    low, high = 0, len(ids)
    while low < high:
        middle = (low + high) >> 1
        if ids[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < len(ids) and ids[low] == wanted


@kernel(types.boolean(_Lists, types.int64, types.int64, _Ids))
def share_one(lists: NDArray[np.int64], begin: int, end: int, ids: NDArray[np.int64]) -> bool:
    """Tell whether a part of the lists and rising ids have one in common."""
    if len(ids) == 0:
        return False
    for at in range(begin, end):  # noqa: SIM110 - compiled
        if holds(ids, lists[at]):
            return True
    return False


@kernel(types.boolean(_Lists, types.int64, types.int64, types.uint16[::1]))
def did_any(lists: NDArray[np.int64], begin: int, end: int, least_days: NDArray[np.uint16]) -> bool:
    """Tell whether one of the deeds of a part of the lists was done within its days."""
    for at in range(begin, end):  # noqa: SIM110 - compiled
        if least_days[lists[at] >> 32] <= (lists[at] & 0xFFFFFFFF):
            return True
    return False


@kernel(types.int64(_Ads, types.int64, types.float64))
def count_blocks(ads: NDArray[Any], blocks: int, floor: float) -> int:
    """Return how many of the first blocks begin with a bound of at least ``floor``: found by halving."""
    if blocks == 0 or ads[(blocks - 1) * _BLOCK].bound >= floor:
        return blocks
    low, high = 0, blocks
    while low < high:
        middle = (low + high) >> 1
        if ads[middle * _BLOCK].bound >= floor:
            low = middle + 1
        else:
            high = middle
    return low


@kernel(types.int64(_Ad, _Group, _Lists, types.int64, types.uint16[::1], _Ids, _Ids))
def _look_up(
    ad: Any,
    group: Any,
    lists: NDArray[np.int64],
    price: int,
    least_days: NDArray[np.uint16],
    audiences: NDArray[np.int64],
    follows: NDArray[np.int64],
) -> int:
    """Return why a viewer is not one that an ad is for, as far as bits do not tell, or that it passes."""
    least, most = group.device_price_least, group.device_price_most
    if (least > 0 or most >= 0) and (price == _UNKNOWN or price < least or (most >= 0 and price > most)):
        return _DEVICE_PRICE
    if (group.followers == _ONLY and not holds(follows, ad.creator_id)) or (
        group.followers == _NOT_THEM and holds(follows, ad.creator_id)
    ):
        return _FOLLOWERS
    if group.deeds_at != group.lists_end:
        begin, middle = group.audiences_at, group.excluded_at
        if share_one(lists, middle, group.lists_end, audiences):
            return _EXCLUDED_AUDIENCE
        if begin < middle and not share_one(lists, begin, middle, audiences):
            return _AUDIENCE
        if group.deeds_at < begin and not did_any(lists, group.deeds_at, begin, least_days):
            return _BEHAVIOURS
    return _PASSES


_ARGUMENTS: Final = (
    *(_read_only(types.uint64, 2), types.uint64[::1], _Ads, _Groups, _Lists),
    *(types.int32[::1], types.int32[::1], types.int32[::1]),
    *(types.int64, types.int64, types.uint16[::1], _Ids, _Ids, types.uint8[::1]),
    *(types.int64, types.float64, types.int64, types.int32[::1], types.int64[::1]),
)


@kernel(types.UniTuple(types.int64, 2)(*_ARGUMENTS))  # type: ignore[no-untyped-call]
def scan_blocks(  # noqa: C901, PLR0912, PLR0915 - one loop: what is split off is passed by the million
    bits: NDArray[np.uint64],
    live: NDArray[np.uint64],
    ads: NDArray[Any],
    groups: NDArray[Any],
    lists: NDArray[np.int64],
    rows: NDArray[np.int32],
    starts: NDArray[np.int32],
    reasons: NDArray[np.int32],
    now_ms: int,
    price: int,
    least_days: NDArray[np.uint16],
    audiences: NDArray[np.int64],
    follows: NDArray[np.int64],
    open_clocks: NDArray[np.uint8],
    k: int,
    floor: float,
    most_blocks: int,
    found: NDArray[np.int32],
    dropped: NDArray[np.int64],
) -> tuple[int, int]:
    """Write the places of the best ``k`` ads that pass into ``found``; return how many passed, and the blocks read.

    More than ``k`` may have passed: the last block is read to its end, so that the counts are of whole blocks.
    """
    attributes = len(reasons)
    blocks = count_blocks(ads, min(len(live), most_blocks), floor)
    passed = 0
    block = 0
    alive = 0
    if attributes > 0 and starts[0] == starts[1]:  # no ad meets the first attribute: counting is all that is left
        for block in range(blocks):
            alive += popcount(live[block])
        dropped[reasons[0]] += alive
        dropped[_NOT_LIVE] += min(blocks * _BLOCK, len(ads)) - alive
        return 0, blocks
    # Eight blocks at a time, a line of memory of each row: what is left of them after each attribute, from the live on.
    stages = np.empty((attributes + 1, _TOGETHER), dtype=np.uint64)
    flat, words = bits.reshape(bits.size), np.uint64(bits.shape[1])
    while block < blocks and passed < k:
        width = min(_TOGETHER, blocks - block)
        some = _ZERO
        for word in range(width):
            stages[0, word] = live[block + word]
            some |= stages[0, word]
        tested = 0
        while tested < attributes and some != _ZERO:
            begin, end = starts[tested], starts[tested + 1]
            if width == _TOGETHER:  # written out, the eight are one or two vector registers
                w0 = w1 = w2 = w3 = w4 = w5 = w6 = w7 = _ZERO
                for at in range(begin, end):
                    row, one = np.uint64(rows[at]), np.uint64(block)  # without a sign, no index is counted from an end
                    fetch(flat, np.int64(row * words + one) + 2 * _TOGETHER)
                    w0 |= bits[row, one]
                    w1 |= bits[row, one + np.uint64(1)]
                    w2 |= bits[row, one + np.uint64(2)]
                    w3 |= bits[row, one + np.uint64(3)]
                    w4 |= bits[row, one + np.uint64(4)]
                    w5 |= bits[row, one + np.uint64(5)]
                    w6 |= bits[row, one + np.uint64(6)]
                    w7 |= bits[row, one + np.uint64(7)]
                w0 &= stages[tested, 0]
                w1 &= stages[tested, 1]
                w2 &= stages[tested, 2]
                w3 &= stages[tested, 3]
                w4 &= stages[tested, 4]
                w5 &= stages[tested, 5]
                w6 &= stages[tested, 6]
                w7 &= stages[tested, 7]
                some = w0 | w1 | w2 | w3 | w4 | w5 | w6 | w7
                tested += 1
                stages[tested, 0] = w0
                stages[tested, 1] = w1
                stages[tested, 2] = w2
                stages[tested, 3] = w3
                stages[tested, 4] = w4
                stages[tested, 5] = w5
                stages[tested, 6] = w6
                stages[tested, 7] = w7
            else:
                some = _ZERO
                for word in range(width):
                    meets = _ZERO
                    for at in range(begin, end):
                        meets |= bits[rows[at], block + word]
                    stages[tested + 1, word] = stages[tested, word] & meets
                    some |= stages[tested + 1, word]
                tested += 1
        # Ads and their groups lie anywhere: those of eight blocks are asked for at once, and waited for together.
        if some != _ZERO:
            for word in range(width):
                left = stages[tested, word]
                while left != _ZERO:
                    fetch(ads, (block + word) * _BLOCK + trailing_zeros(left))
                    left &= left - _ONE
            for word in range(width):
                left = stages[tested, word]
                while left != _ZERO:
                    fetch(groups, np.int64(ads[(block + word) * _BLOCK + trailing_zeros(left)].group))
                    left &= left - _ONE
        read = 0
        while read < width and passed < k:
            first = (block + read) * _BLOCK
            left = stages[tested, read]
            read += 1
            while left != _ZERO:
                place = first + trailing_zeros(left)
                left &= left - _ONE
                ad = ads[place]
                group = groups[ad.group]
                reason = _PASSES
                if now_ms < group.starts_at_ms or now_ms >= group.ends_at_ms:
                    reason = _SCHEDULE
                elif now_ms < ad.opens_at_ms or now_ms >= ad.closes_at_ms:
                    reason = _GRANT_WINDOW
                elif open_clocks[group.clock] == 0:
                    reason = _DAYPART
                else:
                    reason = _look_up(ad, group, lists, price, least_days, audiences, follows)
                if reason >= 0:
                    dropped[reason] += 1
                else:
                    if passed < k:
                        found[passed] = place
                    passed += 1
        for word in range(read):
            alive += popcount(stages[0, word])
        for stage in range(tested):
            count = 0
            for word in range(read):
                count += popcount(stages[stage, word]) - popcount(stages[stage + 1, word])
            dropped[reasons[stage]] += count
        block += read
    dropped[_NOT_LIVE] += min(block * _BLOCK, len(ads)) - alive
    dropped[_SCAN_LIMIT] += max(0, passed - k)
    return passed, block
