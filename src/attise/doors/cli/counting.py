"""``python -m attise.doors.cli.counting BEGIN_MS NODE SEED|-``: counts and charges for a life, beside whoever lives it.

What settle and the worker do of a house, turn by turn, as the life says: while people are shown and watch what a turn
brings, what was done in the turn before is settled, the house is kept, and totals are told as of the next turn. So two
cores work, and what a turn reads never depends on which of them was quicker: it waits for all of the turn before.

A process reads one turn from each line, and answers each with what all of them took it. It ends where nothing can come
any more.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final, Protocol

import msgspec

from attise.doors.site.setup import Process, start_django
from attise.kernel import garbage, logs
from attise.kernel.chance import Chance, SeededChance, SystemChance
from attise.kernel.clock import FakeClock
from attise.kernel.house import House, HouseError
from attise.kernel.ids import ClockIds
from attise.kernel.means import Means

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
SETTLED_AT_ONCE: Final = 2_000
"""Events of one transaction: nobody waits for the database here."""
SYSTEM: Final = "-"
"""In the place of a seed: chance of the machine's."""
ENDING_S: Final = 60.0
"""How long the end waits for a turn that is under way."""


class Turn(msgspec.Struct, frozen=True):
    """What is to be done beside one turn of a life."""

    at_ms: int
    """As of when it is settled and the house is kept."""
    until_ms: int
    """As of when totals are told: the moment at which they are read."""
    keeps_house: bool


class Counting(Protocol):
    """Whoever counts beside a life."""

    busy_s: float
    """Seconds of the processor that it took so far, as of the last ``wait``."""

    def begin(self, turn: Turn) -> None:
        """Begin with a turn; the log does not grow, and nothing is declared, before ``wait``."""
        ...

    def wait(self) -> None:
        """Return when all that was begun is done. Raises: HouseError, where it could not be."""
        ...

    def close(self) -> None:
        """Give back what is open."""
        ...


class Counter:
    """Counts in this process; the clock, the chance and the ids are its own."""

    def __init__(self, house: House, *, begin_ms: int, node: int, chance: Chance) -> None:
        """Count in a house whose schema is in place."""
        from attise.doors.worker.jobs import worker_jobs
        from attise.doors.worker.settling import Settlement

        self.clock = FakeClock(begin_ms)
        means = Means(self.clock, chance, ClockIds(self.clock, node), house.secrets)
        self.process = Process(house, means, self.clock, None)
        """What counting goes by."""
        self.busy_s = 0.0
        self._settlement = Settlement(house, batch_events=SETTLED_AT_ONCE)
        self._jobs = {job.name: job for job in worker_jobs(house)}

    def begin(self, turn: Turn) -> None:
        """Do all of it."""
        began_s = time.process_time()
        with self._installed():
            self._pass_to(turn.at_ms)
            self._settlement.settle()
            if turn.keeps_house:
                self._keep_house()
            self._pass_to(turn.until_ms)
            self._settlement.publish()
        self.busy_s += time.process_time() - began_s

    def wait(self) -> None:
        """Return at once: it is done."""

    def close(self) -> None:
        """Nothing is open."""

    def _keep_house(self) -> None:
        for name in JOBS:
            self._jobs[name].run()
        self._settlement.tell_follows()
        self._settlement.tell_hidden()
        self._settlement.sweep()

    def _pass_to(self, moment_ms: int) -> None:
        ahead_ms = moment_ms - self.clock.world_ms()
        if ahead_ms > 0:
            self.clock.advance(seconds=ahead_ms / 1000)

    @contextmanager
    def _installed(self) -> Iterator[None]:
        """Have what is done use the means of whoever counts, and afterwards those of before."""
        from attise.doors.site import means

        before = means.process()
        means.install(self.process)
        try:
            yield
        finally:
            means.install(before)


class Beside:
    """Counts in a process of its own, on the other core."""

    def __init__(self, *, begin_ms: int, node: int, seed: str) -> None:
        """Start it. The house is the one that the environment names; its schema is in place.

        Whatever this process was told to keep open until its end, as the lock of who serves, that one keeps too.
        """
        command = [sys.executable, "-m", "attise.doors.cli.counting", str(begin_ms), str(node), seed]
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False
        )
        self._is_busy = False
        self.busy_s = 0.0

    def begin(self, turn: Turn) -> None:
        """Tell it what to do."""
        self.wait()
        try:
            _pipe(self._child.stdin).write(msgspec.json.encode(turn) + b"\n")
            _pipe(self._child.stdin).flush()
        except OSError as error:
            raise _ended() from error
        self._is_busy = True

    def wait(self) -> None:
        """Wait for its answer."""
        if self._is_busy:
            self._is_busy = False
            answer = _pipe(self._child.stdout).readline()
            if not answer:
                raise _ended()
            self.busy_s = float(answer)

    def close(self) -> None:
        """Let it end what it does, and wait for its end."""
        with suppress(OSError):  # it is gone already
            _pipe(self._child.stdin).close()
        try:
            self._child.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        _pipe(self._child.stdout).close()


def counting_of(house: House, *, begin_ms: int, node: int, seed: str = SYSTEM, in_two: bool) -> Counting:
    """Return who counts in a house, in a process of its own or in this one; by chance of the machine's without a seed.

    One of its own opens the house that the environment names.
    """
    if in_two:
        return Beside(begin_ms=begin_ms, node=node, seed=seed)
    return Counter(house, begin_ms=begin_ms, node=node, chance=_chance_of(seed))


def _chance_of(seed: str) -> Chance:
    return SystemChance() if seed == SYSTEM else SeededChance(f"life/{seed}/counting")


def _ended() -> HouseError:
    return HouseError("The process that counts beside the life has ended; see above.")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise AssertionError("the process was started with its pipes")
    return pipe


def main() -> int:
    """Count turn by turn until whoever lives is done, or gone."""
    logs.configure("counting")
    logging.getLogger("attise").setLevel(logging.WARNING)  # what becomes of simulated people is no news
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with whoever lives, between two turns
    begin_ms, node, seed = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    house = start_django()
    from attise.doors.cli.living import hurry
    from attise.doors.site import means

    hurry()
    counter = Counter(house, begin_ms=begin_ms, node=node, chance=_chance_of(seed))
    means.install(counter.process)
    garbage.look_seldom()
    for line in sys.stdin.buffer:
        counter.begin(msgspec.json.decode(line, type=Turn))
        sys.stdout.write(f"{counter.busy_s}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
