"""Passing a request on to the site, and its answer back.

Step 1 of every request that the edge does not answer itself. Before: ``app`` has checked the head. After: the site.
Short bodies are taken in whole before the site sees the request, and short answers before the client does, so that a
slow client holds none of the site's threads; long ones are streamed, with a few turns of their own. Every body goes on
with its length, so that the site can tell one that was cut.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import aiohttp
from yarl import URL

from attise.doors.edge import limits, problems
from attise.doors.edge.addresses import body_limit, takes_files
from attise.doors.edge.exchange import ClientLeft, Exchange, Incoming, Refused
from attise.doors.edge.headers import RawHeaders, towards_client, towards_site
from attise.doors.edge.spool import Spooled, spool
from attise.doors.edge.turns import Room, Turns
from attise.kernel.limits import ANSWER_TIMEOUT_S, KIB

log = logging.getLogger("attise.edge")

Body = bytes | Incoming | Spooled | None
Whole = tuple[int, RawHeaders, bytes]
_LEFT_TO_THE_CLIENT = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
_BODILESS = frozenset({204, 304})


class Proxy:
    """The site, as the edge reaches it: pooled connections over one Unix socket."""

    def __init__(self, socket: Path, *, uploads: Path, proto: str, answer_timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        """Reach the site at ``socket``; ``proto`` is how people reach this house (``http`` or ``https``).

        ``uploads`` is a folder for bodies of unknown length, each for as long as its request.
        """
        self._uploads = uploads
        self._proto = proto
        self._answer_timeout_s = answer_timeout_s
        self._session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(path=str(socket), limit=0, keepalive_timeout=limits.KEEP_ALIVE_S),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.CONNECT_S, sock_read=self._answer_timeout_s),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=_LEFT_TO_THE_CLIENT,
            max_line_size=64 * KIB,
            max_field_size=64 * KIB,
            read_bufsize=256 * KIB,
            trust_env=False,
        )
        self._turns = Turns(limits.IN_FLIGHT, in_line=limits.IN_LINE, wait_s=limits.TURN_WAIT_S)
        self._long = Turns(limits.LONG_TURNS, in_line=limits.IN_LINE, wait_s=limits.LONG_WAIT_S)
        self._spools = Turns(limits.SPOOLS, in_line=limits.IN_LINE, wait_s=limits.LONG_WAIT_S)
        self._room = Room(limits.MEMORY_BYTES)

    async def close(self) -> None:
        """Close the pooled connections."""
        await self._session.close()

    async def is_well(self, host: str) -> bool:
        """Tell whether the site says that it is well, within a short time."""
        try:
            async with (
                asyncio.timeout(limits.SITE_ANSWER_S),
                self._session.get("http://site/internal/healthz", headers={"Host": host}) as response,
            ):
                return response.status == 200  # noqa: PLR2004 - OK
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False

    async def forward(self, exchange: Exchange) -> None:
        """Pass a request on and answer it with the site's answer. Raises: Refused, ClientLeft."""
        with ExitStack() as memory:
            async with AsyncExitStack() as stack:
                body = await self._take_body(exchange, stack)
                await stack.enter_async_context(self._turns.turn())
                response = await self._ask(exchange, body, stack)
                whole = await self._give(exchange, response, stack, memory, is_stream=isinstance(body, Incoming))
            # The site is free again; the client takes its time.
            if whole is not None:
                await _answer_whole(exchange, *whole)

    async def _take_body(self, exchange: Exchange, stack: AsyncExitStack) -> Body:
        """Return the body: whole where it is short, else as a stream that holds a turn of its own."""
        limit, declared = body_limit(exchange.path), exchange.declared_length
        if declared == 0:
            return None
        if declared is not None and declared > limit:
            raise Refused(problems.TOO_LARGE)
        if takes_files(exchange.path) and (declared is None or declared > limits.ANSWER_IN_MEMORY_BYTES):
            upload = Incoming(exchange, limit=limit, pace=limits.UPLOAD_PACE_BYTES)
            spooled = None if declared is not None else await self._spool(upload, stack)
            await stack.enter_async_context(self._long.turn())
            return spooled or upload
        # Memory is held for what has come: a length that is only announced must keep nobody else out.
        hold_more = stack.enter_context(self._room.hold())
        whole = bytearray()
        async for part in Incoming(exchange, limit=limit, pace=limits.BODY_PACE_BYTES):
            hold_more(len(part))
            whole += part
        return bytes(whole)

    async def _spool(self, upload: Incoming, stack: AsyncExitStack) -> Spooled:
        """Keep a body of unknown length in a file until ``stack`` is closed.

        Nobody has been asked yet who sends it: while it comes in it holds a turn that no other upload waits for.
        """
        async with self._spools.turn():
            spooled = await spool(upload, self._uploads)
        stack.callback(spooled.close)
        return spooled

    async def _ask(self, exchange: Exchange, body: Body, stack: AsyncExitStack) -> aiohttp.ClientResponse:
        """Send the request to the site, and return its answer as soon as its head is there."""
        stream = body if isinstance(body, Incoming) else None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._answer_timeout_s) as deadline:
                if stream is None:
                    _leave_with_client(exchange, stack)
                else:
                    stream.on_part = lambda: deadline.reschedule(loop.time() + self._answer_timeout_s)
                response = await stack.enter_async_context(self._request(exchange, body))
                if stream is not None:
                    stream.on_part = None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            if stream is not None and stream.failure is not None:
                raise stream.failure from None
            log.warning("the site does not answer: %s", type(error).__name__, extra={"request_id": exchange.request_id})
            raise Refused(problems.AWAY) from error
        return response

    def _request(self, exchange: Exchange, body: Body) -> aiohttp.client._RequestContextManager:
        """Return the request as the site gets it: the same address byte for byte, headers of the edge's own saying."""
        query = exchange.scope["query_string"].decode("latin-1")
        target = exchange.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        client = exchange.scope.get("client")
        length = exchange.declared_length or None
        if isinstance(body, bytes):
            length = len(body)
        elif isinstance(body, Spooled):
            length = body.size
        return self._session.request(
            exchange.method,
            URL(f"http://site{target}", encoded=True),
            headers=towards_site(
                exchange.headers,
                client=client[0] if client else "",
                proto=self._proto,
                host=exchange.header(b"host"),
                request_id=exchange.request_id,
                length=length,
            ),
            data=body,
            # A stream begins when the site reads it, so that a refusal without reading is not lost in the sending.
            expect100=body is not None and not isinstance(body, bytes),
            allow_redirects=False,
        )

    async def _give(
        self,
        exchange: Exchange,
        response: aiohttp.ClientResponse,
        stack: AsyncExitStack,
        memory: ExitStack,
        *,
        is_stream: bool,
    ) -> Whole | None:
        """Return a short answer whole, held in ``memory``; stream a long one to the client.

        An answer cut short is cut short for the client too. Raises: Refused, ClientLeft.
        """
        has_body = response.status not in _BODILESS
        headers = towards_client(response.raw_headers, has_body=has_body)
        if not any(name == b"x-request-id" for name, _ in headers):
            headers.append((b"x-request-id", exchange.request_id.encode()))
        length = response.content_length if has_body and exchange.method != "HEAD" else 0
        try:
            if length is not None and length <= limits.ANSWER_IN_MEMORY_BYTES and self._room.has(length):
                memory.enter_context(self._room.hold(length))
                whole = await response.read()
                await _stop_reading(exchange, response)
                return response.status, headers, whole
            if not is_stream:
                await stack.enter_async_context(self._long.turn())
            await exchange.start(response.status, headers)
            async for part in response.content.iter_any():
                await exchange.write(part, more=True)
            await _stop_reading(exchange, response)
            await exchange.write(b"", more=False)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            if not exchange.has_started:
                raise Refused(problems.AWAY) from error
            raise ClientLeft from error
        return None


async def _answer_whole(exchange: Exchange, status: int, headers: RawHeaders, body: bytes) -> None:
    """Send a whole answer, and return once the client has taken it. Raises: ClientLeft."""
    try:
        await exchange.start(status, headers)
        if len(body) > limits.UNREAD_BYTES:
            await exchange.write(body, more=True)
            await exchange.until_taken()
            body = b""
        await exchange.write(body, more=False)
    except TimeoutError:
        raise ClientLeft from None


async def _stop_reading(exchange: Exchange, response: aiohttp.ClientResponse) -> None:
    """Stop passing on a body that the site answered without waiting for."""
    if not exchange.has_body_ended and exchange.declared_length != 0:
        response.close()
        await asyncio.sleep(0)  # the one that passes it on is cancelled now
        await exchange.until_read()


def _leave_with_client(exchange: Exchange, stack: AsyncExitStack) -> None:
    """Give up the request when its client leaves, until the stack is closed: the site need not answer nobody."""
    asking = asyncio.current_task()
    if asking is None:
        raise AssertionError("a request is answered within a task")

    async def watch() -> None:
        await exchange.until_left()
        if not exchange.has_ended:
            exchange.has_left = True
            asking.cancel()

    watcher = asyncio.create_task(watch())
    stack.callback(watcher.cancel)
