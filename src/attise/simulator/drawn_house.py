"""A state to decide on, drawn: targeted ads, a model that tells them and viewers apart, budgets, pacing.

For benchmarks and tests of decisions at any size; nothing of it is in a database. The model has learned nothing: its
weights are drawn, so that one ad's rates differ between viewers by a quarter up or down, as a learned one's would. One
budget in twenty is used up; every group is paced somewhere between a third of its bid and all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel import lines
from attise.kernel.limits import DAY_MS
from attise.records.decision import Versions
from attise.records.snapshot.shapes import SnapshotAd
from attise.records.totals import EnvelopeTotals, Totals, TotalsHead
from attise.serving.delivery.allowance import UNCERTAIN_LIFE_MS, Allowances
from attise.serving.delivery.bound import static_bound
from attise.serving.delivery.offers import Pace, offers_of
from attise.serving.delivery.policy import Policy
from attise.serving.delivery.state import Part, State, remembered
from attise.serving.prediction.history import Counts
from attise.serving.prediction.model import cold_model
from attise.serving.prediction.predictor import Predictor
from attise.serving.prediction.table import facts_of_snapshot, make_table
from attise.serving.targeting.build import build_segment
from attise.simulator.targeted_ads import DrawnAds, draw_ads

SPREAD: Final = 0.042
"""Of the drawn weights: one ad's click score then differs between viewers by 0.28 logits, as far as the model of
``attise bench science`` learned to tell its viewers apart."""
SPENT: Final = 0.05
"""Share of ad groups whose budget is used up."""
LEAST_PACE: Final = 0.3
BUDGET_MICROS: Final = 10**15


@dataclass(frozen=True, slots=True)
class DrawnHouse:
    """Ads and everything that deciding on them reads."""

    ads: DrawnAds
    state: State
    spent_envelopes: frozenset[int]
    """Budgets with nothing left."""

    def record(self, ad_id: int) -> SnapshotAd:
        """Return a whole ad, read back from the arrays."""
        place = int(np.searchsorted(self.ads.arrays["ads.ad_id"], ad_id))
        return self.ads.ad(place)


def draw_house(count: int, seed: int, *, now_ms: int, policy: Policy, is_flat: bool = False) -> DrawnHouse:
    """Return a house of ``count`` ads at a moment, whose totals were published then. Cost: some 10 s a million ads."""
    rng = np.random.default_rng(seed)
    ads = draw_ads(count, seed, now_ms=now_ms, is_flat=is_flat)
    cold = cold_model()
    weights = rng.standard_normal(cold.weights.shape, dtype=np.float32) * np.float32(SPREAD)
    model = replace(cold, weights=lines.whole(weights))
    facts = facts_of_snapshot(ads.arrays, ads.words, np.arange(count))
    table = make_table(model, facts, Counts(np.zeros(0, np.int64), np.zeros((0, 8), np.float32)))
    segment = build_segment(
        ads.arrays, ads.words, static_bound(ads.arrays, ads.words, table.rates(model), policy), version=1
    )
    table = table.ordered(segment.ads["source"])
    budgets, balances = segment.groups["envelope_id"], np.unique(segment.groups["balance_envelope_id"])
    spent = budgets[rng.random(len(budgets)) < SPENT]
    allowances = _allowances(budgets, balances, spent, now_ms)
    multiplier = rng.uniform(LEAST_PACE, 1.0, len(budgets)).astype(np.float32)
    offers = offers_of(segment, Pace(multiplier, np.ones_like(multiplier)), allowances, policy)
    part = Part(segment, offers, remembered(ads.ad))
    state = State((part,), Predictor(model, (table,)), allowances, policy, Versions(snapshot=1))
    return DrawnHouse(ads, state, frozenset(spent.tolist()))


def _allowances(
    budgets: NDArray[np.int64], balances: NDArray[np.int64], spent: NDArray[np.int64], now_ms: int
) -> Allowances:
    found = Allowances(node=1, started_at_ms=now_ms - 2 * UNCERTAIN_LIFE_MS)
    begins, ends = now_ms - DAY_MS, now_ms + DAY_MS * 365
    used = set(spent.tolist())
    rows = [
        EnvelopeTotals(one, "day", begins, ends, BUDGET_MICROS, BUDGET_MICROS if one in used else 0)
        for one in [*budgets.tolist(), *balances.tolist()]
    ]
    head = TotalsHead(version=1, published_at_ms=now_ms, counted_to_ms=now_ms)
    found.heed(Totals(head, tuple(rows)), processes=1)
    return found
