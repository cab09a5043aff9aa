"""The cases of ``attise bench science``: a name each, and the module that measures it.

A case's module has ``run(seeds, quick) -> Row``: every figure over the seeds, as ``mean ± sd`` where there are several,
and ``ok`` for the passing lines of its docstring. To add one, add its line here.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Final

from attise.proving.result import Row

CASES: Final = {
    "retrieval": "attise.proving.science.retrieval",
    "prediction": "attise.proving.science.prediction",
    "calibration": "attise.proving.science.calibration",
    "warm_start": "attise.proving.science.warm_start",
    "exploration": "attise.proving.science.exploration",
    "auction": "attise.proving.science.auction",
    "caps": "attise.proving.science.caps",
    "pacing": "attise.proving.science.pacing",
    "target_cost": "attise.proving.science.target_cost",
    "circles": "attise.proving.science.circles",
    "scout": "attise.proving.science.scout",
    "lift": "attise.proving.science.lift",
    "promotion": "attise.proving.science.promotion",
    "spark": "attise.proving.science.spark",
}
SEEDS: Final = (1, 2, 3, 4, 5)


def run(*, quick: bool, only: str | None = None) -> list[Row]:
    """Measure every case, or one; quick: one seed, and small worlds."""
    found = []
    for name, module in CASES.items():
        if only is None or name == only:
            sys.stderr.write(f"bench science: {name}\n")
            found.append(measure(module, SEEDS[:1] if quick else SEEDS, quick=quick))
    return found


def measure(module: str, seeds: Sequence[int], *, quick: bool) -> Row:
    """Run one case's module."""
    row: Row = importlib.import_module(module).run(seeds, quick=quick)
    return row


def told(values: Sequence[float], digits: int = 4) -> float | str:
    """Return a figure over seeds as it is told: itself when alone, else mean ± standard deviation."""
    mean = sum(values) / len(values)
    if len(values) == 1:
        return round(mean, digits)
    spread = (sum((value - mean) ** 2 for value in values) / (len(values) - 1)) ** 0.5
    return f"{mean:.{digits}f}±{spread:.{digits}f}"
