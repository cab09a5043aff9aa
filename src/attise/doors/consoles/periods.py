"""Over which days figures are told: a word of the address, what it is called, and the span that it means."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from attise.kernel.limits import HOUR_MS
from attise.measurement.counters.spans import span_of

PARAM: Final = "periode"
DEFAULT: Final = "28-jours"
SINCE_EVER: Final = "debut"


class Period(NamedTuple):
    """Some days up to now."""

    label: Promise
    days: int
    """Today among them; 0: since the beginning."""


PERIODS: Final[dict[str, Period]] = {
    "aujourdhui": Period(pgettext_lazy("period", "Today"), 1),
    "7-jours": Period(pgettext_lazy("period", "7 days"), 7),
    DEFAULT: Period(pgettext_lazy("period", "28 days"), 28),
    SINCE_EVER: Period(pgettext_lazy("period", "All"), 0),
}
"""By the word of the address."""
COMPARED: Final = tuple(word for word, period in PERIODS.items() if period.days)
"""Those that can be compared with the days before them."""


def read(word: str) -> str:
    """Return the word of a period, the usual one where it is none."""
    return word if word in PERIODS else DEFAULT


def asked(given: QueryDict) -> str:
    """Return the word of the compared period that an address asks for, the usual one where it is none."""
    word = given.get(PARAM, "")
    return word if word in COMPARED else DEFAULT


def bounds(zone: str, now_ms: int, word: str) -> tuple[int, int]:
    """Return when a period begins and ends (world time): from the midnight of its first day in a zone, up to now."""
    if not PERIODS[word].days:
        return 0, now_ms + HOUR_MS
    span = span_of(zone, now_ms, PERIODS[word].days)
    return span.from_ms, span.to_ms


def bounds_before(zone: str, now_ms: int, word: str) -> tuple[int, int] | None:
    """Return the same of as much of the days before; None where a period has no beginning."""
    if not PERIODS[word].days:
        return None
    span = span_of(zone, now_ms, PERIODS[word].days)
    return span.before_from_ms, span.before_to_ms


def days(zone: str, now_ms: int, word: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a period in a zone; today twice where it has no beginning."""
    span = span_of(zone, now_ms, PERIODS[word].days or 1)
    return span.first, span.last
