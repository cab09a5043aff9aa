"""The rows of a report on a page: a part of them, what all come to, and their course by the day."""

from __future__ import annotations

from dataclasses import dataclass, replace

from attise.doors.site.report_words import Words, words_of
from attise.kernel.house import House
from attise.management.accounts.views import AdvertiserView
from attise.measurement.reports.asking.answering import Answer, Row, answer
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.dimensions import DAY
from attise.measurement.reports.asking.metrics import METRICS


@dataclass(frozen=True, slots=True)
class Told:
    """A part of a report, as doors tell it."""

    asked: Asked
    found: Answer
    words: Words
    currency: str


def tell(house: House, asked: Asked, advertiser: AdvertiserView, *, page: int, page_size: int) -> Told:
    """Return a page of a report. Raises: Outage. Cost: two statements, and two queries for words."""
    found = answer(house, asked, page=page, page_size=page_size)
    return Told(asked, found, words_of(asked, found.rows), advertiser.currency)


def course(house: House, asked: Asked, metric: str) -> list[Row]:
    """Return one metric of a report by the day, all its rows of a day together. Raises: Outage. Cost: a statement."""
    by_day = replace(asked, dimensions=(DAY,), metrics=(metric,), order="", with_totals=False)
    return answer(house, by_day, page=1, page_size=by_day.by_day_most).rows


def count(house: House, asked: Asked) -> int:
    """Return how many rows a report has. Raises: Outage. Cost: a statement."""
    return answer(house, replace(asked, with_totals=False), page=1, page_size=1).many


def drawn_metrics(asked: Asked) -> list[str]:
    """Return the metrics of a report that are numbers, in its order."""
    return [name for name in asked.metrics if METRICS[name].is_number]
