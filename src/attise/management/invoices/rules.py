"""Months, numbers and what a paper holds. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Final

import msgspec

from attise.kernel.limits import STATEMENT_DAYS
from attise.ledger import days
from attise.management.invoices.errors import DAYS_WRONG, PERIOD_WRONG, InvoiceRefused

INVOICE, CREDIT_NOTE = "invoice", "credit_note"
SERIES: Final = {INVOICE: "F", CREDIT_NOTE: "A"}
"""By which letter the number of each begins: *facture*, *avoir*."""
_PERIOD = re.compile(r"2[01][0-9]{2}-(0[1-9]|1[0-2])")
DECEMBER = 12


class Party(msgspec.Struct, frozen=True):
    """Whom a paper is from or to."""

    name: str
    address: str = ""
    registration: str = ""
    country: str = ""
    contact: str = ""
    payer: str = ""
    """Who pays, where that is another."""


class Line(msgspec.Struct, frozen=True):
    """One amount of a paper, in micros, never negative."""

    kind: str
    """``campaign``, ``fee`` or ``other``."""
    name: str
    reference: str
    """The id that it speaks of, or empty."""
    count: int
    amount_micros: int
    is_late: bool = False
    """Whether it belongs to days before the month, and settled after their own paper."""


class Body(msgspec.Struct, frozen=True):
    """A paper as it was issued."""

    kind: str
    number: str
    period: str
    timezone: str
    currency: str
    issued_on: str
    issuer: Party
    mention: str
    advertiser: Party
    lines: tuple[Line, ...]
    total_micros: int
    rounded_micros: int
    """The sum in what the currency can write, halves away from zero."""
    refers_to: tuple[str, ...] = ()
    """Of a credit note: the numbers of the invoices that held what is given back."""

    @property
    def first_day(self) -> dt.date:
        """The first day of its month."""
        return dt.date.fromisoformat(f"{self.period}-01")


def encode(body: Body) -> tuple[str, str]:
    """Return a paper as it is stored, with its hash."""
    text = msgspec.json.encode(body).decode()
    return text, hash_of(text)


def hash_of(text: str) -> str:
    """Return the SHA-256 of a stored paper."""
    return hashlib.sha256(text.encode()).hexdigest()


def decode(text: str) -> Body:
    """Return a paper as it was stored. Raises: msgspec.DecodeError for anything else."""
    return msgspec.json.decode(text, type=Body)


def check_period(period: str) -> str:
    """Return a month such as ``2026-11``. Raises: ``invoice_period_wrong``."""
    if not _PERIOD.fullmatch(period):
        raise InvoiceRefused(PERIOD_WRONG, field="period")
    return period


def month_after(period: str) -> str:
    """Return the month after a month."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // DECEMBER:04d}-{month % DECEMBER + 1:02d}"


def days_of_month(period: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month."""
    first, after = (dt.date.fromisoformat(f"{one}-01") for one in (period, month_after(period)))
    return first, after - days.ONE_DAY


def span_of_month(period: str, zone: str) -> tuple[int, int]:
    """Return when a month begins and ends in a zone, in world time; the end is not meant."""
    first, after = (dt.date.fromisoformat(f"{one}-01") for one in (period, month_after(period)))
    return days.start_of_day_ms(zone, first), days.start_of_day_ms(zone, after)


def month_of(zone: str, at_ms: int) -> str:
    """Return the month that a zone's calendar shows at a moment (world time)."""
    return days.local_day(zone, at_ms).isoformat()[:7]


def rounded(micros: int, smallest_micros: int) -> int:
    """Return an amount in whole steps of what a currency can write: halves away from zero."""
    steps, rest = divmod(abs(micros), smallest_micros)
    steps += 2 * rest >= smallest_micros
    return (steps if micros >= 0 else -steps) * smallest_micros


def text_of_number(series: str, number: int) -> str:
    """Return a number as it is printed: ``F-2026-000042``."""
    return f"{series}-{number:06d}"


def check_days(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """Return the days of a statement, both meant. Raises: ``statement_days_wrong``."""
    if not first <= last or (last - first).days >= STATEMENT_DAYS or not first >= _EARLIEST or last > _LATEST:
        raise InvoiceRefused(DAYS_WRONG, field="first", limit=STATEMENT_DAYS)
    return first, last


_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)
"""Days that no zone's calendar has trouble with."""
