"""Media files by their signed links: whole or one range, read in threads, as fast as each client reads.

Step 2 of *a viewer watches a post*. Before: management made the link for someone who may see the file. After: nothing.
A slow client waits on its own connection and holds no thread, so that it slows nobody else.
"""

from __future__ import annotations

import asyncio
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from attise.doors.edge import limits, problems
from attise.doors.edge.exchange import ClientLeft, Exchange, Refused
from attise.doors.edge.headers import RawHeaders
from attise.doors.edge.ranges import Unsatisfiable, read_range
from attise.kernel.clock import Clock
from attise.records.media_link import MediaLink, MediaLinks

TYPES = {"mp4": b"video/mp4", "webm": b"video/webm", "jpg": b"image/jpeg", "png": b"image/png"}
_POLICY = b"default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


class Media:
    """The media folder, opened by link only."""

    def __init__(self, folder: Path, links: MediaLinks, clock: Clock) -> None:
        """Serve files of ``folder`` laid out as ``key[:2]/key/name``."""
        self._folder = folder
        self._links = links
        self._clock = clock
        self._threads = ThreadPoolExecutor(limits.MEDIA_THREADS, thread_name_prefix="media")

    def close(self) -> None:
        """End the reading threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def answer(self, exchange: Exchange) -> None:
        """Answer a request for a file. Raises: Refused (one answer for every bad link), ClientLeft."""
        if exchange.method not in {"GET", "HEAD"}:
            raise Refused(problems.READ_ONLY)
        now_s = self._clock.wire_ms() // 1000
        # The raw path, so that a link has one spelling.
        link = self._links.open(exchange.scope["raw_path"].decode("latin-1"), now_s=now_s)
        kind = TYPES.get(link.name.rpartition(".")[2]) if link else None
        if link is None or kind is None:
            raise Refused(problems.NOT_FOUND)
        loop = asyncio.get_running_loop()
        handle, size = await loop.run_in_executor(self._threads, _open, self._path_of(link))
        try:
            await self._give(exchange, handle, size, _headers(link, kind, now_s))
        finally:
            await loop.run_in_executor(self._threads, os.close, handle)

    def _path_of(self, link: MediaLink) -> Path:
        return self._folder / link.key[:2] / link.key / link.name

    async def _give(self, exchange: Exchange, handle: int, size: int, headers: RawHeaders) -> None:
        """Send the file or its range, or say that the client has it."""
        tag = dict(headers)[b"etag"].decode()
        if _is_known(exchange.header(b"if-none-match"), tag):
            await exchange.answer(304, headers)
            return
        first, last, status = 0, size - 1, 200
        asked = exchange.header(b"range")
        wants_range = exchange.method == "GET" and exchange.count(b"range") == 1
        if wants_range and exchange.header(b"if-range") in {"", tag}:
            try:
                found = read_range(asked, size)
            except Unsatisfiable:
                headers.append((b"content-range", b"bytes */%d" % size))
                headers.append((b"content-length", b"0"))
                await exchange.answer(416, headers)
                return
            if found is not None:
                (first, last), status = found, 206
                headers.append((b"content-range", b"bytes %d-%d/%d" % (first, last, size)))
        headers.append((b"content-length", b"%d" % (last - first + 1)))
        if exchange.method == "HEAD":
            await exchange.answer(status, headers)
            return
        await exchange.start(status, headers)
        await self._stream(exchange, handle, first, last + 1)

    async def _stream(self, exchange: Exchange, handle: int, place: int, end: int) -> None:
        """Send bytes ``place`` to ``end``, never more ahead of the client than one chunk."""
        loop = asyncio.get_running_loop()
        leaving = asyncio.create_task(exchange.until_left())
        try:
            while place < end:
                wanted = min(limits.MEDIA_CHUNK_BYTES, end - place)
                chunk = await loop.run_in_executor(self._threads, os.pread, handle, wanted, place)
                if not chunk or leaving.done():
                    raise ClientLeft
                place += len(chunk)
                await exchange.write(chunk, more=True, stall_s=limits.MEDIA_STALL_S)
                del chunk
                await exchange.until_taken(stall_s=limits.MEDIA_STALL_S)
        except TimeoutError:
            raise ClientLeft from None
        finally:
            leaving.cancel()
            await asyncio.wait({leaving})
        await exchange.write(b"", more=False)


def _open(path: Path) -> tuple[int, int]:
    """Return a descriptor of a plain file and its size. Raises: Refused."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        raise Refused(problems.NOT_FOUND) from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise Refused(problems.NOT_FOUND)
    return handle, status.st_size


def _headers(link: MediaLink, kind: bytes, now_s: int) -> RawHeaders:
    """Return the headers of every answer about a file; a file never changes, so its name is its tag."""
    return [
        (b"content-type", kind),
        (b"content-disposition", b"inline"),
        (b"content-security-policy", _POLICY),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"private, max-age=%d" % (link.expires_s - now_s)),
        (b"accept-ranges", b"bytes"),
        (b"etag", f'"{link.key}.{link.name}"'.encode()),
    ]


def _is_known(header: str, tag: str) -> bool:
    """Tell whether an If-None-Match header names the tag."""
    return header == "*" or tag in {part.strip().removeprefix("W/") for part in header[:1000].split(",")}
