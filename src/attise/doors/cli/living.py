"""A house whose people are simulated, in one process and under one clock: the stage of ``simulator.stage``.

Nothing of the house is done otherwise here. What the edge decides with decides (``edge.serving``, ``edge.feed``), what
it takes events in with takes them in (``measurement.ingest``), what settle and the worker do they do (``worker``), when
the story says so instead of when a second has passed. There is no HTTP, and no thread.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attise.doors.cli.opening import forget_environment
from attise.doors.cli.staging import Staged
from attise.doors.site.setup import Process, prepare
from attise.kernel.chance import Chance, SeededChance, SystemChance
from attise.kernel.clock import FAR_MS, FakeClock
from attise.kernel.house import House, Mode, Settings, open_house
from attise.kernel.ids import ClockIds
from attise.kernel.means import Means
from attise.kernel.secrets import MASTER_BYTES, Secrets
from attise.simulator.stage import Given

if TYPE_CHECKING:
    from attise.simulator.cast import Own

BEGIN_MS: Final = 1_767_571_200_000
"""Where a life by seed begins: Monday 5 January 2026, 00:00 UTC. Its figures do not depend on the day it is run."""
NODE: Final = 1
JOBS: Final = (
    "remind",
    "begin budgets",
    "end split tests",
    "end grants",
    "circles",
    "lift",
    "log comments",
    "sweep deltas",
    "sweep attempts",
    "issue invoices",
)
"""What is done of the worker's jobs when the house is kept. Snapshots are for houses that are too large for deltas."""
SETTLED_AT_ONCE: Final = 1_000
"""Events of one transaction: nobody waits for the database here."""
ASKED_MS: Final = 1
"""Between two requests of a turn."""


class Living(Staged):
    """One house under one clock; made by ``living_house`` or ``open_living``."""

    def __init__(self, house: House, clock: FakeClock, means: Means, *, node: int = NODE) -> None:
        """Open what the processes of a house open."""
        from attise.doors.worker.settling import Settlement

        super().__init__(house, means, node=node)
        self.clock = clock
        self._settlement = Settlement(house, batch_events=SETTLED_AT_ONCE)

    def open_first_time(self) -> Own:
        """Open the house as its first person does, and return what is theirs in its world."""
        from attise.doors.site.opening import open_first_time
        from attise.simulator.cast import Own

        first = open_first_time(self.means, self.house.mode)
        if first is None:
            raise AssertionError("a house that a life begins in was not opened before")
        return Own(first.creator_id, first.advertiser_id)

    def pass_to(self, moment_ms: int) -> None:
        """Move the clock to a moment."""
        now_ms = self.clock.world_ms()
        if moment_ms > now_ms:
            self.clock.advance(seconds=(moment_ms - now_ms) / 1000)

    def follow(self) -> None:
        """Have decisions know what was changed and spent, which is brought to where they read it first."""
        from attise.management.snapshots import actions as snapshots

        while snapshots.follow(self.means, holder="story"):
            pass
        self._settlement.publish()
        super().follow()

    def ask(self, viewer_id: int, *, count: int, session_id: str) -> list[Given]:
        """Return a feed, decided as the edge decides it; the next is asked for a moment later."""
        given = super().ask(viewer_id, count=count, session_id=session_id)
        self.clock.advance(seconds=ASKED_MS / 1000)
        return given

    def settle(self) -> int:
        """Make durable what was taken in, and settle the log to its end."""
        kept = self.keep(received_by_ms=FAR_MS)
        self._settlement.settle()
        return kept

    def keep_house(self) -> None:
        """Do what processes do every now and then."""
        from attise.doors.worker.jobs import worker_jobs

        jobs = {job.name: job for job in worker_jobs(self.house)}
        for name in JOBS:
            jobs[name].run()
        self._settlement.tell_follows()
        self._settlement.tell_hidden()
        self._settlement.sweep()
        self._memories.flush()


@contextmanager
def living_house(seed: int, *, mode: Mode = Mode.DEMO, begin_ms: int = BEGIN_MS) -> Iterator[Living]:
    """Open a new house on the embedded store for a life by seed, and remove it in the end.

    Its keys come of the seed too: what falls by a keyed hash, as a holdout does, falls alike each time.
    """
    with tempfile.TemporaryDirectory(prefix="attise-life-") as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        Secrets.write_new(data / "secrets.json", master_of(seed))
        forget_environment()
        settings = Settings(data=data)
        open_house(settings, mode=mode)
        house = prepare(settings)
        hurry()
        living = move_in(house, seed, begin_ms=begin_ms)
        try:
            yield living
        finally:
            living.close()


def master_of(seed: int) -> bytes:
    """Return the master secret of a house that lives by a seed."""
    return hashlib.blake2b(f"life/{seed}".encode(), digest_size=MASTER_BYTES).digest()


def move_in(house: House, seed: int, *, begin_ms: int) -> Living:
    """Open a house for a life by seed, with a clock, chance and ids of its own; the means of this process are its.

    Django must be set up and the schema in place.
    """
    return _opened(house, SeededChance(f"life/{seed}"), begin_ms, NODE)


def move_in_for_good(house: House, *, begin_ms: int, node: int) -> Living:
    """Open a house that is kept: what grants something is unguessable, and ids are of a node that this process holds.

    Whoever goes on afterwards installs their own means again.
    """
    return _opened(house, SystemChance(), begin_ms, node)


def _opened(house: House, chance: Chance, begin_ms: int, node: int) -> Living:
    from attise.doors.site import means

    clock = FakeClock(begin_ms)
    made = Means(clock, chance, ClockIds(clock, node), house.secrets)
    means.install(Process(house, made, clock, None))
    return Living(house, clock, made, node=node)


def hurry(*, is_over: bool = False) -> None:
    """Have the embedded store not wait for the disk, until it ``is_over``: then all of it is brought there.

    For houses that are thrown away, and for the making of one that nobody has seen yet: a power cut may take it all.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={'FULL' if is_over else 'OFF'}")
            if is_over:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
