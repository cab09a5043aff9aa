"""What a split test came to, for both doors: the test from management, whom it met and what they did from facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from attise.doors.site.lifted import NOMINAL_VIEWERS, REACHED_MS
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS
from attise.ledger.days import local_day
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns.rules.splitting import ADGROUP
from attise.management.campaigns.views import SplitView
from attise.measurement.lift.campaign import USUAL_RATE
from attise.measurement.lift.queries import list_met
from attise.measurement.lift.splitting import Compared, compared, least_effect
from attise.measurement.reports.compared import brought_by_sides, reach_of
from attise.measurement.reports.queries import get_watermark

PLANNED: Final = ("completions", "follows", "comments")
"""Signals of which it is said beforehand what could be told."""


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """What a test could tell of one signal, before it runs."""

    signal: str
    viewers: int
    """Of both sides, whom it is expected to reach."""
    rate: float
    """How many of them do it, 0..1."""
    effect: float
    """The least difference of the two rates that would be seen four times of five."""


@dataclass(frozen=True, slots=True)
class SplitResult:
    """What a test came to, or could."""

    data_until_ms: int | None
    result: Compared | None
    """None: it was not launched."""
    plans: list[SplitPlan]
    is_planned_by_own: bool
    """Whether viewers and rates of the plans are the first side's own of the last 28 days, and not an example."""


def result_of(house: House, split: SplitView, *, now_ms: int) -> SplitResult:
    """Return what a test came to; ``now_ms``: world time.

    Raises: Outage. Cost: before it is launched, a few rows of roll-ups; else some 5 µs a person and a pass over a few
    columns of the facts of its time.
    """
    until_ms = get_watermark().complete_to_ms or None
    plans, is_own = _plans(house, split, now_ms - REACHED_MS)
    if split.starts_at_ms is None or split.ends_at_ms is None:
        return SplitResult(until_ms, None, plans, is_own)
    ends_ms = min(split.ends_at_ms, now_ms)
    sides = brought_by_sides(
        house,
        level=split.level,
        first_id=split.sides[0].object_id,
        second_id=split.sides[1].object_id,
        since_ms=split.starts_at_ms,
        until_ms=split.ends_at_ms,
    )
    found = compared(list_met(split.id), sides, run_ms=ends_ms - split.starts_at_ms)
    return SplitResult(until_ms, found, plans, is_own)


def days_of(split: SplitView, *, now_ms: int) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a test so far, by the advertiser's clock."""
    zone = get_advertiser(split.advertiser_id).timezone
    return (
        local_day(zone, split.starts_at_ms or now_ms),
        local_day(zone, min(split.ends_at_ms or now_ms, now_ms)),
    )


def _plans(house: House, split: SplitView, since_ms: int) -> tuple[list[SplitPlan], bool]:
    """Return what the test could tell, and whether by the first side's own viewers."""
    first_id = split.sides[0].object_id
    owner = {"adgroup_id": first_id} if split.level == ADGROUP else {"campaign_id": first_id}
    reach = reach_of(house, **owner, since_ms=since_ms)
    viewers = round(reach.viewers * split.days * DAY_MS / REACHED_MS)
    if not viewers:
        return [_plan(one, NOMINAL_VIEWERS, USUAL_RATE) for one in PLANNED], False
    rates = {one: min(max(reach.did[one] / reach.viewers, 0.0), 0.5) or USUAL_RATE for one in PLANNED}
    return [_plan(one, viewers, rates[one]) for one in PLANNED], True


def _plan(signal: str, viewers: int, rate: float) -> SplitPlan:
    return SplitPlan(signal, viewers, rate, least_effect(viewers, rate))
