"""Parquet: a column for each key, typed; for whoever computes with it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from attise.doors.site.sheets.columns import Column, Kind, Sheet
from attise.doors.site.sheets.forms import FORMS, PARQUET
from attise.doors.site.sheets.lines import told
from attise.measurement.reports.columnar import write_texts

ROWS_AT_ONCE: Final = 5_000
DIGITS: Final = 38
_TYPES: Final = {Kind.TEXT: "VARCHAR", Kind.COUNT: "BIGINT", Kind.DAY: "DATE"}


def write(sheet: Sheet, path: Path, is_wanted: Callable[[], bool]) -> int:
    """Write a table; returns how many rows. Raises: Outage."""
    form = FORMS[PARQUET]

    def parts() -> Iterator[list[Sequence[str | None]]]:
        rows = iter(sheet.rows)
        while is_wanted() and (part := list(itertools.islice(rows, ROWS_AT_ONCE))):
            yield [[None if cell is None else told(cell, form) for cell in row] for row in part]

    return write_texts(path, {column.key: _type(column) for column in sheet.columns}, parts())


def _type(column: Column) -> str:
    return _TYPES.get(column.kind) or f"DECIMAL({DIGITS}, {column.kept_places})"
