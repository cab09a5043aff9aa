"""Fewer rows of what hardly says anything: rows without a rare event are thinned, and stand for those left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from attise.serving.prediction.hashing import mix
from attise.serving.prediction.heads import CLICK, CONVERT, ENGAGE, NEGATIVE
from attise.serving.training.facts import Facts

RARE: Final = (CLICK, ENGAGE, CONVERT, NEGATIVE)
"""Heads whose events are all kept."""
THIN: Final = np.uint64(0x7415)


def thinned(facts: Facts, share: float, *, seed: int) -> Facts:
    """Return all rows with a rare event and about ``share`` of the others, their weights made larger by ``1 / share``.

    Which are kept is a keyed hash of the seed and the row's ad, time and place: the same rows each time.
    Raises: ValueError when ``share`` is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share is {share}: choose above 0 and at most 1")
    rare = (facts.labels[:, RARE] == 1).any(axis=1) | facts.is_late
    place = np.arange(len(facts), dtype=np.uint64)
    key = mix(THIN, np.array([seed & (1 << 64) - 1], dtype=np.uint64), facts.ads.ad_id.astype(np.uint64))
    drawn = mix(key, facts.decided_at_ms.astype(np.uint64), place) >> np.uint64(11)
    kept = rare | (drawn < np.uint64(int(share * (1 << 53))))
    found = facts.take(kept)
    return replace(found, weight=np.where(rare[kept], found.weight, found.weight / np.float32(share)))
