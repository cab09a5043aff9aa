"""Scout: posts of invented worlds ranked at one hour, against what came in the next two days.

Worlds of six kinds (``posts_world.KINDS``), none of them one that weights were learnt in; each seen hourly, daily, and
once. Beside the score stand what people use instead: the last growth carried on (six hours' views beside those there
are, or a day's, or the mean since publication, as looks allow), views, likes in all, likes a view, and chance. *rho* is
Spearman's rank correlation with growth, *p20* the share of the top fifth that was picked; *won* on how many seeds the
score was above the last growth in rho, and not below it in p20. *covered*: how many outcomes lay in the intervals of
80 %. *too late*: how many posts judged no longer progressing did grow by a tenth after all. *paid*: rho of the
organic views that a paid one was said to bring with those that it brings, and how many of those intervals held.
Passes: rho above the last growth on four seeds of five, in every world and at every sort of looks; p20 not below it on
four of five in the usual world; covered from 0.72 to 0.88; at most a fifth of *too late* wrong.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from attise.measurement.scout.bounds import ADDED_VIEWS, INTERVAL
from attise.measurement.scout.features import rows_of
from attise.measurement.scout.forecast import ADDED, between, forecast
from attise.measurement.scout.observed import Floats
from attise.measurement.scout.ranking import rank
from attise.proving.result import Row, quantile
from attise.proving.science.cases import told
from attise.proving.science.posts_world import KINDS, Posts, world_of
from attise.proving.science.scout_weights import LEAST_RESPONSE, STEPS

USUAL: Final = "usual"
COVERED: Final = (0.72, 0.88)
WRONG_MOST: Final = 0.2
SEEDS_WON: Final = 0.8
TOP: Final = 0.2


@dataclass
class Course:
    """What came of one world and sort of looks, seed by seed: ``rho`` and ``p20`` by what posts are ranked by."""

    rho: dict[str, list[float]] = field(default_factory=dict)
    p20: dict[str, list[float]] = field(default_factory=dict)
    covered: list[float] = field(default_factory=list)
    paid_rho: list[float] = field(default_factory=list)
    paid_covered: list[float] = field(default_factory=list)
    late: int = 0
    late_wrong: int = 0

    def won(self) -> tuple[int, int]:
        """Return on how many seeds the score beat the last growth: in rho, and in p20 or was its equal."""
        rho = sum(ours > last for ours, last in zip(self.rho["score"], self.rho["last growth"], strict=True))
        p20 = sum(ours >= last for ours, last in zip(self.p20["score"], self.p20["last growth"], strict=True))
        return rho, p20

    def line(self) -> str:
        """Return the course as one check."""
        ranked = "; ".join(f"{name} {told(self.rho[name], 2)} {told(self.p20[name], 2)}" for name in self.rho)
        rho, p20 = self.won()
        return (
            f"rho p20: {ranked}; won {rho} {p20}; covered {told(self.covered, 2)}; "
            f"too late {self.late_wrong}/{self.late}; paid {told(self.paid_rho, 2)} {told(self.paid_covered, 2)}"
        )


def run(seeds: Sequence[int], *, quick: bool, kinds: Sequence[str] = tuple(KINDS), posts: int = 400) -> Row:
    """Measure the case."""
    if quick:
        kinds, posts = kinds[:1], min(posts, 200)
    courses = {(kind, sort): Course() for kind in kinds for sort in STEPS}
    took_ms: list[float] = []
    ranked = 0
    for kind in kinds:
        for seed in seeds:
            world = world_of(seed, KINDS[kind], posts)
            for sort in STEPS:
                began = time.perf_counter()
                judge(world, sort, seed, courses[kind, sort])
                took_ms.append((time.perf_counter() - began) * 1_000)
                ranked += posts
    need = SEEDS_WON * len(seeds)
    wins = all(course.won()[0] >= need for course in courses.values())
    picks = all(course.won()[1] >= need for (kind, _), course in courses.items() if kind == USUAL)
    covered = all(COVERED[0] <= float(np.mean(course.covered)) <= COVERED[1] for course in courses.values())
    late = all(course.late_wrong <= WRONG_MOST * course.late for course in courses.values())
    return Row(
        name="science/scout",
        scale=f"{len(kinds)} worlds of {posts} posts, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(ranked * 1_000 / sum(took_ms), 1),
        ratio=None,
        p50_ms=round(quantile(took_ms, 0.5), 4),
        p99_ms=round(quantile(took_ms, 0.99), 4),
        checks={f"{kind}, {sort}": course.line() for (kind, sort), course in courses.items()},
        ok=wins and picks and covered and late,
    )


def judge(world: Posts, sort: str, seed: int, course: Course) -> None:
    """Rank the posts of a world by every means, and compare with what came."""
    posts = world.seen(STEPS[sort])
    growth, rows = world.growth, rows_of(posts)
    told_of = forecast(posts, rows)
    recent = {"hourly": rows.six_h, "daily": rows.day, "level": rows.views / rows.age_h}[sort]
    likes = np.array([one.counts[-1, 1] for one in posts])
    means = {
        "score": told_of.growth,
        "last growth": recent / (rows.views + ADDED_VIEWS),
        "views": rows.views,
        "most liked": likes,
        "likes a view": likes / np.maximum(rows.views, 1),
        "chance": np.random.default_rng([seed, 23]).random(len(posts)),
    }
    for name, by in means.items():
        course.rho.setdefault(name, []).append(spearman(by, growth))
        course.p20.setdefault(name, []).append(precision(by, growth))
    course.covered.append(_inside(np.log(growth + ADDED), told_of.growth, told_of.offsets))
    brings = np.log(np.maximum(world.response, LEAST_RESPONSE))
    course.paid_rho.append(spearman(told_of.response, brings))
    course.paid_covered.append(_inside(brings, told_of.response, told_of.response_offsets))
    for one in rank(posts).posts:
        if any(reason.code == "stalled" for reason in one.reasons):
            course.late += 1
            course.late_wrong += bool(growth[int(one.post)] >= 0.1)


def spearman(one: Floats, other: Floats) -> float:
    """Return the correlation of ranks; equal values share theirs."""
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def precision(by: Floats, truth: Floats, share: float = TOP) -> float:
    """Return how much of the top of the truth is in the top of a ranking of it, both of one size."""
    several = max(1, int(len(by) * share))
    best, picked = (set(np.argsort(-values, kind="stable")[:several]) for values in (truth, by))
    return len(best & picked) / several


def _ranks(values: Floats) -> Floats:
    _, place, several = np.unique(values, return_inverse=True, return_counts=True)
    last = several.cumsum()
    found: Floats = (last - (several - 1) / 2)[place]
    return found


def _inside(truth: Floats, middle: Floats, offsets: Floats) -> float:
    low, high = between(middle, offsets, INTERVAL)
    return float(((truth >= low) & (truth <= high)).mean())
