"""Which pixel a code names: looked up once, remembered for a while, whether there is one or not.

A pixel is never removed; what its tag may send can change, and is read again after ``LIFE_S``. While the database is
away, what is remembered goes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from attise.kernel.clock import Clock
from attise.kernel.errors import Outage
from attise.measurement.ingest.reported import PixelFacts
from attise.records.change import Change

REMEMBERED: Final = 20_000
LIFE_S: Final = 30.0


class Pixels:
    """Pixels by code. Belongs to one loop; see ``changes.Listener``."""

    def __init__(self, find: Callable[[str], Awaitable[PixelFacts | None]], clock: Clock) -> None:
        """Look codes up by ``find``, which may raise Outage."""
        self._find = find
        self._clock = clock
        self._known: dict[str, tuple[float, PixelFacts | None]] = {}
        self.reads = 0

    def __len__(self) -> int:
        """Return how many codes are remembered."""
        return len(self._known)

    async def get(self, code: str) -> PixelFacts | None:
        """Return a pixel, or None. Raises: Outage."""
        now_s = self._clock.monotonic_s()
        known = self._known.get(code)
        if known is not None and now_s < known[0]:
            return known[1]
        self.reads += 1
        try:
            found = await self._find(code)
        except Outage:
            if known is None:
                raise
            found = known[1]
        self._known.pop(code, None)
        self._known[code] = (now_s + LIFE_S, found)
        while len(self._known) > REMEMBERED:
            self._known.pop(next(iter(self._known)), None)
        return found

    def heed(self, changes: Sequence[Change]) -> None:
        """Pass over changes: none speaks of a pixel."""

    def forget(self) -> None:
        """Forget every pixel: the database is another."""
        self._known.clear()
