"""A language as rooms speak it: what turns a message id into it, and how it writes numbers and months. Pure.

Rooms say things in English message ids (``errors.N_``), which are looked up in the one pair of catalogues. A door that
knows the reader hands over the tongue: from the catalogues themselves in a command, from Django on pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, Language]] = ("fr", "en")
NARROW, HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_FRENCH_SIGNS: Final = str.maketrans({",": NARROW, ".": ","})


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language, by whom texts are looked up in it: ``gettext(id)``, ``ngettext(one, many, count)``."""

    language: Language
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    def number(self, text: str) -> str:
        """Return a number, written as in English (``1,234.5``), with this language's own signs."""
        return text.translate(_FRENCH_SIGNS) if self.language == "fr" else text

    def percent(self, text: str) -> str:
        """Return the same number as a percentage."""
        return self.number(text) + (f"{HARD}%" if self.language == "fr" else "%")


ENGLISH: Final = Tongue("en", str, lambda one, many, count: one if count == 1 else many)
"""Message ids as they are: for programs, and for who has no catalogue."""
