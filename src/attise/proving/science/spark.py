"""Spark beside standard over four weeks, each mechanism alone: what a creator's post draws more than its copy, and why.

Posts are shown as Spark ads to one half of some people and as copies under a brand's name to the other
(``simulator.beside_copies``), and compared as ``attise demo`` compares its two campaigns. What makes the one draw more
is known: the native author, the likes that are seen, and the comments; each is a weight, turned off or on alone.

- *usual*: all three, at the weights of the example world; *nothing*: none; *author*, *likes*, *comments*: one alone;
  *strong comments*: comments at five times their weight;
- *completions*, *carts a euro*, *comments*: by which part Spark is above standard; *differ*: on how many seeds it is;
- *follows*: for a thousand impressions of Spark, where a copy has no creator who could be followed; *followers*: by
  which part those of the creators grew beyond what the feed brought.

How large the differences are follows from weights that are ours; what is measured is whether they are found, and each
for itself. Passes: usual completions are told on every seed; author, likes and strong comments alone add to them in the
mean, and nothing adds nothing: told on at most one seed of five, and within 3 % in the mean.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from attise.measurement.lift.arms import share_of
from attise.measurement.lift.comparing import compare, relative
from attise.proving.result import Row
from attise.proving.science.cases import told
from attise.simulator.beside_copies import Compared, lived
from attise.simulator.drawing import Size

SIZE: Final = Size(viewers=6_000, days=28.0)
SIZE_QUICK: Final = Size(viewers=3_000, days=28.0)
NOTHING: Final = {"native": 0.0, "herding": 0.0, "comments": 0.0}
MECHANISMS: Final = {"author": "native", "likes": "herding", "comments": "comments"}
STRONGER: Final = 5.0
NEAR: Final = 0.03
SEEDS_WRONG: Final = 0.2


def run(seeds: Sequence[int], *, quick: bool, size: Size | None = None) -> Row:
    """Measure the case."""
    size = size or (SIZE_QUICK if quick else SIZE)
    figures: dict[str, list[float]] = {}
    began = time.perf_counter()
    impressions = 0.0
    for seed in seeds:
        for name, one in settings_of(size).items():
            life = lived(one, seed=seed)
            impressions += float(life.spark.impressions.sum() + life.standard.impressions.sum())
            for what, value in judged(life).items():
                figures.setdefault(f"{name}: {what}", []).append(value)
    took = time.perf_counter() - began
    mean = {name: float(np.mean(values)) for name, values in figures.items()}
    alone = [mean[f"{name}: completions"] for name in ("author", "likes", "strong comments")]
    return Row(
        name="science/spark",
        scale=f"{size.viewers} viewers, {size.days:g} days, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(impressions / took, 1),
        ratio=None,
        p50_ms=round(took * 1_000 / len(seeds), 1),
        p99_ms=round(took * 1_000 / len(seeds), 1),
        checks={name: told(values, 3) for name, values in figures.items()},
        ok=mean["usual: completions differ"] == 1
        and mean["nothing: completions differ"] <= SEEDS_WRONG
        and abs(mean["nothing: completions"]) < NEAR
        and min(alone) > mean["nothing: completions"],
    )


def settings_of(size: Size) -> dict[str, Size]:
    """Return the worlds that are lived, by what is on in them."""
    none = replace(size, **NOTHING)
    alone = {name: replace(none, **{field: getattr(size, field)}) for name, field in MECHANISMS.items()}
    strong = replace(none, comments=STRONGER * size.comments)
    return {"usual": size, "nothing": none, **alone, "strong comments": strong}


def judged(life: Compared) -> dict[str, float]:
    """Return what one life came to."""
    found: dict[str, float] = {}
    for name, act, units in (
        ("completions", "complete", "impressions"),
        ("carts a euro", "cart", "euros"),
        ("comments", "comment", "impressions"),
    ):
        shares = [share_of(arm.did[act], getattr(arm, units)) for arm in (life.spark, life.standard)]
        above = relative(*shares)
        found[name] = 0.0 if above is None else above.part
        found[f"{name} differ"] = float(compare(*shares).differs)
    follows = float(life.spark.did["follow"].sum())
    found["follows"] = 1_000 * follows / float(life.spark.impressions.sum())
    found["followers"] = follows / max(life.followers, 1)
    return found
