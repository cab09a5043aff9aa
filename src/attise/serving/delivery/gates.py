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
from attise.serving.delivery.caps import NONE
from attise.serving.delivery.chance import PACING, draws
from attise.serving.delivery.offers import ENVELOPES
from attise.serving.delivery.value import THOUSAND
from attise.serving.targeting.codes import BILLING_EVENTS, BRAND_SAFETY

Drops = NDArray[np.int16]

SENSITIVE: Final = {"none": 0, "review": 1, "adult_only": 2, "banned": 3}
"""By a category's gate, how sensitive it is to stand beside a video of it."""
ANY_BESIDE: Final = max(SENSITIVE.values())
"""Of an ad that may stand beside anything."""
_MOST_BESIDE: Final = {
    "NO_BRAND_SAFETY": 3,
    "EXPANDED_INVENTORY": 2,
    "STANDARD_INVENTORY": 1,
    "LIMITED_INVENTORY": 0,
    "THIRD_PARTY": 0,
}
"""How sensitive the neighbours of an ad may be; where a third party would judge, and there is none here, not at all."""
MOST_BESIDE: Final[NDArray[np.int8]] = np.array(
    [_MOST_BESIDE.get(word, ANY_BESIDE) for word in BRAND_SAFETY.words], dtype=np.int8
)
"""int8, by ``codes.BRAND_SAFETY``."""
REASON_OF_ENVELOPE: Final = (*(drop for _, drop in ENVELOPES), Drop.GRANT_SPEND_CAP)
PER_IMPRESSION: Final[NDArray[np.bool_]] = np.array(
    [word in {"CPM", "OCPM"} for word in BILLING_EVENTS.words], dtype=bool
)
"""bool, by ``codes.BILLING_EVENTS``: whether impressions are what is billed."""


def most_beside(inventory: str) -> int:
    """Return how sensitive the neighbours of an ad of this ``brand_safety_type`` may be."""
    return _MOST_BESIDE.get(inventory, ANY_BESIDE)


def sensitivity_of(category_slugs: Iterable[str]) -> int:
    """Return how sensitive it is to stand among videos of these categories; one that is not known counts as none."""
    found = (categories.find(slug) for slug in category_slugs)
    return max((SENSITIVE[row.gate] for row in found if row is not None), default=0)


def stop(drop: Drops, holds: NDArray[np.bool_], reason: Drop) -> None:
    """Mark the candidates that a test stops and that none before it stopped."""
    drop[holds & (drop == NONE)] = reason


def stop_unwanted(drop: Drops, rows: NDArray[Any], viewer: ViewerContext, beside: int) -> None:
    """Stop a viewer's own ads, those they hid, and those that may not stand where the slots are.

    Args: rows: ``candidates.CANDIDATE[m]``, as below.
    """
    if viewer.owns:
        own = np.array(viewer.owns, dtype=np.int64)
        stop(drop, _among(rows["creator_id"], own) | _among(rows["advertiser_id"], own), Drop.OWN_AD)
    if viewer.hidden_ads or viewer.hidden_advertisers:
        ads, advertisers = (np.array(ids, np.int64) for ids in (viewer.hidden_ads, viewer.hidden_advertisers))
        stop(drop, _among(rows["ad_id"], ads) | _among(rows["advertiser_id"], advertisers), Drop.HIDDEN)
    if beside > 0:
        stop(drop, MOST_BESIDE[rows["brand_safety"]] < beside, Drop.BRAND_SAFETY)


def stop_paced(drop: Drops, rows: NDArray[Any], seed: int) -> None:
    """Stop the groups that do not take part this time: pacing's share of contests, by a keyed hash of the seed."""
    if (rows["entry"] < 1.0).any():
        stop(drop, draws(rows["adgroup_id"], seed, PACING) >= rows["entry"], Drop.PACED)


def stop_unaffordable(
    drop: Drops,
    rows: NDArray[Any],
    offer: NDArray[np.float64],
    rooms: NDArray[np.int64],
    lefts: NDArray[np.int64],
) -> None:
    """Stop what cannot be paid for in full at its own bid, before it sets anybody's price.

    Args: offer: float64[m], for 1,000 impressions; rooms, lefts: int64[places] of ``Allowances.by_place``. An envelope
    must have a whole price left, and this process room for what an impression is expected to cost.
    """
    expected = np.divide(offer, rows["unit"] * THOUSAND, out=np.zeros(len(rows)), where=rows["unit"] > 0)
    whole = rows["full_bid_micros"] * rows["multiplier"].astype(np.float64)
    once = np.where(PER_IMPRESSION[rows["billing_event"]], expected, whole)
    for column, reason in enumerate(REASON_OF_ENVELOPE):
        place = rows["envelopes"][:, column]
        stop(drop, (rooms[place] < expected) | (lefts[place] < once), reason)


def reasons_of_money(row: NDArray[Any], offer: float, rooms: NDArray[np.int64], lefts: NDArray[np.int64]) -> list[Drop]:
    """Return every envelope that keeps one ad from being paid for, by its reason: for explanations."""
    expected = offer / (float(row["unit"]) * THOUSAND) if row["unit"] > 0 else 0.0
    whole = int(row["full_bid_micros"]) * float(row["multiplier"])
    once = expected if PER_IMPRESSION[row["billing_event"]] else whole
    places = row["envelopes"].tolist()
    lacking = [
        reason
        for place, reason in zip(places, REASON_OF_ENVELOPE, strict=True)
        if rooms[place] < expected or lefts[place] < once
    ]
    return list(dict.fromkeys(lacking))


def _among(values: NDArray[Any], some: NDArray[np.int64]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (values[:, None] == some).any(axis=1)
    return found
