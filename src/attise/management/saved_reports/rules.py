"""Who may change a report, and when it is sent next. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from attise.kernel.clock import to_datetime, to_ms
from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.management.saved_reports.errors import DAY_OF_RHYTHM, HOUR_OF_DAY, RHYTHM

DAY, WEEK, MONTH = "day", "week", "month"
LAST_DAYS: Final = {WEEK: 7, MONTH: 28}
"""The last day that a rhythm can name: one that every week and month has."""
HOURS: Final = 24
SHOWN_CHARACTERS: Final = 20
_ONE: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, on which day, at which hour. ``day`` is 0 where it is every day."""

    every: str
    hour: int
    day: int = 0


def may_change(made_by: str, actor: str, *, may_edit: bool) -> bool:
    """Tell whether somebody may change or delete a report: whoever made it, and who edits the advertiser's campaigns.

    Args: made_by, actor: as ``Actor`` writes itself; may_edit: whether they may edit campaigns, or are the host.
    """
    return may_edit or made_by == actor


def check_rhythm(rhythm: Rhythm) -> None:
    """Refuse what is no rhythm. Raises: Refusals of all that is wrong."""
    gather = Gather()
    gather.take(_check_every, rhythm)
    gather.take(_check_hour, rhythm)
    gather.tell()


def _check_every(rhythm: Rhythm) -> None:
    if rhythm.every not in (DAY, *LAST_DAYS):
        raise Refusal(RHYTHM, field="every", value=rhythm.every[:SHOWN_CHARACTERS])
    most = LAST_DAYS.get(rhythm.every)
    if most is not None and not 1 <= rhythm.day <= most:
        raise Refusal(DAY_OF_RHYTHM, field="day", most=most, rhythm=rhythm.every)


def _check_hour(rhythm: Rhythm) -> None:
    if not 0 <= rhythm.hour < HOURS:
        raise Refusal(HOUR_OF_DAY, field="hour")


def next_moment_ms(zone: str, rhythm: Rhythm, after_ms: int) -> int:
    """Return the first moment of a rhythm after another one, in epoch milliseconds.

    Where clocks go forward over its hour, it is an hour later on that day; where they go back, the first of the two.
    """
    where = ZoneInfo(zone)
    day = to_datetime(after_ms).astimezone(where).date()
    while True:
        if _is_on(rhythm, day):
            moment = to_ms(dt.datetime.combine(day, dt.time(rhythm.hour), where))
            if moment > after_ms:
                return moment
        day += _ONE


def _is_on(rhythm: Rhythm, day: dt.date) -> bool:
    if rhythm.every == WEEK:
        return day.isoweekday() == rhythm.day
    return rhythm.every == DAY or day.day == rhythm.day
