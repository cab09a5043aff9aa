"""How often a viewer saw what is on offer, and whether that is often enough.

Sliding windows over what is remembered (``memory``): an impression counts from its answer until exactly the span of the
cap later. Pure, on plain arrays. An ad group's own frequency stands in the place of the house's caps per ad and per
campaign; the cap per advertiser, and the time between two of its ads, hold for all.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS
from attise.records.drops import Drop
from attise.serving.delivery.policy import WEEK_MS, Caps

NONE: Final = -1
"""In arrays of drops: nothing against it."""
NEVER: Final = -1
"""In arrays of times since: it was not shown."""


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What one viewer's memory says of m candidates."""

    drop: NDArray[np.int16]
    """int16[m]: number of ``Drop``, or ``NONE``."""
    exposures: NDArray[np.int32]
    """int32[m]: impressions of the ad itself within 7 days."""
    since_ms: NDArray[np.int64]
    """int64[m]: since the last of them, or ``NEVER``."""


def seen_of(shown: NDArray[Any], rows: NDArray[Any], *, now_ms: int, caps: Caps) -> Seen:
    """Return how often candidates were seen and which of them were seen often enough.

    Args: shown: ``memory.EXPOSURE[n]``; rows: one for each of m candidates, with the fields ``ad_id``, ``adgroup_id``,
    ``campaign_id``, ``advertiser_id``, ``frequency`` and ``frequency_days``; now_ms: world time.
    Cost: one comparison for each pair of candidate and impression of its advertiser.
    """
    many = len(rows)
    drop = np.full(many, NONE, dtype=np.int16)
    exposures = np.zeros(many, dtype=np.int32)
    since = np.full(many, NEVER, dtype=np.int64)
    if len(shown):
        shown = shown[np.isin(shown["advertiser_id"], rows["advertiser_id"])]
    if not len(shown):
        return Seen(drop, exposures, since)
    age = now_ms - shown["at_ms"]
    of_ad = shown["ad_id"] == rows["ad_id"][:, None]
    of_group = shown["adgroup_id"] == rows["adgroup_id"][:, None]
    of_campaign = shown["campaign_id"] == rows["campaign_id"][:, None]
    of_advertiser = shown["advertiser_id"] == rows["advertiser_id"][:, None]
    exposures[:] = (of_ad & (age < WEEK_MS)).sum(axis=1)
    latest = np.where(of_ad & (age < WEEK_MS), age, WEEK_MS).min(axis=1)
    since[exposures > 0] = np.maximum(latest, 0)[exposures > 0]
    is_own = rows["frequency"] > 0
    span = rows["frequency_days"].astype(np.int64)[:, None] * DAY_MS
    tests = (
        (Drop.FREQUENCY_AD, ~is_own & (_count(of_ad, age, caps.ad.span_ms) >= caps.ad.most)),
        (Drop.FREQUENCY_CAMPAIGN, ~is_own & (_count(of_campaign, age, caps.campaign.span_ms) >= caps.campaign.most)),
        (Drop.FREQUENCY_ADVERTISER, _count(of_advertiser, age, caps.advertiser.span_ms) >= caps.advertiser.most),
        (Drop.FREQUENCY_GROUP, is_own & ((of_group & (age < span)).sum(axis=1) >= rows["frequency"])),
        (Drop.ADVERTISER_GAP, _count(of_advertiser, age, caps.advertiser_gap_ms) > 0),
    )
    for reason, holds in tests:
        drop[holds & (drop == NONE)] = reason
    return Seen(drop, exposures, since)


def _count(matches: NDArray[np.bool_], age: NDArray[np.int64], span_ms: int) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (matches & (age < span_ms)).sum(axis=1)
    return found


def reasons_of(shown: NDArray[Any], row: NDArray[Any], *, now_ms: int, caps: Caps) -> list[Drop]:
    """Return every cap that one more impression of an ad would pass, plainly: for explanations.

    Args: shown: ``memory.EXPOSURE[n]``; row: one candidate, as above.
    """

    def count(name: str, span_ms: int) -> int:
        return int(((shown[name] == row[name]) & (now_ms - shown["at_ms"] < span_ms)).sum())

    found = []
    frequency = int(row["frequency"])
    if not frequency and count("ad_id", caps.ad.span_ms) >= caps.ad.most:
        found.append(Drop.FREQUENCY_AD)
    if not frequency and count("campaign_id", caps.campaign.span_ms) >= caps.campaign.most:
        found.append(Drop.FREQUENCY_CAMPAIGN)
    if count("advertiser_id", caps.advertiser.span_ms) >= caps.advertiser.most:
        found.append(Drop.FREQUENCY_ADVERTISER)
    if frequency and count("adgroup_id", int(row["frequency_days"]) * DAY_MS) >= frequency:
        found.append(Drop.FREQUENCY_GROUP)
    if count("advertiser_id", caps.advertiser_gap_ms):
        found.append(Drop.ADVERTISER_GAP)
    return found
