"""A table as the answer to a request: CSV row after row as they are read, other files once they are written."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.http import FileResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header

from attise.doors.site.sheets import parquet, workbook
from attise.doors.site.sheets.columns import Sheet
from attise.doors.site.sheets.forms import FORMS, PARQUET, WORKBOOK, Form
from attise.doors.site.sheets.lines import lines

Write = Callable[[Sheet, Path, Callable[[], bool]], int]
WRITERS: Final[dict[str, Write]] = {WORKBOOK: workbook.write, PARQUET: parquet.write}
"""What is written into a file, by the word of its form; the others are lines."""


def answer(sheet: Sheet, word: str, *, days: tuple[dt.date, dt.date]) -> StreamingHttpResponse:
    """Return the file ``attise-name-first_last.ending`` of a table; ``word`` is one of ``FORMS``.

    Rows are made in the language of the request. Raises: Outage, OSError, ``file_rows``.
    """
    form = FORMS[word]
    file_name = f"attise-{sheet.name}-{'_'.join(dict.fromkeys(day.isoformat() for day in days))}.{form.ending}"
    response = _written(sheet, WRITERS[word]) if word in WRITERS else StreamingHttpResponse(in_language(sheet, form))
    response.headers["Content-Type"] = form.content_type
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name)
    return response


def write(sheet: Sheet, word: str, path: Path) -> int:
    """Write a table into a file; ``word`` is one of ``FORMS``. Returns how many rows. Raises: as ``answer``."""
    if word in WRITERS:
        return WRITERS[word](sheet, path, lambda: True)
    many = -1  # the line of titles
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in lines(sheet, FORMS[word]):
            file.write(line)
            many += 1
    return many


def in_language(sheet: Sheet, form: Form) -> Iterator[str]:
    """Return the lines of a table, made in the language of now even when they are read later."""
    language = translation.get_language() or "en"

    def made() -> Iterator[str]:
        with translation.override(language):
            yield from lines(sheet, form)

    return made()


def _written(sheet: Sheet, write: Write) -> FileResponse:
    """Return a file that is gone once it is sent."""
    with tempfile.TemporaryDirectory(prefix="attise-sheet-") as folder:
        path = Path(folder) / "sheet"
        write(sheet, path, lambda: True)
        return FileResponse(path.open("rb"))
