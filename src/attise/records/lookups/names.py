"""The name of a row in the language of the person who reads it.

Place: beside the tables; doors call it. Holds no sentence: names only.
"""

from __future__ import annotations

from typing import Final, Literal, Protocol

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")


class Named(Protocol):
    """A row that has a French and an English name."""

    @property
    def name_fr(self) -> str:
        """The French name."""

    @property
    def name_en(self) -> str:
        """The English name."""


def name(row: Named, language: str) -> str:
    """Return the row's name in `language`, which is `fr` or `en`.

    Raises: ValueError for any other language: doors choose between the two before.
    """
    if language == "fr":
        return row.name_fr
    if language == "en":
        return row.name_en
    raise ValueError(f"names exist in {' and '.join(LANGUAGES)}, not in {language!r}")
