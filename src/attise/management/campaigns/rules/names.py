"""Names of campaigns, ad groups and ads."""

from __future__ import annotations

import unicodedata

from attise.kernel.errors import Refusal
from attise.kernel.limits import NAME_SIGNS
from attise.kernel.text import clean_plain_name
from attise.management.campaigns.errors import NAME_TOO_LONG

_WIDE = frozenset({"W", "F"})


def clean_name(value: str, *, field: str) -> str:
    """Return a name in NFC, trimmed, without emoji, 1 to 512 signs long, wide ones counting two.

    Raises: the refusals of texts, ``name_emoji``, ``name_too_long``.
    """
    name = clean_plain_name(value, field=field, limit=NAME_SIGNS)
    signs = width(name)
    if signs > NAME_SIGNS:
        raise Refusal(NAME_TOO_LONG, field=field, got=signs, limit=NAME_SIGNS)
    return name


def width(text: str) -> int:
    """Return how many signs a text counts: two for each that Chinese, Japanese and Korean typography draws wide."""
    return sum(2 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in text)
