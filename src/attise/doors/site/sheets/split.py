"""A split test's result as a table: a row for each measure, both sides, what they differ by, its ends, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from attise.doors.site.sheets.columns import Cell, Column, Kind, Sheet
from attise.kernel.money import MICROS
from attise.management.campaigns.views import SplitView
from attise.measurement.lift.splitting import SUMS, Compared, Line

KEYS: Final = (
    *("measure", "first", "second", "difference", "difference_low", "difference_high"),
    *("relative", "relative_low", "relative_high", "verdict", "lacking", "lacking_of", "lacking_days"),
    *("currency",),
)
NUMBERS: Final = frozenset(KEYS[1:9])
"""Told with six decimals: rates, and what something costs in whole units."""
PLACES: Final = 6
Word = Callable[[str], str]


def split_sheet(split: SplitView, found: Compared, *, titles: Word, words: Word) -> Sheet:
    """Return the table; ``titles`` says what a column is called, ``words`` a measure, a sum, a verdict."""
    kinds = {**dict.fromkeys(NUMBERS, Kind.NUMBER), "lacking": Kind.COUNT, "lacking_days": Kind.COUNT}
    columns = [
        Column(key, titles(key), kinds.get(key, Kind.TEXT), PLACES if kinds.get(key) is Kind.NUMBER else 0)
        for key in KEYS
    ]
    return Sheet("comparison", columns, _rows(split, found, words))


def _rows(split: SplitView, found: Compared, words: Word) -> Iterator[Sequence[Cell]]:
    for line in found.lines:
        yield [words(line.measure.name), *_of(line), words(line.verdict.value), *_lacking(line, words), split.currency]
    counted = {"viewers": found.viewers, "viewers_reached": found.seen, **found.sums}
    for name in ("viewers", "viewers_reached", *SUMS):
        # What is charged stands in whole units, as the other numbers of the table.
        first, second = (Decimal(one).scaleb(-PLACES if name == "charged_micros" else 0) for one in counted[name])
        rest: list[Cell] = [None] * 6
        yield [words(name.removesuffix("_micros")), first, second, *rest, "", None, "", None, split.currency]


def _of(line: Line) -> list[Cell]:
    part = line.relative
    ends = (None, None, None) if part is None else (part.part, part.low, part.high)
    effect = line.difference
    told = (line.first.ratio, line.second.ratio, effect.difference, effect.low, effect.high, *ends)
    return [_number(one) for one in told]


def _lacking(line: Line, words: Word) -> list[Cell]:
    if line.lacking is None:
        return [None, "", None]
    return [line.lacking.more, words(line.lacking.counted), line.lacking.days]


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(round(value * MICROS)).scaleb(-PLACES)
