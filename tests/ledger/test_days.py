"""Local days: 23 and 25 hours, midnights that come twice or never, weeks from Sunday to Saturday."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.clock import to_ms
from attise.kernel.limits import HOUR_MS
from attise.ledger import days, rules
from attise.records.declared import timezones

ZONES = sorted(timezones())


def at(text: str) -> int:
    return to_ms(dt.datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Paris", "2026-03-29", 23),
        ("Europe/Paris", "2026-10-25", 25),
        ("Europe/Paris", "2026-11-26", 24),
        ("America/Santiago", "2026-09-06", 23),  # midnight itself is skipped
        ("America/Havana", "2026-11-01", 25),  # midnight comes twice
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
    ],
)
def test_a_day_lasts_from_midnight_to_midnight_however_many_hours_that_takes(zone, day, hours):
    date = dt.date.fromisoformat(day)
    begin = days.start_of_day_ms(zone, date)
    end = days.next_midnight_ms(zone, begin)
    assert end - begin == hours * HOUR_MS
    assert {days.local_day(zone, moment) for moment in range(begin, end, HOUR_MS // 2)} == {date}
    assert days.local_day(zone, begin - 1) < date < days.local_day(zone, end)


@given(st.sampled_from(ZONES), st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)))
def test_the_first_moment_of_a_day_is_the_first_in_every_zone(zone, date):
    begin = days.start_of_day_ms(zone, date)
    assert days.local_day(zone, begin) >= date > days.local_day(zone, begin - 1)


def test_a_week_runs_from_sunday_to_saturday_also_over_new_year():
    sunday = dt.date(2026, 12, 27)
    week = {days.text_of_week(sunday + dt.timedelta(days=n)) for n in range(7)}
    assert week == {"2026-W53"}
    assert days.text_of_week(sunday - days.ONE_DAY) == "2026-W52"
    assert days.text_of_week(sunday + 7 * days.ONE_DAY) == "2027-W01"
    assert days.text_of_week(dt.date(2026, 11, 26)) == "2026-W48"


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)))
def test_every_seven_days_another_week_begins_and_no_week_comes_twice(date):
    sunday = date - dt.timedelta(days=(date.weekday() + 1) % 7)
    assert days.text_of_week(date) == days.text_of_week(sunday)
    assert days.text_of_week(sunday) < days.text_of_week(sunday + 7 * days.ONE_DAY)


@given(st.sampled_from(ZONES), st.integers(at("2001-01-01T00:00:00Z"), at("2050-01-01T00:00:00Z")))
def test_the_periods_of_a_moment_hold_those_of_every_zone_and_kind(zone, moment):
    for kind in ("day", "week", "total", "balance", "grant"):
        assert rules.period_of(kind, rules.Zone(zone), moment) in rules.periods_at(moment)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.integers(at("2010-01-01T00:00:00Z"), at("2040-01-01T00:00:00Z")),
)
def test_a_change_of_zone_takes_hold_at_midnight_and_opens_no_date_twice(old, new, now):
    zone = rules.Zone(old).changed(new, now_ms=now)
    today = rules.period_of("day", zone, now)
    midnight = days.next_midnight_ms(old, now)
    assert {rules.period_of("day", zone, moment) for moment in range(now, midnight, HOUR_MS)} == {today}
    hours = range(now, midnight + 72 * HOUR_MS, HOUR_MS)
    seen = [rules.period_of("day", zone, moment) for moment in hours]
    assert seen == sorted(seen), "time goes on, dates never come back"
    assert rules.period_of("day", zone, midnight) == rules.period_of("day", rules.Zone(new), midnight)
    assert zone.changed(old, now_ms=now) == rules.Zone(old), "taken back before it took hold"


def test_a_second_change_follows_the_zone_that_rules_by_then():
    now = at("2026-11-26T12:00:00Z")
    first = rules.Zone("Europe/Paris").changed("Asia/Tokyo", now_ms=now)
    month_later = now + 31 * 24 * HOUR_MS
    second = first.changed("America/New_York", now_ms=month_later)
    midnight = days.next_midnight_ms("Asia/Tokyo", month_later)
    assert second == rules.Zone("Asia/Tokyo", "America/New_York", midnight)
    assert [second.at(moment) for moment in (midnight - 1, midnight)] == ["Asia/Tokyo", "America/New_York"]


def test_the_periods_before_are_yesterday_or_last_week_or_none():
    noon = at("2026-11-29T12:00:00Z")  # a Sunday
    zone = rules.Zone("Europe/Paris")
    assert rules.periods_before("day", zone, noon) == ["2026-11-28"]
    assert rules.periods_before("week", zone, noon) == ["2026-W48"]
    assert rules.periods_before("total", zone, noon) == []


def test_a_day_that_a_change_of_zone_cut_short_is_not_the_last_that_an_event_may_come_from():
    """From Paris to Auckland the 25th has fourteen hours; a day before the 26th's first hours it was the 24th."""
    zone = rules.Zone("Europe/Paris", "Pacific/Auckland", at("2026-09-24T22:00:00Z"))
    now = at("2026-09-25T14:00:00Z")
    assert rules.period_of("day", zone, now) == "2026-09-26"
    assert rules.period_of("day", zone, now - 86_400_000) == "2026-09-24"
    assert rules.periods_before("day", zone, now) == ["2026-09-25", "2026-09-24"]
