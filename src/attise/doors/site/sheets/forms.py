"""The kinds of file that a table can be had as."""

from __future__ import annotations

from typing import Final, NamedTuple


class Form(NamedTuple):
    """One kind of file."""

    ending: str
    content_type: str
    separator: str = ""
    """Of CSV alone."""
    decimal_sign: str = "."


FRENCH, INTERNATIONAL, WORKBOOK, PARQUET = "fr", "intl", "xlsx", "parquet"
_CSV: Final = "text/csv; charset=utf-8"
FORMS: Final[dict[str, Form]] = {
    FRENCH: Form("csv", _CSV, ";", ","),
    INTERNATIONAL: Form("csv", _CSV, ","),
    WORKBOOK: Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    PARQUET: Form("parquet", "application/vnd.apache.parquet"),
}
"""By the word of an address."""


def read(word: str) -> str:
    """Return the word of a form, that of international CSV where it is none."""
    return word if word in FORMS else INTERNATIONAL
