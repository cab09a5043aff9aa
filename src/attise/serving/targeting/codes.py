"""Words that are numbers in the rows of an index, alike in every segment and process of a release.

0 is an unknown or absent word, always. A file of an index says which lists it was made with, so lists may grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.records.lookups import categories, currencies


class Codes:
    """Numbers of some words, from 1."""

    def __init__(self, words: Iterable[str]) -> None:
        """Give each its number, in their order."""
        self.words: Final = ("", *words)
        self._numbers: Final = {word: number for number, word in enumerate(self.words)}

    def __getitem__(self, word: str) -> int:
        """Return the number of a word, 0 for one that is not known."""
        return self._numbers.get(word, 0)

    def name(self, number: int) -> str:
        """Return the word of a number."""
        return self.words[number]

    def of_words(self, words: Sequence[str], numbers: NDArray[Any]) -> NDArray[np.uint8]:
        """Return, for a column of a table whose texts are ``words``, the same texts by our numbers."""
        found: NDArray[np.uint8] = np.array([self[word] for word in words] or [0], dtype=np.uint8)[numbers]
        return found


KINDS: Final = Codes(("spark", "push", "standard"))
GATES: Final = Codes(("none", "review", "adult_only", "banned"))
OBJECTIVES: Final = Codes(
    ("REACH", "VIDEO_VIEWS", "TRAFFIC", "ENGAGEMENT", "WEB_CONVERSIONS", "LEAD_GENERATION", "APP_PROMOTION")
)
GOALS: Final = Codes(
    (
        *("REACH", "ENGAGED_VIEW", "ENGAGED_VIEW_FIFTEEN", "VIDEO_VIEW", "CLICK", "TRAFFIC_LANDING_PAGE_VIEW"),
        *("FOLLOWERS", "PAGE_VISIT", "CONVERT", "VALUE", "LEAD_GENERATION", "INSTALL", "IN_APP_EVENT"),
    )
)
BILLING_EVENTS: Final = Codes(("CPM", "CPC", "CPV", "OCPM"))
BID_TYPES: Final = Codes(("BID_TYPE_CUSTOM", "BID_TYPE_NO_BID"))
PACINGS: Final = Codes(("PACING_MODE_SMOOTH", "PACING_MODE_FAST"))
BUDGET_MODES: Final = Codes(
    ("BUDGET_MODE_DAY", "BUDGET_MODE_TOTAL", "BUDGET_MODE_DYNAMIC_DAILY_BUDGET", "BUDGET_MODE_INFINITE")
)
FOLLOWERS: Final = Codes(("any", "only", "excluded"))
BRAND_SAFETY: Final = Codes(
    ("NO_BRAND_SAFETY", "EXPANDED_INVENTORY", "STANDARD_INVENTORY", "LIMITED_INVENTORY", "THIRD_PARTY")
)


@cache
def category_codes() -> Codes:
    """Return the numbers of categories of advertisers and posts."""
    return Codes(row.slug for row in categories.all())


@cache
def currency_codes() -> Codes:
    """Return the numbers of currencies."""
    return Codes(row.code for row in currencies.all())


def all_words() -> list[tuple[str, ...]]:
    """Return every list, for what must know whether two releases mean the same numbers."""
    fixed = (KINDS, GATES, OBJECTIVES, GOALS, BILLING_EVENTS, BID_TYPES, PACINGS, BUDGET_MODES, FOLLOWERS, BRAND_SAFETY)
    return [codes.words for codes in (*fixed, category_codes(), currency_codes())]
