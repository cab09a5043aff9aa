"""``settle`` and ``worker`` as processes: opened like any other, run until they are told to end."""

from __future__ import annotations

import logging
import os
import signal

from attise.doors.worker.heart import Heart
from attise.doors.worker.loops import Job, Runner
from attise.kernel.database import Connection, connect
from attise.kernel.errors import Outage
from attise.kernel.house import House, Mode, Settings
from attise.kernel.lifeline import Lifeline
from attise.records.process import Node
from attise.records.tables import SELECTS

log = logging.getLogger("attise.worker")

ROLES = ("settle", "worker")
NICENESS = 10
"""The worker gives way to everything that somebody waits for."""
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

    process = open_process(house, role)
    means.install(process)
    node = Node(process.claim.node, process.claim.holder)
    exit_codes = [0]

    def lose() -> None:
        exit_codes.append(1)
        runner.end()

    def lives() -> bool:
        return process.clock.monotonic_s() - runner.turned_at_s < STALL_S[role]

    heart = Heart(house, node, process.clock, lives=lives, lost=lose)
    row = ClockRow(house)
    runner = Runner(
        _jobs(role, house),
        clock=process.clock,
        read_clock=row.read,
        acknowledge=heart.acknowledge,
        poll_s=POLL_S[house.mode],
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: runner.end())
    heart.start()
    runner.run()
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
    if role == "settle":
        return []
    from attise.doors.worker.jobs import worker_jobs

    return worker_jobs(house)


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
