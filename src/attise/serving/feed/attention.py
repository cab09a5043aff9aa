"""What a viewer's attention costs: the value below which an ad is not shown, so that ads stay a set share of items.

``κ ← κ + rate · scale · (share - target) / target``, never below 0: the multiplier of "as much as can be earned while
ads are no more than a set share". Geometry (``plan``) bounds each answer; this bounds all of them together. A sandbox
has none: κ stays 0. Source: section 7 of the design notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TARGET_SHARE: Final = 0.10
"""Of items shown, those that are ads."""
RATE: Final = 0.1
LEAST_ITEMS: Final = 200
"""Fewer items say nothing about a share."""
MEMORY: Final = 0.2


@dataclass(frozen=True, slots=True)
class Attention:
    """The price, for 1,000 impressions in micros of the common unit."""

    price_ecpm: float = 0.0
    scale_ecpm: float = 0.0
    """What winners are worth about: steps of the price are shares of it."""
    items: int = 0
    """Shown since the last step, ads among them."""
    ads: int = 0
    values_ecpm: float = 0.0
    """What those ads were ranked by, in sum."""


def counted(attention: Attention, *, items: int, ad_values_ecpm: tuple[float, ...]) -> Attention:
    """Return the price after an answer of ``items`` items, with the values of its ads."""
    return Attention(
        attention.price_ecpm,
        attention.scale_ecpm,
        attention.items + items,
        attention.ads + len(ad_values_ecpm),
        attention.values_ecpm + sum(ad_values_ecpm),
    )


def stepped(attention: Attention, *, target_share: float = TARGET_SHARE) -> Attention:
    """Return the price after a step, taken about once a minute; too few items wait for the next.

    Invariants: never negative; it falls while ads are scarce, down to nothing.
    """
    if attention.items < LEAST_ITEMS:
        return attention
    scale = attention.scale_ecpm
    if attention.ads:
        worth = max(attention.values_ecpm / attention.ads, 0.0)
        scale = worth if scale <= 0 else (1 - MEMORY) * scale + MEMORY * worth
    share = attention.ads / attention.items
    price = attention.price_ecpm + RATE * scale * (share - target_share) / target_share
    return Attention(max(price, 0.0), scale)
