"""What has happened so far, counted: by ad, campaign, advertiser, post, creator and category.

A row of counts is float32[8]: events of each head, impressions, clicks (``heads``). They are kept with the model, as of
its version, and are both what priors are made of and what tells a newcomer from an acquaintance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction.features import AdFacts, video_of
from attise.serving.prediction.heads import WIDTH

LEVELS: Final = ("ad", "campaign", "advertiser", "post", "creator", "category")
AD, CAMPAIGN, ADVERTISER, POST, CREATOR, CATEGORY = range(len(LEVELS))
FORGET_DAYS: Final = 30.0
"""Counts are halved in so many days: tastes and creatives wear out."""


@dataclass(frozen=True)
class Counts:
    """Counts of one level: ``ids`` int64[n], rising, and ``rows`` float32[n, 8]."""

    ids: NDArray[np.int64]
    rows: NDArray[np.float32]

    def of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the counts of some ids, float32[m, 8]; zeros for one that was never met. Cost: O(m log n)."""
        places, known = self.places_of(ids)
        found = np.zeros((len(ids), WIDTH), dtype=np.float32)
        found[known] = self.rows[places[known]]
        return found

    def places_of(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return where ids are, and which of them are there."""
        if not len(self.ids):
            return np.zeros(len(ids), dtype=np.intp), np.zeros(len(ids), dtype=bool)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return places, self.ids[places] == ids

    def with_ids(self, ids: NDArray[np.int64]) -> Counts:
        """Return counts that have a row of their own memory for every one of these ids too."""
        together = np.union1d(self.ids, ids)
        rows = np.zeros((len(together), WIDTH), dtype=np.float32)
        rows[np.searchsorted(together, self.ids)] = self.rows
        return Counts(together, rows)

    def faded(self, days: float) -> Counts:
        """Return the counts as they weigh ``days`` later."""
        return Counts(self.ids, (self.rows * np.float32(0.5 ** (max(days, 0.0) / FORGET_DAYS))).astype(np.float32))


History = tuple[Counts, ...]
"""One ``Counts`` for each of ``LEVELS``."""


def no_history() -> History:
    """Return the history of a new house."""
    return tuple(Counts(np.zeros(0, dtype=np.int64), np.zeros((0, WIDTH), dtype=np.float32)) for _ in LEVELS)


def ids_of(ads: AdFacts) -> tuple[NDArray[np.int64], ...]:
    """Return the id of each ad at each level, in the order of ``LEVELS``."""
    category = ads.category.astype(np.int64)
    return (ads.ad_id, ads.campaign_id, ads.advertiser_id, video_of(ads), ads.creator_id, category)


def counts_of(history: History, ads: AdFacts) -> NDArray[np.float32]:
    """Return what is counted of ads, float32[n, 6, 8], by level."""
    return np.stack([counts.of(ids) for counts, ids in zip(history, ids_of(ads), strict=True)], axis=1)
