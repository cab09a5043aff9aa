"""A split test's result as a table: a row for each measure, both sides, what they differ by, its ends, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from attise.doors.site.sheets.columns import Cell, Column, Kind, Sheet, amount, money_column
from attise.doors.site.split_results import day_of
from attise.kernel.money import MICROS
from attise.management.campaigns.views import SplitView
from attise.measurement.lift.splitting import MEASURES, SUMS, Compared, Line

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


DAY_KEYS: Final = ("day", "side", *(name.removesuffix("_micros") for name in SUMS))
"""Columns of a test day by day, before its rates."""


def days_sheet(split: SplitView, found: Compared, *, titles: Word, sides: tuple[str, str]) -> Sheet:
    """Return the table of both sides' days; ``titles`` says what a column is called, ``sides`` what they are."""
    rates = [f"{one.name}{end}" for one in MEASURES for end in ("", "_low", "_high")]
    money = money_column("charged", titles("charged"), split.currency)
    columns = [
        Column("day", titles("day"), Kind.DAY),
        Column("side", titles("side")),
        *(Column(key, titles(key), Kind.COUNT) if key != "charged" else money for key in DAY_KEYS[2:]),
        *(Column(key, titles(key), Kind.NUMBER, PLACES) for key in rates),
        Column("currency", titles("currency")),
    ]
    return Sheet("comparison-days", columns, _day_rows(split, found, sides))


def _day_rows(split: SplitView, found: Compared, sides: tuple[str, str]) -> Iterator[Sequence[Cell]]:
    for one in found.days:
        for side, name in enumerate(sides):
            sums = [one.sums[key][side] for key in SUMS]
            sums_told: list[Cell] = [*sums[:-1], amount(sums[-1], split.currency)]
            rates = [one.rates[measure.name][side] for measure in MEASURES]
            ends = [(None, None, None) if rate is None else (rate.ratio, rate.low, rate.high) for rate in rates]
            told = [_number(end) for three in ends for end in three]
            yield [day_of(one.day), name, *sums_told, *told, split.currency]


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
