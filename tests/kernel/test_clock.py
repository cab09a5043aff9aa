"""Wire time never goes back, follows a machine's clock set forward, and does not stop while the machine sleeps."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from attise.kernel import clock as module
from attise.kernel.clock import FakeClock, SystemClock, rfc3339, to_datetime, to_ms

NOON_MS = 1_790_000_000_000
HOUR_MS = 3_600_000


class Machine:
    """A machine's clocks, set by hand."""

    CLOCK_BOOTTIME = 7

    def __init__(self) -> None:
        self.clock_ms, self.steady_ms = NOON_MS, 5_000_000

    def time_ns(self) -> int:
        return self.clock_ms * 1_000_000

    def clock_gettime_ns(self, which: int) -> int:
        assert which == self.CLOCK_BOOTTIME
        return self.steady_ms * 1_000_000

    def passes(self, ms: int) -> None:
        self.clock_ms += ms
        self.steady_ms += ms


@pytest.fixture
def machine(monkeypatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(module, "time", made)
    return made


def test_the_real_clocks_agree_with_the_machine_and_move():
    clock = SystemClock(offset_ms=HOUR_MS)
    assert abs(clock.wire_ms() - time.time_ns() // 1_000_000) < 1_000
    assert 0 <= clock.world_ms() - clock.wire_ms() - HOUR_MS <= 50
    assert clock.monotonic_s() < clock.monotonic_s()


def test_both_times_of_a_moment_are_of_the_same_one(machine):
    clock = SystemClock(offset_ms=HOUR_MS)
    machine.passes(7)
    assert clock.moment_ms() == (NOON_MS + HOUR_MS + 7, NOON_MS + 7)


def test_a_clock_set_back_does_not_take_wire_time_with_it(machine):
    clock = SystemClock()
    machine.passes(10)
    assert clock.wire_ms() == NOON_MS + 10
    machine.clock_ms -= HOUR_MS
    machine.passes(10)
    assert clock.wire_ms() == NOON_MS + 20


def test_a_clock_set_forward_is_followed_and_stays_followed(machine):
    clock = SystemClock()
    machine.clock_ms += 900
    assert clock.wire_ms() == NOON_MS, "a clock is not chased for less than a second"
    machine.clock_ms += HOUR_MS
    assert clock.wire_ms() == NOON_MS + HOUR_MS + 900
    machine.clock_ms -= HOUR_MS
    machine.passes(5)
    assert clock.wire_ms() == NOON_MS + HOUR_MS + 905


def test_two_processes_agree_after_the_machine_slept(machine):
    """One that lived through the sleep and one that was started after it."""
    old = SystemClock()
    before_s = old.monotonic_s()
    machine.passes(8 * HOUR_MS)
    assert old.wire_ms() == SystemClock().wire_ms() == NOON_MS + 8 * HOUR_MS
    assert old.monotonic_s() - before_s == 8 * 3600


def test_a_machine_without_a_clock_that_counts_sleep_has_the_other():
    assert module._steady_ns() >= time.monotonic_ns() - 1_000_000_000


def test_a_fake_clock_moves_when_told_and_never_back():
    clock = FakeClock(NOON_MS)
    clock.offset_ms = 7
    clock.advance(days=1, seconds=0.5)
    assert (clock.wire_ms(), clock.world_ms()) == (NOON_MS + 86_400_500, NOON_MS + 86_400_507)
    assert clock.moment_ms() == (clock.world_ms(), clock.wire_ms())
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(seconds=-1)


@pytest.mark.parametrize(
    ("epoch_ms", "text"),
    [(0, "1970-01-01T00:00:00Z"), (1_790_000_000_000, "2026-09-21T14:13:20Z"), (-1, "1969-12-31T23:59:59.999Z")],
)
def test_moments_are_written_and_read_back(epoch_ms, text):
    assert rfc3339(epoch_ms) == text
    assert to_ms(to_datetime(epoch_ms)) == epoch_ms
    assert to_ms(dt.datetime.fromisoformat(text)) == epoch_ms


def test_a_moment_without_zone_is_none():
    with pytest.raises(ValueError, match="no instant"):
        to_ms(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - the point
