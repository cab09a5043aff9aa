"""When a report is sent next: in the advertiser's zone, on a day that every week and month has, whatever clocks do."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from attise.kernel.clock import to_datetime, to_ms
from attise.kernel.errors import Refusal, Refusals
from attise.management.saved_reports.rules import DAY, MONTH, WEEK, Rhythm, check_rhythm, next_moment_ms

PARIS = "Europe/Paris"


def after(text: str, rhythm: Rhythm, zone: str = PARIS) -> str:
    """Return the moment of a rhythm after a local one, as it is said there."""
    at_ms = to_ms(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))
    found = to_datetime(next_moment_ms(zone, rhythm, at_ms)).astimezone(ZoneInfo(zone))
    return found.strftime("%a %Y-%m-%d %H:%M")


def test_the_next_moment_is_strictly_later_and_on_its_day():
    daily = Rhythm(DAY, 8)
    assert after("2026-11-27T07:59", daily) == "Fri 2026-11-27 08:00"
    assert after("2026-11-27T08:00", daily) == "Sat 2026-11-28 08:00"
    assert after("2026-11-27T09:00", Rhythm(WEEK, 8, 1)) == "Mon 2026-11-30 08:00"
    assert after("2026-11-30T08:00", Rhythm(WEEK, 8, 1)) == "Mon 2026-12-07 08:00"
    assert after("2026-01-28T23:00", Rhythm(MONTH, 22, 28)) == "Sat 2026-02-28 22:00"
    assert after("2026-12-02T00:00", Rhythm(MONTH, 0, 1)) == "Fri 2027-01-01 00:00"


def test_clocks_that_change_move_no_report_to_another_day_and_send_none_twice():
    two = Rhythm(DAY, 2)
    assert after("2026-03-28T12:00", two) == "Sun 2026-03-29 03:00", "two o'clock is not there that night"
    first = after("2026-10-24T12:00", two)
    assert first == "Sun 2026-10-25 02:00"
    at_ms = next_moment_ms(PARIS, two, to_ms(dt.datetime(2026, 10, 24, 12, tzinfo=ZoneInfo(PARIS))))
    again = to_datetime(next_moment_ms(PARIS, two, at_ms)).astimezone(ZoneInfo(PARIS))
    assert again.date() == dt.date(2026, 10, 26)


@pytest.mark.parametrize(
    ("rhythm", "fields"),
    [
        (Rhythm("year", 8), ["every"]),
        (Rhythm(WEEK, 8, 8), ["day"]),
        (Rhythm(WEEK, 8, 0), ["day"]),
        (Rhythm(MONTH, 8, 29), ["day"]),
        (Rhythm(DAY, 24), ["hour"]),
        (Rhythm(MONTH, -1, 31), ["day", "hour"]),
    ],
)
def test_what_is_no_rhythm_names_its_fields(rhythm, fields):
    with pytest.raises((Refusal, Refusals)) as caught:
        check_rhythm(rhythm)
    found = caught.value.items if isinstance(caught.value, Refusals) else (caught.value,)
    assert [one.field for one in found] == fields
