"""Over which days the results of ads are told: a word of the address, and the span that it means."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.limits import HOUR_MS
from attise.ledger import days

DEFAULT: Final = "28-jours"


class Period(NamedTuple):
    """Some days up to now."""

    label: Promise
    days: int
    """Today among them; 0: since the beginning."""


PERIODS: Final[dict[str, Period]] = {
    "aujourdhui": Period(pgettext_lazy("period", "Today"), 1),
    "7-jours": Period(pgettext_lazy("period", "7 days"), 7),
    DEFAULT: Period(pgettext_lazy("period", "28 days"), 28),
    "debut": Period(pgettext_lazy("period", "All"), 0),
}
"""By the word of the address."""


def read(word: str) -> str:
    """Return the word of a period, the usual one where it is none."""
    return word if word in PERIODS else DEFAULT


def span(visit: AdvertiserVisit, word: str) -> tuple[int, int]:
    """Return a period's span (world time): from the midnight of its first day at the advertiser's, up to now.

    Counting is by the hour: where a zone's midnight lies within one, that hour is counted with the day it begins.
    """
    now_ms = visit.means.clock.world_ms()
    many = PERIODS[word].days
    if not many:
        return 0, now_ms + HOUR_MS
    zone = visit.advertiser.timezone
    first = days.local_day(zone, now_ms) - (many - 1) * days.ONE_DAY
    from_ms = days.start_of_day_ms(zone, first)
    return from_ms - from_ms % HOUR_MS, now_ms + HOUR_MS
