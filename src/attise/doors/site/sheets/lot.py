"""The posts of a lot as a table: what was drawn, and the counts that its result is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from attise.doors.site.lots import LotResult
from attise.doors.site.sheets.columns import Cell, Column, Kind, Sheet
from attise.kernel.clock import rfc3339
from attise.management.campaigns.views import LotView

COUNTS: Final = ("views_day_before", "organic_views_since", "paid_views_since")
KEYS: Final = ("post_id", "creator", "drawn", *COUNTS, "drawn_at", "counted_until", "seed", "commitment")
Word = Callable[[str], str]


def lot_sheet(lot: LotView, found: LotResult, *, titles: Word, words: Word) -> Sheet:
    """Return the table; ``titles`` says what a column is called, ``words`` whether a post was promoted or left out."""
    columns = [Column(key, titles(key), Kind.COUNT if key in COUNTS else Kind.TEXT) for key in KEYS]
    return Sheet("tirage", columns, _rows(lot, found, words))


def _rows(lot: LotView, found: LotResult, words: Word) -> Iterator[Sequence[Cell]]:
    drawn_at = rfc3339(found.course.from_ms if lot.drawn_at_ms is None else lot.drawn_at_ms)
    rest: list[Cell] = [drawn_at, rfc3339(found.course.seen_ms), lot.seed or "", lot.commitment]
    for one in found.posts:
        handle = "" if one.post is None else one.post.creator_handle
        drawn = words("promoted" if one.is_promoted else "left_out")
        yield [str(one.post_id), handle, drawn, one.recent, one.organic, one.paid, *rest]
