"""The languages of pages and of both APIs as rooms speak them, from Django's catalogues."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language, gettext, ngettext, override

from attise.doors.site import formats
from attise.kernel.tongue import LANGUAGES, Tongue


def spoken() -> Tongue:
    """Return the language of this request; it holds as long as the request does."""
    return Tongue("fr" if formats.language_of(get_language()) == formats.FRENCH else "en", gettext, ngettext)


def in_both(say: Callable[[Tongue], str]) -> dict[str, str]:
    """Return what is said, by language, for callers who are told both."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = say(spoken())
    return said
