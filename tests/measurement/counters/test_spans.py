"""Some days up to now, beside as much of the days before."""

from __future__ import annotations

import datetime as dt

import pytest

from attise.kernel.clock import to_ms
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.counters.spans import span_of


def at(text: str) -> int:
    return to_ms(dt.datetime.fromisoformat(text))


def test_days_reach_up_to_the_present_hour_and_are_compared_with_as_much():
    span = span_of("Europe/Paris", at("2026-11-20T13:05:00+01:00"), 7)
    assert (span.from_ms, span.to_ms) == (at("2026-11-14T00:00:00+01:00"), at("2026-11-20T14:00:00+01:00"))
    assert (span.before_from_ms, span.before_to_ms) == (span.from_ms - 7 * DAY_MS, span.to_ms - 7 * DAY_MS)
    assert len(span.starts) == span.steps_begun == 7
    assert span.step_of(span.from_ms) == 0
    assert span.step_of(span.to_ms - HOUR_MS) == 6
    assert span.step_of(span.to_ms) is span.step_of(span.from_ms - HOUR_MS) is None
    assert not span.is_before(span.before_to_ms)  # yesterday's afternoon a week ago is not compared with


def test_a_single_day_is_told_by_the_hour_the_coming_ones_too():
    span = span_of("Europe/Paris", at("2026-11-20T13:05:00+01:00"), 1)
    assert (len(span.starts), span.steps_begun) == (24, 14)
    assert span.is_by_hour
    assert span.before_to_ms == span.to_ms - DAY_MS


@pytest.mark.parametrize(("late", "hours"), [("2026-03-29T21:30:00Z", 23), ("2026-10-25T22:30:00Z", 25)])
def test_a_day_has_the_hours_that_its_clocks_show(late, hours):
    span = span_of("Europe/Paris", at(late), 1)
    assert len(span.starts) == span.steps_begun == hours
    assert span.before_to_ms <= span.from_ms


def test_an_hour_with_midnight_within_it_is_of_the_day_that_it_begins():
    span = span_of("Asia/Kolkata", at("2026-11-20T12:00:00+05:30"), 2)
    midnight = at("2026-11-20T00:00:00+05:30")
    assert midnight % HOUR_MS
    assert span.step_of(midnight - midnight % HOUR_MS) == 1
