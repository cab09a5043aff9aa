"""Requests are counted by app, over any second, any minute, and the day."""

from __future__ import annotations

import pytest

from attise.doors.marketing_api.wire.rates import APPS_REMEMBERED, Allowance, Rates
from attise.kernel.clock import FakeClock
from attise.kernel.errors import Refusal


def refused(rates: Rates, clock: FakeClock, app_id: int = 1) -> str:
    with pytest.raises(Refusal) as caught:
        rates.take(clock, app_id)
    return caught.value.params["window"]


def test_the_eleventh_request_of_a_second_is_refused_wherever_the_second_begins():
    rates, clock = Rates(), FakeClock()
    clock.advance(seconds=0.6)
    for _ in range(10):
        rates.take(clock, 1)
    clock.advance(seconds=0.9)
    assert refused(rates, clock) == "QPS limit"
    clock.advance(seconds=0.1)
    rates.take(clock, 1)


def test_apps_are_counted_apart():
    rates, clock = Rates(Allowance(1, 10, 10)), FakeClock()
    rates.take(clock, 1)
    rates.take(clock, 2)
    assert refused(rates, clock, 1) == "QPS limit"


def test_after_the_minute_is_used_up_the_app_waits_five():
    rates, clock = Rates(Allowance(10, 3, 100)), FakeClock()
    for _ in range(3):
        rates.take(clock, 1)
    assert refused(rates, clock) == "QPM limit"
    clock.advance(seconds=299)
    assert refused(rates, clock) == "QPM limit"
    clock.advance(seconds=1)
    rates.take(clock, 1)


def test_the_day_ends_at_midnight_utc():
    rates, clock = Rates(Allowance(10, 10, 2)), FakeClock(1_790_035_200_000 - 1_000)  # a second before midnight
    rates.take(clock, 1)
    rates.take(clock, 1)
    assert refused(rates, clock) == "QPD limit"
    clock.advance(seconds=1)
    rates.take(clock, 1)


def test_a_refused_request_is_not_counted():
    rates, clock = Rates(Allowance(1, 5, 100)), FakeClock()
    rates.take(clock, 1)
    for _ in range(50):
        assert refused(rates, clock) == "QPS limit"
    clock.advance(seconds=1)
    rates.take(clock, 1)


def test_the_memory_is_bounded():
    rates, clock = Rates(), FakeClock()
    for app_id in range(APPS_REMEMBERED + 50):
        rates.take(clock, app_id)
    assert len(rates._counts) == APPS_REMEMBERED
