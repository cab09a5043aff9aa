"""Promotion: whether what a post would have come to without its ads is told right, in worlds of posts that are known.

Of the posts of a world (``posts_world``) that are half a day to four days old, some are drawn that could be promoted;
a lot chooses one of them, and the others are left as they are. Two days later the one is put beside the others, as its
page does. In one half of the draws ads bring nothing, in the other half as many views again in the feed as there would
have been.

- *told apart*: of posts whose ads bring nothing, those that are said to differ;
- *covers*: of posts whose views ads double, intervals of what they brought that hold what they did;
- *found*: the median of what is found by what is true; *seen*: of these posts, those that are told from nothing;
- *together*: of twenty posts whose ads bring nothing, how often they are told to together; *seen together*: of twenty
  whose views ads double;
- *naive*: the same as found, where a post is expected to go on at the pace of its last day;
- *half width*: of the interval, by what would have been; *told*: of all drawn, those of which anything can be;
- *lots told*, *lots cover*, *lots seen*: the same of lots of eight posts of which three are promoted, as chance alone
  compares them; *five lots seen*: of five such lots taken together.

Passes, in the mean over seeds: told apart 3 to 8 %, together at most 10 %, covers 92 to 97 %, found within 15 %; lots
told at most 7 %, lots cover at least 93 %.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.reports.drawn import effect_of
from attise.measurement.reports.promoted import ADDED_VIEWS, Floats, Gain, Post, course_of, together
from attise.proving.result import Row
from attise.proving.science.cases import told
from attise.proving.science.posts_world import HOURS, KINDS, NOW, START_MS, Posts, world_of

YOUNGEST_H, OLDEST_H = 12, 96
POSTS: Final = 400
DRAWS: Final = 400
"""Of a seed and kind of world; half of them with ads that bring something."""
BESIDE: Final = 40
"""Posts that could be promoted in each draw."""
AFTER_H: Final = 48
ADS_H: Final = 24
LOT, CHOSEN = 8, 3
"""Posts of a lot, and those of them that are promoted."""
LOTS_TOLD, LOTS_COVER = 0.07, 0.93
FIVE: Final = 5
WORLDS: Final = ("usual", "word of mouth", "evergreen")
TOLD_APART: Final = (0.03, 0.08)
COVERS: Final = (0.92, 0.97)
TOGETHER: Final = 0.1
TAKEN: Final = 20
"""Posts that are taken together; of one seed they are few, and a short run does not judge them."""
FOUND: Final = (0.85, 1.15)


def run(seeds: Sequence[int], *, quick: bool, draws: int | None = None) -> Row:
    """Measure the case."""
    worlds = WORLDS[:1] if quick else WORLDS
    draws = draws or DRAWS
    figures: dict[str, list[float]] = {}
    began = time.perf_counter()
    for seed in seeds:
        found = [judged(world_of(seed, KINDS[kind], POSTS), seed, draws) for kind in worlds]
        for name in found[0]:
            figures.setdefault(name, []).append(float(np.mean([one[name] for one in found])))
    took = time.perf_counter() - began
    many = draws * len(worlds) * len(seeds)
    means = {name: float(np.mean(values)) for name, values in figures.items()}
    return Row(
        name="science/promotion",
        scale=f"{len(worlds)} worlds of {POSTS} posts, {draws} lots of {BESIDE}, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(many / took, 1),
        ratio=None,
        p50_ms=round(took / many * 1_000, 3),
        p99_ms=round(took / many * 1_000, 3),
        checks={name: told(values, 3) for name, values in figures.items()},
        ok=TOLD_APART[0] <= means["told apart"] <= TOLD_APART[1]
        and COVERS[0] <= means["covers"] <= COVERS[1]
        and FOUND[0] <= means["found"] <= FOUND[1]
        and means["lots told"] <= LOTS_TOLD
        and means["lots cover"] >= LOTS_COVER
        and (quick or means["together"] <= TOGETHER),
    )


def judged(world: Posts, seed: int, draws: int) -> dict[str, float]:
    """Return what one world came to."""
    chance = np.random.default_rng([seed, 31])
    age = NOW - world.start
    views = world.hourly[:, :NOW].sum(axis=1)
    could = np.flatnonzero((age >= YOUNGEST_H) & (age <= OLDEST_H) & (views >= 20))
    none, twice, naive = [], [], []
    for number in range(draws):
        lot = chance.choice(could, min(BESIDE, len(could)), replace=False)
        more = chance.poisson(world.hourly[lot[0], NOW : NOW + AFTER_H]) if number % 2 else np.zeros(AFTER_H)
        gain = _gain(world, lot, more)
        if gain.gain is None:  # it is said that nothing can be told of it
            continue
        (twice if number % 2 else none).append((gain, float(more.sum())))
        if number % 2:
            pace = world.hourly[lot[0], NOW - 24 : NOW].sum() * AFTER_H / 24
            naive.append((gain.organic - pace) / max(more.sum(), 1.0))
    ends = [(gain.low or 0.0, gain.high or 0.0, true) for gain, true in twice]
    return {
        "told apart": float(np.mean([gain.differs for gain, _ in none])),
        "covers": float(np.mean([low <= true <= high for low, high, true in ends])),
        "found": float(np.median([(gain.gain or 0.0) / max(true, 1.0) for gain, true in twice])),
        "together": _differ([gain for gain, _ in none]),
        "seen together": _differ([gain for gain, _ in twice]),
        "naive": float(np.median(naive)),
        "told": (len(none) + len(twice)) / draws,
        "seen": float(np.mean([gain.differs for gain, _ in twice])),
        **_lots(world, could, seed, draws),
        "half width": float(
            np.median(
                [
                    (high - low) / 2 / max(gain.without or 1.0, 1.0)
                    for gain, _ in none
                    for low, high in [(gain.low or 0.0, gain.high or 0.0)]
                ]
            )
        ),
    }


def _lots(world: Posts, could: NDArray[np.int64], seed: int, draws: int) -> dict[str, float]:
    """Return what lots came to: of each half of them, whether it was told from nothing, and held the truth."""
    chance = np.random.default_rng([seed, 37])
    found: tuple[list[tuple[Floats, list[bool]]], ...] = ([], [])
    for number in range(draws):
        posts = chance.choice(could, min(LOT, len(could)), replace=False)
        drawn = [place < CHOSEN for place in range(len(posts))]
        hourly = world.hourly[posts].copy()
        if number % 2:
            hourly[:CHOSEN, NOW : NOW + AFTER_H] += chance.poisson(hourly[:CHOSEN, NOW : NOW + AFTER_H])
        after, recent = hourly[:, NOW : NOW + AFTER_H].sum(axis=1), hourly[:, NOW - 24 : NOW].sum(axis=1)
        found[number % 2].append((np.log(after + ADDED_VIEWS) - np.log(recent + ADDED_VIEWS), drawn))
    none, twice = ([effect_of([one], chance=seed) for one in half] for half in found)
    fives = [effect_of(found[1][begin : begin + FIVE], chance=seed) for begin in range(0, len(found[1]), FIVE)]
    held = [(one.low or -1.0) <= 1.0 <= (np.inf if one.high is None else one.high) for one in twice]
    return {
        "lots told": float(np.mean([one.differs for one in none])),
        "lots cover": float(np.mean(held)),
        "lots seen": float(np.mean([one.differs for one in twice])),
        "five lots seen": float(np.mean([one.differs for one in fives])),
    }


def _differ(gains: Sequence[Gain]) -> float:
    """Return of how many groups of posts it is told that ads brought something, or took it."""
    found = [together(gains[begin : begin + TAKEN]) for begin in range(0, len(gains), TAKEN)]
    return float(np.mean([one is not None and one.differs for one in found]))


def _gain(world: Posts, lot: np.ndarray, more: np.ndarray) -> Gain:
    """Return what is told of the first of a lot, two days after its ads began; ``more``: what they brought by hour."""
    own, *others = (_post(world, post) for post in lot.tolist())
    organic, paid = own.organic.copy(), own.paid.copy()
    organic[NOW : NOW + AFTER_H] += more
    paid[NOW : NOW + ADS_H] = 1.0
    until_ms = START_MS + (NOW + AFTER_H) * HOUR_MS
    course = course_of(Post(own.published_ms, own.at, organic, paid), others, now_ms=until_ms)
    if course is None:
        raise AssertionError("the first of a lot was promoted")
    return course.in_all


def _post(world: Posts, post: int) -> Post:
    at = START_MS + np.arange(HOURS, dtype=np.int64) * HOUR_MS
    return Post(int(at[world.start[post]]), at, world.hourly[post], np.zeros(HOURS))


assert AFTER_H * HOUR_MS <= 3 * DAY_MS
assert NOW + AFTER_H <= HOURS
