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
_UNDER_WAY: Final = 3
"""How many times eight of them are between being read and being looked at."""
_AHEAD: Final = 2
"""How many times eight of them rows of bits are asked for beforehand."""
_PASSES: Final = -1
_ANYBODY: Final = FOLLOWERS["any"]
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


@kernel(types.boolean(_Ids, types.int64), is_rule=True)
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


@kernel(types.boolean(_Lists, types.int64, types.int64, _Ids), is_rule=True)
def share_one(lists: NDArray[np.int64], begin: int, end: int, ids: NDArray[np.int64]) -> bool:
    """Tell whether a part of the lists and rising ids have one in common."""
    if len(ids) == 0:
        return False
    for at in range(begin, end):  # noqa: SIM110 - compiled
        if holds(ids, lists[at]):
            return True
    return False


@kernel(types.boolean(_Lists, types.int64, types.int64, types.uint16[::1]), is_rule=True)
def did_any(lists: NDArray[np.int64], begin: int, end: int, least_days: NDArray[np.uint16]) -> bool:
    """Tell whether one of the deeds of a part of the lists was done within its days."""
    for at in range(begin, end):  # noqa: SIM110 - compiled
        if least_days[lists[at] >> 32] <= (lists[at] & 0xFFFFFFFF):
            return True
    return False


@kernel(types.int64(_Ads, types.int64, types.float64), is_rule=True)
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


@kernel(types.int64(_Ad, _Group, _Lists, types.int64, types.uint16[::1], _Ids, _Ids), is_rule=True)
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
    alive = 0
    if attributes > 0 and starts[0] == starts[1]:  # no ad meets the first attribute: counting is all that is left
        for block in range(blocks):
            alive += popcount(live[block])
        dropped[reasons[0]] += alive
        dropped[_NOT_LIVE] += min(blocks * _BLOCK, len(ads)) - alive
        return 0, blocks
    # Eight blocks at a time, a line of memory of each row: what is left of them after each attribute, from the live on.
    # Of three such times the last is read and its ads are asked for, of the one before it the groups are asked for, and
    # those of the first are looked at: ads and groups lie anywhere, and none is waited for, however few there are.
    stages = np.zeros((_UNDER_WAY, attributes + 1, _TOGETHER), dtype=np.uint64)
    tested = np.zeros(_UNDER_WAY, dtype=np.int64)
    ones = np.zeros((attributes + 1, _TOGETHER), dtype=np.int64)
    flat, words = bits.reshape(bits.size), np.uint64(bits.shape[1])
    steps = (blocks + _TOGETHER - 1) // _TOGETHER
    block = 0
    for step in range(steps + _UNDER_WAY - 1):
        if step < steps:
            lane, stage, first = step % _UNDER_WAY, 0, step * _TOGETHER
            some = _ZERO
            for word in range(_TOGETHER):
                stages[lane, 0, word] = live[first + word] if first + word < blocks else _ZERO
                some |= stages[lane, 0, word]
            one = np.uint64(first)  # without a sign, no index is counted from an end
            while stage < attributes and some != _ZERO:
                # Written out, the eight are a vector register.
                w0 = w1 = w2 = w3 = w4 = w5 = w6 = w7 = _ZERO
                for at in range(starts[stage], starts[stage + 1]):
                    row = np.uint64(rows[at])
                    fetch(flat, np.int64(row * words + one) + _AHEAD * _TOGETHER)
                    w0 |= bits[row, one]
                    w1 |= bits[row, one + np.uint64(1)]
                    w2 |= bits[row, one + np.uint64(2)]
                    w3 |= bits[row, one + np.uint64(3)]
                    w4 |= bits[row, one + np.uint64(4)]
                    w5 |= bits[row, one + np.uint64(5)]
                    w6 |= bits[row, one + np.uint64(6)]
                    w7 |= bits[row, one + np.uint64(7)]
                w0 &= stages[lane, stage, 0]
                w1 &= stages[lane, stage, 1]
                w2 &= stages[lane, stage, 2]
                w3 &= stages[lane, stage, 3]
                w4 &= stages[lane, stage, 4]
                w5 &= stages[lane, stage, 5]
                w6 &= stages[lane, stage, 6]
                w7 &= stages[lane, stage, 7]
                some = w0 | w1 | w2 | w3 | w4 | w5 | w6 | w7
                stage += 1
                stages[lane, stage, 0] = w0
                stages[lane, stage, 1] = w1
                stages[lane, stage, 2] = w2
                stages[lane, stage, 3] = w3
                stages[lane, stage, 4] = w4
                stages[lane, stage, 5] = w5
                stages[lane, stage, 6] = w6
                stages[lane, stage, 7] = w7
            tested[lane] = stage
            if some != _ZERO:
                for word in range(_TOGETHER):
                    left = stages[lane, stage, word]
                    while left != _ZERO:
                        fetch(ads, (first + word) * _BLOCK + trailing_zeros(left))
                        left &= left - _ONE
        if 1 <= step <= steps:
            lane, first = (step - 1) % _UNDER_WAY, (step - 1) * _TOGETHER
            stage = tested[lane]
            for word in range(_TOGETHER):
                left = stages[lane, stage, word]
                while left != _ZERO:
                    fetch(groups, np.int64(ads[(first + word) * _BLOCK + trailing_zeros(left)].group))
                    left &= left - _ONE
        if step < _UNDER_WAY - 1:
            continue
        lane, first = (step + 1) % _UNDER_WAY, (step + 1 - _UNDER_WAY) * _TOGETHER
        stage = tested[lane]
        read, width = 0, min(_TOGETHER, blocks - first)
        while read < width and passed < k:
            left = stages[lane, stage, read]
            at_block = (first + read) * _BLOCK
            read += 1
            while left != _ZERO:
                place = at_block + trailing_zeros(left)
                left &= left - _ONE
                ad = ads[place]
                group = groups[ad.group]
                is_on = (now_ms >= group.starts_at_ms) & (now_ms < group.ends_at_ms)
                may_run = (now_ms >= ad.opens_at_ms) & (now_ms < ad.closes_at_ms)
                is_open = open_clocks[group.clock] != 0
                is_plain = (group.device_price_least <= 0) & (group.device_price_most < 0)
                is_plain &= (group.followers == _ANYBODY) & (group.deeds_at == group.lists_end)
                reason = _PASSES
                if not (is_on & may_run & is_open & is_plain):  # most are: one branch to guess, not eight
                    if not is_on:
                        reason = _SCHEDULE
                    elif not may_run:
                        reason = _GRANT_WINDOW
                    elif not is_open:
                        reason = _DAYPART
                    else:
                        reason = _look_up(ad, group, lists, price, least_days, audiences, follows)
                if reason >= 0:
                    dropped[reason] += 1
                else:
                    if passed < k:
                        found[passed] = place
                    passed += 1
        block += read
        if read < width:  # what is beyond the last block that was read is not counted
            for number in range(stage + 1):
                for word in range(read, width):
                    stages[lane, number, word] = _ZERO
        for number in range(stage + 1):
            for word in range(_TOGETHER):
                ones[number, word] += popcount(stages[lane, number, word])
        if passed >= k:
            break
    for number in range(attributes + 1):
        count = 0
        for word in range(_TOGETHER):
            count += ones[number, word]
        if number == 0:
            alive = count
        if number > 0:
            dropped[reasons[number - 1]] -= count
        if number < attributes:
            dropped[reasons[number]] += count
    dropped[_NOT_LIVE] += min(block * _BLOCK, len(ads)) - alive
    dropped[_SCAN_LIMIT] += max(0, passed - k)
    return passed, block
