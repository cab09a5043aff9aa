"""Jobs run by their period; one that fails stops no other; a move of the clock is acknowledged when all is done."""

from __future__ import annotations

import threading

import pytest

from attise.doors.worker.loops import LONGEST_PAUSE_S, Job, Runner
from attise.kernel.clock import FakeClock
from attise.kernel.errors import Outage


class Row:
    """The world clock's row, moved by the test."""

    def __init__(self) -> None:
        self.offset_ms, self.version, self.is_away = 0, 0, False

    def read(self) -> tuple[int, int]:
        if self.is_away:
            raise Outage("database")
        return self.offset_ms, self.version


class Loop:
    """A runner on a fake clock, turned by hand."""

    def __init__(self, *jobs: Job, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.row = Row()
        self.acknowledged: list[int] = []
        self.runner = Runner(
            jobs,
            clock=self.clock,
            read_clock=self.row.read,
            acknowledge=self.acknowledged.append,
            poll_s=0.1,
        )
        self.runner.turn()

    def pass_s(self, seconds: float, *, step_s: float = 0.5) -> None:
        for _ in range(round(seconds / step_s)):
            self.clock.advance(seconds=step_s)
            self.runner.turn()


def test_a_job_runs_at_once_and_then_by_its_period():
    ran: list[int] = []
    loop = Loop(Job("often", 2.0, lambda: ran.append(1)))
    assert len(ran) == 1
    loop.pass_s(10)
    assert len(ran) == 6
    assert loop.runner.counts["often"].runs == 6


@pytest.mark.parametrize("failure", [Outage("database"), RuntimeError("a bug")])
def test_a_job_that_fails_stops_no_other_and_backs_off(failure):
    good: list[int] = []

    def fail() -> None:
        raise failure

    loop = Loop(Job("bad", 1.0, fail), Job("good", 1.0, lambda: good.append(1)))
    loop.pass_s(300)
    counts = loop.runner.counts
    assert len(good) == 301
    assert counts["bad"].failures == counts["bad"].runs
    assert loop.acknowledged == [], "not everything has been done at this time"
    assert 8 <= counts["bad"].runs <= 14, "1, 2, 4, 8, 16, 32, 61, 61 seconds apart"
    assert counts["bad"].due_at_s - loop.clock.monotonic_s() <= LONGEST_PAUSE_S + 1.0


def test_a_job_that_is_well_again_keeps_its_period_again():
    outcomes = [Outage("database")] * 3

    def run() -> None:
        if outcomes:
            raise outcomes.pop()

    loop = Loop(Job("shaky", 1.0, run))
    loop.pass_s(40)
    before = loop.runner.counts["shaky"].runs
    loop.pass_s(10)
    assert loop.runner.counts["shaky"].runs - before == 10
    assert loop.runner.counts["shaky"].failures == 3


def test_a_move_of_the_clock_runs_every_job_at_the_new_time_and_is_acknowledged_then():
    seen: list[int] = []
    clock = FakeClock()
    loop = Loop(Job("daily", 86_400.0, lambda: seen.append(clock.world_ms() - clock.wire_ms())), clock=clock)
    assert (seen, loop.acknowledged) == ([0], [0])
    loop.row.offset_ms, loop.row.version = 86_400_000, 1
    loop.runner.turn()
    assert (seen, loop.acknowledged) == ([0, 86_400_000], [0, 1])
    loop.row.version = 2
    loop.runner.turn()
    assert loop.acknowledged == [0, 1, 2], "a move of nothing is acknowledged too"
    loop.runner.turn()
    assert len(seen) == 3


def test_a_move_is_not_acknowledged_before_every_job_has_been_done():
    outcomes = [Outage("database")]

    def run() -> None:
        if outcomes:
            raise outcomes.pop()

    loop = Loop(Job("shaky", 1.0, run))
    assert loop.acknowledged == []
    loop.pass_s(3)
    assert loop.acknowledged == [0]


def test_a_clock_that_cannot_be_read_keeps_its_time_and_the_jobs_run():
    ran: list[int] = []
    loop = Loop(Job("often", 1.0, lambda: ran.append(1)))
    loop.row.is_away = True
    loop.pass_s(5)
    assert len(ran) == 6


def test_the_loop_ends_when_it_is_told_to_without_waiting_for_its_period():
    entered, may_leave, clock = threading.Event(), threading.Event(), FakeClock()

    def run() -> None:
        entered.set()
        assert may_leave.wait(10)

    runner = Runner(
        [Job("long", 3600.0, run), Job("next", 3600.0, lambda: pytest.fail("nothing begins after the end"))],
        clock=clock,
        read_clock=lambda: (0, 0),
        acknowledge=lambda _: None,
        poll_s=3600.0,
    )
    thread = threading.Thread(target=runner.run)
    thread.start()
    assert entered.wait(10)
    runner.end()
    may_leave.set()
    thread.join(10)
    assert not thread.is_alive()
