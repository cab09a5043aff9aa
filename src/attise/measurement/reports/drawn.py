"""What ads brought the posts of a lot: those that chance chose beside those that it left out. Pure.

Each post is compared with itself, its views after the draw with those of the day before it, on the scale of logarithms;
then the posts that were drawn with the others (difference in differences). Chance alone chose between them, so that
what is found is what ads brought, and the draws that might have been say how far chance alone would reach: the interval
holds every part by which ads may have multiplied views that these draws do not make too unlikely. Posts stay what they
were drawn, shown or not, there or gone: leaving one out afterwards would be a choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb, prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.reports.promoted import ADDED_VIEWS, AFTER_MOST_MS, BEFORE_MOST_MS, FINE_MS, Floats, Post

Draws = NDArray[np.bool_]

ENUMERATED_MOST: Final = 20_000
"""Draws that are all looked at; of more, so many are drawn."""
KNOWN_DRAWS: Final = 8
"""Sizes of lots whose draws are kept: up to 400 kB each."""
ROUNDING: Final = 1e-9
"""Sums of the same numbers in another order differ by less."""
EACH_SIDE: Final = 0.025
"""What an interval of 95 of 100 leaves out on each side."""
LEAST_MS: Final = 6 * HOUR_MS
"""So long after a draw something is told of it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lot that was drawn, and what was counted of its posts."""

    posts: Sequence[Post]
    is_promoted: Sequence[bool]
    drawn_ms: int
    ends_ms: int
    """Up to when the boosts were to run."""


@dataclass(frozen=True, slots=True)
class Effect:
    """By which part promoted posts had more views in the feed than without ads: 0.1 is a tenth more."""

    part: float
    low: float | None
    """None: the draws that might have been are too few to say, as the next."""
    high: float | None
    p_value: float
    """How often chance alone is at least as far from nothing."""
    draws: int
    """That might have been."""

    @property
    def differs(self) -> bool:
        """Whether the interval leaves nothing out."""
        return (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the course, all promoted posts together."""

    organic: int
    paid: int
    without: float
    """Organic views without ads, as the posts that were left out say."""
    low: float | None
    """Organic views above that, at least; None: not to be told, as the next."""
    high: float | None
    effect: Effect

    @property
    def gain(self) -> float:
        """Organic views above those without ads."""
        return self.organic - self.without


@dataclass(frozen=True, slots=True)
class DrawnCourse:
    """What came of a lot."""

    starts_ms: int
    from_ms: int
    """The hour of the draw."""
    to_ms: int
    seen_ms: int
    step_ms: int
    is_over: bool
    steps: list[int]
    organic: list[float]
    """Views of a promoted post of a step, in the mean, as the next two."""
    paid: list[float]
    without: list[float | None]
    """None before the draw."""
    left: list[float]
    """Organic views of a post that was left out."""
    promoted: int
    left_out: int
    before: int
    """Organic views of the promoted posts before the draw, all of them."""
    during: Part | None
    """None, as the next two: too early to say."""
    after: Part | None
    in_all: Part | None
    shown: int
    """Promoted posts that an ad has shown."""
    left_shown: int
    """Posts that were left out, and that an ad showed since all the same."""

    @property
    def is_enough(self) -> bool:
        """Whether anything is told yet."""
        return self.in_all is not None


def course_of_lot(lot: Drawn, *, now_ms: int, chance: int) -> DrawnCourse:
    """Return what came of a lot up to now, the present hour left out; ``chance``: of draws that are not all looked at.

    Invariants: organic views of *during* and *after* are those of *in all*.
    """
    from_ms = lot.drawn_ms // HOUR_MS * HOUR_MS
    seen_ms = max(min(now_ms // HOUR_MS * HOUR_MS, lot.ends_ms + AFTER_MOST_MS), from_ms)
    to_ms = max(min(-(-lot.ends_ms // HOUR_MS) * HOUR_MS, _last_paid(lot, from_ms) or lot.ends_ms, seen_ms), from_ms)
    is_over = now_ms >= lot.ends_ms or (to_ms > from_ms and seen_ms - to_ms >= DAY_MS // 2)
    if not is_over:
        to_ms = seen_ms
    first = min(one.published_ms for one in lot.posts) // HOUR_MS * HOUR_MS
    starts_ms = min(max(first, from_ms - BEFORE_MOST_MS), from_ms)
    step_ms = DAY_MS // 4 if seen_ms - starts_ms <= FINE_MS else DAY_MS
    before = -(-(from_ms - starts_ms) // step_ms)
    steps = list(range(from_ms - before * step_ms, max(seen_ms, from_ms + 1), step_ms))
    ends = [*steps[1:], max(seen_ms, steps[-1])]
    own = [one for one, is_in in zip(lot.posts, lot.is_promoted, strict=True) if is_in]
    left = [one for one, is_in in zip(lot.posts, lot.is_promoted, strict=True) if not is_in]
    edges = list(zip(steps, ends, strict=True))
    enough = seen_ms - from_ms >= LEAST_MS
    spans = {"during": (from_ms, to_ms), "after": (to_ms, seen_ms), "in_all": (from_ms, seen_ms)}
    asked = [name for name in spans if enough and (is_over or name != "after") and spans[name][0] < spans[name][1]]
    parts = {name: _part(lot, own, spans[name], chance) for name in asked}
    return DrawnCourse(
        starts_ms=starts_ms,
        from_ms=from_ms,
        to_ms=to_ms,
        seen_ms=seen_ms,
        step_ms=step_ms,
        is_over=is_over,
        steps=steps,
        organic=[_mean(own, edge) for edge in edges],
        paid=[_mean(own, edge, is_paid=True) for edge in edges],
        without=_steps_without(lot, own, from_ms, edges),
        left=[_mean(left, edge) for edge in edges],
        promoted=len(own),
        left_out=len(left),
        before=sum(int(one.upto([from_ms])[0]) for one in own),
        during=parts.get("during"),
        after=parts.get("after"),
        in_all=parts.get("in_all"),
        shown=sum(one.between(from_ms, seen_ms, is_paid=True) > 0 for one in own),
        left_shown=sum(one.between(from_ms, seen_ms, is_paid=True) > 0 for one in left),
    )


def _last_paid(lot: Drawn, from_ms: int) -> int:
    """Return the end of the last hour in which ads showed a promoted post; 0: none did."""
    last = 0
    for one, is_in in zip(lot.posts, lot.is_promoted, strict=True):
        hours = one.at[(one.paid > 0) & (one.at >= from_ms)]
        if is_in and len(hours):
            last = max(last, int(hours[-1]) + HOUR_MS)
    return last


def _mean(posts: Sequence[Post], edge: tuple[int, int], *, is_paid: bool = False) -> float:
    return float(np.mean([one.between(*edge, is_paid=is_paid) for one in posts]))


def changes_of(lot: Drawn, span: tuple[int, int]) -> Floats:
    """Return by how much the views of each post changed: of a span, beside those of the day before the draw.

    float64[posts], of logarithms.
    """
    drawn = lot.drawn_ms // HOUR_MS * HOUR_MS
    after = np.array([one.between(*span) for one in lot.posts], np.float64)
    recent = np.array([one.between(drawn - DAY_MS, drawn) for one in lot.posts], np.float64)
    return np.asarray(np.log(after + ADDED_VIEWS) - np.log(recent + ADDED_VIEWS), np.float64)


def effect_of(lots: Sequence[tuple[Floats, Sequence[bool]]], *, chance: int) -> Effect:
    """Return by which part ads multiplied the views of the posts that were drawn, in one lot or in several together.

    Args: of each lot the changes of its posts, and which were drawn; chance: where not all draws are looked at.
    Where several are taken together each weighs as much as it tells. Invariants: low <= part <= high.
    Source: Rosenbaum (2002), chapter 2: the interval holds what the test by permutation does not refuse.
    """
    # Under a factor e**t of those drawn, the mean of another draw differs by d(other) - t * s(other), where s is by how
    # much that draw is the real one again: so each draw refuses all t on one side of a threshold.
    sums = [_differences(changes, np.asarray(drawn, np.bool_)) for changes, drawn in lots]
    weights = np.array([weight for _found, weight, _each in sums])
    weights = weights / weights.sum()
    found = float(weights @ np.array([one for one, _weight, _each in sums]))
    others, same = _together([each for _found, _weight, each in sums], weights, chance)
    draws = prod(comb(len(changes), int(sum(drawn))) for changes, drawn in lots)
    farther = np.sort((found - others) / (1.0 - same))
    place = int(np.floor(EACH_SIDE * (len(farther) + 1) + ROUNDING))
    low, high = (min(farther[place - 1], found), max(farther[-place], found)) if place else (None, None)
    above = (1 + int((farther <= ROUNDING).sum())) / (len(farther) + 1)
    below = (1 + int((farther >= -ROUNDING).sum())) / (len(farther) + 1)
    ends = [None if end is None else float(np.expm1(end)) for end in (low, high)]
    return Effect(float(np.expm1(found)), ends[0], ends[1], min(1.0, 2 * min(above, below)), draws)


Differences = tuple[Floats, Floats]
"""Of each draw that might have been: by how much those drawn differ, and how much of the real draw is in it."""


def _differences(changes: Floats, drawn: Draws) -> tuple[float, float, Differences]:
    """Return what the real draw differs by, what it weighs, and the same of all draws, or of as many as are taken."""
    many, some = len(changes), int(drawn.sum())
    draws = _draws(many, some)
    inside = draws @ changes / some
    outside = (~draws) @ changes / (many - some)
    same = (draws & drawn).sum(axis=1) / some - (~draws & drawn).sum(axis=1) / (many - some)
    found = float(changes[drawn].mean() - changes[~drawn].mean())
    return found, some * (many - some) / many, (inside - outside, same)


@lru_cache(maxsize=KNOWN_DRAWS)
def _draws(many: int, some: int) -> Draws:
    """Return every draw of some posts among many, bool[draws, many]: the same each time, and not to be written to.

    Why kept: lots of an advertiser are of one size, and fifty of them are taken together while somebody waits.
    """
    if comb(many, some) > ENUMERATED_MOST:
        draws = _sampled(many, some)
    else:
        places = np.array(list(combinations(range(many), some)))
        draws = np.zeros((len(places), many), np.bool_)
        draws[np.arange(len(places))[:, None], places] = True
    draws.flags.writeable = False
    return draws


def _sampled(many: int, some: int) -> Draws:
    """Return as many draws as are looked at, the same each time."""
    order = np.random.default_rng([many, some]).random((ENUMERATED_MOST, many)).argsort(axis=1)
    return np.asarray(order < some)


def _together(each: Sequence[Differences], weights: Floats, chance: int) -> Differences:
    """Return both of all draws that are looked at but the real one, of all lots together."""
    sizes = [len(differences) for differences, _same in each]
    if prod(sizes) <= ENUMERATED_MOST:
        grid = np.stack(np.meshgrid(*[np.arange(size) for size in sizes], indexing="ij"), axis=-1)
        chosen = grid.reshape(-1, len(sizes))
    else:
        random = np.random.default_rng(chance)
        chosen = np.stack([random.integers(0, size, ENUMERATED_MOST) for size in sizes], axis=-1)
    others: Floats = np.zeros(len(chosen))
    same: Floats = np.zeros(len(chosen))
    for place, (differences, shared) in enumerate(each):
        others += weights[place] * differences[chosen[:, place]]
        same += weights[place] * shared[chosen[:, place]]
    is_other = same < 1.0 - ROUNDING
    return others[is_other], same[is_other]


def _part(lot: Drawn, own: Sequence[Post], span: tuple[int, int], chance: int) -> Part:
    effect = effect_of([(changes_of(lot, span), lot.is_promoted)], chance=chance)
    organic = [one.between(*span) for one in own]
    paid = sum(one.between(*span, is_paid=True) for one in own)
    total = sum(organic)
    low, high = (None if end is None else total - without_of(organic, end) for end in (effect.low, effect.high))
    return Part(total, paid, without_of(organic, effect.part), low, high, effect)


def without_of(organic: Sequence[int], part: float) -> float:
    """Return the views that posts would have had without ads, together, if ads multiplied them by one and ``part``."""
    return sum(max((views + ADDED_VIEWS) / (1.0 + part) - ADDED_VIEWS, 0.0) for views in organic)


def _steps_without(
    lot: Drawn, own: Sequence[Post], from_ms: int, edges: Sequence[tuple[int, int]]
) -> list[float | None]:
    """Return the views of a promoted post without ads at each step since the draw, in the mean."""
    drawn = np.asarray(lot.is_promoted, np.bool_)
    found: list[float | None] = []
    so_far = 0.0
    for begin, end in edges:
        if begin < from_ms:
            found.append(None)
            continue
        changes = changes_of(lot, (from_ms, end))
        part = float(np.expm1(changes[drawn].mean() - changes[~drawn].mean()))
        risen = max(without_of([one.between(from_ms, end) for one in own], part) / len(own), so_far)
        found.append(risen - so_far)
        so_far = risen
    return found
