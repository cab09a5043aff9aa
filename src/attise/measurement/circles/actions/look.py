"""Posts are looked at, and go to the circle that they have come to. Behind settling and totals; nobody waits for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import Avg, Count

from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.ledger import storing
from attise.measurement.circles import book
from attise.measurement.circles.book import Above, Plan, Standing
from attise.measurement.circles.bounds import RESULTS_MOST
from attise.measurement.circles.gate import Result
from attise.measurement.circles.models import Move as MoveRow
from attise.measurement.circles.models import Plan as PlanRow
from attise.measurement.circles.models import Standing as StandingRow
from attise.measurement.circles.models import Untold
from attise.measurement.circles.moving import Move, Place, Reason, State
from attise.measurement.circles.quality import READ, Floats, quality_of
from attise.measurement.circles.rows import plan_of, read_standings, write_standings
from attise.measurement.counters.queries import count_organic_impressions, list_counts, list_organic_hours
from attise.records.durations import duration_group

PUBLISHED_DAYS = 7
"""Over what posts a day are told."""
TESTED_MOST = 2_000
"""Posts under way that make bars, beside those that were judged."""
CATEGORY_MS = 30 * DAY_MS
"""Posts published before say nothing of their category any more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post of the feed that may be met for the first time."""

    post_id: int
    creator_id: int
    category: str
    duration_ms: int
    published_at_ms: int


def look(
    means: Means,
    post_ids: Collection[int],
    candidates: Mapping[int, Candidate],
    *,
    after: int,
    upto: int,
) -> int | None:
    """Look at some posts and move those that are to move; returns how many moved.

    Args: post_ids: those that changed, and those that are due; candidates: of those without a standing, the ones that
    the feed shows; after, upto: versions of totals: the one that was last looked at, and the one that these reach.
    None: another process was here since ``after`` was read, and nothing was done. One transaction, under the lock of
    the plan: whole or not at all. Cost: about a dozen statements, whatever the number of posts.
    """
    now_ms = means.clock.world_ms()
    with transaction.atomic():
        PlanRow.objects.bulk_create([PlanRow(id=1)], ignore_conflicts=True)
        row = PlanRow.objects.select_for_update(no_key=True).get(id=1)
        if row.totals_version != after:
            return None
        plan = plan_of(row)
        standings = read_standings(post_ids)
        known = {one.post_id for one in standings}
        begun = [_begin(one, now_ms) for one in candidates.values() if one.post_id not in known]
        standings += begun
        counts = _counts_of(standings)
        book.count(plan, standings, counts)
        if book.is_due(plan, now_ms):
            _renew(plan, now_ms)
        bases = np.array([one.base for one in standings], np.float64).reshape(counts.shape)
        places = [one.place for one in standings]
        moves = book.go_on(
            plan, standings, counts, creators=_creators(standings), hours=_hours(standings, now_ms), now_ms=now_ms
        )
        write_standings(standings)
        _note(plan, standings, places, moves, counts - bases, {one.post_id for one in begun})
        row.totals_version, row.body = upto, book.plan_as_json(plan)
        row.save(force_update=True)
    return sum(move is not None for move in moves)


def _begin(one: Candidate, now_ms: int) -> Standing:
    return book.begin(
        one.post_id,
        creator_id=one.creator_id,
        category=one.category,
        length=int(duration_group(np.array([one.duration_ms]))[0]),
        published_at_ms=one.published_at_ms,
        now_ms=now_ms,
    )


def _counts_of(standings: Sequence[Standing]) -> Floats:
    """Return the organic counts of posts, float64[n, WIDTH]. One statement."""
    found = list_counts([one.post_id for one in standings])
    organic = [found[one.post_id].organic if one.post_id in found else {} for one in standings]
    return np.array([[row.get(name, 0) for name in READ] for row in organic], np.float64).reshape(-1, len(READ))


def _renew(plan: Plan, now_ms: int) -> None:
    since_ms = now_ms - PUBLISHED_DAYS * DAY_MS
    published = StandingRow.objects.filter(published_at_ms__gt=since_ms).count()
    judged = StandingRow.objects.filter(above__isnull=False, published_at_ms__gt=now_ms - CATEGORY_MS)
    rows = judged.values("category").annotate(by=Avg("above"), several=Count("post_id")).order_by()
    categories = {one["category"]: (one["by"], one["several"]) for one in rows}
    waiting = book.waiting(plan, _tested())
    book.renew(
        plan,
        lambda circle: _results(circle) + waiting.get(circle, []),
        impressions=count_organic_impressions(),
        published_a_day=published / PUBLISHED_DAYS,
        categories=categories,
        now_ms=now_ms,
    )


def _tested() -> list[Standing]:
    """Return the posts whose batch is under way, those that came last where they are many. One statement."""
    rows = StandingRow.objects.filter(state=State.TESTING.value).order_by("-since_ms")
    return read_standings(rows.values_list("post_id", flat=True)[:TESTED_MOST])


def _results(circle: int) -> list[Result]:
    rows = MoveRow.objects.filter(from_circle=circle, is_result=True).order_by("-id")
    return [Result(*one) for one in rows.values_list("met", "mean", "value")[:RESULTS_MOST]]


def _creators(standings: Sequence[Standing]) -> dict[int, Above]:
    """Return how the posts of those creators stood of whom some are tested. One statement, none where none is."""
    wanted = {one.creator_id for one in standings if one.place.state == State.TESTING}
    if not wanted:
        return {}
    judged = StandingRow.objects.filter(creator_id__in=wanted, above__isnull=False)
    rows = judged.values("creator_id").annotate(by=Avg("above"), several=Count("post_id")).order_by()
    return {one["creator_id"]: (one["by"], one["several"]) for one in rows}


def _hours(standings: Sequence[Standing], now_ms: int) -> dict[int, list[tuple[int, int]]]:
    """Return the hours of *open* posts that growth is judged by. One statement, none where there is no such post."""
    wanted = [one.post_id for one in standings if one.place.state == State.OPEN]
    if not wanted:
        return {}
    found = list_organic_hours(wanted, ("impressions",), from_ms=book.hours_from(now_ms), before_ms=now_ms)
    return {post_id: [(hour_ms, seen) for hour_ms, (seen,) in hours] for post_id, hours in found.items()}


def _note(
    plan: Plan,
    standings: Sequence[Standing],
    places: Sequence[Place],
    moves: Sequence[Move | None],
    batches: Floats,
    begun: Collection[int],
) -> None:
    """Keep where posts came and why, and have decisions told of it."""
    lengths = np.array([one.length for one in standings], np.int64)
    met, mean = quality_of(np.maximum(batches, 0.0), lengths, plan.norms)
    rows: list[tuple[object, ...]] = []
    for one, before, move, seen, good in zip(standings, places, moves, met.tolist(), mean.tolist(), strict=True):
        if one.post_id in begun:
            rows.append((*_came(one.post_id, before, before, plan, Reason.BEGAN), 0, None, None, None, False))
        if move is None:
            continue
        came, judged = _came(one.post_id, before, move.to, plan, move.reason), move.judged
        if judged is None:
            rows.append((*came, int(seen), None, None, None, False))
        else:
            bar = plan.levels[min(before.circle, plan.last - 1)].bar
            rows.append((*came, int(seen), good, judged.value, bar, before.state == State.TESTING))
    storing.append(MoveRow, rows, names=_MOVE)
    storing.append(Untold, [(post_id,) for post_id in sorted({row[0] for row in rows})], names=("post_id",))


_MOVE = (
    *("post_id", "at_ms", "from_circle", "state", "circle", "last", "reason"),
    *("met", "mean", "value", "bar", "is_result"),
)


def _came(post_id: int, before: Place, to: Place, plan: Plan, reason: Reason) -> tuple[object, ...]:
    return (post_id, to.since_ms, before.circle, to.state.value, to.circle, plan.last, reason.value)
