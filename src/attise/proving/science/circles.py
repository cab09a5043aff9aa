"""Circles: whether good posts get through, in lives of the feed alone whose truth is known.

A life (``simulator.spread``): people with tastes, works with a hidden quality, the house's feed and its circles, for a
week of the size of the example world. A post's *worth* is what an impression of it is worth among everybody, as the
gate would measure it if it never stopped measuring; *hidden* is the quality it was drawn with, of which its beginning
and its length hide a part. *False stops*: of posts in the top tenth, those that the gate of one of the first two
circles stopped, whether they came back or not. Beside them: how many of all were stopped there, how large a part of
impressions posts of the top tenth had, and how unevenly impressions lie (Gini), with circles and *without* (everyone is
shown every post from the first); how many hours a post waits for its first word; what new posts were tested with.
Passes: false stops by worth below a tenth, in the mean over seeds.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.proving.result import Row, quantile
from attise.proving.science.cases import told
from attise.simulator.drawing import Size
from attise.simulator.spread import BEGIN_MS, Spread, draw_spread

SIZE: Final = Size(days=7.0, sessions_a_day=0.42)
SIZE_QUICK: Final = Size(viewers=1_200, creators=30, posts=200, days=3.0, sessions_a_day=0.42)
FIRST_CIRCLES: Final = 1
"""The last circle, counted from 0, whose stops are told of."""
TOP: Final = 0.1
MOST_FALSE: Final = 0.10


def run(seeds: Sequence[int], *, quick: bool, size: Size | None = None) -> Row:
    """Measure the case."""
    size = size or (SIZE_QUICK if quick else SIZE)
    figures: dict[str, list[float]] = {}
    took_ms, met = [], 0
    for seed in seeds:
        began = time.perf_counter()
        life, without = (lived(size, seed, is_widening=is_widening) for is_widening in (True, False))
        took_ms.append((time.perf_counter() - began) * 1_000)
        met += life.met + without.met
        for name, value in judged(life, without).items():
            figures.setdefault(name, []).append(value)
    return Row(
        name="science/circles",
        scale=f"{size.viewers} viewers, {size.posts} posts, {size.days:g} days, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(met * 1_000 / sum(took_ms), 1),
        ratio=None,
        p50_ms=round(quantile(took_ms, 0.5), 1),
        p99_ms=round(quantile(took_ms, 0.99), 1),
        checks={name: told(values, 3) for name, values in figures.items()},
        ok=float(np.mean(figures["false stops"])) < MOST_FALSE,
    )


def lived(size: Size, seed: int, *, is_widening: bool) -> Spread:
    """Return a life that was lived to its end."""
    life = draw_spread(size, seed=seed, is_widening=is_widening)
    life.live(BEGIN_MS + int(size.days * DAY_MS))
    return life


def judged(life: Spread, without: Spread) -> dict[str, float]:
    """Return what one seed came to."""
    said = [one for one in life.passed.values() if one.is_judged]
    waits = [one.moves[0].to.since_ms - one.published_at_ms for one in said]
    return {
        "false stops": _false_stops(life, "worth"),
        "false stops, hidden": _false_stops(life, "quality"),
        "stopped of all": float(np.mean([one.was_stopped(FIRST_CIRCLES) for one in said])),
        "top tenth's part": _part_of_top(life),
        "top tenth's part, without": _part_of_top(without),
        "gini": _gini(life),
        "gini, without": _gini(without),
        "hours to the first word": float(np.median(waits)) / HOUR_MS,
        "tested with": life.explored / life.met,
        "circles": float(life.plan.last),
    }


def _false_stops(life: Spread, by: str) -> float:
    least = np.quantile([getattr(one, by) for one in life.passed.values()], 1 - TOP)
    top = [one for one in life.passed.values() if getattr(one, by) >= least and one.is_judged]
    return float(np.mean([one.was_stopped(FIRST_CIRCLES) for one in top]))


def _part_of_top(life: Spread) -> float:
    worth = np.array([one.worth for one in life.passed.values()])
    met = np.array([one.met for one in life.passed.values()])
    return float(met[worth >= np.quantile(worth, 1 - TOP)].sum() / met.sum())


def _gini(life: Spread) -> float:
    met = np.sort([one.met for one in life.passed.values()])
    ranks = 2 * np.arange(1, len(met) + 1) - len(met) - 1
    return float(ranks @ met / (len(met) * met.sum()))
