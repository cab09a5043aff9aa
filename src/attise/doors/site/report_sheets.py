"""A report as a table of a file: a column for each dimension and metric, numbers as numbers, days as days.

The dialect's files have its own values and titles; those of people have words of their language and rates as fractions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from attise.doors.site.report_words import Words, words_of
from attise.doors.site.sheets.columns import RATE_PLACES, Cell, Column, Kind, Sheet, amount
from attise.management.accounts.queries import list_advertisers
from attise.measurement.reports.asking.answering import Row
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.dimensions import DAY
from attise.measurement.reports.asking.metrics import METRICS, UNDEFINED, Form
from attise.records.lookups import currencies

PLACES: Final = 2
"""Decimals of what is neither money nor a count."""
_COUNTS: Final = frozenset({Form.COUNT, Form.MICROS, Form.ZERO})
_NUMBERS: Final = frozenset({Form.PERCENT, Form.RATIO, Form.SECONDS})
_HUNDRED: Final = Decimal(100)


def sheet_of(
    name: str,
    asked: Asked,
    batches: Iterable[list[Row]],
    *,
    title: Callable[[str], str],
    word: Callable[[str, str], str] | None = None,
) -> Sheet:
    """Return a report as a table. Cost: two queries for a batch of rows, where words about objects are asked for.

    Args: title: what a column is called; word: what a value of a dimension is called, by the dimension's name and the
    value; None: the dialect's own words, and percents of a hundred.
    """
    places = _decimals(asked)
    columns = [Column(one, title(one), _kind_of(one, is_own=word is None)) for one in asked.dimensions]
    columns += [_column(one, title(one), places, is_own=word is None) for one in asked.metrics]
    return Sheet(name, columns, _rows(asked, batches, word))


def _kind_of(dimension: str, *, is_own: bool) -> Kind:
    return Kind.DAY if dimension == DAY and not is_own else Kind.TEXT


def _column(metric: str, title: str, places: int, *, is_own: bool) -> Column:
    form = METRICS[metric].form
    if form is Form.MONEY:
        return Column(metric, title, Kind.AMOUNT, places)
    if form is Form.PERCENT and not is_own:
        return Column(metric, title, Kind.RATE, RATE_PLACES)
    if form in _NUMBERS:
        return Column(metric, title, Kind.NUMBER, PLACES)
    return Column(metric, title, Kind.COUNT if form in _COUNTS else Kind.TEXT)


def _rows(
    asked: Asked, batches: Iterable[list[Row]], word: Callable[[str, str], str] | None
) -> Iterator[Sequence[Cell]]:
    for rows in batches:
        words = words_of(asked, rows)
        for row in rows:
            dimensions = [_told(name, value, word) for name, value in row.dimensions.items()]
            yield [*dimensions, *(cell_of(metric, row, words, is_own=word is None) for metric in asked.metrics)]


def _told(dimension: str, value: str, word: Callable[[str, str], str] | None) -> Cell:
    if word is None:
        return value
    return dt.date.fromisoformat(value[:10]) if dimension == DAY else word(dimension, value)


def cell_of(metric: str, row: Row, words: Words, *, is_own: bool = False) -> Cell:
    """Return a metric of a row as its column takes it; None: undefined.

    ``is_own``: as the dialect tells it: a percent is one of a hundred, money has the decimals of its currency.
    """
    form = METRICS[metric].form
    if form is Form.ATTRIBUTE:
        said = words.told(metric, row)
        return None if said == UNDEFINED else said
    if METRICS[metric].is_sum_of_money and row.currency and not is_own:
        return amount(METRICS[metric].micros(row.sums), row.currency)
    value = METRICS[metric].value(row.sums, row.currency)
    return value / _HUNDRED if form is Form.PERCENT and not is_own and value is not None else value


def _decimals(asked: Asked) -> int:
    """Return the decimals that amounts of all advertisers need."""
    return max(
        (currencies.get(one.currency).exponent for one in list_advertisers(asked.advertiser_ids)), default=PLACES
    )
