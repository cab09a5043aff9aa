"""What the best constant would have done, once a day is over: what pacing is measured against, and where it may begin.

Source: Balseiro and Gur (2019): for second prices a constant multiplier is the optimum of a day that is known whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attise.serving.delivery.pacing.curve import Floats


@dataclass(frozen=True)
class Best:
    """A constant: ``multiplier`` of the bid or of taking part, what it spends and what it brings."""

    multiplier: float
    spent: float
    value: float


def best_multiplier(values: Floats, prices: Floats, budget: float) -> Best:
    """Return the constant λ that spends a budget, where an auction is won if ``λ · value >= price``.

    Args: values, prices: float64[n], of each auction what the impression is worth (the full offer) and what must be
    paid for it; budget in the same unit. λ is at most 1. Cost: a sort.
    """
    ratio = np.divide(prices, values, out=np.full(len(prices), np.inf), where=values > 0)
    order = np.argsort(ratio, kind="stable")
    spent = np.cumsum(prices[order])
    won = min(int(np.searchsorted(spent, budget, side="right")), int((ratio <= 1).sum()))
    if won == 0:
        return Best(0.0, 0.0, 0.0)
    return Best(float(ratio[order[won - 1]]), float(spent[won - 1]), float(values[order[:won]].sum()))


def best_entry(values: Floats, prices: Floats, budget: float) -> Best:
    """Return the constant share of auctions to take part in, at full bids: arguments as for ``best_multiplier``."""
    won = prices <= values
    spent, value = float(prices[won].sum()), float(values[won].sum())
    share = min(1.0, budget / spent) if spent > 0 else 1.0
    return Best(share, spent * share, value * share)


def first_multiplier(values: Floats, prices: Floats, budget: float, auctions: float, *, slow: float = 0.8) -> float:
    """Return where a new budget's λ begins, from a sample of the auctions that it may meet.

    Args: auctions: how many such are forecast for its day; slow: more selective than the sample says, since it says
    little of today. Result: in 0..1; ``slow`` where the sample is empty.
    """
    if not len(values) or auctions <= 0:
        return slow
    return min(1.0, slow * max(best_multiplier(values, prices, budget * len(values) / auctions).multiplier, 1e-3))
