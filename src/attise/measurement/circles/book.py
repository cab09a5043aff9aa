"""What is kept of circles, and how it follows from counters: plain values, whoever stores them. Pure.

A *standing* is a post's; the *plan* is the house's: how large circles are, what each asks for, and by what counts are
understood. ``count`` takes counters in, ``renew`` makes the plan anew, ``go_on`` moves posts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
import numpy as np

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.circles.bounds import (
    PLAN_EVERY_MS,
    REMEMBERED_MS,
    TELLS_NOTHING,
    TRAFFIC_MS,
    WINDOW_MS,
    WINDOWS,
)
from attise.measurement.circles.gate import Level, Result, judge, level_of, prior_of
from attise.measurement.circles.growth import is_over
from attise.measurement.circles.ladder import batches_of, passes_of
from attise.measurement.circles.moving import Batch, Move, Place, Reason, State, move_of
from attise.measurement.circles.quality import SPANS, WIDTH, Floats, noise_of, quality_of, spans_of
from attise.records.durations import DURATION_GROUPS
from attise.records.totals import PostCircle

Key = TypeVar("Key")
NOTHING = (0,) * WIDTH
Above = tuple[float, int]
"""By how much posts were above the mean of their circle, in the mean, and how many these were."""
Hours = Sequence[tuple[int, int]]
"""Beginnings of hours of world time, rising, with organic impressions."""


@dataclass(slots=True)
class Standing:
    """How far a post has come. Counts are organic and in the order of ``quality.READ``."""

    post_id: int
    creator_id: int
    category: str
    length: int
    """Its duration group."""
    published_at_ms: int
    place: Place
    base: tuple[int, ...] = NOTHING
    """Counts when it came to this place."""
    seen: tuple[int, ...] = NOTHING
    """Counts when it was last looked at."""
    looked_at_ms: int = 0
    above: float | None = None
    """By how much it was above the mean of its circle when it was last judged."""
    reason: str = Reason.BEGAN.value
    """Why it came to its place."""


@dataclass(slots=True)
class Plan:
    """What a house goes by."""

    levels: tuple[Level, ...]
    usual: float
    """The mean quality of its impressions; below, their standard deviation."""
    noise: float
    norms: Floats
    """float64[DURATION_GROUPS, SPANS]: impressions by length and span; the old weigh less."""
    totals: Floats
    """float64[WIDTH]: all counts, likewise."""
    traffic: list[tuple[int, float]] = field(default_factory=list)
    """Moments, about an hour apart, with the house's organic impressions until then."""
    categories: dict[str, Above] = field(default_factory=dict)
    planned_at_ms: int = -1
    impressions_a_day: float = 0.0
    published_a_day: float = 0.0

    @property
    def last(self) -> int:
        """The circle that is everyone."""
        return len(self.levels)

    def between(self, from_ms: int, to_ms: int) -> float:
        """Return the house's organic impressions between two moments, as far back as is known."""
        if not self.traffic:
            return 0.0
        at, until = zip(*self.traffic, strict=True)
        begin, end = np.interp((from_ms, to_ms), at, until)
        return float(end - begin)


def new_plan() -> Plan:
    """Return what a house begins with."""
    norms, totals = np.zeros((DURATION_GROUPS, SPANS)), np.zeros(WIDTH)
    usual, noise = noise_of(norms, totals)
    batches = batches_of(0.0, 0.0)
    levels = tuple(
        level_of(batch, (), passes=passes, usual=usual, noise=noise)
        for batch, passes in zip(batches, passes_of(0.0, batches), strict=True)
    )
    return Plan(levels, usual, noise, norms, totals)


def count(plan: Plan, standings: Sequence[Standing], counts: Floats) -> None:
    """Take in what was counted of posts since they were last looked at.

    ``counts``: float64[n, WIDTH], of the standings, in all. What was taken back counts as nothing.
    """
    if not standings:
        return
    before = np.array([one.seen for one in standings], np.float64)
    lengths = np.array([one.length for one in standings], np.int64)
    more = spans_of(counts, lengths) - spans_of(before, lengths)
    np.add.at(plan.norms, lengths, np.maximum(more, 0.0))
    plan.totals += np.maximum(counts - before, 0.0).sum(axis=0)


def is_due(plan: Plan, now_ms: int) -> bool:
    """Tell whether the plan is to be made anew."""
    return plan.planned_at_ms < 0 or not 0 <= now_ms - plan.planned_at_ms < PLAN_EVERY_MS


def waiting(plan: Plan, standings: Iterable[Standing]) -> dict[int, list[Result]]:
    """Return what is thought so far of posts whose batch is under way, by their circle.

    Why: where posts crowd, those that people like are met first and judged first, while others wait. A bar that is made
    of those alone asks every post to be as good as the better ones.
    """
    tested = [one for one in standings if one.place.state == State.TESTING and one.place.circle < plan.last]
    found: dict[int, list[Result]] = defaultdict(list)
    if not tested:
        return found
    batches = np.array([one.seen for one in tested], np.float64) - np.array([one.base for one in tested], np.float64)
    lengths = np.array([one.length for one in tested], np.int64)
    met, mean = quality_of(np.maximum(batches, 0.0), lengths, plan.norms)
    for one, seen, good in zip(tested, met.tolist(), mean.tolist(), strict=True):
        level = plan.levels[one.place.circle]
        if seen < TELLS_NOTHING:
            continue
        judged = judge(level, met=seen, mean=good, noise=plan.noise, prior=level.mean)
        found[one.place.circle].append(Result(seen, good, judged.value))
    return found


def renew(
    plan: Plan,
    results: Callable[[int], Sequence[Result]],
    *,
    impressions: int,
    published_a_day: float,
    categories: Mapping[str, Above],
    now_ms: int,
) -> None:
    """Make the plan anew.

    Args: results: the newest posts that were judged at a circle, by its number; impressions: organic ones of the house,
    in all; published_a_day: posts, of late.
    """
    plan.traffic = [one for one in plan.traffic if now_ms - 2 * TRAFFIC_MS <= one[0] < now_ms]
    plan.traffic.append((now_ms, float(impressions)))
    begin_ms, begin = next((one for one in plan.traffic if one[0] >= now_ms - TRAFFIC_MS), plan.traffic[-1])
    # Of less than an hour nothing can be told; what there is was counted within a day at least.
    span_ms = now_ms - begin_ms
    counted = impressions - begin if span_ms >= HOUR_MS else float(impressions)
    plan.impressions_a_day = counted * DAY_MS / (span_ms if span_ms >= HOUR_MS else DAY_MS)
    plan.published_a_day = published_a_day
    if plan.planned_at_ms >= 0:
        kept = 0.5 ** (max(now_ms - plan.planned_at_ms, 0) / REMEMBERED_MS)
        plan.norms, plan.totals = plan.norms * kept, plan.totals * kept
    plan.usual, plan.noise = noise_of(plan.norms, plan.totals)
    plan.categories = dict(categories)
    batches = batches_of(plan.impressions_a_day, published_a_day)
    plan.levels = tuple(
        level_of(batch, results(circle), passes=passes, usual=plan.usual, noise=plan.noise)
        for circle, (batch, passes) in enumerate(zip(batches, passes_of(published_a_day, batches), strict=True))
    )
    plan.planned_at_ms = now_ms


def go_on(
    plan: Plan,
    standings: Sequence[Standing],
    counts: Floats,
    *,
    creators: Mapping[int, Above],
    hours: Mapping[int, Hours],
    now_ms: int,
) -> list[Move | None]:
    """Move posts; returns what became of each, in their order. Standings are as they are afterwards.

    Args: counts: as for ``count``; creators: how the posts of each stood; hours: of *open* posts that are to be asked
    whether they grow. Cost: about 20 µs a post.
    """
    if not standings:
        return []
    lengths = np.array([one.length for one in standings], np.int64)
    base = np.array([one.base for one in standings], np.float64)
    met, mean = quality_of(np.maximum(counts - base, 0.0), lengths, plan.norms)
    rows = counts.astype(np.int64).tolist()
    return [
        _go_on(plan, one, tuple(row), float(seen), float(good), creators, hours.get(one.post_id, ()), now_ms)
        for one, row, seen, good in zip(standings, rows, met, mean, strict=True)
    ]


def _go_on(
    plan: Plan,
    one: Standing,
    counts: tuple[int, ...],
    met: float,
    mean: float,
    creators: Mapping[int, Above],
    hours: Hours,
    now_ms: int,
) -> Move | None:
    alike = (creators.get(one.creator_id, (0.0, 0)), plan.categories.get(one.category, (0.0, 0)))
    move = move_of(
        one.place,
        Batch(met, mean, lambda level: prior_of(level, *alike)),
        plan.levels,
        noise=plan.noise,
        now_ms=now_ms,
        has_stopped_growing=lambda: is_over(hours, plan.between, since_ms=one.place.since_ms, now_ms=now_ms),
    )
    one.seen, one.looked_at_ms = counts, now_ms
    if move is not None:
        if move.judged is not None and one.place.state == State.TESTING:
            one.above = move.judged.value - plan.levels[one.place.circle].mean
        one.place, one.base, one.reason = move.to, counts, move.reason.value
    return move


def told(state: str, circle: int, met_before: int, plan: Plan) -> PostCircle:
    """Return what decisions are told of a post: ``met_before`` of its impressions are not of the batch under way."""
    is_tested = state == State.TESTING and circle < plan.last
    return PostCircle(
        circle=circle_of(state, circle, plan),
        last=plan.last,
        is_progressing=state != State.STOPPED,
        batch_ends=met_before + plan.levels[circle].batch if is_tested else 0,
    )


def circle_of(state: str, circle: int, plan: Plan) -> int:
    """Return how far a post has come on the ladder as it is now; *open* is its end, however long it was before."""
    return plan.last if state == State.OPEN else min(circle, plan.last)


def above_by(standings: Iterable[Standing], key: Callable[[Standing], Key]) -> dict[Key, Above]:
    """Return how the judged ones of some standings stood, by what they have in common."""
    found: dict[Key, list[float]] = defaultdict(list)
    for one in standings:
        if one.above is not None:
            found[key(one)].append(one.above)
    return {name: (sum(values) / len(values), len(values)) for name, values in found.items()}


def hours_from(now_ms: int) -> int:
    """Return the moment from which on hours of a post are asked for (world time)."""
    return now_ms - WINDOWS * WINDOW_MS


class _Stored(msgspec.Struct, frozen=True):
    """A plan as JSON; fields are added at the end, with a default."""

    levels: list[Level]
    usual: float
    noise: float
    norms: list[list[float]]
    totals: list[float]
    traffic: list[tuple[int, float]]
    categories: dict[str, Above]
    planned_at_ms: int
    impressions_a_day: float
    published_a_day: float


def plan_as_json(plan: Plan) -> dict[str, object]:
    """Return a plan as it is stored."""
    found: dict[str, object] = msgspec.to_builtins(
        _Stored(
            list(plan.levels),
            plan.usual,
            plan.noise,
            plan.norms.tolist(),
            plan.totals.tolist(),
            plan.traffic,
            plan.categories,
            plan.planned_at_ms,
            plan.impressions_a_day,
            plan.published_a_day,
        )
    )
    return found


def plan_of_json(body: Mapping[str, object]) -> Plan:
    """Return a stored plan. Raises: msgspec.ValidationError."""
    stored = msgspec.convert(body, _Stored)
    return Plan(
        tuple(stored.levels),
        stored.usual,
        stored.noise,
        np.array(stored.norms),
        np.array(stored.totals),
        stored.traffic,
        stored.categories,
        stored.planned_at_ms,
        stored.impressions_a_day,
        stored.published_a_day,
    )


def begin(post_id: int, *, creator_id: int, category: str, length: int, published_at_ms: int, now_ms: int) -> Standing:
    """Return the standing of a post that was met for the first time: in the first circle, since its publication."""
    place = Place(State.TESTING, 0, min(max(published_at_ms, 0), now_ms))
    return Standing(post_id, creator_id, category, length, published_at_ms, place)
