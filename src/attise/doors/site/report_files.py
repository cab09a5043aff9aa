"""A report as a file: written row after row, whatever their number, with the words that management has."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from attise.doors.site.own_reports import titles
from attise.doors.site.report_sheets import sheet_of
from attise.doors.site.report_words import metrics_of, words_of
from attise.doors.site.sheets import answers, workbook
from attise.kernel.cells import safe
from attise.kernel.means import Means
from attise.management.accounts.actions import hold_advertiser
from attise.management.outbox.actions import unit, verb
from attise.measurement.reports.actions import tasks
from attise.measurement.reports.actions.tasks import Ordered
from attise.measurement.reports.asking.answering import Row, iterate
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.metrics import UNDEFINED, title_of

ROWS_AT_ONCE: Final = 1_000
XLSX: Final = "xlsx"
CSV: Final = "csv"
"""Forms of the dialect's files that are taken by a link; without any, they are CSV taken as it is."""


@verb
def ask_for(means: Means, asked: Asked, *, advertiser_id: int, **how: Any) -> int:
    """Ask for a report as a file, as ``tasks.ask_for`` does; returns its id.

    Those that an advertiser waits for are counted one request after the other. Raises: ``not_found``, ``report_tasks``.
    """
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        return tasks.ask_for(means, asked, advertiser_id=advertiser_id, **how)


def write(ordered: Ordered, path: Path, is_wanted: Callable[[], bool]) -> int:
    """Write a report; returns how many rows it has. Stops where it is not wanted any more.

    Raises: Outage, OSError, ``file_rows``.
    """
    if ordered.language:
        return _write_own(ordered, path, is_wanted)
    if ordered.form == XLSX:
        return _write_workbook(ordered, path, is_wanted)
    return _write_csv(ordered, path, is_wanted)


def _write_own(ordered: Ordered, path: Path, is_wanted: Callable[[], bool]) -> int:
    """Write a report with a reader's words, as any table."""
    spoken = "en" if ordered.language == titles.TECHNICAL else ordered.language
    with translation.override(spoken):
        table = titles.sheet_in(ordered.language, "report", ordered.asked, _batches(ordered, is_wanted))
        return answers.write(table, ordered.form, path)


def _write_csv(ordered: Ordered, path: Path, is_wanted: Callable[[], bool]) -> int:
    """Write the dialect's CSV.

    A word that a spreadsheet would compute gets a quote mark; ``-`` alone is what is undefined.
    """
    asked, many = ordered.asked, 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names = [*asked.dimensions, *asked.metrics]
        writer.writerow([title_of(name) if ordered.has_titles else name for name in names])
        for rows in _batches(ordered, is_wanted):
            words = words_of(asked, rows)
            for row in rows:
                told = [*row.dimensions.values(), *metrics_of(asked, row, words).values()]
                writer.writerow([cell if cell == UNDEFINED else safe(cell) for cell in told])
            many += len(rows)
    return many


def _write_workbook(ordered: Ordered, path: Path, is_wanted: Callable[[], bool]) -> int:
    """Write a workbook with the dialect's values; what is undefined is empty. Memory is that of some rows."""
    title = title_of if ordered.has_titles else str
    return workbook.write(
        sheet_of("report", ordered.asked, _batches(ordered, is_wanted), title=title), path, lambda: True
    )


def _batches(ordered: Ordered, is_wanted: Callable[[], bool]) -> Iterator[list[Row]]:
    """Yield all rows, some at a time, as long as they are wanted."""
    for rows in iterate(settings.HOUSE, ordered.asked, at_once=ROWS_AT_ONCE):
        if not is_wanted():
            return
        yield rows
