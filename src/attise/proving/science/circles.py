"""Circles: whether good posts get through, in lives of the feed alone whose truth is known.

A life (``simulator.spread``): people with tastes, works with a hidden quality, the house's feed and its circles, for a
week of the size of the example world. A post's *worth* is what an impression of it is worth among everybody, as the
gate would measure it if it never stopped measuring; *hidden* is the quality it was drawn with, of which its beginning
and its length hide a part. *False stops*: of posts in the top tenth, those that the gate of one of the first two
circles stopped, whether they came back or not. Beside them: how many of all were stopped there, how large a part of
impressions posts of the top tenth had, and how unevenly impressions lie (Gini), with circles and *without* (everyone is
shown every post from the first); how many hours a post waits for its first word; what new posts were tested with.
*Crowded*: a house where posts crowd, some hundred impressions a day for each; a short run leaves it out.
Passes: false stops by worth below a tenth in both houses, in the mean over seeds.
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
CROWDED: Final = Size(viewers=6_000, creators=60, posts=2_400, days=4.0, sessions_a_day=0.42)
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
        if not quick:
            for name, value in judged_alone(lived(CROWDED, seed, is_widening=True)).items():
                figures.setdefault(f"crowded: {name}", []).append(value)
    promised = [values for name, values in figures.items() if name.endswith("false stops")]
    return Row(
        name="science/circles",
        scale=f"{size.viewers} viewers, {size.posts} posts, {size.days:g} days, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(met * 1_000 / sum(took_ms), 1),
        ratio=None,
        p50_ms=round(quantile(took_ms, 0.5), 1),
        p99_ms=round(quantile(took_ms, 0.99), 1),
        checks={name: told(values, 3) for name, values in figures.items()},
        ok=all(float(np.mean(values)) < MOST_FALSE for values in promised),
    )


def lived(size: Size, seed: int, *, is_widening: bool) -> Spread:
    """Return a life that was lived to its end."""
    life = draw_spread(size, seed=seed, is_widening=is_widening)
    life.live(BEGIN_MS + int(size.days * DAY_MS))
    return life


def judged(life: Spread, without: Spread) -> dict[str, float]:
    """Return what one seed came to, beside the same life without circles."""
    return judged_alone(life) | {
        "top tenth's part, without": _part_of_top(without),
        "gini": _gini(life),
        "gini, without": _gini(without),
        "tested with": life.explored / life.met,
    }


def judged_alone(life: Spread) -> dict[str, float]:
    """Return what one life came to."""
    said = [one for one in life.passed.values() if one.is_judged]
    waits = [one.moves[0].to.since_ms - one.published_at_ms for one in said]
    return {
        "false stops": _false_stops(life, "worth"),
        "false stops, hidden": _false_stops(life, "quality"),
        "judged of all": len(said) / len(life.passed),
        "stopped of judged": float(np.mean([one.was_stopped(FIRST_CIRCLES) for one in said])),
        "top tenth's part": _part_of_top(life),
        "hours to the first word": float(np.median(waits)) / HOUR_MS,
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
