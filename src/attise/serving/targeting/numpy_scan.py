"""The search of one segment by numpy: what answers until kernels are compiled, and what they must equal.

It reads a few blocks at first and twice as many each time, then forgets what it read beyond the block that ends the
search, so that it counts what the compiled search counts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.records.drops import Drop
from attise.serving.targeting.codes import FOLLOWERS
from attise.serving.targeting.order import LOOKED_UP
from attise.serving.targeting.query import PRICE_UNKNOWN, Query
from attise.serving.targeting.rows import take
from attise.serving.targeting.segment import BLOCK, Segment, full_bits

FIRST_BLOCKS: Final = 16
MOST_BLOCKS_AT_ONCE: Final = 4_096
NO_FLOOR: Final = float("-inf")


def scan(
    segment: Segment, query: Query, k: int, floor: float, most_blocks: int, dropped: NDArray[np.int64]
) -> tuple[NDArray[np.int32], int]:
    """Return the places of the best ``k`` ads that pass, and how many blocks were read.

    Reads while fewer than ``k`` were found, the next block begins with a bound of at least ``floor``, and
    ``most_blocks`` are not read. Adds to ``dropped`` what did not pass, and under ``SCAN_LIMIT`` what passed beyond
    ``k``.
    """
    end = min(most_blocks, segment.blocks)
    if floor > NO_FLOOR:
        end = min(end, int((segment.ads["bound"][::BLOCK] >= floor).sum()))
    found: list[NDArray[np.int32]] = []
    count, at, step = 0, 0, FIRST_BLOCKS
    while at < end and count < k:
        upto = min(end, at + step)
        places, blocks = _scan_part(segment, query, at, upto, k - count, dropped)
        found.append(places)
        count += len(places)
        at = blocks
        step = min(step * 2, MOST_BLOCKS_AT_ONCE)
    whole = np.concatenate(found) if found else np.zeros(0, dtype=np.int32)
    dropped[Drop.SCAN_LIMIT] += max(0, count - k)
    return whole[:k], at


def _scan_part(
    segment: Segment, query: Query, begin: int, end: int, wanted: int, dropped: NDArray[np.int64]
) -> tuple[NDArray[np.int32], int]:
    """Return all places of blocks from ``begin`` that pass, and the block after the one that has enough, or ``end``."""
    present = full_bits(min(len(segment), end * BLOCK) - begin * BLOCK)
    left = segment.live[begin:end].copy()
    leaves: list[tuple[int, NDArray[np.uint64]]] = [(int(Drop.NOT_LIVE), present & ~left)]
    for place, reason in enumerate(query.reasons.tolist()):
        rows = query.rows[query.starts[place] : query.starts[place + 1]]
        meets = np.bitwise_or.reduce(segment.bits[rows, begin:end], axis=0)
        leaves.append((reason, left & ~meets))
        left &= meets
    places = _places(left, begin)
    reasons = _look_up(segment, query, places)
    passed = places[reasons < 0]
    if len(passed) >= wanted:
        end = int(passed[wanted - 1]) // BLOCK + 1
    for reason, words in leaves:
        dropped[reason] += int(np.bitwise_count(words[: end - begin]).sum())
    seen = reasons[(places < end * BLOCK) & (reasons >= 0)]
    dropped += np.bincount(seen, minlength=len(dropped))
    return passed[passed < end * BLOCK], end


def _places(words: NDArray[np.uint64], begin: int) -> NDArray[np.int32]:
    bits = np.unpackbits(words.view(np.uint8), bitorder="little")
    return (np.flatnonzero(bits) + begin * BLOCK).astype(np.int32)


def _look_up(segment: Segment, query: Query, places: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return, for each place, the number of the first reason that is looked up, or -1."""
    ads = take(segment.ads, places)
    groups = take(segment.groups, ads["group"])
    now = query.now_ms
    least, most, price = groups["device_price_least"], groups["device_price_most"], query.device_price
    follows = np.isin(ads["creator_id"], query.follows)
    against: dict[Drop, NDArray[Any]] = {
        Drop.SCHEDULE: (now < groups["starts_at_ms"]) | (now >= groups["ends_at_ms"]),
        Drop.GRANT_WINDOW: (now < ads["opens_at_ms"]) | (now >= ads["closes_at_ms"]),
        Drop.DAYPART: query.open_clocks[groups["clock"]] == 0,
        Drop.DEVICE_PRICE: ((least > 0) | (most >= 0))
        & ((price == PRICE_UNKNOWN) | (price < least) | ((most >= 0) & (price > most))),
        Drop.FOLLOWERS: ((groups["followers"] == FOLLOWERS["only"]) & ~follows)
        | ((groups["followers"] == FOLLOWERS["excluded"]) & follows),
    }
    found = np.full(len(places), -1, dtype=np.int64)
    for drop in reversed(LOOKED_UP):
        if drop in against:
            found[against[drop]] = drop
    has_lists = (found < 0) & (groups["deeds_at"] < groups["lists_end"])
    audiences = set(query.audiences.tolist())
    for row in np.flatnonzero(has_lists).tolist():
        found[row] = _of_lists(segment, query, groups[row], audiences)
    return found


def _of_lists(segment: Segment, query: Query, group: Any, audiences: set[int]) -> int:
    """Return the reason that a group's lists give, or -1: the last tests, and the only ones made group by group."""
    deeds, wanted, excluded, end = (
        int(group[name]) for name in ("deeds_at", "audiences_at", "excluded_at", "lists_end")
    )
    if excluded < end and not audiences.isdisjoint(segment.lists[excluded:end].tolist()):
        return Drop.EXCLUDED_AUDIENCE
    if wanted < excluded and audiences.isdisjoint(segment.lists[wanted:excluded].tolist()):
        return Drop.AUDIENCE
    if deeds < wanted:
        asked = segment.lists[deeds:wanted]
        if not (query.least_days[asked >> 32] <= (asked & 0xFFFFFFFF)).any():
            return Drop.BEHAVIOURS
    return -1
