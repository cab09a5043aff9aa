"""Between the loop that answers and the thread that commits: a request waits here until its events are durable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from attise.kernel.clock import Clock
from attise.kernel.errors import Outage
from attise.measurement.ingest.keeper import Keeper
from attise.measurement.ingest.log import EntryKind, EventLog

WAIT_S = 6.0
"""How long a request waits for its commit: several times what one waits for a lock of the log."""

Waiter = asyncio.Future[Outage | None]


class Keeping:
    """Keeps the events of requests, and lets each wait for its own."""

    def __init__(self, open_log: Callable[[], EventLog], clock: Clock) -> None:
        """Keep in the log that ``open_log`` opens."""
        self.keeper: Keeper[Waiter] = Keeper(open_log, clock, _tell)

    async def keep(self, bodies: Sequence[bytes], kind: EntryKind = EntryKind.EVENT) -> None:
        """Return once some events are durable. Raises: Outage, when they are not, or this is not known."""
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self.keeper.keep(bodies, waiter, kind)
        try:
            async with asyncio.timeout(WAIT_S):
                outage = await waiter
        except TimeoutError:
            raise Outage("event log", retry_after_s=2) from None
        if outage is not None:
            raise outage


def _tell(waiters: list[Waiter], outage: Outage | None) -> None:
    """Wake those who wait, on their own loop: once for all of them. Called by the thread that committed."""
    with suppress(RuntimeError):  # the loop has ended, and whoever waited on it
        waiters[0].get_loop().call_soon_threadsafe(_wake, waiters, outage)


def _wake(waiters: list[Waiter], outage: Outage | None) -> None:
    for waiter in waiters:
        if not waiter.done():  # one that gave up waiting is
            waiter.set_result(outage)
