"""A house whose people are simulated, under one clock: the stage of ``simulator.stage``.

Nothing of the house is done otherwise here. What the edge decides with decides (``edge.serving``, ``edge.feed``), what
it takes events in with takes them in (``measurement.ingest``), what settle and the worker do they do (``worker``), when
the story says so instead of when a second has passed. There is no HTTP.

A turn has two halves. In the first everything that was begun before has ended: what people did is made durable, what
creators and brands do is done, decisions are told of it. In the second people are shown and watch, and beside them what
they did in the turn before is settled (``counting``). Nothing is declared and no log grows in the second half, and
nothing is read in it that counting changes: whichever is quicker, the life is the same.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from attise.doors.cli.counting import Counting, Turn, counting_of
from attise.doors.cli.opening import forget_environment
from attise.doors.cli.staging import Staged
from attise.doors.site.setup import Process, prepare
from attise.kernel import garbage
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
NODE, COUNTING_NODE = 1, 2
ASKED_MS: Final = 1
"""Between two requests of a turn."""


class Living(Staged):
    """One house under one clock; made by ``living_house`` and ``move_in``."""

    def __init__(self, house: House, clock: FakeClock, means: Means, counting: Counting, *, node: int = NODE) -> None:
        """Open what the processes of a house open. ``counting`` is this life's own, and ends with it."""
        super().__init__(house, means, node=node, waits_for_disk=False)
        self.clock = clock
        self._counting = counting
        self._said: list[Said] = []
        """What people wrote under posts in the turn that goes on."""
        self._is_house_due = False
        self._told_as_of_ms = -1
        self._began = (0.0, 0.0)
        self.waited_s = 0.0
        """What this process would have waited for counting so far if each had a core, in seconds of the processor."""

    @property
    def counting_s(self) -> float:
        """What counting took so far, in seconds of the processor."""
        return self._counting.busy_s

    def close(self) -> None:
        """Give back what is open."""
        self._counting.close()
        super().close()

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

    def follow(self, viewer_ids: Collection[int], *, until_ms: int) -> None:
        """Have decisions know what was changed and spent, and begin to count beside what comes of them."""
        self._wait()
        now_ms = self.clock.world_ms()
        self._tell_totals(now_ms)
        self._make_deltas()
        self._read()
        self._meet(viewer_ids)
        self._begin(Turn(now_ms, until_ms, keeps_house=self._is_house_due))
        self._is_house_due, self._told_as_of_ms = False, until_ms
        self._loading.build()

    def refresh(self) -> None:
        """Have decisions know what was changed and spent, in a turn of so many people that it grew old."""
        self._wait()
        super().refresh()

    def ask(self, viewer_id: int, *, count: int, session_id: str) -> list[Given]:
        """Return a feed, decided as the edge decides it; the next is asked for a moment later."""
        given = super().ask(viewer_id, count=count, session_id=session_id)
        self.clock.advance(seconds=ASKED_MS / 1000)
        return given

    def comment(self, *, viewer_id: int, post_id: int, token: str, text: str) -> None:
        """Have something written under a post once the turn is over."""
        self._said.append(Said(viewer_id, post_id, token, text))

    def settle(self) -> int:
        """Make durable what was taken in; it is settled beside the turn that begins."""
        self._wait()
        said, self._said = self._said, []
        for one in said:
            super().comment(viewer_id=one.viewer_id, post_id=one.post_id, token=one.token, text=one.text)
        return self.keep(received_by_ms=FAR_MS)

    def keep_house(self) -> None:
        """Have done what processes do every now and then, beside the turn that begins."""
        self._is_house_due = True
        self._memories.flush()

    def complete(self) -> int:
        """Have everything counted, charged and told as of this moment, with the house kept; returns as ``settle``."""
        count = self.settle()
        self.keep_house()
        now_ms = self.clock.world_ms()
        for keeps_house in (True, False):  # what was written is in the log once the house is kept
            self._begin(Turn(now_ms, now_ms, keeps_house=keeps_house))
            self._wait()
        self._is_house_due, self._told_as_of_ms = False, now_ms
        self._make_deltas()
        self.refresh()
        return count

    def _begin(self, turn: Turn) -> None:
        self._began = (time.process_time(), self._counting.busy_s)
        self._counting.begin(turn)

    def _wait(self) -> None:
        self._counting.wait()
        began_s, busy_s = self._began
        took_s, self._began = self._counting.busy_s - busy_s, (began_s, self._counting.busy_s)
        self.waited_s += max(0.0, took_s - (time.process_time() - began_s))

    def _tell_totals(self, now_ms: int) -> None:
        """Have totals told as of this moment, unless they are: a turn was not the length that it was to have."""
        if self._told_as_of_ms != now_ms:
            self._begin(Turn(now_ms, now_ms, keeps_house=False))
            self._wait()

    def _make_deltas(self) -> None:
        from attise.management.snapshots import actions as snapshots

        while snapshots.follow(self.means, holder="story"):
            pass


class Said(NamedTuple):
    """What somebody writes under a post."""

    viewer_id: int
    post_id: int
    token: str
    text: str


@contextmanager
def living_house(seed: int, *, begin_ms: int = BEGIN_MS, in_two: bool = True) -> Iterator[Living]:
    """Open a new house on the embedded store for a life by seed, and remove it in the end.

    Its keys come of the seed too: what falls by a keyed hash, as a holdout does, falls alike each time. ``in_two``:
    whether a process of its own counts; the life is the same.
    """
    with tempfile.TemporaryDirectory(prefix="attise-life-") as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        Secrets.write_new(data / "secrets.json", master_of(seed))
        forget_environment()
        settings = Settings(data=data)
        open_house(settings, mode=Mode.DEMO)
        house = prepare(settings)
        hurry()
        garbage.look_seldom()
        living = move_in(house, seed, begin_ms=begin_ms, in_two=in_two)
        try:
            yield living
        finally:
            living.close()


def master_of(seed: int) -> bytes:
    """Return the master secret of a house that lives by a seed."""
    return hashlib.blake2b(f"life/{seed}".encode(), digest_size=MASTER_BYTES).digest()


def move_in(house: House, seed: int, *, begin_ms: int, in_two: bool = False) -> Living:
    """Open a house for a life by seed, with a clock, chance and ids of its own; the means of this process are its.

    Django must be set up and the schema in place. ``in_two``: whether a process of its own counts; it opens the house
    that the environment names.
    """
    counting = counting_of(house, begin_ms=begin_ms, node=COUNTING_NODE, seed=str(seed), in_two=in_two)
    return _opened(house, SeededChance(f"life/{seed}"), begin_ms, NODE, counting)


def move_in_for_good(house: House, *, begin_ms: int, node: int, counting_node: int, in_two: bool) -> Living:
    """Open a house that is kept: what grants something is unguessable, and ids are of nodes that its processes hold.

    Whoever goes on afterwards installs their own means again.
    """
    counting = counting_of(house, begin_ms=begin_ms, node=counting_node, in_two=in_two)
    return _opened(house, SystemChance(), begin_ms, node, counting)


def _opened(house: House, chance: Chance, begin_ms: int, node: int, counting: Counting) -> Living:
    from attise.doors.site import means

    clock = FakeClock(begin_ms)
    made = Means(clock, chance, ClockIds(clock, node), house.secrets)
    means.install(Process(house, made, clock, None))
    return Living(house, clock, made, counting, node=node)


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
