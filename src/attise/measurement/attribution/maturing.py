"""How many conversions are still to come of clicks so young that they may yet convert. Pure.

Without it every noon looks dear to whoever holds a target cost: what was spent since midnight is known, what it brings
is not. Of each click that has not converted, ``r (1 - F) / (1 - r F)`` are expected, ``r`` being the rate of clicks
that ever convert and ``F`` the share of those that have by its age. Both are of the ad group's own last days: its mean
delay gives ``F = 1 - exp(-age / mean)``, and what converted among the clicks old enough gives ``r``. Of delays of many
hours the longest are never seen, so that the sum is a sixth too low for six hours, and right for one.

Source: Chapelle (2014), *Modeling Delayed Feedback in Display Advertising*, whose delays are exponential too.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Final, NamedTuple

from attise.kernel.limits import HOUR_MS

USUAL_RATE: Final = 0.02
"""Of clicks that convert, and below the delay, before anything is known of a group; each weighs as much as the next
number says: so many clicks, so many conversions."""
USUAL_CLICKS: Final = 20
USUAL_DELAY_MS: Final = HOUR_MS
USUAL_CONVERSIONS: Final = 2


class Quarter(NamedTuple):
    """A quarter of an hour of an ad group, by the time of its decisions (world time)."""

    quarter_ms: int
    clicks: int
    conversions: int
    delay_ms: int
    """From the decision to what happened, of all of them together."""


def due_milli(quarters: Sequence[Quarter], *, since_ms: int, now_ms: int) -> int:
    """Return the thousandths of conversions that are still to be expected of decisions since ``since_ms``.

    ``quarters`` are those of some days, in any order. Invariants: 0 or more; no more than clicks that did not convert.
    """
    conversions = sum(one.conversions for one in quarters)
    delay_ms = sum(one.delay_ms for one in quarters) + USUAL_CONVERSIONS * USUAL_DELAY_MS
    mean_ms = max(delay_ms / (conversions + USUAL_CONVERSIONS), 1.0)
    shares = [1 - exp(-max(now_ms - one.quarter_ms, 0) / mean_ms) for one in quarters]
    old_enough = sum(one.clicks * share for one, share in zip(quarters, shares, strict=True))
    rate = min((conversions + USUAL_RATE * USUAL_CLICKS) / (old_enough + USUAL_CLICKS), 1.0)
    due = 0.0
    for one, share in zip(quarters, shares, strict=True):
        if one.quarter_ms >= since_ms and one.clicks > one.conversions:
            waiting = one.clicks - one.conversions
            due += waiting * rate * (1 - share) / max(1 - rate * share, 1e-9)
    return round(due * 1_000)
