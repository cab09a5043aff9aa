"""Before, while and after ads showed a post, and what it would have come to without them. Pure.

What would have been is seen on other posts of the same days: those that could have been promoted then and were not.
Their views after that moment are explained by what was known of them at that moment, on the scale of logarithms; the
post itself is put into the same line. What is found is what ads brought, as far as chance chose which posts got them:
where a lot did, it is; where somebody's taste did, the taste is in it.

Counts are by the hour of world time. Ads are taken to have shown a post from its first hour with a paid view up to its
last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS, HOUR_MS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_POSTS: Final = 12
"""Fewer other posts do not say how differently posts go on."""
LEAST_TOGETHER: Final = 3
"""Fewer promoted posts are told one by one."""
LEAST_VIEWS: Final = 20
"""A post with fewer organic views before its ads is put beside nothing."""
LEAST_OTHER_VIEWS: Final = 5
"""The same of the posts that it is put beside."""
ADDED_VIEWS: Final = 5.0
"""Added to views before their logarithm is taken, so that a handful more is no wonder."""
LEVERAGE_MOST: Final = 1.0
"""How far a post may stand from those that it is put beside: none of them stands farther from all of them together."""
ALIKE: Final = 1e-6
"""What it may differ by in what all of them are alike in: none of them says what that does."""
VIEWS_MOST: Final = 1e12
"""More views are nobody's: where an interval ends beyond, it ends here."""
RECENT_MS: Final = DAY_MS
"""Views of the last day before ads are known of a post, beside all before."""
QUIET_MS: Final = DAY_MS // 2
"""Where no ad showed a post for so long, its promotion is over."""
BEFORE_MOST_MS: Final = 3 * DAY_MS
"""How much of before is drawn."""
AFTER_MOST_MS: Final = 14 * DAY_MS
"""How long after its ads a post is looked at."""
FINE_MS: Final = 5 * DAY_MS
"""Up to this length a course is cut into steps of six hours, else of a day."""
INTERVAL: Final = 0.95
Z: Final = 1.959964
MORE_MOST: Final = 100_000
"""As good as never."""


@dataclass(frozen=True, slots=True)
class Post:
    """What was counted of a post."""

    published_ms: int
    at: Ints
    """int64[n]: beginnings of hours, rising, those without views left out."""
    organic: Floats
    """float64[n], views, as the next."""
    paid: Floats

    def upto(self, ends: Sequence[int], *, is_paid: bool = False) -> Floats:
        """Return the views before each of some moments, float64[len(ends)]."""
        risen = np.concatenate([[0.0], np.cumsum(self.paid if is_paid else self.organic)])
        found: Floats = risen[np.searchsorted(self.at, ends)]
        return found

    def between(self, begin_ms: int, end_ms: int, *, is_paid: bool = False) -> int:
        """Return the views of the hours that begin in a span, its end not meant."""
        first, last = self.upto([begin_ms, max(end_ms, begin_ms)], is_paid=is_paid)
        return int(last - first)


def post_of(published_ms: int, hours: Iterable[tuple[int, bool, int]]) -> Post:
    """Return a post from its hours: when each begins, whether it is of ads, its views; in any order."""
    parts: dict[int, list[int]] = {}
    for hour_ms, is_paid, views in hours:
        parts.setdefault(hour_ms, [0, 0])[is_paid] += views
    at = sorted(parts)
    columns = np.array([parts[one] for one in at], np.float64).reshape(-1, 2)
    return Post(published_ms, np.array(at, np.int64), columns[:, 0], columns[:, 1])


@dataclass(frozen=True, slots=True)
class Span:
    """When ads showed a post, and up to when it is looked at. World time, whole hours, ends not included."""

    starts_ms: int
    """Some days before ads, or at the publication."""
    from_ms: int
    to_ms: int
    seen_ms: int
    is_over: bool
    """Whether no ad has shown it for a while."""

    @property
    def step_ms(self) -> int:
        """How long a step of the course is."""
        return DAY_MS // 4 if self.seen_ms - self.starts_ms <= FINE_MS else DAY_MS

    @property
    def steps(self) -> list[int]:
        """When each step begins: counted from where ads begin, so that none is half before and half after."""
        before = -(-(self.from_ms - self.starts_ms) // self.step_ms)
        return list(range(self.from_ms - before * self.step_ms, max(self.seen_ms, self.from_ms + 1), self.step_ms))


def span_of(own: Post, *, now_ms: int) -> Span | None:
    """Return when ads showed a post; None: none ever did. The present hour is left out: it is not over."""
    shown = own.at[own.paid > 0]
    if not len(shown):
        return None
    from_ms, last_ms = int(shown[0]), int(shown[-1]) + HOUR_MS
    seen_ms = max(min(now_ms // HOUR_MS * HOUR_MS, last_ms + AFTER_MOST_MS), from_ms)
    starts_ms = min(max(own.published_ms // HOUR_MS * HOUR_MS, from_ms - BEFORE_MOST_MS), from_ms)
    return Span(starts_ms, from_ms, min(last_ms, seen_ms), seen_ms, now_ms >= last_ms + QUIET_MS)


def facts_of(one: Post, from_ms: int) -> Floats:
    """Return what is known of a post when ads begin, float64[3]: logarithms of its views, the recent ones, its age."""
    recent, before = one.between(from_ms - RECENT_MS, from_ms), float(one.upto([from_ms])[0])
    age_h = max(from_ms - one.published_ms, HOUR_MS) / HOUR_MS
    return np.log([max(before, 0.0) + ADDED_VIEWS, max(recent, 0) + ADDED_VIEWS, age_h])


@dataclass(frozen=True, slots=True)
class Without:
    """What views would have been without ads; float64[targets] each."""

    middle: Floats
    low: Floats
    high: Floats
    """Ends of the interval that holds what one post comes to 95 times of 100."""
    spread: Floats
    """How far one post is from what is expected, of logarithms."""
    reach: float
    """By how much more that is uncertain of this post: 1 and the root of what the line itself is off by."""


def without(own: Floats, others: Floats, views: Floats) -> Without | None:
    """Return what a post would have come to, from what others did; None: too few of them, or it is too unlike them.

    Too unlike is what would be told by going on along a line where none of the others stands: of a post whose views
    came days ago, beside posts of this morning, that is any number at all.
    Args: own: float64[facts], of ``facts_of``; others: float64[n, facts]; views: float64[n, targets], what the others
    came to, of any spans. Invariants: 0 <= low <= middle <= high.
    Source: prediction interval of a linear regression, no narrower than the jackknife's; Barber and others (2021).
    """
    many = len(others)
    if many < LEAST_POSTS:
        return None
    known, of_own = np.column_stack([np.ones(many), others]), np.concatenate([[1.0], own])
    inverse = np.linalg.pinv(known)
    told = np.log(np.maximum(views, 0.0) + ADDED_VIEWS)
    weights = inverse @ told
    free = many - int(np.linalg.matrix_rank(known))
    rest = told - known @ weights
    spread = np.sqrt((rest**2).sum(axis=0) / free)
    reach = of_own @ inverse
    if reach @ reach > LEVERAGE_MOST or np.abs(of_own - reach @ known).max() > ALIKE:
        return None
    middle, half = of_own @ weights, student(free) * spread * np.sqrt(1.0 + reach @ reach)
    # Posts have worse luck than a bell curve: what each of them would have been off by says so, as far as it could have
    # been told of that one beside the others.
    own_part = np.einsum("nk,kn->n", known, inverse)
    like = own_part <= LEVERAGE_MOST / (1.0 + LEVERAGE_MOST)
    place = int(np.ceil(INTERVAL * (int(like.sum()) + 1)))
    if place <= like.sum():
        alone = np.abs(rest[like]) / (1.0 - own_part[like])[:, None]
        half = np.maximum(half, np.sort(alone, axis=0)[place - 1])
    most = np.log(VIEWS_MOST)
    low, found, high = (
        np.maximum(np.exp(np.minimum(end, most)) - ADDED_VIEWS, 0.0) for end in (middle - half, middle, middle + half)
    )
    return Without(found, low, high, spread, float(np.sqrt(1.0 + reach @ reach)))


def student(free: int) -> float:
    """Return the 97.5th percentile of Student's distribution. Source: Abramowitz, Stegun (1964), 26.7.5."""
    parts = ((Z**3 + Z) / 4, (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96, (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384)
    return Z + sum(part / float(free) ** power for power, part in enumerate(parts, 1))


@dataclass(frozen=True, slots=True)
class Gain:
    """What a span brought a post, and what ads brought of it in the feed: views above what they would have been."""

    organic: int
    paid: int
    without: float | None
    gain: float | None
    low: float | None
    high: float | None
    """None, all four: it cannot be told."""
    more_posts: int
    """About how many more promoted posts like this would tell it from nothing; 0: it is told, or cannot be."""
    far: float = 0.0
    """By how much it is above what would have been, of logarithms; below, how uncertain that is."""
    spread: float = 0.0

    @property
    def differs(self) -> bool:
        """Whether the interval leaves nothing out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def gain_of(organic: int, paid: int, found: Without | None, target: int) -> Gain:
    """Return what ads brought, beside one target of ``without``."""
    if found is None:
        return Gain(organic, paid, None, None, None, None, 0)
    middle, low, high = (float(ends[target]) for ends in (found.middle, found.low, found.high))
    far = float(np.log((organic + ADDED_VIEWS) / (middle + ADDED_VIEWS)))
    more = _more(1, far, float(found.spread[target])) if low <= organic <= high else 0
    spread = found.reach * float(found.spread[target])
    return Gain(organic, paid, middle, organic - middle, organic - high, organic - low, more, far, spread)


def _more(posts: int, far: float, spread: float) -> int:
    """Return how many more posts would tell what seems to be so; the mean of several scatters by their root less."""
    times = (Z * spread / far) ** 2 if far else np.inf
    return int(np.clip(np.ceil(times) - posts, 1, MORE_MOST)) if np.isfinite(times) else MORE_MOST


@dataclass(frozen=True, slots=True)
class Together:
    """Several promoted posts taken together."""

    posts: int
    part: float
    """By which part they had more organic views than without ads: 0.1 is a tenth more; the middle one of them."""
    low: float
    high: float
    more_posts: int
    """About how many more would tell it from nothing; 0: it is told."""

    @property
    def differs(self) -> bool:
        """Whether the interval leaves nothing out."""
        return self.low > 0 or self.high < 0


def together(gains: Sequence[Gain]) -> Together | None:
    """Return what ads brought several posts in the mean, of logarithms; None: of too few is anything known.

    Posts that were put beside some of the same others are taken as if they were not: what they share is small beside
    how differently posts go on.
    """
    known = [one for one in gains if one.gain is not None]
    if len(known) < LEAST_TOGETHER:
        return None
    far = float(np.mean([one.far for one in known]))
    spread = float(np.sqrt(np.mean([one.spread**2 for one in known])))
    half = student(len(known) - 1) * spread / np.sqrt(len(known))
    more = _more(len(known), far, spread) if far - half <= 0 <= far + half else 0
    part, low, high = (float(np.expm1(end)) for end in (far, far - half, far + half))
    return Together(len(known), part, low, high, more)


@dataclass(frozen=True, slots=True)
class Course:
    """A promoted post: its steps, its parts, and what they rest on."""

    span: Span
    steps: list[int]
    organic: list[int]
    paid: list[int]
    without: list[int | None]
    """Organic views of each step without ads; None before them, and where it cannot be told."""
    before: int
    """Organic views before its ads, all of them."""
    during: Gain
    after: Gain | None
    """None: ads still show it, or have only just stopped."""
    in_all: Gain
    """From where ads begin."""
    others: int
    """Posts that it is put beside."""
    more_others: int
    """How many more of them are needed before anything is told."""
    more_views: int
    """The same of its own views before ads, which no time brings any more."""
    is_unlike: bool = False
    """Whether it stands too far from those posts for them to say anything of it."""

    @property
    def is_enough(self) -> bool:
        """Whether anything can be told of what would have been."""
        return not self.more_others and not self.more_views and not self.is_unlike


def course_of(own: Post, others: Sequence[Post], *, now_ms: int) -> Course | None:
    """Return the course of a promoted post; None: no ad ever showed it.

    ``others``: those that could have been promoted when ads began, and were not up to ``now_ms`` (world time).
    """
    span = span_of(own, now_ms=now_ms)
    if span is None:
        return None
    steps = span.steps
    ends = [*steps[1:], max(span.seen_ms, steps[-1])]
    since = [end for begin, end in zip(steps, ends, strict=True) if begin >= span.from_ms]
    parts = [(span.from_ms, span.to_ms), (span.to_ms, span.seen_ms), (span.from_ms, span.seen_ms)]
    before = int(own.upto([span.from_ms])[0])
    beside = [
        one
        for one in others
        if one.published_ms < span.from_ms and one.upto([span.from_ms])[0] >= LEAST_OTHER_VIEWS and not one.paid.any()
    ]
    found, is_enough = None, before >= LEAST_VIEWS and len(beside) >= LEAST_POSTS
    if is_enough:
        facts = np.stack([facts_of(one, span.from_ms) for one in beside])
        views = np.stack([_targets(one, span.from_ms, since, parts) for one in beside])
        found = without(facts_of(own, span.from_ms), facts, views)
    during, after, in_all = (
        gain_of(own.between(*part), own.between(*part, is_paid=True), found, len(since) + place)
        for place, part in enumerate(parts)
    )
    course: list[int | None] = [None] * len(steps)
    if found is not None:
        risen = np.maximum.accumulate(found.middle[: len(since)])
        course[len(steps) - len(since) :] = [round(one) for one in np.diff(risen, prepend=0.0).tolist()]
    return Course(
        span=span,
        steps=steps,
        organic=[own.between(*edge) for edge in zip(steps, ends, strict=True)],
        paid=[own.between(*edge, is_paid=True) for edge in zip(steps, ends, strict=True)],
        without=course,
        before=before,
        during=during,
        after=after if span.is_over else None,
        in_all=in_all,
        others=len(beside),
        more_others=max(LEAST_POSTS - len(beside), 0),
        more_views=max(LEAST_VIEWS - before, 0),
        is_unlike=is_enough and found is None,
    )


def _targets(one: Post, from_ms: int, since: Sequence[int], parts: Sequence[tuple[int, int]]) -> Floats:
    """Return the organic views from where ads begin up to the end of each step, and in each of the parts."""
    risen = one.upto(since) - one.upto([from_ms])
    return np.concatenate([risen, [float(one.between(*part)) for part in parts]])
