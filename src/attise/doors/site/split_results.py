"""What a split test came to, for both doors: the test from management, whom it met and what they did from facts.

Worked out by the worker (``weigh``) and kept by ``measurement/lift``; pages and programs read what is kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from attise.doors.site.lifted import NOMINAL_VIEWERS, REACHED_MS
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS
from attise.kernel.paging import Page
from attise.ledger.days import local_day
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns.queries import ads_of_side
from attise.management.campaigns.rules.splitting import ADGROUP
from attise.management.campaigns.views import SplitView
from attise.management.posts.queries import page_comments_of_ads
from attise.management.posts.views import CommentView
from attise.measurement.lift import kept
from attise.measurement.lift.actions import keep_result
from attise.measurement.lift.campaign import USUAL_RATE
from attise.measurement.lift.kept import Kept, Plan
from attise.measurement.lift.queries import find_results, list_met
from attise.measurement.lift.splitting import Compared, compared, least_effect
from attise.measurement.reports.compared import brought_by_sides, reach_of
from attise.measurement.reports.queries import get_watermark

PLANNED: Final = ("completions", "follows", "comments")
"""Signals of which it is said beforehand what could be told."""
OVER_MS: Final = 7 * DAY_MS
"""For so long after its end a test stands among those that run, on an advertiser's first page."""
EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class SplitResult:
    """What a test came to, or could."""

    as_of_ms: int | None
    """World time: all that happened before is in it; None: nothing was worked out yet."""
    result: Compared | None
    """None: it was not launched, or so lately that nothing was worked out."""
    plans: list[Plan]
    is_planned_by_own: bool
    """Whether viewers and rates of the plans are the first side's own of the last 28 days, and not an example."""


def result_of(house: House, split: SplitView, *, now_ms: int) -> SplitResult:
    """Return what a test came to as it was last worked out; ``now_ms``: world time.

    Raises: Outage. Cost: one keyed read; of a draft, a few rows of roll-ups.
    """
    if split.starts_at_ms is None:
        plans, is_own = _plans(house, split, now_ms - REACHED_MS)
        return SplitResult(None, None, plans, is_own)
    return results_of([split])[split.id]


def results_of(splits: list[SplitView]) -> dict[int, SplitResult]:
    """Return the same of tests that were launched, by test. Cost: one statement."""
    found = find_results([one.id for one in splits])
    waiting = SplitResult(None, None, [], is_planned_by_own=False)
    return {one.id: waiting if one.id not in found else _told(found[one.id]) for one in splits}


def weigh(house: House, split: SplitView, *, now_ms: int) -> Kept:
    """Work out what a launched test came to, and keep it; ``now_ms``: world time.

    Raises: Outage. Cost: some 20 µs a person whom it met, and a pass over a few columns of the facts of its time.
    """
    assert split.starts_at_ms is not None
    assert split.ends_at_ms is not None
    until_ms = get_watermark().complete_to_ms  # before anything is read: more may be in it, never less
    first, second = split.sides
    sides = brought_by_sides(
        house,
        level=split.level,
        first_id=first.object_id,
        second_id=second.object_id,
        since_ms=split.starts_at_ms,
        until_ms=split.ends_at_ms,
    )
    run_ms = min(split.ends_at_ms, now_ms) - split.starts_at_ms
    plans, is_own = _plans(house, split, now_ms - REACHED_MS)
    found = Kept(
        until_ms,
        split.state == "over" and kept.is_final(ends_ms=split.ends_at_ms, complete_to_ms=until_ms),
        compared(list_met(split.id), sides, run_ms=run_ms),
        plans,
        is_own,
    )
    keep_result(split.id, found)
    return found


def comments_of(split: SplitView, side: int, *, after: int | None = None, limit: int = 50) -> Page[CommentView]:
    """Return what viewers said on the ads of a side (0 or 1) while the test ran, newest first, what is hidden left out.

    It stands at the posts that the ads show: a standard ad shows none, and nobody can comment it. Cost: two statements.
    """
    if split.starts_at_ms is None or split.ends_at_ms is None:
        return Page([], None)
    asked = {"from_ms": split.starts_at_ms, "to_ms": split.ends_at_ms, "after": after, "limit": limit}
    return page_comments_of_ads(ads_of_side(split, side), **asked)


def days_of(split: SplitView, *, now_ms: int) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a test so far, by the advertiser's clock."""
    zone = get_advertiser(split.advertiser_id).timezone
    return (
        local_day(zone, split.starts_at_ms or now_ms),
        local_day(zone, min(split.ends_at_ms or now_ms, now_ms)),
    )


def day_of(day: int) -> dt.date:
    """Return a day of a result as a date."""
    return EPOCH + dt.timedelta(days=day)


def _told(found: Kept) -> SplitResult:
    return SplitResult(found.as_of_ms or None, found.result, found.plans, found.is_planned_by_own)


def _plans(house: House, split: SplitView, since_ms: int) -> tuple[list[Plan], bool]:
    """Return what the test could tell, and whether by the first side's own viewers."""
    first_id = split.sides[0].object_id
    owner = {"adgroup_id": first_id} if split.level == ADGROUP else {"campaign_id": first_id}
    reach = reach_of(house, **owner, since_ms=since_ms)
    viewers = round(reach.viewers * split.days * DAY_MS / REACHED_MS)
    if not viewers:
        return [_plan(one, NOMINAL_VIEWERS, USUAL_RATE) for one in PLANNED], False
    rates = {one: min(max(reach.did[one] / reach.viewers, 0.0), 0.5) or USUAL_RATE for one in PLANNED}
    return [_plan(one, viewers, rates[one]) for one in PLANNED], True


def _plan(signal: str, viewers: int, rate: float) -> Plan:
    return Plan(signal, viewers, rate, least_effect(viewers, rate))
