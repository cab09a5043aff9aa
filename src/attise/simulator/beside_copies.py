"""Posts shown as Spark ads to one half of some people, and their copies under a brand's name to the other, for weeks.

The people and reactions of ``story``, and nothing of the house: who sees which is drawn, both halves are shown the same
posts as often at the same price, and everything is counted in arrays. A post brings along the likes and comments that
it has in the feed, and keeps what its ad earns; a copy shows none, as ``story`` has it. Each of the three mechanisms by
which the one draws more is a weight of ``Size``, so that each is measured alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attise.simulator.drawing import CATEGORIES, CREATORS_TALENT, Size
from attise.simulator.truth.people import People, draw_people, drift
from attise.simulator.truth.reactions import Draws, Moments, react
from attise.simulator.truth.tastes import draw_directions
from attise.simulator.truth.works import Works, draw_works

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POSTS: Final = 20
"""Of those drawn, the best ones: nobody boosts any other."""
DRAWN: Final = 60
LENGTHS_S: Final = (8.0, 10.0, 12.0, 15.0)
SHOWN_A_DAY: Final = 0.5
"""Ads of the brand that somebody of the usual activity sees on a day."""
FEED_A_DAY: Final = 120
"""Organic impressions of a post on its first day; each day has a twelfth less than the one before."""
FADING: Final = 11 / 12
PRICE_EUROS: Final = 0.012
ACTS: Final = ("complete", "click", "follow", "comment", "cart")


@dataclass(frozen=True, slots=True)
class Arm:
    """What people of one half did; float64[people] each, of those who saw anything."""

    impressions: Floats
    euros: Floats
    did: dict[str, Floats]
    """By ``ACTS``."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Both halves."""

    spark: Arm
    standard: Arm
    followers: int
    """Of the creators, before: who followed from the feed of the days that are lived, without any ad."""


def lived(size: Size, *, seed: int) -> Compared:
    """Live the days of a size by a seed: of the size its people, its days and its three weights are used."""
    rng = np.random.Generator(np.random.PCG64(seed))
    directions = draw_directions(rng, len(CATEGORIES))
    people = draw_people(rng, size.viewers, directions, herding=size.herding)
    people.is_bot[:] = False
    works = _best(rng, directions)
    is_spark = rng.random(size.viewers) < 0.5  # noqa: PLR2004 - halves
    counts = np.zeros((2, POSTS), np.int64)
    seen = np.zeros((size.viewers, POSTS), np.int64)
    sums = {name: np.zeros(size.viewers) for name in ("impressions", *ACTS)}
    draws, followers, feed = Draws(size.native, size.comments), 0, float(FEED_A_DAY)
    rate = people.sessions_a_day / people.sessions_a_day.mean() * SHOWN_A_DAY
    for _ in range(int(size.days)):
        followers += _feed(rng, people, works, draws, counts, round(feed))
        feed *= FADING
        persons = rng.permutation(np.repeat(np.arange(size.viewers), rng.poisson(rate)))
        posts = rng.integers(0, POSTS, len(persons))
        made = react(rng, people, works, _moments(persons, posts, is_spark, counts, seen), draws)
        whole = made.watch_ms >= 1_000 * works.duration_s[posts]
        acts = {"complete": whole, "click": made.click, "follow": made.follow, "comment": made.comment}
        for name, did in (acts | {"cart": made.cart, "impressions": np.ones(len(persons), np.bool_)}).items():
            np.add.at(sums[name], persons, did)
        np.add.at(seen, (persons, posts), 1)
        of_spark = is_spark[persons]
        np.add.at(counts[0], posts[of_spark], made.like[of_spark])
        np.add.at(counts[1], posts[of_spark], made.comment[of_spark])
        drift(rng, people)
    return Compared(_arm(sums, is_spark), _arm(sums, ~is_spark), followers)


def _best(rng: Generator, directions: NDArray[np.float32]) -> Works:
    """Return the best of some posts: the works that somebody would boost."""
    category = rng.integers(0, len(CATEGORIES), DRAWN)
    talent = (CREATORS_TALENT * rng.standard_normal(DRAWN)).astype(np.float32)
    drawn = draw_works(rng, directions, category, talent, rng.choice(LENGTHS_S, DRAWN).astype(np.float32))
    best = np.argsort(-drawn.quality)[:POSTS]
    return Works(drawn.topic[best], drawn.quality[best], drawn.hook[best], drawn.talk[best], drawn.duration_s[best])


def _feed(rng: Generator, people: People, works: Works, draws: Draws, counts: Ints, times: int) -> int:
    """Have the feed show every post so often, and count what it earns there; returns how many followed."""
    posts = np.repeat(np.arange(POSTS), times)
    persons = rng.integers(0, len(people), len(posts))
    no, none = np.zeros(len(posts), np.bool_), np.zeros(len(posts), np.int64)
    moments = Moments(persons, posts, no, no, no, counts[0][posts], none, counts[1][posts])
    made = react(rng, people, works, moments, draws)
    np.add.at(counts[0], posts, made.like)
    np.add.at(counts[1], posts, made.comment)
    return int(made.follow.sum())


def _moments(persons: Ints, posts: Ints, is_spark: NDArray[np.bool_], counts: Ints, seen: Ints) -> Moments:
    of_spark = is_spark[persons]
    yes = np.ones(len(persons), np.bool_)
    likes, comments = (np.where(of_spark, one[posts], 0) for one in counts)
    return Moments(persons, posts, yes, ~of_spark, yes, likes, seen[persons, posts], comments)


def _arm(sums: dict[str, Floats], which: NDArray[np.bool_]) -> Arm:
    kept = which & (sums["impressions"] > 0)
    impressions = sums["impressions"][kept]
    return Arm(impressions, PRICE_EUROS * impressions, {name: sums[name][kept] for name in ACTS})
