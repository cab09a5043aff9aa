"""Names of campaigns, ad groups and ads."""

from __future__ import annotations

import re
import unicodedata

from attise.kernel.errors import Refusal
from attise.kernel.limits import NAME_SIGNS
from attise.kernel.text import clean_text
from attise.management.campaigns.errors import NAME_EMOJI, NAME_TOO_LONG

_EMOJI = re.compile(
    "["
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd"
    "\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\u200d\u20e3\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
    "]"
)
"""What devices draw as emoji by themselves, and the marks that make emoji of other signs.

Signs that are text until such a mark follows (©, ™, →, ★) are text here.
"""
_WIDE = frozenset({"W", "F"})


def clean_name(value: str, *, field: str) -> str:
    """Return a name in NFC, trimmed, without emoji, 1 to 512 signs long, wide ones counting two.

    Raises: the refusals of texts, ``name_emoji``, ``name_too_long``.
    """
    emoji = find_emoji(value[: 8 * NAME_SIGNS])
    if emoji is not None:
        raise Refusal(NAME_EMOJI, field=field, character=f"U+{ord(emoji):04X}")
    name = clean_text(value, field=field, limit=NAME_SIGNS)
    signs = width(name)
    if signs > NAME_SIGNS:
        raise Refusal(NAME_TOO_LONG, field=field, got=signs, limit=NAME_SIGNS)
    return name


def find_emoji(text: str) -> str | None:
    """Return the first emoji of a text, or None."""
    found = _EMOJI.search(text)
    return None if found is None else found[0]


def width(text: str) -> int:
    """Return how many signs a text counts: two for each that Chinese, Japanese and Korean typography draws wide."""
    return sum(2 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in text)
