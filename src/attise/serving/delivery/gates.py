"""What keeps an ad that was found out of the contest: cheap and exact, before anything is predicted; then its money.

Each gate marks the candidates that it stops with the number of their reason; the first reason, in the order of
``records.drops``, holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.records.drops import Drop
from attise.records.feed import ViewerContext
from attise.records.lookups import categories
from attise.serving.delivery.allowance import Allowances
from attise.serving.delivery.candidates import Candidates
from attise.serving.delivery.caps import NONE
from attise.serving.delivery.chance import PACING, draws
from attise.serving.delivery.memory import ViewerMemory
from attise.serving.delivery.offers import ENVELOPES
from attise.serving.delivery.value import THOUSAND
from attise.serving.targeting.codes import BILLING_EVENTS, BRAND_SAFETY

Drops = NDArray[np.int16]

SENSITIVE: Final = {"none": 0, "review": 1, "adult_only": 2, "banned": 3}
"""By a category's gate, how sensitive it is to stand beside a video of it."""
_MOST_BESIDE: Final = {
    "NO_BRAND_SAFETY": 3,
    "EXPANDED_INVENTORY": 2,
    "STANDARD_INVENTORY": 1,
    "LIMITED_INVENTORY": 0,
    "THIRD_PARTY": 0,
}
"""How sensitive the neighbours of an ad may be; where a third party would judge, and there is none here, not at all."""
MOST_BESIDE: Final[NDArray[np.int8]] = np.array(
    [_MOST_BESIDE.get(word, 3) for word in BRAND_SAFETY.words], dtype=np.int8
)
"""int8, by ``codes.BRAND_SAFETY``."""
REASON_OF_ENVELOPE: Final = (*(drop for _, drop in ENVELOPES), Drop.GRANT_SPEND_CAP)
PER_IMPRESSION: Final[NDArray[np.bool_]] = np.array(
    [word in {"CPM", "OCPM"} for word in BILLING_EVENTS.words], dtype=bool
)
"""bool, by ``codes.BILLING_EVENTS``: whether impressions are what is billed."""


def most_beside(inventory: str) -> int:
    """Return how sensitive the neighbours of an ad of this ``brand_safety_type`` may be."""
    return _MOST_BESIDE.get(inventory, 3)


def sensitivity_of(category_slugs: Iterable[str]) -> int:
    """Return how sensitive it is to stand among videos of these categories; one that is not known counts as none."""
    found = (categories.find(slug) for slug in category_slugs)
    return max((SENSITIVE[row.gate] for row in found if row is not None), default=0)


def stop(drop: Drops, holds: NDArray[np.bool_], reason: Drop) -> None:
    """Mark the candidates that a test stops and that none before it stopped."""
    drop[holds & (drop == NONE)] = reason


def stop_unwanted(
    drop: Drops, found: Candidates, viewer: ViewerContext, memory: ViewerMemory | None, beside: int
) -> None:
    """Stop a viewer's own ads, those they hid, and those that may not stand where the slots are."""
    if viewer.owns:
        own = np.array(viewer.owns, dtype=np.int64)
        stop(drop, _among(found.ads["creator_id"], own) | _among(found.groups["advertiser_id"], own), Drop.OWN_AD)
    if memory is not None and (memory.hidden_ads or memory.hidden_advertisers):
        ads = np.array(memory.hidden_ads, dtype=np.int64)
        advertisers = np.array(memory.hidden_advertisers, dtype=np.int64)
        hidden = _among(found.ads["ad_id"], ads) | _among(found.groups["advertiser_id"], advertisers)
        stop(drop, hidden, Drop.HIDDEN)
    if beside > 0:
        stop(drop, MOST_BESIDE[found.groups["brand_safety"]] < beside, Drop.BRAND_SAFETY)


def stop_unaffordable(
    drop: Drops,
    found: Candidates,
    kept: NDArray[np.intp],
    offer: NDArray[np.float64],
    allowances: Allowances,
    *,
    now_ms: int,
    wire_ms: int,
) -> None:
    """Stop what cannot be paid for in full at its own bid, before it sets anybody's price.

    Args: kept: int[n], the candidates that stand; offer: float64[n], theirs for 1,000 impressions. An envelope must
    have a whole price left, and this process room for what an impression is expected to cost.
    """
    if not allowances.is_fresh(wire_ms):
        drop[kept] = Drop.TOTALS_STALE
        return
    expected = np.zeros(len(kept))
    np.divide(offer, found.unit[kept] * THOUSAND, out=expected, where=found.unit[kept] > 0)
    once = np.where(
        PER_IMPRESSION[found.groups["billing_event"][kept]],
        expected,
        found.full_bid_micros[kept] * found.multiplier[kept].astype(np.float64),
    )
    places = found.envelopes[kept]
    lacks = _lacks(allowances, places, expected, once, now_ms, wire_ms)
    if not lacks.any():
        return
    poor = np.flatnonzero(lacks)
    for column, reason in enumerate(REASON_OF_ENVELOPE):
        one = np.ascontiguousarray(places[poor, column : column + 1])
        holds = np.zeros(len(drop), dtype=bool)
        holds[kept[poor]] = _lacks(allowances, one, expected[poor], once[poor], now_ms, wire_ms)
        stop(drop, holds, reason)


def stop_paced(drop: Drops, found: Candidates, seed: int) -> None:
    """Stop the groups that do not take part this time: pacing's share of contests, by a keyed hash of the seed."""
    if (found.entry < 1.0).any():
        stop(drop, draws(found.groups["adgroup_id"], seed, PACING) >= found.entry, Drop.PACED)


def _lacks(
    allowances: Allowances,
    places: NDArray[np.int32],
    expected: NDArray[np.float64],
    once: NDArray[np.float64],
    now_ms: int,
    wire_ms: int,
) -> NDArray[np.bool_]:
    rooms = allowances.rooms(places, now_ms=now_ms, wire_ms=wire_ms)
    lefts = allowances.lefts(places, now_ms=now_ms, wire_ms=wire_ms)
    found: NDArray[np.bool_] = (rooms < expected) | (lefts < once)
    return found


def _among(values: NDArray[Any], some: NDArray[np.int64]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (values[:, None] == some).any(axis=1)
    return found
