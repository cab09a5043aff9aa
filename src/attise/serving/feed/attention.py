"""What a viewer's attention costs: the value below which an ad is not shown, so that ads stay a set share of items.

``κ ← κ + rate · scale · (share - target) / target``, never below 0: the multiplier of "as much as can be earned while
ads are no more than a set share". Geometry (``plan``) bounds each answer; this bounds all of them together. A sandbox
has none: κ stays 0. See also: Yan and others (KDD 2020), ads among the items of a feed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from attise.kernel.limits import MINUTE_MS
from attise.serving.delivery.state import State
from attise.serving.feed.mixing import FeedAnswer

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


class AttentionMeter:
    """The price that one process goes by: counted with each answer, stepped once a minute. One thread's.

    Each process keeps ads to the target among its own items, and so do all together.
    """

    def __init__(self, target_share: float = TARGET_SHARE) -> None:
        """Begin without a price."""
        self._target = target_share
        self._attention = Attention()
        self._stepped_at_ms: int | None = None
        self._priced: tuple[State, float, State] | None = None

    @property
    def price_ecpm(self) -> float:
        """What an ad must be worth now, for 1,000 impressions in micros of the common unit."""
        return self._attention.price_ecpm

    def priced(self, state: State) -> State:
        """Return a state that asks this price of ads, or more where its policy does; the same one while it is."""
        price = max(self.price_ecpm, state.policy.attention_ecpm)
        if price == state.policy.attention_ecpm:
            return state
        known = self._priced
        if known is None or known[0] is not state or known[1] != price:
            made = replace(state, policy=replace(state.policy, attention_ecpm=price))
            known = self._priced = (state, price, made)
        return known[2]

    def saw(self, given: FeedAnswer, *, wire_ms: int) -> None:
        """Count an answer, and take the step that is due at ``wire_ms``. Cost: about 1 µs."""
        values = tuple(item.decision.winner.rank_value for item in given.ads if item.decision.winner is not None)
        self._attention = counted(self._attention, items=len(given), ad_values_ecpm=values)
        if self._stepped_at_ms is None:
            self._stepped_at_ms = wire_ms
        elif wire_ms - self._stepped_at_ms >= MINUTE_MS:
            self._stepped_at_ms = wire_ms
            self._attention = stepped(self._attention, target_share=self._target)
