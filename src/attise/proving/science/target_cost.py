"""Target cost: how near the cost of a result is held, for many ad groups whose predictions are off by a factor.

Each ad group wins more the more it offers, at prices that rise with its offer; a click converts by chance, hours later.
The loop sees conversions with what is still due of young clicks, told as a house tells it (``attribution.maturing``),
from what each group did in its last days; the same without that is told beside it. A group is *inside* when its cost
over the second of two weeks lies within ``1.96 / √conversions`` of its target, widened by the 5 % that the loop itself
may add. Passes: >= 95 % inside with the correction, over all seeds.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.measurement.attribution.maturing import Floats, Quarters, conversions_due
from attise.proving.result import Row
from attise.proving.science.cases import told
from attise.serving.delivery.pacing.target import (
    STEP_MS,
    Results,
    multipliers,
    no_target_pace,
    step,
)

START_MS: Final = 1_790_000_000_000
TARGET: Final = 20_000_000
RATE: Final = 0.05
"""Conversions per click."""
LATE: Final = 24
"""Steps (quarters of an hour) within which a conversion comes, on average."""
DAYS: Final = 14
STEPS_A_DAY: Final = 96
KEPT: Final = 3 * STEPS_A_DAY
"""Quarters that a house looks back."""
ADDED: Final = 0.05
INSIDE: Final = 0.95


def run(seeds: Sequence[int], *, quick: bool) -> Row:
    """Measure the case."""
    groups = 60 if quick else 200
    began = time.perf_counter()
    found = {
        name: [inside(seed, groups, corrects=name == "corrected") for seed in seeds] for name in ("corrected", "raw")
    }
    took = time.perf_counter() - began
    steps = 2 * len(seeds) * DAYS * STEPS_A_DAY
    checks: dict[str, float | int | str] = {f"{name}_inside": told(shares, 3) for name, shares in found.items()}
    return Row(
        name="science/target_cost",
        scale=f"{groups} groups, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(steps / took, 1),
        ratio=None,
        p50_ms=round(took / steps * 1_000, 4),
        p99_ms=round(took / steps * 1_000, 4),
        checks=checks,
        ok=sum(found["corrected"]) / len(seeds) >= INSIDE,
    )


def inside(seed: int, groups: int, *, corrects: bool) -> float:
    """Return the share of ad groups whose cost is held within what counting allows."""
    chance = np.random.default_rng([seed, 13])
    bias = np.exp(chance.uniform(np.log(0.8), np.log(2.2), groups))
    volume = np.exp(chance.normal(np.log(40.0), 0.5, groups))
    rows = DAYS * STEPS_A_DAY
    came = np.zeros((groups, rows + 40 * LATE))
    clicks, spends, converted, delay_ms = (np.zeros((rows, groups)) for _ in range(4))
    coming: dict[int, list[tuple[int, NDArray[np.int64]]]] = defaultdict(list)
    pace, had, spent = no_target_pace(), np.zeros(groups), np.zeros(groups)
    target = np.full(groups, TARGET, np.int64)
    for turn in range(rows):
        now_ms = START_MS + turn * STEP_MS
        for clicked, whose in coming.pop(turn, ()):
            np.add.at(converted[clicked], whose, 1)
            np.add.at(delay_ms[clicked], whose, (turn - clicked) * STEP_MS)
        had += came[:, turn]
        due: Floats | float = 0.0
        if corrects:
            lately = np.arange(max(0, turn - KEPT), turn)
            seen = (table[lately].T for table in (clicks, converted, delay_ms))
            due = conversions_due(Quarters(START_MS + lately * float(STEP_MS), *seen), since_ms=0, now_ms=now_ms)
        results = Results(np.arange(groups), target, np.full(groups, START_MS), spent.astype(np.int64), had + due)
        pace = step(pace, results, now_ms=now_ms)
        bid = multipliers(pace)
        clicks[turn] = chance.poisson(volume * bid)
        spends[turn] = clicks[turn] * TARGET * RATE * bid * bias * 0.9
        spent += spends[turn]
        whose = np.repeat(np.arange(groups), chance.binomial(clicks[turn].astype(np.int64), RATE))
        at = turn + 1 + chance.exponential(LATE, len(whose)).astype(np.int64)
        np.add.at(came, (whose, np.minimum(at, came.shape[1] - 1)), 1)
        for then in np.unique(at):
            coming[int(then)].append((turn, whose[at == then]))
    half = rows // 2
    cost = spends[half:].sum(axis=0)
    conversions = np.maximum(came[:, half + LATE :].sum(axis=1), 1)
    return float((np.abs(cost / conversions / TARGET - 1) <= 1.96 / np.sqrt(conversions) + ADDED).mean())
