"""The ad part of every ad of an index, computed once for a version of the model: what a decision then only reads.

Made aside by whoever loads a snapshot or a model, and swapped in with it. 80 bytes an ad: 32 of scores, 32 of keys for
crosses, 16 of doubt. The scores alone, through the model's map, are what an ad's rate is for nobody in particular: the
static bound is made from them (``rates``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel import lines
from attise.records.durations import duration_group
from attise.records.totals import PostTotals
from attise.serving.prediction import calibration
from attise.serving.prediction.features import EXPLORES, AdFacts, Words, ad_keys, ad_part, video_of
from attise.serving.prediction.hashing import code_of
from attise.serving.prediction.heads import (
    CLICK,
    COMPLETE,
    CONVERT,
    ENGAGE,
    IMPRESSIONS,
    NEGATIVE,
    VIEW_6S,
    WIDTH,
)
from attise.serving.prediction.history import AD, ADVERTISER, CAMPAIGN, CREATOR, POST, Counts, counts_of
from attise.serving.prediction.model import LAMBDA2, Model
from attise.serving.prediction.priors import organic_lifts, prior_logits
from attise.serving.prediction.thompson import is_new, spread_of

ADS_AT_ONCE: Final = 1 << 15
OWN: Final = 0
"""Column of ``features.ad_part`` where an ad's own id is."""
SEEN_LEVELS: Final = (AD, CAMPAIGN, ADVERTISER, POST, CREATOR)
GOALS: Final = {
    "REACH": CLICK,
    "ENGAGED_VIEW": VIEW_6S,
    "ENGAGED_VIEW_FIFTEEN": VIEW_6S,
    "VIDEO_VIEW": VIEW_6S,
    "CLICK": CLICK,
    "TRAFFIC_LANDING_PAGE_VIEW": CLICK,
    "FOLLOWERS": ENGAGE,
    "PAGE_VISIT": ENGAGE,
    "CONVERT": CONVERT,
    "VALUE": CONVERT,
    "LEAD_GENERATION": CONVERT,
    "INSTALL": CONVERT,
    "IN_APP_EVENT": CONVERT,
}
"""The head that stands for an ad group's optimization goal."""


@dataclass(frozen=True)
class AdTable:
    """One segment's ads in its own order; immutable."""

    alone: NDArray[np.float32]
    """float32[n, 8]: log-odds that the ad alone accounts for, the prior included."""
    keys: Words
    """uint32[n, 8]: ``features``."""
    spread: NDArray[np.float16]
    """float16[n, 8]: how unsure the ad's own level is, by head, in logits² (``thompson.spread_of``)."""
    ad_ids: NDArray[np.int64]

    def __len__(self) -> int:
        """Return n."""
        return len(self.ad_ids)

    def ordered(self, places: NDArray[np.integer]) -> AdTable:
        """Return the same ads in another order: those of these places."""
        columns = (self.alone, self.keys, self.spread, self.ad_ids)
        return AdTable(*(lines.whole(column[places]) for column in columns))

    def rates(self, model: Model) -> NDArray[np.float32]:
        """Return each head's calibrated rate for a viewer of whom nothing is known, float32[n, 6]. O(n)."""
        return calibration.apply(model.grid, self.alone)


def make_table(model: Model, ads: AdFacts, records: Counts) -> AdTable:
    """Return the table of ads under a model.

    Args: records: what the feed counted of each post (``organic_records``), by post id. Cost: about 3 µs an ad.
    """
    parts = [
        _part(model, ads.take(slice(begin, begin + ADS_AT_ONCE)), records) for begin in range(0, len(ads), ADS_AT_ONCE)
    ]
    if not parts:
        empty = np.zeros((0, WIDTH))
        return AdTable(
            empty.astype(np.float32), empty.astype(np.uint32), empty.astype(np.float16), np.zeros(0, dtype=np.int64)
        )
    return AdTable(*(lines.whole(np.concatenate(columns)) for columns in zip(*parts, strict=True)))


def _part(model: Model, ads: AdFacts, records: Counts) -> tuple[NDArray[Any], ...]:
    counts = counts_of(model.history, ads)
    groups = duration_group(ads.duration_ms)
    found = records.of(video_of(ads))
    features = ad_part(
        ads,
        model.slots_log2,
        seen=counts[:, list(SEEN_LEVELS), IMPRESSIONS],
        organic=organic_lifts(model.base, found, groups),
        organic_seen=found[:, IMPRESSIONS],
    )
    alone = prior_logits(model.base, counts, found, groups)
    for column in range(features.slots.shape[1]):
        slots, values = features.slots[:, column], features.values[:, column : column + 1]
        alone += model.weights[slots] * values
    known = counts[:, AD, IMPRESSIONS] > 0
    own = np.where(known[:, None], model.precision[features.slots[:, OWN]] - np.float32(LAMBDA2), np.float32(0))
    keys = ad_keys(ads)
    keys[:, EXPLORES] = is_new(counts[:, AD], ads.goal)
    return alone, keys, spread_of(own).astype(np.float16), ads.ad_id


def organic_records(posts: Sequence[PostTotals]) -> Counts:
    """Return what the feed counted of posts, as ``make_table`` takes it."""
    rows = np.zeros((len(posts), WIDTH), dtype=np.float32)
    for place, post in enumerate(posts):
        counted = post.organic
        rows[place, [VIEW_6S, COMPLETE, ENGAGE, NEGATIVE]] = (
            counted.views_6s,
            counted.completions,
            counted.engagements,
            counted.negatives,
        )
        rows[place, IMPRESSIONS] = counted.impressions
    ids = np.array([post.post_id for post in posts], dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    return Counts(ids[order], rows[order])


def facts_of_snapshot(arrays: Mapping[str, NDArray[Any]], words: Sequence[str], places: NDArray[Any]) -> AdFacts:
    """Return the facts of ads at these places of a snapshot's arrays (or of ``Tables``, which has the same ones).

    Args: words: the texts that the arrays name by number; places: int[n], in the order of the segment's ads.
    """
    codes = np.array([code_of(word) for word in words], dtype=np.uint64)
    goals = np.array([GOALS.get(word, CLICK) for word in words], dtype=np.uint8)
    group = arrays["ads.group"][places]
    post = arrays["ads.post"][places].astype(np.int64)
    has_post = post >= 0

    def of_post(column: str, otherwise: NDArray[Any]) -> NDArray[Any]:
        values = arrays[f"posts.{column}"]
        if not len(values):
            return otherwise
        return np.where(has_post, values[np.maximum(post, 0)], otherwise)

    nothing = np.zeros(len(places), dtype=np.int64)
    return AdFacts(
        ad_id=arrays["ads.ad_id"][places],
        campaign_id=arrays["groups.campaign_id"][group],
        advertiser_id=arrays["groups.advertiser_id"][group],
        post_id=of_post("post_id", nothing),
        creator_id=of_post("creator_id", nothing),
        category=codes[arrays["groups.category"][group]],
        objective=codes[arrays["groups.objective"][group]],
        kind=codes[arrays["ads.kind"][places]],
        language=codes[of_post("language", nothing)],
        duration_ms=np.maximum(of_post("duration_ms", arrays["ads.duration_ms"][places]).astype(np.int64), 0),
        goal=goals[arrays["groups.optimization_goal"][group]],
    )
