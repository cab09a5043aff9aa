"""Languages a viewer may read and an ad group may target.

Place: viewers and creators name them; targeting compares them; doors list them.
Owns: `data/languages.csv`, by ISO 639-1 code. French names begin without a capital, as
French writes them in a sentence.
"""

from __future__ import annotations

import msgspec

from attise.records.lookups.table import Table


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """One language by its two-letter ISO 639-1 code, in small letters."""

    code: str
    name_fr: str
    name_en: str


TABLE = Table("languages.csv", Language, lambda row: (row.code,))


def all() -> tuple[Language, ...]:  # noqa: A001 - read as `languages.all()`
    """Return every language, by code."""
    return TABLE.rows


def get(code: str) -> Language:
    """Return the language of this code. Raises: KeyError when there is none."""
    return TABLE.get(code)


def find(text: str) -> Language | None:
    """Return the language whose ISO 639-1 code is exactly `text`, or None."""
    return TABLE.find(text)
