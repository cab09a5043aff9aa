"""Between the loop that answers and the thread that commits: a request waits here until its events are durable."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from attise.kernel.clock import Clock
from attise.kernel.errors import Outage
from attise.measurement.ingest.keeper import Keeper
from attise.measurement.ingest.log import EntryKind, EventLog

log = logging.getLogger("attise.edge")

WAIT_S = 6.0
"""How long a request waits for its commit: several times what one waits for a lock of the log."""

Then = Callable[[Outage | None], None]
"""Is told once what became of some events: None says that they are durable, an outage that they are not, or that this
is not known."""


class Keeping:
    """Keeps the events of requests, and lets each wait for its own."""

    def __init__(self, open_log: Callable[[], EventLog], clock: Clock) -> None:
        """Keep in the log that ``open_log`` opens."""
        self.keeper: Keeper[_Waiter] = Keeper(open_log, clock, _tell)

    async def keep(self, bodies: Sequence[bytes], kind: EntryKind = EntryKind.EVENT) -> None:
        """Return once some events are durable. Raises: Outage, when they are not, or this is not known."""
        told: asyncio.Future[Outage | None] = asyncio.get_running_loop().create_future()

        def then(outage: Outage | None) -> None:
            if not told.done():  # one that gave up waiting is
                told.set_result(outage)

        self.keep_then(bodies, then, kind)
        outage = await told
        if outage is not None:
            raise outage

    def keep_then(self, bodies: Sequence[bytes], then: Then, kind: EntryKind = EntryKind.EVENT) -> None:
        """Have some events kept; ``then`` is told in this loop, after this has returned. Raises: Outage, at once."""
        waiter = _Waiter(asyncio.get_running_loop(), then)
        self.keeper.keep(bodies, waiter, kind)
        waiter.begin()


class _Waiter:
    """Somebody who waits for a commit, and not for ever."""

    __slots__ = ("_then", "_timer", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, then: Then) -> None:
        self.loop = loop
        self._then: Then | None = then
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Start the watch."""
        self._timer = self.loop.call_later(WAIT_S, self._give_up)

    def _give_up(self) -> None:
        self.tell(Outage("event log", retry_after_s=2))

    def tell(self, outage: Outage | None) -> None:
        """Tell what became of it, unless that was told already."""
        then, self._then = self._then, None
        if then is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        then(outage)


def _tell(waiters: list[_Waiter], outage: Outage | None) -> None:
    """Wake those who wait, on their own loop: once for all of them. Called by the thread that committed."""
    with suppress(RuntimeError):  # the loop has ended, and whoever waited on it
        waiters[0].loop.call_soon_threadsafe(_wake, waiters, outage)


def _wake(waiters: list[_Waiter], outage: Outage | None) -> None:
    for waiter in waiters:
        try:
            waiter.tell(outage)
        except Exception:  # the others have to hear of it too
            log.exception("what was kept could not be told")
