"""Predict, then learn, row after row; and give the version that came of it.

Within one call rows are taken in parts that grow, and history counts go forward row by row: each row is predicted from
what was known before it. So the scores that are kept for calibration, and those that are returned, are honest ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.records.durations import duration_group
from attise.serving.prediction import calibration
from attise.serving.prediction.features import ad_keys, ad_part, crosses, viewer_part
from attise.serving.prediction.ftrl import Pace, Rows, Weights, compress
from attise.serving.prediction.hashing import DEFAULT_SLOTS_LOG2
from attise.serving.prediction.heads import CLICK, CLICKS, CONVERT, COUNT, HEADS, IMPRESSIONS, WIDTH
from attise.serving.prediction.history import Counts, History, ids_of, no_history
from attise.serving.prediction.model import FEATURES_VERSION, LAMBDA2, Header, Model
from attise.serving.prediction.priors import GROUPS, Base, base_of, cold_base, organic_lifts, prior_logits
from attise.serving.prediction.table import SEEN_LEVELS
from attise.serving.prediction.watch import Sketches, cold_sketches
from attise.serving.training.delays import late_weights
from attise.serving.training.facts import Facts
from attise.serving.training.quantiles import learn_watch
from attise.serving.training.trials import Trials

FIRST_PART, MOST_ROWS = 512, 1 << 16
"""Rows of the first part ever, and of the largest: the house's rates are looked at again after each."""
WINDOW_ROWS: Final = 200_000
"""Latest rows that calibration is fitted on."""
MOST_OF_A_RECORD: Final = 1_000.0
"""Impressions that one post counts for at most among what its like do in the feed."""
DAY_MS: Final = 86_400_000


@dataclass
class Window:
    """The latest rows as they were predicted: for calibration."""

    scores: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, WIDTH), dtype=np.float32))
    labels: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, COUNT), dtype=np.int8))
    weights: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def add(self, scores: NDArray[np.float32], labels: NDArray[np.int8], weights: NDArray[np.float32]) -> None:
        """Add rows, and let the oldest go."""
        self.scores = np.concatenate([self.scores, scores])[-WINDOW_ROWS:]
        self.labels = np.concatenate([self.labels, labels])[-WINDOW_ROWS:]
        self.weights = np.concatenate([self.weights, weights])[-WINDOW_ROWS:]


def encode(facts: Facts, base: Base, before: NDArray[np.float32], slots_log2: int) -> tuple[Rows, NDArray[np.float32]]:
    """Return the features of facts as compressed rows, and the priors' log-odds, float32[n, 8].

    Args: before: float32[n, 6, 8], what was counted of each row's ad when it was decided (``history.counts_of``).
    """
    groups = duration_group(facts.ads.duration_ms)
    offsets = prior_logits(base, before, facts.organic, groups)
    features = viewer_part(facts.viewers, slots_log2).beside(
        ad_part(
            facts.ads,
            slots_log2,
            seen=before[:, list(SEEN_LEVELS), IMPRESSIONS],
            organic=organic_lifts(base, facts.organic, groups),
            organic_seen=facts.organic[:, IMPRESSIONS],
        ),
        crosses(
            facts.viewers,
            ad_keys(facts.ads),
            slots_log2,
            follows=facts.follows,
            exposures=facts.exposures,
            since_ms=facts.since_ms,
        ),
    )
    return compress(features), offsets


class Trainer:
    """Everything that learning goes on from. Mutable; one at a time for a house."""

    def __init__(
        self,
        *,
        slots_log2: int = DEFAULT_SLOTS_LOG2,
        pace: Pace | None = None,
        conversions_come_late: bool = True,
    ) -> None:
        """Begin with nothing learned.

        Args: conversions_come_late: facts tell of conversions in late rows (``delays``); False: each row's ``convert``
        is final.
        """
        self.pace = pace or Pace()
        self.conversions_come_late = conversions_come_late
        self.weights = Weights(slots_log2)
        self.history: History = no_history()
        self.base: Base = cold_base()
        self.totals = np.zeros(WIDTH)
        self.organic_totals = np.zeros((GROUPS, WIDTH))
        self.window = Window()
        self.watch: Sketches = cold_sketches()
        self.trials = Trials()
        self.version = 0
        self.rows = 0
        self.learned_to_ms = 0

    def learn(self, facts: Facts) -> NDArray[np.float32]:
        """Learn from facts in their order; return each row's log-odds as predicted before, float32[n, 8].

        Cost: about 10 µs a row.
        """
        if not len(facts):
            return np.zeros((0, WIDTH), dtype=np.float32)
        self._fade(int(facts.decided_at_ms.max()))
        self.history = tuple(
            counts.with_ids(np.unique(ids)) for counts, ids in zip(self.history, ids_of(facts.ads), strict=True)
        )
        found, begin = [], 0
        while begin < len(facts):
            many = min(max(FIRST_PART, self.rows // 2), MOST_ROWS)
            found.append(self._learn_part(facts.take(slice(begin, begin + many))))
            begin += many
        watched = facts.watch_ms >= 0
        self.learn_views(facts.ads.duration_ms[watched], facts.watch_ms[watched])
        self.version += 1
        self.trials.add(facts, self.version)
        return np.concatenate(found)

    def learn_views(self, duration_ms: NDArray[np.int64], watch_ms: NDArray[np.int64]) -> None:
        """Learn how long videos are watched from views, of ads or of the feed: int64[n] each, milliseconds."""
        self.watch = learn_watch(self.watch, duration_ms, watch_ms)

    def model(self) -> Model:
        """Return the version as it stands: a copy, which further learning does not change."""
        return Model(
            header=Header(
                version=self.version,
                made_at_ms=self.learned_to_ms,
                rows=self.rows,
                heads=HEADS,
                features=FEATURES_VERSION,
                explore_share=self.trials.share,
            ),
            weights=self.weights.w.copy(),
            precision=self.weights.q + np.float32(LAMBDA2),
            grid=self._grid(),
            base=self.base,
            history=tuple(Counts(counts.ids, counts.rows.copy()) for counts in self.history),
            watch=self.watch,
        )

    def features_of(self, facts: Facts) -> tuple[Rows, NDArray[np.float32]]:
        """Return rows of features, and the priors' log-odds (float32[n, 8]); history counts go forward meanwhile."""
        from attise.serving.prediction.learning import count_rows

        ids = ids_of(facts.ads)
        begins = np.cumsum([0, *(len(counts.ids) for counts in self.history)])
        places = np.stack(
            [
                np.searchsorted(counts.ids, of_level) + begin
                for counts, of_level, begin in zip(self.history, ids, begins, strict=False)
            ],
            axis=1,
        )
        together = np.concatenate([counts.rows for counts in self.history])
        before = np.zeros((len(facts), len(ids), WIDTH), dtype=np.float32)
        count_rows(places, facts.labels, facts.weight, facts.is_late, together, before)
        self.history = tuple(
            Counts(counts.ids, together[begin : begin + len(counts.ids)])
            for counts, begin in zip(self.history, begins, strict=False)
        )
        rows, offsets = encode(facts, self.base, before, self.weights.slots_log2)
        self.note(offsets, before)
        return rows, offsets

    def note(self, offsets: NDArray[np.float32], before: NDArray[np.float32]) -> None:
        """Be told of each part's priors and counts before it; for those who compare. Keeps nothing by itself."""

    def _learn_part(self, facts: Facts) -> NDArray[np.float32]:
        rows, offsets = self.features_of(facts)
        late_head = CONVERT if self.conversions_come_late else -1
        scores = self.weights.learn(
            rows, facts.labels, offsets=offsets, importance=facts.weight, pace=self.pace, late_head=late_head
        )
        self.window.add(scores, facts.labels, facts.weight)
        self._count(facts)
        self.rows += len(facts)
        self.learned_to_ms = max(self.learned_to_ms, int(facts.decided_at_ms.max()))
        return scores

    def _count(self, facts: Facts) -> None:
        """Bring the house's rates, and what posts do in the feed, up to these rows."""
        heavy = facts.weight.astype(np.float64)
        self.totals[:COUNT] += ((facts.labels == 1) * heavy[:, None]).sum(axis=0)
        self.totals[IMPRESSIONS] += heavy[~facts.is_late].sum()
        self.totals[CLICKS] += heavy[facts.labels[:, CLICK] == 1].sum()
        _, last = np.unique(facts.ads.post_id[::-1], return_index=True)
        last = len(facts) - 1 - last
        last = last[facts.ads.post_id[last] > 0]
        records = facts.organic[last].astype(np.float64)
        records *= np.minimum(MOST_OF_A_RECORD / np.maximum(records[:, IMPRESSIONS : IMPRESSIONS + 1], 1), 1.0)
        np.add.at(self.organic_totals, duration_group(facts.ads.duration_ms[last]), records)
        self.base = base_of(self.totals, self.organic_totals, cold_base())

    def _fade(self, now_ms: int) -> None:
        """Let what is counted weigh less with the days that went by since the last call."""
        if not self.learned_to_ms or now_ms <= self.learned_to_ms:
            return
        days = (now_ms - self.learned_to_ms) / DAY_MS
        self.history = tuple(counts.faded(days) for counts in self.history)
        self.organic_totals *= 0.5 ** (days / 30)

    def _grid(self) -> NDArray[np.float32]:
        weights = np.repeat(self.window.weights[:, None], COUNT, axis=1).astype(np.float64)
        if self.conversions_come_late:
            told = self.window.labels[:, CONVERT]
            weights[:, CONVERT] *= late_weights(self.window.scores[:, CONVERT], told)
        return calibration.fit(self.window.scores, self.window.labels, weights)
