"""``settle`` and ``worker`` as processes: opened like any other, run until they are told to end."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Sequence

from attise.doors.worker.heart import Heart
from attise.doors.worker.loops import Job, Runner
from attise.kernel import garbage
from attise.kernel.clock import SystemClock
from attise.kernel.database import Connection, connect
from attise.kernel.errors import Outage
from attise.kernel.house import House, Mode, Settings
from attise.kernel.interrupt import Interrupt
from attise.kernel.lifeline import Lifeline
from attise.records.tables import SELECTS

log = logging.getLogger("attise.worker")

ROLES = ("settle", "worker")
NICENESS = 10
"""The worker gives way to everything that somebody waits for."""
ENDING_S = 3.0
"""How long the end of the process waits for its long jobs, for all of them together."""
STALL_S = {"settle": 5.0, "worker": 600.0}
"""How long one turn may last before the process no longer passes for living."""
POLL_S = {Mode.LIVE: 1.0, Mode.SANDBOX: 0.1, Mode.DEMO: 0.1}
"""How often the world clock is looked at; nobody moves it in a live house. Well below ``STALL_S``."""


def run(role: str, lifeline: Lifeline) -> int:
    """Run a role until SIGTERM or SIGINT; returns the process's exit code."""
    if role == "worker":
        os.nice(NICENESS)
    house = _open(lifeline)
    from attise.doors.site import means
    from attise.doors.site.setup import open_process

    jobs = _jobs(role, house)
    # What takes long comes before the claim: from then on it is told as running, and a signal must find it listening.
    process = open_process(house, role)
    means.install(process)
    if process.claim is None:
        raise AssertionError("a served process holds a node number")
    exit_codes = [0]

    def lose() -> None:
        exit_codes.append(1)
        runner.end()

    def lives() -> bool:
        return process.clock.monotonic_s() - runner.turned_at_s < STALL_S[role]

    heart = Heart(house, process.claim, process.clock, lives=lives, lost=lose)
    row = ClockRow(house)
    apart = [Apart(job) for job in jobs if job.is_long]
    runner = Runner(
        [job for job in jobs if not job.is_long],
        clock=process.clock,
        read_clock=row.read,
        acknowledge=heart.acknowledge,
        poll_s=POLL_S[house.mode],
        leaps=house.mode is not Mode.DEMO,  # which lives at a speed
        ending=Interrupt(),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: runner.end())
    heart.start()
    garbage.look_seldom()
    for long_job in apart:
        long_job.start()
    runner.run()
    end_together(apart)
    heart.end()
    row.close()
    log.info("%s has ended", role)
    return exit_codes[-1]


def _open(lifeline: Lifeline) -> House:
    """Set up Django while the schema is brought up to date, and wait for that."""
    from attise.doors.site.setup import prepare, start_django

    if not lifeline.is_supervised:
        return prepare(Settings.from_environ(os.environ))
    house = start_django()
    lifeline.wait_for_go()
    return house


def _jobs(role: str, house: House) -> list[Job]:
    from attise.doors.worker.jobs import settle_jobs, worker_jobs

    return settle_jobs(house) if role == "settle" else worker_jobs(house)


class Apart(threading.Thread):
    """A long job in a thread of its own, so that reminders and the world clock never wait for it."""

    def __init__(self, job: Job) -> None:
        """Run ``job`` by its period."""
        super().__init__(name=job.name, daemon=True)
        clock = SystemClock()
        self._runner = Runner(
            [job], clock=clock, read_clock=lambda: (0, 0), acknowledge=lambda _version: None, poll_s=job.period_s
        )

    def run(self) -> None:
        """Run until the end."""
        self._runner.run()

    def end(self) -> None:
        """Stop after what is under way; waits for nothing."""
        self._runner.end()


def end_together(apart: Sequence[Apart], *, within_s: float = ENDING_S) -> None:
    """End long jobs, and wait for what is under way for some seconds in all.

    What takes longer is left: what it starts ends with this process, and is begun again.
    """
    for one in apart:
        one.end()
    until_s = time.monotonic() + within_s
    for one in apart:
        one.join(timeout=max(until_s - time.monotonic(), 0.0))
    late = [one.name for one in apart if one.is_alive()]
    if late:
        log.info("left under way, to be begun again: %s", ", ".join(late))


class ClockRow:
    """The world clock's row, read by plain SQL on a connection of its own."""

    def __init__(self, house: House) -> None:
        """Connect at the first reading."""
        self._house = house
        self._connection: Connection | None = None

    def read(self) -> tuple[int, int]:
        """Return the offset (milliseconds) and the version. Raises: Outage."""
        try:
            if self._connection is None:
                self._connection = connect(self._house, may_write=False)
            offset_ms, version = self._connection.rows(SELECTS["clock"])[0]
        except Outage:
            self.close()
            raise
        return offset_ms, version

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
