"""Warm start: how long an ad needs until its own level is known, with its post's record in the feed and without.

Two trainers see the same log; one is told what the feed counted of each post, the other is not. For Spark ads that
begin on a later day, by their impressions so far:

- *off*: by how many logits an ad's mean prediction over those impressions lies beside its mean true rate, root mean
  square over ads: what is not known of the ad, whoever watches;
- *excess*: by how many thousandths of a nat predictions of the first hundred impressions lose to the true rates, which
  also holds what nobody can know of the viewers;
- *worth*: after how many impressions an ad without a record is known as well as one with it from the first.

Passes: less off with the record in the first thirty impressions, and less excess in the first hundred, for completions
and 6-second views.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.proving.result import Row
from attise.proving.science.cases import told
from attise.proving.science.world import DAY_MS, START_MS, Size, World
from attise.serving.prediction.heads import CLICK, COMPLETE, ENGAGE, HEADS, VIEW_6S
from attise.serving.prediction.priors import logit, rate
from attise.serving.training.facts import facts_of
from attise.serving.training.trainer import Trainer

JUDGED: Final = (VIEW_6S, COMPLETE, ENGAGE, CLICK)
EDGES: Final = np.array([0, 30, 60, 100, 200, 400, 800, 1_600])
LEAST_ROWS: Final = 10
"""Impressions of an ad within a bucket that its mean is taken over at least."""
FULL = Size(rows=120_000, viewers=10_000, ads=400)
QUICK = Size(rows=60_000, viewers=6_000, ads=160, days=6)


def run(seeds: Sequence[int], *, quick: bool, size: Size | None = None) -> Row:
    """Measure the case."""
    chosen = size or (QUICK if quick else FULL)
    figures: dict[str, list[float]] = {}
    squares: dict[tuple[str, int], NDArray[np.float64]] = {}
    began, rows = time.perf_counter(), 0
    for seed in seeds:
        world = World(chosen, seed)
        columns, truth = world.log(seed)
        facts = facts_of(columns)
        rows += 2 * len(facts)
        ads = columns["ad_id"] - 1
        shown = _rank(ads)
        mine = np.flatnonzero(world.is_spark[ads] & (world.begins_ms[ads] > START_MS + DAY_MS))
        for name, told_facts in (("with", facts), ("without", replace(facts, organic=np.zeros_like(facts.organic)))):
            scores = Trainer(slots_log2=18, conversions_come_late=False).learn(told_facts)[mine]
            for head in JUDGED:
                said = rate(scores[:, head])
                summed = _squares(truth[mine, head], said, ads[mine], shown[mine])
                squares[name, head] = squares.get((name, head), np.zeros_like(summed)) + summed
                early = shown[mine] < 100
                excess = 1000 * float(divergence(truth[mine, head], said)[early].mean())
                figures.setdefault(f"{HEADS[head]}_excess_{name}", []).append(excess)
    took = time.perf_counter() - began
    checks: dict[str, float | int | str] = {}
    is_right = True
    for head in JUDGED:
        name = HEADS[head]
        off = {
            which: np.sqrt(squares[which, head][0] / np.maximum(squares[which, head][1], 1))
            for which in ("with", "without")
        }
        excess = {which: figures[f"{name}_excess_{which}"] for which in ("with", "without")}
        checks[f"{name}_off"] = f"{off['with'][0]:.3f} instead of {off['without'][0]:.3f}"
        checks[f"{name}_excess"] = f"{told(excess['with'], 2)} instead of {told(excess['without'], 2)}"
        as_good = np.flatnonzero((off["without"] <= off["with"][0]) & (squares["without", head][1] > 0))
        checks[f"{name}_worth"] = f"{EDGES[as_good[0]]}" if len(as_good) else f"over {EDGES[-1]}"
        if head in {VIEW_6S, COMPLETE}:
            is_right &= bool(
                off["with"][0] < off["without"][0] and np.mean(excess["with"]) < np.mean(excess["without"])
            )
    return Row(
        name="science/warm_start",
        scale=f"{chosen.ads} ads, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(rows / took, 1),
        ratio=None,
        p50_ms=round(took / rows * 1000, 4),
        p99_ms=round(took / rows * 1000, 4),
        checks=checks,
        ok=is_right,
    )


def _squares(
    truth: NDArray[np.float64], said: NDArray[np.float64], ads: NDArray[np.int64], shown: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return, by bucket, the summed squares of what ads are off by, and how many ads these are: float64[2, buckets]."""
    many = int(ads.max()) + 1
    cell = (np.searchsorted(EDGES, shown, side="right") - 1) * many + ads
    size = len(EDGES) * many
    count = np.bincount(cell, minlength=size)
    kept = count >= LEAST_ROWS
    means = [np.bincount(cell, values, size)[kept] / count[kept] for values in (truth, said)]
    off = logit(means[1]) - logit(means[0])
    bucket = np.flatnonzero(kept) // many
    return np.stack([np.bincount(bucket, off**2, len(EDGES)), np.bincount(bucket, minlength=len(EDGES))])


def divergence(truth: NDArray[np.float64], said: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how many nats predictions lose to the truth, on average over what may happen; never negative."""
    found: NDArray[np.float64] = truth * np.log(truth / said) + (1 - truth) * np.log((1 - truth) / (1 - said))
    return found


def _rank(ads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how often each row's ad was shown before it."""
    order = np.argsort(ads, kind="stable")
    ranked = ads[order]
    found = np.empty(len(ads), dtype=np.int64)
    found[order] = np.arange(len(ads)) - np.searchsorted(ranked, ranked, side="left")
    return found
