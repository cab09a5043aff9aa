"""Keyed reads of the house's database, in threads of their own: no answer to others waits for one.

Each thread has a connection; what the database cannot do now is an ``Outage`` and a new connection next time.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from attise.kernel.database import Connection, connect
from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.measurement.ingest.reported import PixelFacts
from attise.records.tables import SELECTS
from attise.records.viewer import Viewer

THREADS = 4

_viewer = msgspec.json.Decoder(Viewer).decode


class Reading:
    """What the edge reads of the house's rows before an answer."""

    def __init__(self, house: House) -> None:
        """Read from ``house``; connections are made when they are first needed."""
        self._house = house
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reading")
        self._own = threading.local()
        self.failures = 0
        """Reads that the database did not answer."""

    def close(self) -> None:
        """End the threads; their connections go with them."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def viewer(self, viewer_id: int) -> Viewer | None:
        """Return a viewer's record, or None when there is no such viewer. Raises: Outage."""
        rows = await self._rows("viewer", viewer_id)
        return _viewer(rows[0][0]) if rows else None

    async def host_key(self, key_hash: str) -> int | None:
        """Return the id of a live host key by its hash, or None. Raises: Outage."""
        rows = await self._rows("host_key", key_hash)
        return int(rows[0][0]) if rows else None

    async def pixel(self, code: str) -> PixelFacts | None:
        """Return the pixel that a code names, or None. Raises: Outage."""
        rows = await self._rows("pixel", code)
        if not rows:
            return None
        id_, advertiser_id, matches_email, matches_phone, paused_at_ms = rows[0]
        return PixelFacts(id_, advertiser_id, bool(matches_email), bool(matches_phone), paused_at_ms is not None)

    async def _rows(self, statement: str, value: object) -> list[tuple[Any, ...]]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._read, statement, value)

    def _read(self, statement: str, value: object) -> list[tuple[Any, ...]]:
        connection: Connection | None = getattr(self._own, "connection", None)
        try:
            if connection is None:
                connection = self._own.connection = connect(self._house, may_write=False)
            return connection.rows(SELECTS[statement], value)
        except Outage:
            self.failures += 1
            self._own.connection = None
            if connection is not None:
                connection.close()
            raise
