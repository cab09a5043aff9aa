"""Local days and weeks: which period a moment lies in, and where a local day begins. Pure.

A day is a date of the zone's calendar, whether it has 23, 24 or 25 hours; a week runs from Sunday to Saturday and bears
the ISO number of the days after its Sunday. Two moments lie in the same period when they give the same text; so a
change of zone can stretch a day or cut it short, never open the same date twice.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from attise.kernel.clock import to_datetime, to_ms
from attise.kernel.limits import MINUTE_MS

ONE_DAY = dt.timedelta(days=1)
DAYS_OF_WEEK = 7


def local_day(zone: str, at_ms: int) -> dt.date:
    """Return the date that a zone's calendar shows at a moment (world time)."""
    return _day_at(zone, at_ms // MINUTE_MS)


@lru_cache(maxsize=8192)
def _day_at(zone: str, minute: int) -> dt.date:
    """Return the date at a minute: no zone has its midnight within one."""
    return to_datetime(minute * MINUTE_MS).astimezone(ZoneInfo(zone)).date()


def offset_ms(zone: str, at_ms: int) -> int:
    """Return what a zone's clock shows beyond UTC at a moment (world time)."""
    return _offset_at(zone, at_ms // MINUTE_MS)


@lru_cache(maxsize=8192)
def _offset_at(zone: str, minute: int) -> int:
    """Return the offset at a minute: no zone changes its clock within one."""
    shown = to_datetime(minute * MINUTE_MS).astimezone(ZoneInfo(zone)).utcoffset() or dt.timedelta()
    return shown // dt.timedelta(milliseconds=1)


def start_of_day_ms(zone: str, day: dt.date) -> int:
    """Return the first moment at which a zone's calendar shows ``day`` or a later one.

    Where midnight comes twice, the first; where the clocks skip it, the moment they are put forward.
    """
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(zone))
    return to_ms(midnight.astimezone(dt.UTC))


def next_midnight_ms(zone: str, at_ms: int) -> int:
    """Return the first moment after ``at_ms`` that lies in a later local day."""
    return start_of_day_ms(zone, local_day(zone, at_ms) + ONE_DAY)


def text_of_day(day: dt.date) -> str:
    """Return the period of a day: ``2026-11-26``."""
    return day.isoformat()


def first_of_week(day: dt.date) -> dt.date:
    """Return the Sunday that the week of a day begins with."""
    return day - (day.isoweekday() % DAYS_OF_WEEK) * ONE_DAY


def text_of_week(day: dt.date) -> str:
    """Return the period of the week from Sunday to Saturday that a day lies in: ``2026-W48``."""
    year, week, _ = (day + ONE_DAY).isocalendar()  # a Sunday counts with the Monday after it
    return f"{year:04d}-W{week:02d}"
