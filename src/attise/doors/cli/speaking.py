"""In which language a command answers that answers in two."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, Language]] = ("fr", "en")
_NAMED_BY: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(environ: Mapping[str, str]) -> Language:
    """Return the language of the terminal, as POSIX names it: the first variable that says one; English for others."""
    named = next((environ[name] for name in _NAMED_BY if environ.get(name)), "")
    return "fr" if named.casefold().startswith("fr") else "en"


def catalogue_of(language: Language) -> gettext.NullTranslations:
    """Return the catalogue of a language; the pages' own, read without Django."""
    folder = Path(__file__).parent.parent / "site/locale"
    return gettext.translation("django", folder, [language], fallback=language == "en")
