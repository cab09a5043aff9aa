"""Turns and room: how many may do a thing at once, how many may wait for it, and how much memory they share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from attise.doors.edge import problems
from attise.doors.edge.exchange import Refused


class Turns:
    """A bounded number at once, a bounded line behind them, a bounded wait."""

    def __init__(self, at_once: int, *, in_line: int, wait_s: float) -> None:
        """Let ``at_once`` in, and ``in_line`` more wait for at most ``wait_s``."""
        self._free = asyncio.Semaphore(at_once)
        self._in_line = in_line
        self._wait_s = wait_s
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold a turn. Raises: Refused, when the line or the wait is too long."""
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        try:
            yield
        finally:
            self._free.release()

    async def _wait(self) -> None:
        if self._waiting >= self._in_line:
            raise Refused(problems.BUSY)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError:
            raise Refused(problems.BUSY) from None
        finally:
            self._waiting -= 1


class Room:
    """Memory that requests share."""

    def __init__(self, size: int) -> None:
        """Share ``size`` bytes."""
        self._left = size

    def has(self, size: int) -> bool:
        """Tell whether ``size`` bytes are free."""
        return size <= self._left

    @contextmanager
    def hold(self, size: int = 0) -> Iterator[Callable[[int], None]]:
        """Hold ``size`` bytes, and more with each call of what is yielded. Raises: Refused, when they are not free."""
        held = 0

        def more(size: int) -> None:
            nonlocal held
            if not self.has(size):
                raise Refused(problems.BUSY)
            self._left -= size
            held += size

        try:
            more(size)
            yield more
        finally:
            self._left += held
