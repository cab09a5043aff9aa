"""Warm start: how long an ad needs until it is predicted as well as it will be, with its post's record and without.

Two trainers see the same log; one is told what the feed counted of each post, the other is not. For Spark ads that
begin on a later day, by their impressions so far: the *excess*, by how many nats an impression's prediction lies above
the true rate's own loss (no label's luck in it). ``needs`` is after how many impressions the excess has come within
``NEAR`` of where it ends. Passes: less excess with the record in the first hundred impressions, for completions and
6-second views, and no more impressions needed.
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
from attise.serving.prediction.priors import rate
from attise.serving.training.facts import facts_of
from attise.serving.training.trainer import Trainer

JUDGED: Final = (VIEW_6S, COMPLETE, ENGAGE, CLICK)
EDGES: Final = np.array([0, 10, 30, 100, 200, 400, 800, 1_600])
NEAR: Final = 1.25
FULL = Size(rows=200_000, viewers=15_000, ads=400)
QUICK = Size(rows=60_000, viewers=6_000, ads=160, days=6)


def run(seeds: Sequence[int], *, quick: bool, size: Size | None = None) -> Row:
    """Measure the case."""
    chosen = size or (QUICK if quick else FULL)
    figures: dict[str, list[float]] = {}
    curves: dict[tuple[str, int], list[NDArray[np.float64]]] = {}
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
            scores = Trainer(conversions_come_late=False).learn(told_facts)[mine]
            for head in JUDGED:
                excess = divergence(truth[mine, head], rate(scores[:, head]))
                bucket = np.searchsorted(EDGES, shown[mine], side="right") - 1
                curve = np.bincount(bucket, excess, len(EDGES)) / np.maximum(
                    np.bincount(bucket, minlength=len(EDGES)), 1
                )
                curves.setdefault((name, head), []).append(curve)
                early = shown[mine] < 100
                figures.setdefault(f"{HEADS[head]}_first_100_{name}", []).append(1000 * float(excess[early].mean()))
    took = time.perf_counter() - began
    checks: dict[str, float | int | str] = {f"{name}_mnat": told(values, 2) for name, values in figures.items()}
    is_right = True
    for head in JUDGED:
        least = min(float(np.mean(curves[name, head], axis=0)[-1]) for name in ("with", "without"))
        needs = {name: _needs(np.mean(curves[name, head], axis=0), least) for name in ("with", "without")}
        checks[f"{HEADS[head]}_needs"] = f"{needs['with']} instead of {needs['without']}"
        if head in {VIEW_6S, COMPLETE}:
            with_it, without = (np.mean(figures[f"{HEADS[head]}_first_100_{name}"]) for name in ("with", "without"))
            is_right &= bool(with_it < without) and needs["with"] <= needs["without"]
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


def _needs(curve: NDArray[np.float64], least: float) -> int:
    """Return the impressions from which on the excess stays near where it ends."""
    near = curve <= NEAR * least
    place = len(curve) - int(np.argmin(near[::-1])) if not near.all() else 0
    return int(EDGES[min(place, len(EDGES) - 1)])
