"""A body of unknown length, kept in a nameless file until it is whole.

Why: the site must be told a length, or it could not tell a whole upload from one whose sender has gone.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from attise.doors.edge.exchange import Incoming
from attise.kernel.limits import KIB

PART_BYTES = 256 * KIB


class Spooled:
    """A whole body in a file without a name, which ends with it."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        """Take a file that holds ``size`` bytes."""
        self.size = size
        self._file = file

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body from its beginning."""
        await asyncio.to_thread(self._file.seek, 0)
        while part := await asyncio.to_thread(self._file.read, PART_BYTES):
            yield part

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


async def spool(body: Incoming, folder: Path) -> Spooled:
    """Write a body to a file in ``folder`` and return it. Raises: what the body raises."""
    file = await asyncio.to_thread(tempfile.TemporaryFile, dir=folder)
    try:
        size, waiting = 0, bytearray()
        async for part in body:
            waiting += part
            if len(waiting) >= PART_BYTES:
                await asyncio.to_thread(file.write, bytes(waiting))
                size += len(waiting)
                waiting.clear()
        await asyncio.to_thread(file.write, bytes(waiting))
    except BaseException:
        file.close()
        raise
    return Spooled(file, size + len(waiting))
