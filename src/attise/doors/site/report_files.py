"""A report as a CSV file: written row after row, whatever their number, with the words that management has."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.conf import settings

from attise.doors.site.report_words import metrics_of, words_of
from attise.kernel.cells import safe
from attise.measurement.reports.asking.answering import iterate
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.metrics import UNDEFINED, title_of

ROWS_AT_ONCE: Final = 1_000


def write_csv(asked: Asked, has_titles: bool, path: Path, is_wanted: Callable[[], bool]) -> int:
    """Write a report; returns how many rows it has. Stops where it is not wanted any more.

    A word that a spreadsheet would compute gets a quote mark; ``-`` alone is what is undefined. Raises: Outage,
    OSError.
    """
    many = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names = [*asked.dimensions, *asked.metrics]
        writer.writerow([title_of(name) if has_titles else name for name in names])
        for rows in iterate(settings.HOUSE, asked, at_once=ROWS_AT_ONCE):
            if not is_wanted():
                break
            words = words_of(asked, rows)
            for row in rows:
                told = [*row.dimensions.values(), *metrics_of(asked, row, words).values()]
                writer.writerow([cell if cell == UNDEFINED else safe(cell) for cell in told])
            many += len(rows)
    return many
