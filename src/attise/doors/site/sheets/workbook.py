"""XLSX: numbers are numbers, days are days, and a text is a text, whatever it begins with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from attise.doors.site.sheets.columns import Cell, Column, Kind, Sheet
from attise.doors.site.sheets.errors import FILE_ROWS
from attise.kernel.cells import begins_a_formula
from attise.kernel.errors import Refusal

MOST_ROWS: Final = 1_048_575
"""Rows beneath the titles that the format holds."""
_WIDTHS: Final = {Kind.TEXT: 22, Kind.DAY: 12}
_WIDTH: Final = 14
"""Characters that a column shows."""


def write(sheet: Sheet, path: Path, is_wanted: Callable[[], bool]) -> int:
    """Write a table; returns how many rows. Raises: OSError, ``file_rows``. Memory is that of one row."""
    import xlsxwriter

    # Rows go to a file aside as they come. Nothing is guessed: each cell is written as what its column is.
    options = {"constant_memory": True, "in_memory": False, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        page = book.add_worksheet()
        page.freeze_panes(1, 0)
        title = book.add_format({"bold": True, "quote_prefix": True})
        formats = [_format(book, column) for column in sheet.columns]
        # A spreadsheet that is told so leaves such a text alone when somebody edits its cell.
        guarded = book.add_format({"quote_prefix": True})
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, _WIDTHS.get(column.kind, _WIDTH))
            page.write_string(0, place, column.title, title)
        many = 0
        for row in sheet.rows:
            if many == MOST_ROWS:
                raise Refusal(FILE_ROWS, most=MOST_ROWS)
            if not is_wanted():
                break
            many += 1
            for place, cell in enumerate(row):
                _put(page, many, place, cell, formats[place], guarded)
    return many


def _format(book: Any, column: Column) -> Any:
    decimals = f".{'0' * column.places}" if column.places else ""
    said = {
        Kind.COUNT: "#,##0",
        Kind.AMOUNT: f"#,##0{decimals}",
        Kind.RATE: "0.00%",
        Kind.NUMBER: f"0{decimals}",
        Kind.DAY: "yyyy-mm-dd",
    }
    return book.add_format({"num_format": said[column.kind]} if column.kind in said else {})


def _put(page: Any, row: int, place: int, cell: Cell, how: Any, guarded: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, int | Decimal):
        page.write_number(row, place, cell, how)
    elif isinstance(cell, dt.date):
        page.write_datetime(row, place, cell, how)
    else:
        page.write_string(row, place, cell, guarded if begins_a_formula(cell) else how)
