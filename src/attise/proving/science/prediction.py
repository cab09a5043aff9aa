"""Prediction: normalised entropy on the last quarter of a log, beside Vowpal Wabbit and LightGBM on the same rows.

Every learner has its real delay: ours and VW learn row after row and go on doing so, predicting each row before they
learn from it; trees are grown on the first three quarters and answer for the rest. VW runs in the better of two ways
(its own updates at a rate of 0.1, and its FTRL), chosen on the first quarter of what is judged, LightGBM stops early
on the last tenth of its rows. All are told the same, our priors included (``peers``). ``floor`` is the entropy of the
true rates, which nobody can reach who does not see tastes. Passes: at most 1 % above the best peer, for each head.

Times are of one call of the predictor: 256 candidates, six heads, in one table of 100,000 ads, other ads each time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from attise.proving.result import Row, quantile
from attise.proving.science import peers
from attise.proving.science.cases import told
from attise.proving.science.world import START_MS, Size, World
from attise.records.durations import duration_group
from attise.records.feed import ViewerContext
from attise.serving import kernels
from attise.serving.prediction.heads import CLICK, COMPLETE, HEADS, IMPRESSIONS, WIDTH
from attise.serving.prediction.history import AD, Counts
from attise.serving.prediction.model import Model
from attise.serving.prediction.predictor import Predictor
from attise.serving.prediction.priors import organic_lifts, rate
from attise.serving.prediction.table import make_table
from attise.serving.training.facts import facts_of
from attise.serving.training.measures import area_under_curve, normalised_entropy
from attise.serving.training.trainer import Trainer

JUDGED: Final = (CLICK, COMPLETE)
MOST_ABOVE: Final = 1.01
CANDIDATES: Final = 256
TABLE: Final = 100_000
SOMEBODY: Final = ViewerContext(
    pseudonym="",
    age=30,
    gender="FEMALE",
    country="FR",
    language="fr",
    os="IOS",
    device_price=700,
    interests=("1001", "1005", "1009"),
    follows=tuple(range(1, 41)),
    may_profile=True,
)
VW_WAYS: Final = ("-l 0.1", "--ftrl --ftrl_alpha 0.03 --ftrl_beta 1 --l2 1")
FULL = Size(rows=80_000, viewers=8_000, ads=240)
QUICK = Size(rows=30_000, viewers=5_000, ads=120, days=6)


class Recorder(Trainer):
    """A trainer that also keeps what it knew of each row before it: what peers are told too."""

    def __init__(self) -> None:
        """Begin with nothing learned; the world's conversions are final at once."""
        super().__init__(conversions_come_late=False)
        self.priors: list[np.ndarray] = []
        self.seen: list[np.ndarray] = []

    def note(self, offsets: np.ndarray, before: np.ndarray) -> None:
        """Keep them."""
        self.priors.append(offsets)
        self.seen.append(before[:, AD, IMPRESSIONS])


def run(seeds: Sequence[int], *, quick: bool, size: Size | None = None) -> Row:
    """Measure the case."""
    peers.require()
    figures: dict[str, list[float]] = {}
    took, rows = 0.0, 0
    for seed in seeds:
        chosen = size or (QUICK if quick else FULL)
        world = World(chosen, seed)
        columns, truth = world.log(seed)
        facts = facts_of(columns)
        recorder = Recorder()
        began = time.perf_counter()
        scores = recorder.learn(facts)
        took += time.perf_counter() - began
        rows += len(facts)
        cut = len(facts) * 3 // 4
        lifts = organic_lifts(recorder.base, facts.organic, duration_group(facts.ads.duration_ms))
        known = peers.Known(facts, np.concatenate(recorder.priors), np.concatenate(recorder.seen), lifts)
        for head in JUDGED:
            labels = columns[HEADS[head]]
            ours = rate(scores[cut:, head])
            found = {
                "ours": normalised_entropy(ours, labels[cut:]),
                "vw": _best_of_vw(known, labels, head, cut),
                "lightgbm": normalised_entropy(peers.lightgbm(known, labels, head, cut), labels[cut:]),
                "floor": normalised_entropy(truth[cut:, head], labels[cut:]),
            }
            for name, value in found.items():
                figures.setdefault(f"{HEADS[head]}_ne_{name}", []).append(value)
            figures.setdefault(f"{HEADS[head]}_auc", []).append(area_under_curve(ours, labels[cut:]))
            figures.setdefault(f"{HEADS[head]}_to_best", []).append(found["ours"] / min(found["vw"], found["lightgbm"]))
    times = time_calls(recorder.model(), calls=300 if quick else 3_000)
    checks = {name: told(values) for name, values in figures.items()}
    worst = [float(np.mean(figures[f"{HEADS[head]}_to_best"])) for head in JUDGED]
    return Row(
        name="science/prediction",
        scale=f"{rows // len(seeds)} rows, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(rows / took, 1),
        ratio=None,
        p50_ms=round(quantile(times, 0.5), 4),
        p99_ms=round(quantile(times, 0.99), 4),
        checks=checks,
        ok=max(worst) <= MOST_ABOVE,
    )


def time_calls(model: Model, *, calls: int) -> list[float]:
    """Return how long calls of the predictor took, in milliseconds: ``CANDIDATES`` of ``TABLE`` ads in each."""
    kernels.use(compiles=True)
    world = World(Size(rows=1, viewers=1, ads=TABLE), 1)
    nothing = Counts(np.zeros(0, dtype=np.int64), np.zeros((0, WIDTH), dtype=np.float32))
    table = make_table(model, facts_of(world.ad_columns(np.arange(TABLE))).ads, nothing)
    predictor = Predictor(model, (table,))
    draw = np.random.default_rng(1)
    segment = np.zeros(CANDIDATES, dtype=np.uint8)
    exposures = draw.integers(0, 3, CANDIDATES).astype(np.int32)
    since = np.where(exposures > 0, 3_600_000, -1)
    found = []
    for place in draw.integers(0, TABLE, (calls, CANDIDATES)):
        began = time.perf_counter()
        predictor.predict(
            SOMEBODY, now_ms=START_MS, segment=segment, place=place, exposures=exposures, since_ms=since, index=3, gap=5
        )
        found.append((time.perf_counter() - began) * 1000)
    return found


def _best_of_vw(known: peers.Known, labels: np.ndarray, head: int, cut: int) -> float:
    """Return VW's entropy in the way that is better on the first quarter of the judged rows."""
    quarter = (len(labels) - cut) // 4
    told_rows = peers.lines(known, head)
    ways = [peers.vowpal_wabbit(told_rows, labels, cut, way, goes_on=True) for way in VW_WAYS]
    best = min(ways, key=lambda rates: normalised_entropy(rates[:quarter], labels[cut : cut + quarter]))
    return normalised_entropy(best, labels[cut:])
