"""Calibration: what was predicted over what happened, as served by versions made every four hours.

Judged from the middle of the log on, for clicks, 6-second views, completions and engagements, over all seeds together:
overall, and by tenths of the predicted rate that hold at least 100 events. A tenth with n events is uncertain by
±1.96/√n, which is added to its bounds. Passes: overall within 0.97-1.03, tenths within 0.9-1.1.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from attise.proving.result import Row
from attise.proving.science.cases import told
from attise.proving.science.served import HOUR_MS, serve
from attise.proving.science.world import DAY_MS, START_MS, Size, World
from attise.serving.prediction.heads import CLICK, COMPLETE, ENGAGE, HEADS, VIEW_6S
from attise.serving.training.facts import facts_of
from attise.serving.training.measures import calibration_ratio

JUDGED: Final = (CLICK, VIEW_6S, COMPLETE, ENGAGE)
LEAST_EVENTS: Final = 100
OVERALL, TENTHS = 0.03, 0.10
FULL = Size(rows=120_000, viewers=10_000, ads=300)
QUICK = Size(rows=40_000, viewers=5_000, ads=120, days=6)


def run(seeds: Sequence[int], *, quick: bool, size: Size | None = None) -> Row:
    """Measure the case."""
    chosen = size or (QUICK if quick else FULL)
    every_ms = (6 if quick else 4) * HOUR_MS
    rates: dict[int, list[np.ndarray]] = {head: [] for head in JUDGED}
    labels: dict[int, list[np.ndarray]] = {head: [] for head in JUDGED}
    began, served = time.perf_counter(), 0
    for seed in seeds:
        facts = facts_of(World(chosen, seed).log(seed)[0])
        found, rows = serve(facts, every_ms=every_ms, from_ms=START_MS + chosen.days // 2 * DAY_MS)
        served += len(rows)
        for head in JUDGED:
            rates[head].append(found[:, head])
            labels[head].append(facts.labels[rows, head])
    took = time.perf_counter() - began
    checks: dict[str, float | int | str] = {}
    is_right = True
    for head in JUDGED:
        name = HEADS[head]
        each = [calibration_ratio(p, y) for p, y in zip(rates[head], labels[head], strict=True)]
        checks[f"{name}_overall"] = told(each, 3)
        p, y = np.concatenate(rates[head]), np.concatenate(labels[head])
        is_right &= abs(calibration_ratio(p, y) - 1) <= OVERALL + _noise(int(y.sum()))
        tenths = [part for part in np.array_split(np.argsort(p, kind="stable"), 10) if y[part].sum() >= LEAST_EVENTS]
        ratios = [calibration_ratio(p[part], y[part]) for part in tenths]
        checks[f"{name}_tenths"] = f"{min(ratios):.3f}-{max(ratios):.3f}" if ratios else "too few events"
        for ratio, part in zip(ratios, tenths, strict=True):
            is_right &= abs(ratio - 1) <= TENTHS + _noise(int(y[part].sum()))
    return Row(
        name="science/calibration",
        scale=f"{served // len(seeds)} served rows, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(served / took, 1),
        ratio=None,
        p50_ms=round(took / served * 1000, 4),
        p99_ms=round(took / served * 1000, 4),
        checks=checks,
        ok=bool(is_right),
    )


def _noise(events: int) -> float:
    return 1.96 / max(events, 1) ** 0.5
