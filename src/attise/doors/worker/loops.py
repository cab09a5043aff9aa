"""A runner of named jobs: each has its period, none can stop the others, and an outage is waited out.

World time may jump in a sandbox or a demo. The runner looks at its row often, moves the clock, does every job once at
the new time, and only then acknowledges the move: whoever moved the clock may rely on what jobs do.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from attise.kernel.clock import SystemClock
from attise.kernel.errors import Outage
from attise.kernel.interrupt import Ending

log = logging.getLogger("attise.worker")

LONGEST_PAUSE_S = 60.0
"""The longest that a job which fails again and again waits beyond its period."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is done, and how often."""

    name: str
    period_s: float
    run: Callable[[], None]
    """Does the job once, for all that is due at the time of its call; may be called again at any time."""
    is_long: bool = False
    """May take minutes: runs in a thread of its own, and nobody waits for it."""


@dataclass(slots=True)
class Count:
    """What became of a job since the process started."""

    runs: int = 0
    failures: int = 0
    failures_in_a_row: int = 0
    due_at_s: float = float("-inf")
    done_at_version: int = -1
    """The version of the world clock at which the job last went well."""


class Runner:
    """Runs jobs in one thread until it is told to end."""

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        clock: SystemClock,
        read_clock: Callable[[], tuple[int, int]],
        acknowledge: Callable[[int], None],
        poll_s: float,
        leaps: bool = True,
        ending: Ending | None = None,
    ) -> None:
        """Run ``jobs`` by ``clock``.

        ``read_clock`` returns the world clock's offset (milliseconds) and version, or raises Outage; ``acknowledge`` is
        told each version once every job has been done at its time. ``poll_s`` is how often the row is looked at.
        ``leaps``: world time is moved seldom, by somebody who waits for what falls due; else it may be every second,
        and jobs go by their own periods. ``ending``: what ends it, where a signal does (``Interrupt``).
        """
        self._jobs = tuple(jobs)
        self._clock = clock
        self._read_clock = read_clock
        self._acknowledge = acknowledge
        self._poll_s = poll_s
        self._leaps = leaps
        self._ending: Ending = threading.Event() if ending is None else ending
        self._version = self._acknowledged = -1
        self.counts = {job.name: Count() for job in jobs}
        self.turned_at_s = clock.monotonic_s()
        """When the loop last came round (monotonic seconds)."""

    def end(self) -> None:
        """Stop after the job that is running."""
        self._ending.set()

    def run(self) -> None:
        """Do what is due, again and again, until the end."""
        while not self._ending.is_set():
            self.turn()
            self._ending.wait(self._pause_s())

    def turn(self) -> None:
        """Follow the clock, then do every job that is due once."""
        self.turned_at_s = self._clock.monotonic_s()
        self._follow_clock()
        for job in self._jobs:
            if self._is_due(job):
                self._do(job)
        is_done = all(count.done_at_version == self._version for count in self.counts.values())
        if self._version != self._acknowledged and is_done:
            self._acknowledged = self._version
            self._acknowledge(self._version)

    def _follow_clock(self) -> None:
        """Bring world time up to its row; after a move every job is due."""
        try:
            offset_ms, version = self._read_clock()
        except Outage as outage:
            log.debug("the world clock cannot be read: %s", outage)
            return
        self._clock.offset_ms = offset_ms
        if version != self._version:
            self._version = version
            if self._leaps:
                for count in self.counts.values():
                    count.due_at_s = float("-inf")

    def _is_due(self, job: Job) -> bool:
        return self._clock.monotonic_s() >= self.counts[job.name].due_at_s

    def _do(self, job: Job) -> None:
        """Do a job once, unless the end has come."""
        count = self.counts[job.name]
        if self._ending.is_set():
            return
        count.runs += 1
        try:
            job.run()
        except Outage as outage:
            log.warning("job %s waits: %s", job.name, outage)
            self._fail(count)
        except Exception:
            log.exception("job %s failed", job.name)
            self._fail(count)
        else:
            count.failures_in_a_row = 0
            count.done_at_version = self._version
        pause_s = min(job.period_s * (2**count.failures_in_a_row - 1), LONGEST_PAUSE_S)
        count.due_at_s = self._clock.monotonic_s() + job.period_s + pause_s

    @staticmethod
    def _fail(count: Count) -> None:
        count.failures += 1
        count.failures_in_a_row = min(count.failures_in_a_row + 1, 16)

    def _pause_s(self) -> float:
        """Return how long nothing is due, at most until the next look at the clock."""
        now_s = self._clock.monotonic_s()
        return max(min([self._poll_s, *(count.due_at_s - now_s for count in self.counts.values())]), 0.0)
