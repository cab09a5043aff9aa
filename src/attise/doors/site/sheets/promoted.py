"""Promoted posts as a table: a row for each, with what it came to before, while and after ads showed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from attise.doors.site.promoted_posts import PromotedPost
from attise.doors.site.sheets.columns import Cell, Column, Kind, Sheet
from attise.kernel.clock import rfc3339
from attise.measurement.reports.promoted import Gain

COUNTS: Final = (
    *("organic_before", "organic_during", "paid_during", "organic_after", "paid_after"),
    "compared_posts",
)
NUMBERS: Final = ("without_ads", "brought", "brought_low", "brought_high")
KEYS: Final = (
    *("post_id", "creator", "ads_began", "ads_last", "is_over"),
    *COUNTS[:5],
    *NUMBERS,
    *COUNTS[5:],
)
Word = Callable[[str], str]


def promoted_sheet(posts: Sequence[PromotedPost], *, titles: Word, words: Word) -> Sheet:
    """Return the table; ``titles`` says what a column is called, ``words`` whether ads are over."""
    kinds = {**dict.fromkeys(COUNTS, Kind.COUNT), **dict.fromkeys(NUMBERS, Kind.NUMBER)}
    columns = [Column(key, titles(key), kinds.get(key, Kind.TEXT), 1 if key in NUMBERS else 0) for key in KEYS]
    return Sheet("publications-promues", columns, _rows(posts, words))


def _rows(posts: Sequence[PromotedPost], words: Word) -> Iterator[Sequence[Cell]]:
    for one in posts:
        course, span = one.course, one.course.span
        after: list[Cell] = [None, None] if course.after is None else [course.after.organic, course.after.paid]
        yield [
            str(one.post.id),
            one.post.creator_handle,
            rfc3339(span.from_ms),
            rfc3339(span.to_ms),
            words("over" if span.is_over else "running"),
            course.before,
            course.during.organic,
            course.during.paid,
            *after,
            *_told(course.in_all),
            course.others,
        ]


def _told(one: Gain) -> list[Cell]:
    return [
        None if value is None else Decimal(round(value * 10)).scaleb(-1)
        for value in (one.without, one.gain, one.low, one.high)
    ]
