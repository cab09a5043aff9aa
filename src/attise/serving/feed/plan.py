"""Where in an answer ads may stand: geometry alone, before anybody bids. Pure."""

from __future__ import annotations

from typing import Final

FIRST_AD: Final = 3
"""The index, in a session, before which no ad stands."""
GAP: Final = 5
"""Organic posts between two ads, at least; across the answers of a session too."""


def slots_of(count: int, *, stock: int, shown: int = 0, since_ad: int | None = None) -> tuple[int, ...]:
    """Return the indexes of an answer at which an ad may stand, rising.

    Args: count: items wanted; stock: organic posts there are for it; shown: items that this session has shown before;
    since_ad: of them, those after its last ad, None when there was none.
    Invariants: an index of the session is never below ``FIRST_AD``; gaps are never below ``GAP``. There are posts
    enough to stand before each slot even if every ad shows one of them.
    """
    found: list[int] = []
    next_free = max(FIRST_AD - shown, 0 if since_ad is None else GAP - since_ad, 0)
    while next_free < min(count, stock):
        found.append(next_free)
        next_free += GAP + 1
    return tuple(found)
