"""What a table of a file is: columns with a kind each, and rows of plain values. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from attise.kernel.money import MICRO_PLACES, exact_amount, format_amount
from attise.records.lookups import currencies

Cell = str | int | Decimal | dt.date | None
"""A value as its column's kind takes it; None: there is none."""
RATE_PLACES = 4


class Kind(enum.Enum):
    """What the cells of a column are."""

    TEXT = "text"
    """Identifiers too: no spreadsheet may round them."""
    COUNT = "count"
    AMOUNT = "amount"
    """Of money, whose currency stands in a column of its own; shown with the decimals of that, kept to the micro."""
    RATE = "rate"
    """A fraction: a third is 0.3333."""
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``key`` is its technical name, ``title`` what it is called in the reader's language."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    places: int = 0
    """Decimals, of amounts, rates and numbers."""

    @property
    def kept_places(self) -> int:
        """Decimals that its cells may have."""
        return MICRO_PLACES if self.kind is Kind.AMOUNT else self.places


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: rows have a cell for each column. ``name`` is the middle of the file's name."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def money_column(key: str, title: str, currency: str) -> Column:
    """Return a column of amounts of one currency."""
    return Column(key, title, Kind.AMOUNT, currencies.get(currency).exponent)


def rate_column(key: str, title: str) -> Column:
    """Return a column of fractions."""
    return Column(key, title, Kind.RATE, RATE_PLACES)


def amount(micros: int | None, currency: str) -> Decimal | None:
    """Return micros as an amount, exact: rows of cents and less add up to what all of them came to."""
    return None if micros is None else exact_amount(micros, exponent=currencies.get(currency).exponent)


def mean_amount(micros: int | None, currency: str) -> Decimal | None:
    """Return what one of many came to, which nobody adds up, with the decimals of its currency."""
    if micros is None:
        return None
    return Decimal(format_amount(micros, exponent=currencies.get(currency).exponent))


def rate(part: int, whole: int) -> Decimal | None:
    """Return a fraction with four decimals; None: of nothing."""
    return None if not whole else (Decimal(part) / whole).quantize(Decimal(1).scaleb(-RATE_PLACES))
