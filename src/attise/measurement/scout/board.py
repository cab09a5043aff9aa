"""The scoreboard: what came of past rankings, beside what people use instead. Pure.

Posts are put to trial together, once a day. Of each trial every means picks its best fifth; two days later it is known
how much those grew, and how many of the fastest fifth they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

TOP: Final = 0.2
POSTS_LEAST: Final = 5
"""Posts of one trial: of fewer no fifth can be picked."""
MEANS: Final = ("score", "last_growth", "likes", "chance")
"""What posts are picked by: the scout, the last growth carried on, most liked, luck."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One post of one trial whose outcome is known. ``by`` in the order of ``MEANS``."""

    at_ms: int
    low: float
    high: float
    verdict: str
    by: tuple[float, ...]
    growth: float
    came: float
    """The outcome as a score."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one means picked: how many, their mean growth, and which share of the fastest fifth they were."""

    means: str
    picked: int
    growth: float
    precision: float


@dataclass(frozen=True, slots=True)
class Board:
    """All trials together. ``covered``: outcomes within their interval; ``boosts``: those said *boost now*."""

    trials: int
    posts: int
    growth: float
    """Of all posts that were tried."""
    lines: tuple[Line, ...]
    covered: float
    boosts: int
    boost_growth: float


def board_of(tried: Iterable[Tried]) -> Board:
    """Return the scoreboard; trials of fewer than ``POSTS_LEAST`` posts are left out."""
    trials: dict[int, list[Tried]] = defaultdict(list)
    for one in tried:
        trials[one.at_ms].append(one)
    kept = [posts for _, posts in sorted(trials.items()) if is_large(len(posts))]
    every = [one for posts in kept for one in posts]
    boosts = [one.growth for one in every if one.verdict == "boost_now"]
    return Board(
        trials=len(kept),
        posts=len(every),
        growth=_mean([one.growth for one in every]),
        lines=tuple(_line(place, means, kept) for place, means in enumerate(MEANS)),
        covered=_mean([float(one.low <= one.came <= one.high) for one in every]),
        boosts=len(boosts),
        boost_growth=_mean(boosts),
    )


def days_of(tried: Iterable[Tried]) -> list[tuple[int, Board]]:
    """Return the scoreboard of each trial alone, with its moment, the newest first; those too small are left out."""
    trials: dict[int, list[Tried]] = defaultdict(list)
    for one in tried:
        trials[one.at_ms].append(one)
    return [(at_ms, board_of(trials[at_ms])) for at_ms in sorted(trials, reverse=True) if is_large(len(trials[at_ms]))]


def is_large(posts: int) -> bool:
    """Tell whether a fifth can be picked of so many posts."""
    return posts >= POSTS_LEAST


def several_of(posts: int) -> int:
    """Return how many a means picks of the posts of a trial; 0 where it is too small."""
    return max(1, int(posts * TOP)) if is_large(posts) else 0


def best_of(values: Sequence[float]) -> set[int]:
    """Return the places of the best fifth of a trial, of equal ones the first."""
    return set(sorted(range(len(values)), key=lambda at: -values[at])[: several_of(len(values))])


def _line(place: int, means: str, trials: list[list[Tried]]) -> Line:
    growth: list[float] = []
    hits = 0
    for posts in trials:
        best, picked = best_of([one.growth for one in posts]), best_of([one.by[place] for one in posts])
        growth += [posts[at].growth for at in sorted(picked)]
        hits += len(best & picked)
    return Line(means, len(growth), _mean(growth), hits / len(growth) if growth else 0.0)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
