"""CSV: UTF-8 with its mark, every cell in quotes, and no text of it is ever taken for a formula."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from attise.doors.site.sheets.columns import Cell, Sheet
from attise.doors.site.sheets.forms import Form
from attise.kernel.cells import safe

BYTE_ORDER_MARK: Final = "\ufeff"
"""By which spreadsheets tell UTF-8."""


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def lines(sheet: Sheet, form: Form) -> Iterator[str]:
    """Yield the lines of a table, its titles first, as its rows are read."""
    titles = [column.title for column in sheet.columns]
    return text_lines(titles, ([told(cell, form) for cell in row] for row in sheet.rows), form.separator)


def text_lines(header: Sequence[str], rows: Iterable[Sequence[str]], separator: str) -> Iterator[str]:
    """Yield the lines of rows of texts, which may be numbers in the reader's format."""
    writer = csv.writer(_Echo(), delimiter=separator, quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK + writer.writerow([safe(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


def told(cell: Cell, form: Form) -> str:
    """Return a cell as text: a number with the decimal sign of the form, a day as ISO says it, nothing as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", form.decimal_sign)
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)
