"""Learn the weights of the scout in invented worlds: ``python -m attise.proving.science.scout_weights > FILE``.

Forty worlds of drawn rules teach the weights, twenty others the quantiles of what they are off by; the worlds that the
scout is judged in (``posts_world.KINDS``, other seeds) are none of them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Final

import numpy as np

from attise.measurement.scout.features import NAMES, UNSEEN, rows_of
from attise.measurement.scout.forecast import ADDED, QUANTILES, SORTS, fit
from attise.proving.science.posts_world import drawn_rules, world_of

STEPS: Final = {"level": None, "daily": 24, "hourly": 1}
TEACHING: Final = range(1_000, 1_040)
JUDGING: Final = range(2_000, 2_020)
BINS: Final = 4
LEAST_RESPONSE: Final = 0.02
HELD: Final = 100.0
"""Rows of no weight at all beside twelve thousand: columns that say nearly the same share what they say."""


def learn(teaching: Sequence[int] = TEACHING, judging: Sequence[int] = JUDGING, posts: int = 300) -> dict[str, object]:
    """Return what ``weights.json`` holds."""
    found: dict[str, object] = {"features": list(NAMES), "quantiles": list(QUANTILES)}
    for sort in SORTS:
        matrix, growth, response = _rows(teaching, STEPS[sort], posts)
        nothing, usual = np.zeros(len(NAMES)), matrix.mean(axis=0)
        shown = np.array([name not in UNSEEN[sort] for name in NAMES], np.float64)
        growing = fit(matrix * shown, growth, nothing, HELD) * shown
        responding = fit(matrix * shown, response, nothing, HELD) * shown
        matrix, growth, response = _rows(judging, STEPS[sort], posts)
        told = matrix @ growing
        edges = np.quantile(told, np.arange(1, BINS) / BINS)
        part = np.searchsorted(edges, told)
        found[sort] = {
            "usual": _short(usual),
            "growth": _short(growing),
            "response": _short(responding),
            "edges": _short(edges),
            "offsets": [_short(np.quantile((growth - told)[part == one], QUANTILES)) for one in range(BINS)],
            "response_offsets": _short(np.quantile(response - matrix @ responding, QUANTILES)),
        }
    return found


def _rows(seeds: Sequence[int], step_h: int | None, posts: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    parts = []
    for seed in seeds:
        world = world_of(seed, drawn_rules(seed), posts)
        rows = rows_of(world.seen(step_h))
        response = np.log(np.maximum(world.response, LEAST_RESPONSE))
        parts.append((rows.matrix, np.log(world.growth + ADDED), response))
    return tuple(np.concatenate(columns) for columns in zip(*parts, strict=True))  # type: ignore[return-value]


def _short(values: np.ndarray) -> list[float]:
    return [round(float(value), 4) for value in values]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(learn(), indent=1) + "\n")
