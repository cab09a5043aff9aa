"""From scores to rates that come true: one rising map for each head, fitted on what happened lately.

A map is first a power map in odds, ``odds' = γ · odds^κ``: two numbers, safe with few events. Where there are many, it
follows an isotonic regression of what was observed, pulled to the power map by a number of pseudo-rows. Never a map for
one ad: what one ad's rate is, the model and the priors say.

A fitted map is kept as a grid over the log-odds, so that a decision reads two numbers and computes no exponential.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction.heads import COUNT
from attise.serving.prediction.priors import Rates, logit, rate

LOW: Final = -12.0
STEP: Final = 1.0 / 16.0
CELLS: Final = 256
"""The grid runs over log-odds from -12 to 4, which is rates from 6 in a million to 98 %; its ends hold beyond."""
LEAST_EVENTS: Final = 50
"""Fewer than these say nothing of a map: it stays as it is."""
ISOTONIC_EVENTS: Final = 500
BINS: Final = 40
RIDGE: Final = 20.0
"""How strongly γ and κ are held to 1, in rows of one unit of information."""
PULL_EVENTS: Final = 30.0
"""How many events' worth of rows a bin is pulled to the power map by."""

Grid = NDArray[np.float32]
"""float32[6, 257]: the rate at ``LOW + STEP * cell``, by head."""


@dataclass(frozen=True)
class PowerMap:
    """``odds' = gamma * odds ** kappa``."""

    gamma: float = 1.0
    kappa: float = 1.0

    def logits(self, scores: NDArray[np.floating]) -> Rates:
        """Return the mapped log-odds of scores."""
        found: Rates = np.log(self.gamma) + self.kappa * np.asarray(scores, dtype=np.float64)
        return found


def plain_grid() -> Grid:
    """Return the grid that believes every score."""
    return np.tile(rate(knots()), (COUNT, 1)).astype(np.float32)


def knots() -> Rates:
    """Return the log-odds at which grids are kept, float64[257]."""
    return LOW + STEP * np.arange(CELLS + 1, dtype=np.float64)


def apply(grid: Grid, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rates, float32[n, 6], of scores float32[n, 6 or more]: the plain form of what the kernel does."""
    place = (scores[:, :COUNT] - np.float32(LOW)) * np.float32(1.0 / STEP)
    place = np.minimum(np.maximum(place, np.float32(0)), np.float32(CELLS))
    cell = np.minimum(place.astype(np.int64), CELLS - 1)
    heads = np.arange(COUNT)
    below, above = grid[heads, cell], grid[heads, cell + 1]
    found: NDArray[np.float32] = below + (above - below) * (place - cell.astype(np.float32))
    return found


def fit_power(scores: Rates, labels: Rates, weights: Rates) -> PowerMap:
    """Return the power map under which scores are likeliest, held to 1 by ``RIDGE``; Newton's method, twenty steps."""
    center = float(np.average(scores, weights=weights))
    design = np.stack([np.ones_like(scores), scores - center], axis=1)
    held = np.array([center, 1.0])
    found = held.copy()
    ridge = np.array([1.0, RIDGE])
    for _ in range(20):
        p = rate(design @ found)
        slope = design.T @ (weights * (p - labels)) + ridge * (found - held)
        bend = (design * (weights * p * (1 - p))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        found = found - np.clip(step, -1.0, 1.0)
        if float(np.abs(step).max()) < 1e-7:  # noqa: PLR2004 - as far as doubles go
            break
    kappa = float(np.clip(found[1], 0.3, 2.0))
    return PowerMap(gamma=float(np.exp(found[0] - kappa * center)), kappa=kappa)


def rising(values: Rates, weights: Rates) -> Rates:
    """Return the non-falling values nearest to these in weighted squares: pool adjacent violators. O(n)."""
    level: list[float] = []
    weight: list[float] = []
    size: list[int] = []
    for value, heavy in zip(values.tolist(), weights.tolist(), strict=True):
        level.append(value)
        weight.append(heavy)
        size.append(1)
        while len(level) > 1 and level[-2] > level[-1]:
            total = weight[-2] + weight[-1]
            level[-2] = (level[-2] * weight[-2] + level[-1] * weight[-1]) / total
            weight[-2] = total
            size[-2] += size[-1]
            del level[-1], weight[-1], size[-1]
    return np.repeat(np.array(level), size)


def fit_head(scores: NDArray[np.floating], labels: NDArray[np.integer], weights: NDArray[np.floating]) -> Rates:
    """Return one head's rates at the ``knots``, float64[257], never falling.

    Args: scores: float[n], log-odds as predicted before the rows were learned from; labels: 0 or 1; weights: what each
    row stands for.
    """
    s, y, w = (np.asarray(values, dtype=np.float64) for values in (scores, labels, weights))
    events = float((w * y).sum())
    at = knots()
    if events < LEAST_EVENTS or float((w * (1 - y)).sum()) < LEAST_EVENTS:
        return rate(at)
    power = fit_power(s, y, w)
    if events < ISOTONIC_EVENTS:
        return rate(power.logits(at))
    order = np.argsort(s, kind="stable")
    share = np.cumsum(w[order]) / w.sum()
    bins = np.minimum((share * BINS).astype(np.int64), BINS - 1)
    heavy: Rates = np.bincount(bins, w[order], BINS).astype(np.float64)
    kept = heavy > 0
    heavy = heavy[kept]
    middle = np.bincount(bins, w[order] * s[order], BINS)[kept] / heavy
    said = np.bincount(bins, w[order] * rate(power.logits(s[order])), BINS)[kept] / heavy
    seen = np.bincount(bins, w[order] * y[order], BINS)[kept]
    pull = PULL_EVENTS / np.maximum(said, 1e-6)
    mapped = rising((seen + pull * said) / (heavy + pull), heavy)
    # Between bins and beyond them the map is the power map, moved by what each bin was found to be off by.
    off = np.interp(at, middle, logit(mapped) - logit(said))
    return np.maximum.accumulate(rate(power.logits(at) + off))


def fit(scores: NDArray[np.float32], labels: NDArray[np.int8], weights: NDArray[np.floating]) -> Grid:
    """Return the grid of every head.

    Args: scores: float32[n, 8], as predicted; labels: int8[n, 6], -1 where not told; weights: float[n] or float[n, 6].
    """
    heavy = np.broadcast_to(weights if weights.ndim > 1 else weights[:, None], labels.shape)
    grid = plain_grid()
    for head in range(COUNT):
        told = labels[:, head] >= 0
        grid[head] = fit_head(scores[told, head], labels[told, head], heavy[told, head])
    return grid
