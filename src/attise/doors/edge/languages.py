"""The language of a request: the cookie that a person chose by, then what their browser asks for."""

from __future__ import annotations

import re

COOKIE = "attise-language"
LANGUAGES = ("en", "fr")
LONGEST = 1_000
"""Characters of a header that are looked at."""

_CHOSEN = re.compile(rf"(?:^|;)\s*{COOKIE}=(fr|en)\s*(?:;|$)")
_WISH = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]{1,20})?\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?")


def language_of(cookie: str, accepted: str) -> str:
    """Return ``fr`` or ``en``, English when neither is wished for."""
    chosen = _CHOSEN.search(cookie[:LONGEST])
    if chosen:
        return chosen[1]
    best, best_weight = LANGUAGES[0], 0.0
    for wish in accepted[:LONGEST].split(","):
        match = _WISH.fullmatch(wish)
        if match is None or match[1].lower() not in LANGUAGES:
            continue
        weight = float(match[2]) if match[2] else 1.0
        if weight > best_weight:
            best, best_weight = match[1].lower(), weight
    return best
