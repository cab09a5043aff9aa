"""A pretended language, a third longer than English: shows that pages hold longer words and that every text is marked.

Place: the style page, in debug only. A text that shows without its brackets was never given to gettext; a text that is
cut or pushes its neighbours away will be cut in some real language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.utils.translation import override, trans_real

LONGER: Final = 0.35
_ACCENTS: Final = str.maketrans("aceinouyACEINOUY", "åçéîñøûýÅÇÉÎÑØÛÝ")
_KEPT: Final = re.compile(r"(%%|%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>|&\w+;)")


def lengthen(text: str) -> str:
    """Return a text in brackets, accented and about 35 % longer; places, tags and entities are kept as they are."""
    if not text.strip():
        return text
    pieces = _KEPT.split(text)
    letters = sum(len(piece) for piece in pieces[::2])
    words = "".join(piece if place % 2 else piece.translate(_ACCENTS) for place, piece in enumerate(pieces))
    return f"[{words}{'~' * max(round(letters * LONGER) - 2, 0)}]"


class _Pseudo:
    """English's own translations, lengthened; stands where Django keeps the translations of the current language."""

    def __init__(self, english: trans_real.DjangoTranslation) -> None:
        self._english = english

    def gettext(self, message: str) -> str:
        return lengthen(self._english.gettext(message))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return lengthen(self._english.ngettext(one, many, number))

    def __getattr__(self, name: str) -> object:
        return getattr(self._english, name)


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Answer in the pretended language inside the block; numbers and dates are written as in English."""
    with override("en"):
        trans_real._active.value = _Pseudo(trans_real._active.value)  # noqa: SLF001 - Django has no door for this
        yield
