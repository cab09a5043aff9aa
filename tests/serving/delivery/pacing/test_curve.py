"""When people watch: days of 23, 24 and 25 hours, weekdays learned apart, hours that are closed."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.clock import to_ms
from attise.records.snapshot.shapes import DAYPARTING_BYTES
from attise.serving.delivery.pacing.budgets import days_of
from attise.serving.delivery.pacing.curve import (
    SLICE_MS,
    Curve,
    day_of,
    learned,
    open_quarters,
    traffic_of_days,
    traffic_of_weekdays,
    typical,
)

HOUR_MS = 3_600_000


def at(text):
    return to_ms(dt.datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("zone", "moment", "slices"),
    [
        ("Europe/Paris", "2026-03-29T10:00+02:00", 92),
        ("Europe/Paris", "2026-10-25T10:00+01:00", 100),
        ("Europe/Paris", "2026-06-01T00:00+02:00", 96),
        ("Australia/Lord_Howe", "2026-04-05T12:00+10:30", 98),
        ("Asia/Kathmandu", "2026-06-01T23:59+05:45", 96),
    ],
)
def test_a_day_is_as_long_as_its_calendar_says(zone, moment, slices):
    day = day_of(typical(), zone, at(moment))
    assert (day.ends_at_ms - day.begins_at_ms) == slices * SLICE_MS
    assert len(day.traffic) == slices
    assert day.begins_at_ms <= at(moment) < day.ends_at_ms
    quarters = day.quarters(zone)
    assert quarters[0] == 0
    assert quarters[-1] == 95
    assert set(np.diff(quarters)) <= {1, 5, 3, -3, -1}


def test_an_hour_that_comes_twice_has_its_traffic_twice_and_a_skipped_one_none():
    curve = typical()
    usual, long, short = (
        day_of(curve, "Europe/Paris", at(moment)).traffic
        for moment in ("2026-06-07T12:00+02:00", "2026-10-25T12:00+01:00", "2026-03-29T12:00+02:00")
    )
    third = usual[8:12].sum()
    assert long.sum() == pytest.approx(usual.sum() + third)
    assert short.sum() == pytest.approx(usual.sum() - third)
    assert long[8:12].tolist() == long[12:16].tolist()


def test_each_weekday_is_learned_and_leans_on_all_days_at_first():
    curve = learned(typical(), 0, np.full(96, 10.0))
    assert curve.of_weekday(0).tolist() == pytest.approx([10.0] * 96)
    assert curve.of_weekday(3).tolist() == pytest.approx([10.0] * 96), "nothing is known of Thursdays but of days"
    for _ in range(6):
        curve = learned(curve, 3, np.full(96, 4.0))
    assert 4.0 <= curve.of_weekday(3)[0] < 5.0
    assert curve.of_weekday(0)[0] > 6.0
    newest = learned(curve, 3, np.where(np.arange(96) < 4, np.nan, 8.0))
    assert newest.weights[3, 0] == curve.weights[3, 0]
    assert newest.weights[3, 5] == pytest.approx(0.7 * 4.0 + 0.3 * 8.0)


def test_hours_at_which_an_ad_group_does_not_run_have_no_traffic_for_it():
    bits = np.zeros(336, np.uint8)
    bits[48 * 1 + 20 : 48 * 1 + 24] = 1  # Tuesdays 10:00 to 12:00
    dayparting = np.packbits(bits).tobytes()
    assert len(dayparting) == DAYPARTING_BYTES
    assert np.flatnonzero(open_quarters(dayparting, 1)).tolist() == list(range(40, 48))
    tuesday = day_of(typical(), "Europe/Paris", at("2026-06-02T09:00+02:00"), dayparting)
    assert np.flatnonzero(tuesday.traffic).tolist() == list(range(40, 48))
    assert day_of(typical(), "Europe/Paris", at("2026-06-03T09:00+02:00"), dayparting).traffic.sum() == 0
    assert np.flatnonzero(traffic_of_weekdays(typical(), dayparting)).tolist() == [1]


@given(st.integers(0, 6), st.floats(0, 60), st.lists(st.floats(0, 9), min_size=7, max_size=7))
def test_days_to_come_are_the_sum_of_their_weekdays(first, days, by_weekday):
    found = traffic_of_days(np.array(by_weekday), first, np.array([days]))[0]
    whole = int(days)
    expected = sum(by_weekday[(first + one) % 7] for one in range(whole))
    assert found == pytest.approx(expected + by_weekday[(first + whole) % 7] * (days - whole), abs=1e-6)


@given(st.integers(-2, 30), st.integers(-2, 30), st.integers(-2, 30))
def test_traffic_between_moments_adds_up_and_is_never_negative(one, two, three):
    days = days_of([day_of(typical(), zone, at("2026-10-25T12:00+01:00")) for zone in ("UTC", "Europe/Paris")])
    moments = [days.begins + hour * HOUR_MS + 1_234_567 for hour in sorted((one, two, three))]
    place = np.array([0, 1])
    first, second = (days.traffic(place, moments[at], moments[at + 1]) for at in (0, 1))
    whole = days.traffic(place, moments[0], moments[2])
    assert (first >= 0).all()
    assert first + second == pytest.approx(whole)
    assert (days.traffic(place, moments[2], moments[0]) == 0).all()
    assert days.traffic(place, days.begins, days.ends) == pytest.approx(days.upto[:, -1])


def test_a_curve_is_of_seven_days_and_ninety_six_quarters():
    curve: Curve = typical()
    assert curve.weights.shape == (7, 96)
    assert curve.weights.sum(axis=1).tolist() == pytest.approx([curve.weights[0].sum()] * 7)
