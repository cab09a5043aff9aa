"""One request and its answer: the body read at a bounded pace, refusals in the caller's shape, a client that leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from attise.doors.edge import problems
from attise.doors.edge.addresses import canonical, shape_of
from attise.doors.edge.headers import RawHeaders
from attise.doors.edge.languages import language_of
from attise.doors.edge.limits import BODY_GRACE_S, LINGER_PAUSE_S, LINGER_S, WRITE_STALL_S
from attise.doors.edge.problems import Problem
from attise.doors.edge.waiting import within

Scope = dict[str, Any]
Receive = Callable[[], Coroutine[Any, Any, dict[str, Any]]]
Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """This request is refused with a problem of the edge."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem to tell."""
        self.problem = problem
        super().__init__(problem.code)


class ClientLeft(Exception):  # noqa: N818 - as above
    """The client closed the connection: there is nobody to answer."""


class Exchange:
    """A request, its body as it comes in, and the one answer to it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, request_id: str) -> None:
        """Take what the server hands over; ``request_id`` names the request in answers and logs."""
        self.scope = scope
        self.method: str = scope["method"]
        self.path = canonical(scope["path"])
        self.headers: RawHeaders = scope["headers"]
        self.client: tuple[str, int] | None = scope.get("client")
        """Address and port of the other end; None over a local socket."""
        self._first: dict[bytes, bytes] = {}
        self._counts: dict[bytes, int] = {}
        for name, value in self.headers:
            if name in self._counts:
                self._counts[name] += 1
            else:
                self._counts[name] = 1
                self._first[name] = value
        self.request_id = request_id
        self.shape = shape_of(self.path)
        self.has_started = False
        """Whether the head of the answer is sent."""
        self._receive = receive
        self._send = send
        self.has_body_ended = False
        """Whether the whole body of the request has come in."""
        self.has_ended = False
        """Whether the whole answer is sent."""
        self._unread = asyncio.Event()
        self._unread.set()
        self.has_left = False
        """Whether the client is known to be gone."""

    def header(self, name: bytes) -> str:
        """Return the first value of a header, or an empty text."""
        return self._first.get(name, b"").decode("latin-1")

    def count(self, name: bytes) -> int:
        """Return how often a header was sent."""
        return self._counts.get(name, 0)

    @property
    def declared_length(self) -> int | None:
        """The length of the body as declared, None where it comes in chunks; 0 without a body."""
        if b"transfer-encoding" in self._first:
            return None
        return int(self._first.get(b"content-length") or b"0")

    async def receive(self, wait_s: float) -> bytes:
        """Return the next part of the body. Raises: TimeoutError, ClientLeft."""
        self._unread.clear()
        try:
            message = await within(wait_s, self._receive())
        finally:
            self._unread.set()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        self.has_body_ended = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    @property
    def is_reading(self) -> bool:
        """Whether somebody waits for a part of the body."""
        return not self._unread.is_set()

    async def until_read(self) -> None:
        """Return when nobody else reads the body any more."""
        await self._unread.wait()

    async def until_left(self) -> None:
        """Return when the client has left; what remains of the body is read and thrown away."""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return
            self.has_body_ended = not message.get("more_body", False)

    async def start(self, status: int, headers: RawHeaders) -> None:
        """Send the head of the answer."""
        if not self.has_body_ended and self.declared_length != 0:
            # The rest of the body stands between this answer and the next request.
            headers = [pair for pair in headers if pair[0] != b"connection"] + [(b"connection", b"close")]
        self.has_started = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, body: bytes, *, more: bool, stall_s: float = WRITE_STALL_S) -> None:
        """Send a part of the answer's body; waits while the client does not read. Raises: TimeoutError."""
        if not more and self._is_body_left():
            await self._write(body, more=True, stall_s=stall_s)
            await self._linger()
            body = b""
        self.has_ended = not more
        await self._write(body, more=more, stall_s=stall_s)

    async def until_taken(self, *, stall_s: float = WRITE_STALL_S) -> None:
        """Return once the client has taken nearly all that was written. Raises: TimeoutError."""
        await self._write(b"", more=True, stall_s=stall_s)

    async def answer(self, status: int, headers: RawHeaders, body: bytes = b"") -> None:
        """Send a whole answer."""
        await self.start(status, headers)
        await self.write(body, more=False)

    async def refuse(self, problem: Problem) -> None:
        """Send the answer of a problem, in this request's shape and language."""
        language = language_of(self.header(b"cookie"), self.header(b"accept-language"))
        await self.answer(*problems.write(problem, self.shape, language=language, request_id=self.request_id))

    async def _write(self, body: bytes, *, more: bool, stall_s: float) -> None:
        await within(stall_s, self._send({"type": "http.response.body", "body": body, "more_body": more}))

    def _is_body_left(self) -> bool:
        """Tell whether the client may still be sending; one that waits for our word (100) sends nothing."""
        if self.has_body_ended or self.is_reading or self.declared_length == 0:
            return False
        return self.header(b"expect").lower() != "100-continue"

    async def _linger(self) -> None:
        """Read what is left of the body for a while and throw it away.

        Why: a connection closed with bytes unread is reset, and the client never sees the answer.
        """
        try:
            async with asyncio.timeout(LINGER_S):
                while not self.has_body_ended:
                    async with asyncio.timeout(LINGER_PAUSE_S):
                        message = await self._receive()
                    self.has_body_ended = not message.get("more_body", False)
        except TimeoutError:
            return


class Incoming:
    """The body of a request, part by part, within a limit and at a pace."""

    def __init__(self, exchange: Exchange, *, limit: int, pace: int) -> None:
        """Take at most ``limit`` bytes, ``pace`` bytes a second on average after a grace."""
        self._exchange = exchange
        self._limit = limit
        self._pace = pace
        self._got = 0
        self._began_s: float | None = None
        self.failure: Refused | ClientLeft | None = None
        """Why the body stopped, whatever became of that on its way through the client of the site."""
        self.on_part: Callable[[], None] | None = None
        """Called whenever the reader asks for the next part."""

    def __aiter__(self) -> Incoming:
        """Read the parts in order; once only."""
        return self

    async def __anext__(self) -> bytes:
        """Return the next part. Raises: Refused (too large, too slow), ClientLeft."""
        if self.on_part is not None:
            self.on_part()
        try:
            while not self._exchange.has_body_ended:
                part = await self._next()
                if part:
                    return part
        except (Refused, ClientLeft) as failure:
            self.failure = failure
            raise
        raise StopAsyncIteration

    async def _next(self) -> bytes:
        now_s = asyncio.get_running_loop().time()
        if self._began_s is None:
            self._began_s = now_s
        left_s = self._began_s + BODY_GRACE_S + self._got / self._pace - now_s
        try:
            part = await self._exchange.receive(min(max(left_s, 0.0), BODY_GRACE_S))
        except TimeoutError:
            raise Refused(problems.TOO_SLOW) from None
        self._got += len(part)
        if self._got > self._limit:
            raise Refused(problems.TOO_LARGE)
        return part
