"""Schedules: from when to when an ad group runs, in which half hours of the week, and where local days begin."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from attise.kernel.clock import to_datetime, to_ms
from attise.kernel.errors import N_, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import DAYPARTS, SCHEDULE_YEARS, START_PAST_MS
from attise.management.campaigns.errors import DAYPARTING_INVALID, SCHEDULE_INVALID
from attise.management.campaigns.rules.choices import check_choice

FROM_NOW, START_END = "SCHEDULE_FROM_NOW", "SCHEDULE_START_END"
SCHEDULE_TYPES = (FROM_NOW, START_END)
_FEBRUARY, _LEAP_DAY = 2, 29


@dataclass(frozen=True, slots=True)
class Schedule:
    """From when to when; ``ends_at_ms`` is None for what goes on until it is stopped. World time."""

    kind: str
    starts_at_ms: int
    ends_at_ms: int | None


def clean_schedule(
    kind: str,
    starts_at_ms: int | None,
    ends_at_ms: int | None,
    *,
    now_ms: int,
    before: Schedule | None = None,
) -> Schedule:
    """Return a schedule; without a start it begins now. ``SCHEDULE_FROM_NOW`` has no end, whatever is said of one.

    What stays as it was ``before`` is not judged again: a start that is past by now, or an end.
    Raises: ``choice_unknown``, ``schedule_invalid``; both ends are judged before either is refused.
    """
    kind = check_choice(kind, SCHEDULE_TYPES, field="schedule_type")
    starts = now_ms if starts_at_ms is None else starts_at_ms
    ends = ends_at_ms if kind == START_END else None
    gather = Gather()
    if before is None or starts != before.starts_at_ms:
        gather.take(_check_start, starts, now_ms)
    asked = Schedule(kind, starts, ends)
    if kind == START_END and asked != before:
        gather.take(_check_end, starts, ends, now_ms)
    gather.tell()
    return asked


def _check_start(starts_at_ms: int, now_ms: int) -> None:
    if starts_at_ms < now_ms - START_PAST_MS:
        raise Refusal(SCHEDULE_INVALID, field="starts_at_ms", rule=N_("a start lies at most 12 hours back"))
    if starts_at_ms > years_after(now_ms):
        raise Refusal(SCHEDULE_INVALID, field="starts_at_ms", rule=N_("a start lies at most 10 years ahead"))


def _check_end(starts_at_ms: int, ends_at_ms: int | None, now_ms: int) -> None:
    if ends_at_ms is None:
        raise Refusal(SCHEDULE_INVALID, field="ends_at_ms", rule=N_("SCHEDULE_START_END needs an end"))
    if ends_at_ms <= starts_at_ms:
        raise Refusal(SCHEDULE_INVALID, field="ends_at_ms", rule=N_("the end comes after the start"))
    if ends_at_ms <= now_ms:
        raise Refusal(SCHEDULE_INVALID, field="ends_at_ms", rule=N_("the end lies ahead"))
    if ends_at_ms > years_after(min(max(now_ms, starts_at_ms), years_after(now_ms))):
        raise Refusal(SCHEDULE_INVALID, field="ends_at_ms", rule=N_("the end lies at most 10 years after the start"))


def years_after(moment_ms: int, years: int = SCHEDULE_YEARS) -> int:
    """Return the same moment of the calendar some years later, UTC; 28 February where 29 February is missing."""
    moment = to_datetime(moment_ms)
    if (moment.month, moment.day) == (_FEBRUARY, _LEAP_DAY):
        moment = moment.replace(day=28)
    return to_ms(moment.replace(year=moment.year + years))


def end_as_told(starts_at_ms: int, ends_at_ms: int | None) -> int:
    """Return the end of a schedule as readers are told it: one that has none ends ten years after its start."""
    return years_after(starts_at_ms) if ends_at_ms is None else ends_at_ms


def clean_dayparting(signs: str) -> str:
    """Return 336 signs of 0 and 1, or empty when they say always: absent, all 0 or all 1.

    Raises: ``dayparting_invalid``.
    """
    if signs == "":
        return ""
    if len(signs) != DAYPARTS or not set(signs) <= {"0", "1"}:
        raise Refusal(DAYPARTING_INVALID, field="dayparting", got=len(signs))
    return signs if len(set(signs)) > 1 else ""


def next_midnight_ms(now_ms: int, timezone: str) -> int:
    """Return when the next day of a zone begins, world time; the first of two midnights, the moment a skipped one ends.

    Why the zone and not 24 hours: a local day has 23 or 25 of them when clocks change.
    """
    zone = ZoneInfo(timezone)
    tomorrow = to_datetime(now_ms).astimezone(zone).date() + dt.timedelta(days=1)
    return to_ms(dt.datetime.combine(tomorrow, dt.time(), tzinfo=zone).astimezone(dt.UTC))
