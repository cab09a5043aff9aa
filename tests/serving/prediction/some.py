"""Ads, viewers and models for tests of prediction: arbitrary, and the same each time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from attise.records.feed import ViewerContext
from attise.serving.prediction.features import AdFacts
from attise.serving.prediction.heads import COUNT, IMPRESSIONS, WIDTH
from attise.serving.prediction.history import Counts, ids_of
from attise.serving.prediction.model import Header, Model, cold_model

VIEWER = ViewerContext(
    pseudonym="p",
    age=30,
    gender="FEMALE",
    country="FR",
    region="FR-IDF",
    language="fr",
    os="IOS",
    device_price=700,
    interests=("100102", "1005", "1009"),
    follows=(3, 5, 12),
    may_profile=True,
)
NOW_MS = 1_795_000_000_000
NOTHING = Counts(np.zeros(0, dtype=np.int64), np.zeros((0, WIDTH), dtype=np.float32))


def ads(count: int = 200, seed: int = 1) -> AdFacts:
    """Return ads of a few advertisers; every third has no post."""
    drawn = np.random.default_rng(seed)
    number = np.arange(count)

    def words(most: int):
        return drawn.integers(1, most, count).astype(np.uint64)

    return AdFacts(
        ad_id=number + 1,
        campaign_id=number // 4 + 1,
        advertiser_id=number // 20 + 1,
        post_id=np.where(number % 3 > 0, number + 1_000, 0),
        creator_id=np.where(number % 3 > 0, number % 17 + 1, 0),
        category=words(20),
        objective=words(7),
        kind=words(3),
        language=words(5),
        duration_ms=drawn.integers(4_000, 100_000, count),
        goal=drawn.integers(0, COUNT, count).astype(np.uint8),
    )


def learned(slots_log2: int = 14, seed: int = 2, *, of: AdFacts | None = None) -> Model:
    """Return a model with arbitrary weights; it knows every second ad."""
    drawn = np.random.default_rng(seed)
    cold = cold_model(slots_log2)
    known = (ads() if of is None else of).take(slice(None, None, 2))
    history = []
    for ids in ids_of(known):
        kept = np.unique(ids)
        rows = drawn.integers(0, 9, (len(kept), WIDTH)).astype(np.float32)
        rows[:, IMPRESSIONS] = drawn.integers(1, 900, len(kept))
        history.append(Counts(kept, rows))
    return replace(
        cold,
        header=Header(version=3, made_at_ms=NOW_MS, rows=10, heads=cold.header.heads, features=cold.header.features),
        weights=drawn.normal(0, 0.2, cold.weights.shape).astype(np.float32),
        precision=(1 + 40 * drawn.random(cold.weights.shape)).astype(np.float32),
        history=tuple(history),
    )
