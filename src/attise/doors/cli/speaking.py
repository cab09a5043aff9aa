"""In which language a command answers that answers in two, and how far a long one is."""

from __future__ import annotations

import functools
import gettext
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from attise.kernel.tongue import Language, Tongue

_NAMED_BY: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
TOLD_EVERY_S: Final = 2.0


def language_of(environ: Mapping[str, str]) -> Language:
    """Return the language of the terminal, as POSIX names it: the first variable that says one; English for others."""
    named = next((environ[name] for name in _NAMED_BY if environ.get(name)), "")
    return "fr" if named.casefold().startswith("fr") else "en"


@functools.cache
def tongue_of(language: Language) -> Tongue:
    """Return a language by the pages' own catalogue, read without Django."""
    folder = Path(__file__).parent.parent / "site/locale"
    catalogue = gettext.translation("django", folder, [language], fallback=language == "en")
    return Tongue(language, catalogue.gettext, catalogue.ngettext)


def words_of_terminal() -> Callable[[str], str]:
    """Return what turns a text of the catalogues into the terminal's language."""
    return tongue_of(language_of(os.environ)).gettext


class Progress:
    """Says on standard error how far something long is, every two seconds; nothing of what is quick."""

    def __init__(self) -> None:
        """Begin now."""
        self._told_s = time.monotonic()

    def __call__(self, name: str, done: int, whole: int) -> None:
        """Be told how far the part of this name is."""
        now_s = time.monotonic()
        if now_s - self._told_s >= TOLD_EVERY_S and whole:
            self._told_s = now_s
            sys.stderr.write(f"{name}: {100 * done // whole} %\n")
            sys.stderr.flush()
