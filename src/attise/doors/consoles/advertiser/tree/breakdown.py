"""What rows of a table came to by the day, by who was reached, or by the post: lines beneath each of them.

Read from roll-ups, which are some seconds behind the figures of the rows themselves: the page says up to when they are
whole. Ratios of a line are of its own sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from attise.doors.consoles import periods
from attise.doors.consoles.advertiser.reports import asking
from attise.doors.consoles.advertiser.tree.levels import Level
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site.own_reports import titles
from attise.doors.site.own_reports.plans import LEVELS, OBJECTS, Plan
from attise.measurement.attribution.figures import CART, EventFigures, Figures
from attise.measurement.reports.asking.answering import Row as Told
from attise.measurement.reports.asking.answering import iterate
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.dimensions import DAY, HOUR
from attise.measurement.reports.rollups.reading import newest

SHOWN: Final = 31
"""Lines beneath one row; the report has the others."""
AT_ONCE: Final = 1_000
BREAKDOWNS: Final = {word: name for word, name in asking.DIMENSION_WORDS.items() if name != HOUR}
"""By the word of the address: the dimension of reports."""
_PERIODS: Final = {"aujourdhui": "today", "7-jours": "7_days", "28-jours": "28_days", "debut": "365_days"}
_METRICS: Final = (
    *("spend_micros", "impressions", "clicks", "video_views_p100", "result", "follows"),
    "web_event_add_to_cart",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One line beneath a row."""

    label: str
    value: str
    """As reports have it: a day for ``jour``."""
    figures: Figures


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines beneath a row: those that a page shows, how many others there are, and the report that has them all."""

    shown: list[Part]
    others: int
    url: str


def choices(chosen: str) -> list[tuple[str, Promise, bool]]:
    """Return what a table can be broken down by: words of the address, what they are called, which one is."""
    return [(word, titles.DIMENSIONS[name], word == chosen) for word, name in BREAKDOWNS.items()]


def beneath(visit: AdvertiserVisit, level: Level, ids: Sequence[int], word: str, period: str) -> dict[int, list[Part]]:
    """Return what objects came to in a period, broken down, by object: the newest day first, else the most spent first.

    Raises: Outage. Cost: a statement over roll-ups.
    """
    found: dict[int, list[Part]] = {}
    if not ids:
        return found
    asked = _asked(visit, level, ids, word, period)
    for row in _rows(asked):
        value = row.dimensions[asked.dimensions[1]]
        part = Part(titles.word(asked.dimensions[1], value), value, _figures(row, visit.advertiser.currency))
        found.setdefault(int(row.dimensions[asked.dimensions[0]]), []).append(part)
    return found


def on_page(visit: AdvertiserVisit, level: Level, ids: Sequence[int], word: str, period: str) -> dict[int, Parts]:
    """Return the same as a page shows it."""
    return {
        object_id: Parts(parts[:SHOWN], max(len(parts) - SHOWN, 0), _report(level, word, period))
        for object_id, parts in beneath(visit, level, ids, word, period).items()
    }


def whole_to_ms() -> int:
    """Return up to when breakdowns tell everything (world time); 0: nothing was rolled up yet. Raises: Outage."""
    return newest(settings.HOUSE).manifest.complete_to_ms


def _asked(visit: AdvertiserVisit, level: Level, ids: Sequence[int], word: str, period: str) -> Asked:
    own, by = OBJECTS[level.value], BREAKDOWNS[word]
    first, last = periods.days(visit.advertiser.timezone, visit.means.clock.world_ms(), period)
    return Asked(
        report_type="AUDIENCE",
        level=LEVELS[level.value],
        advertiser_ids=(visit.advertiser.id,),
        dimensions=(own, by),
        metrics=_METRICS,
        first=first,
        last=last,
        is_lifetime=period == periods.SINCE_EVER,
        among={own: frozenset(ids)},
        order=by if by == DAY else "spend_micros",
    )


def _rows(asked: Asked) -> Iterator[Told]:
    for rows in iterate(settings.HOUSE, asked, at_once=AT_ONCE):
        yield from rows


def _figures(row: Told, currency: str) -> Figures:
    sums: dict[str, Any] = row.sums
    return Figures(
        currency=row.currency or currency,
        spent_micros=sums["spent"],
        impressions=sums["impressions"],
        clicks=sums["clicks"],
        completions=sums["completions"],
        results=sums["result"],
        follows=sums["follows"],
        by_kind={CART: EventFigures(conversions=sums["web_event_add_to_cart"])},
    )


def _report(level: Level, word: str, period: str) -> str:
    plan = Plan(level=level.value, dimensions=(BREAKDOWNS[word],), period=_PERIODS[period])
    return f"{reverse('new_report')}?{asking.query(plan)}"
