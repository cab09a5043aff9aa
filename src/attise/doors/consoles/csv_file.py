"""A list as a file for a spreadsheet: its separator is the reader's, and no cell of it is ever taken for a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from attise.doors.site import formats
from attise.doors.site.sheets.forms import FORMS, FRENCH, INTERNATIONAL, PARQUET, WORKBOOK, read
from attise.doors.site.sheets.lines import text_lines
from attise.kernel.money import exact_amount
from attise.records.lookups import currencies

_WORDS: dict[str, tuple[Promise | str, Promise]] = {
    FRENCH: (_("French CSV"), _("Semicolons and decimal commas")),
    INTERNATIONAL: (_("International CSV"), _("Commas and decimal points")),
    WORKBOOK: ("XLSX", _("For spreadsheets")),
    PARQUET: ("Parquet", _("For analysis tools")),
}
"""What each form is called, and what it means."""


def options(language: str, *, is_table: bool = False) -> list[dict[str, Any]]:
    """Return the forms as ``parts/choices.html`` takes them; the CSV of the page's language is chosen.

    A table (``sheets``) can be had in all of them, a list of texts as CSV.
    """
    chosen = FRENCH if formats.language_of(language) == formats.FRENCH else INTERNATIONAL
    return [
        {"value": name, "label": label, "detail": detail, "checked": name == chosen}
        for name, (label, detail) in _WORDS.items()
        if is_table or FORMS[name].separator
    ]


def answer(
    name: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, form: str, day: dt.date
) -> StreamingHttpResponse:
    """Return the file ``attise-name-day.csv``, row after row as they are read; ``form`` is a word of ``FORMS``.

    Rows are made in the language of the page that asked. Invariants: UTF-8 with its mark, every cell in quotes.
    """
    separator = FORMS[read(form)].separator or FORMS[INTERNATIONAL].separator
    written = _written(header, rows, separator, translation.get_language() or "en")
    response = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"attise-{name}-{day.isoformat()}.csv"
    )
    return response


def amount(micros: int | None, currency: str, *, form: str) -> str:
    """Return an amount as a plain number, exact, and with the decimal sign of the format."""
    if micros is None:
        return ""
    text = f"{exact_amount(micros, exponent=currencies.get(currency).exponent):f}"
    return text.replace(".", FORMS[read(form)].decimal_sign)


def _written(header: Sequence[str], rows: Iterable[Sequence[str]], separator: str, language: str) -> Iterator[str]:
    with translation.override(language):
        yield from text_lines(header, rows, separator)
