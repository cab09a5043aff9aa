"""Logs of ad impressions for tests of learning: a small world of clicks with a known truth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

START_MS = 1_795_000_000_000
INTERESTS = ("1001", "1002", "1003", "1004", "1005")
CATEGORIES = ("beauty_care", "fashion", "food_drink", "home_garden", "sport")


def click_log(rows: int = 20_000, *, ads: int = 60, seed: int = 1, minutes: int = 1) -> dict[str, Any]:
    """Return columns of impressions: an ad's own rate, and a liking where an interest meets the ad's category."""
    drawn = np.random.default_rng(seed)
    quality = np.random.default_rng(99).normal(0, 0.7, 1_000)
    ad = drawn.integers(0, ads, rows)
    likes = drawn.integers(0, len(INTERESTS), rows)
    category = ad % len(CATEGORIES)
    truth = -2.2 + quality[ad] + 1.2 * (likes == category)
    click = drawn.random(rows) < 1 / (1 + np.exp(-truth))
    convert = click & (drawn.random(rows) < 0.3)
    return {
        "ad_id": ad + 1,
        "campaign_id": ad // 2 + 1,
        "advertiser_id": ad // 10 + 1,
        "post_id": ad + 1_001,
        "creator_id": ad % 7 + 1,
        "category": np.array(CATEGORIES)[category],
        "objective": np.array(["TRAFFIC"] * rows),
        "kind": np.array(["spark"] * rows),
        "goal": np.array(["CLICK"] * rows),
        "duration_ms": 5_000 + 700 * ad,
        "decided_at_ms": START_MS + np.arange(rows) * 60_000 * minutes,
        "viewer_age": drawn.integers(16, 70, rows),
        "viewer_gender": np.array(["FEMALE", "MALE"])[drawn.integers(0, 2, rows)],
        "viewer_country": np.array(["FR", "BE"])[drawn.integers(0, 2, rows)],
        "viewer_interests": np.array(INTERESTS)[likes],
        "viewer_interests.starts": np.arange(rows + 1),
        "organic_impressions": np.full(rows, 400),
        "organic_complete": 40 + ad,
        "click": click.astype(np.int8),
        "complete": (drawn.random(rows) < 0.2).astype(np.int8),
        "convert": convert.astype(np.int8),
    }


def truth_of(columns: dict[str, Any]) -> NDArray[np.float64]:
    """Return the rate of clicks that each row was drawn with."""
    ad = columns["ad_id"] - 1
    quality = np.random.default_rng(99).normal(0, 0.7, 1_000)[ad]
    meets = np.array(INTERESTS)[ad % len(CATEGORIES)] == columns["viewer_interests"]
    return 1 / (1 + np.exp(-(-2.2 + quality + 1.2 * meets)))
