"""A body of unknown length, kept in a nameless file until it is whole.

Why: the site must be told a length, or it could not tell a whole upload from one whose sender has gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from attise.doors.edge import problems
from attise.doors.edge.exchange import Incoming, Refused
from attise.kernel.limits import KIB

log = logging.getLogger("attise.edge")

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
        _let_go(self._file)


async def spool(body: Incoming, folder: Path) -> Spooled:
    """Write a body to a file in ``folder`` and return it. Raises: as the body does; Refused without room."""
    try:
        file = await asyncio.to_thread(tempfile.TemporaryFile, dir=folder)
        try:
            return Spooled(file, await _take_in(body, file))
        except BaseException:
            _let_go(file)
            raise
    except OSError as error:
        log.warning("a body cannot be kept: %s", error.strerror)
        raise Refused(problems.AWAY) from error


async def _take_in(body: Incoming, file: IO[bytes]) -> int:
    """Write a body to a file, and return its size."""
    size, waiting = 0, bytearray()
    async for part in body:
        waiting += part
        if len(waiting) >= PART_BYTES:
            await asyncio.to_thread(file.write, bytes(waiting))
            size += len(waiting)
            waiting.clear()
    await asyncio.to_thread(file.write, bytes(waiting))
    await asyncio.to_thread(file.flush)
    return size + len(waiting)


def _let_go(file: IO[bytes]) -> None:
    """Close a file; what could not be written before cannot be written now either."""
    with contextlib.suppress(OSError):
        file.close()
