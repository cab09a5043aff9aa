"""A list as a file for a spreadsheet: its separator is the reader's, and no cell of it is ever taken for a formula."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from attise.doors.site import formats
from attise.kernel.cells import safe
from attise.kernel.money import format_amount
from attise.records.lookups import currencies

SEPARATORS = {"fr": ";", "intl": ","}
FORMATS: dict[str, tuple[Promise, Promise]] = {
    "fr": (_("French"), _("Columns apart by ;")),
    "intl": (_("International"), _("Columns apart by ,")),
}
"""What each format is called, and what it means."""
BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets tell UTF-8."""


def options(language: str) -> list[dict[str, Any]]:
    """Return the formats as ``parts/choices.html`` takes them; the one of the page's language is chosen."""
    chosen = "fr" if formats.language_of(language) == formats.FRENCH else "intl"
    return [
        {"value": name, "label": label, "detail": detail, "checked": name == chosen}
        for name, (label, detail) in FORMATS.items()
    ]


def answer(
    name: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, form: str, day: dt.date
) -> StreamingHttpResponse:
    """Return the file ``attise-name-day.csv``, row after row as they are read; ``form`` is one of ``FORMATS``.

    Rows are made in the language of the page that asked. Invariants: UTF-8 with its mark, every cell in quotes.
    """
    written = _written(header, rows, SEPARATORS.get(form, ","), translation.get_language() or "en")
    response = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"attise-{name}-{day.isoformat()}.csv"
    )
    return response


def amount(micros: int | None, currency: str, *, form: str) -> str:
    """Return an amount as a plain number with the decimals of its currency, and the decimal sign of the format."""
    if micros is None:
        return ""
    text = format_amount(micros, exponent=currencies.get(currency).exponent)
    return text.replace(".", ",") if form == "fr" else text


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _written(header: Sequence[str], rows: Iterable[Sequence[str]], separator: str, language: str) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=separator, quoting=csv.QUOTE_ALL)
    with translation.override(language):
        yield BYTE_ORDER_MARK + writer.writerow([safe(cell) for cell in header])
        for row in rows:
            yield writer.writerow([safe(cell) for cell in row])
