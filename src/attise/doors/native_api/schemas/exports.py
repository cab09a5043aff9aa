"""Kinds of files."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from attise.doors.site.sheets.forms import FORMS, FRENCH, INTERNATIONAL, PARQUET, WORKBOOK

FileForm = Annotated[
    Literal["csv", "csv_fr", "xlsx", "parquet"],
    Field(description="csv_fr: columns apart by semicolons, decimal commas; either CSV is UTF-8 with its mark."),
]
WORDS: Final[dict[str, str]] = {"csv": INTERNATIONAL, "csv_fr": FRENCH, "xlsx": WORKBOOK, "parquet": PARQUET}
"""The form of ``sheets`` that a caller's word means."""
FILES: Final = tuple(dict.fromkeys(form.content_type.partition(";")[0] for form in FORMS.values()))
"""Content types that a table comes as."""
