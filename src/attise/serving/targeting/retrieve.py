"""The search: the best ads that may be shown to a viewer now, exactly, reading as little as it can.

Ads lie in falling order of bound, so the first that pass are the best, and the search ends with the block of 64 in
which the last wanted one is. A rare viewer makes it read on; ``most_blocks`` bounds that, at the price of ads it does
not see. Compiled code and numpy answer alike, down to the counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.drops import TARGETING_REASONS, Drop
from attise.serving import kernels
from attise.serving.targeting.numpy_scan import NO_FLOOR
from attise.serving.targeting.numpy_scan import scan as scan_by_numpy
from attise.serving.targeting.query import Query
from attise.serving.targeting.rows import AD_ROW, take
from attise.serving.targeting.segment import BLOCK, Segment, tie_breaker

_SCAN_LIMIT: Final = int(Drop.SCAN_LIMIT)
NO_LIMIT: Final = (1 << 62) // BLOCK


class Retrieved(msgspec.Struct, frozen=True, gc=False):
    """The candidates of one viewer, best bound first, and what became of the others.

    Invariants: ``sum(dropped) + len(place)`` is the number of ads of all segments.
    """

    segment: NDArray[np.uint8]
    """``[n_found]``: which of the segments that were given."""
    place: NDArray[np.int32]
    """``[n_found]``: the row in it."""
    scanned: int
    """Blocks of 64 ads that were read."""
    visited: int
    """Ads in them."""
    dropped: NDArray[np.int64]
    """By number of ``Drop``: ads that were visited, by the first reason against them. Under ``SCAN_LIMIT``: those that
    were not, and those that passed and that better ones left no room for."""
    is_whole: bool
    """Whether no better ad than the last can have been missed: False where ``most_blocks`` ended the search."""

    def __len__(self) -> int:
        """Return how many were found."""
        return len(self.place)

    def ads(self, segments: Sequence[Segment]) -> NDArray[Any]:
        """Return the rows of the ads, ``AD_ROW[n_found]``; ``group`` in them is a place in the ad's own segment."""
        return _gather([segment.ads for segment in segments], self.segment, self.place)

    def groups(self, segments: Sequence[Segment]) -> NDArray[Any]:
        """Return the rows of their groups, ``GROUP_ROW[n_found]``, each beside its ad."""
        group = _gather([segment.ads["group"] for segment in segments], self.segment, self.place)
        return _gather([segment.groups for segment in segments], self.segment, group)


def retrieve(
    segments: Sequence[Segment], queries: Sequence[Query], k: int, *, most_blocks: int = NO_LIMIT
) -> Retrieved:
    """Return the ``k`` ads of the highest bound that are live and may be shown, of all segments together.

    Args: queries: one for each segment, of the same viewer and moment; k: at least 1; most_blocks: how many blocks of
    each segment may be read.
    Equal bounds are ordered by a hash of the ad's id, whichever segment it is in.
    Cost: about 20 ns a block and attribute; some microseconds where one ad in ten passes, about 0.2 ms a million ads
    where none does.
    """
    if k < 1 or most_blocks < 1:
        raise ValueError("k and most_blocks are at least 1")
    k = min(k, max(1, sum([len(segment) for segment in segments])))
    dropped = np.zeros(TARGETING_REASONS, dtype=np.int64)
    parts: list[tuple[int, NDArray[np.int32]]] = []
    scanned = visited = found = 0
    floor, is_whole = NO_FLOOR, True
    scan = _scan()
    for number, (segment, query) in enumerate(zip(segments, queries, strict=True)):
        places, blocks = scan(segment, query, k, floor, most_blocks, dropped)
        if len(places) < k and blocks == most_blocks < segment.blocks:
            is_whole = is_whole and float(segment.ads["bound"][blocks * BLOCK]) < floor
        scanned += blocks
        read = min(blocks * BLOCK, len(segment))
        visited += read
        dropped[_SCAN_LIMIT] += len(segment) - read
        if len(places):
            parts.append((number, places))
            found += len(places)
            if found >= k and number + 1 < len(segments):
                floor = _kth_bound(_bounds(segments, parts), k)
    owner, place = _merged(segments, parts, k)
    dropped[_SCAN_LIMIT] += found - len(place)
    return Retrieved(owner, place, scanned, visited, dropped, is_whole)


def _scan() -> Any:
    """Return the fastest way to search that is ready."""
    if not kernels.are_ready():
        return scan_by_numpy
    from attise.serving.targeting.compiled_scan import scan

    return scan


def _bounds(segments: Sequence[Segment], parts: list[tuple[int, NDArray[np.int32]]]) -> NDArray[np.float32]:
    return np.concatenate([segments[number].ads["bound"][places] for number, places in parts])


def _kth_bound(bounds: NDArray[np.float32], k: int) -> float:
    """Return the bound that the ads of later segments must reach."""
    return float(np.partition(bounds, len(bounds) - k)[len(bounds) - k])


def _merged(
    segments: Sequence[Segment], parts: list[tuple[int, NDArray[np.int32]]], k: int
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return the best of all parts: whose they are, and where."""
    if not parts:
        return np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.int32)
    if len(parts) == 1:
        number, place = parts[0]
        return np.full(len(place), number, dtype=np.uint8), place
    owner = np.repeat(np.array([number for number, _ in parts], dtype=np.uint8), [len(places) for _, places in parts])
    place = np.concatenate([places for _, places in parts])
    ids = np.concatenate([segments[number].ads["ad_id"][places] for number, places in parts])
    best = np.lexsort((tie_breaker(ids), -_bounds(segments, parts)))[:k]
    return owner[best], place[best]


def _gather(columns: list[NDArray[Any]], owner: NDArray[np.uint8], place: NDArray[Any]) -> NDArray[Any]:
    """Return rows of several columns, each from its owner's."""
    if not columns:
        return np.zeros(0, dtype=AD_ROW)
    first = int(owner[0]) if len(owner) else 0
    if len(columns) == 1 or (owner == first).all():
        return take(columns[first], place)
    found: NDArray[Any] = np.empty(len(place), dtype=columns[0].dtype)
    for number, column in enumerate(columns):
        mine = owner == number
        found[mine] = take(column, place[mine])
    return found
