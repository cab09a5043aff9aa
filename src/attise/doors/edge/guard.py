"""Bounds on a connection before there is a request: how long a head may take, how large it may be, how many there are.

The server's own protocol parses; this one counts and looks at the watch. A head that is whole but too large is left to
``app`` to refuse in the caller's shape; one that does not end is refused here, and the connection with it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from attise.doors.edge import limits, problems
from attise.doors.edge.addresses import Shape
from attise.doors.edge.app import FINDING
from attise.doors.edge.problems import Problem


class GuardedProtocol(HttpToolsProtocol):
    """The server's HTTP/1.1 with bounds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin as the server does."""
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._trailer_bytes = 0
        self._in_head = False
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Start the watch with the connection: one that never speaks is closed too."""
        super().connection_made(transport)
        if len(self.connections) > 2 * limits.CONNECTIONS:
            transport.abort()
            return
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the watch."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, then bound what is not a whole head yet."""
        if self._head_timer is None and (self.cycle is None or self.cycle.response_complete):
            self._start_timer()
        super().data_received(data)
        if self._in_head and self.transport is not None and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > limits.HEAD_BYTES:
                self._end_with(problems.HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = self._trailer_bytes = 0
        if self._head_timer is None:
            self._start_timer()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; drop a trailer, which would pass for one."""
        if self._in_head:
            super().on_header(name, value)
            return
        self._trailer_bytes += len(name) + len(value)
        if self._trailer_bytes > limits.TRAILER_BYTES:
            raise ValueError("the trailers are too large")

    def on_headers_complete(self) -> None:
        """Judge the whole head, and hand the request on with what was found."""
        self._in_head = False
        self._stop_timer()
        finding = self._judge()
        if finding is not None:
            self.scope["state"][FINDING] = finding
        super().on_headers_complete()
        if len(self.pipeline) > limits.PIPELINED:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed, unless an answer is under way: that one is cut."""
        del msg
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.close()
            return
        self._end_with(problems.BAD_REQUEST)

    def _judge(self) -> Problem | None:
        if len(self.connections) > limits.CONNECTIONS:
            return problems.BUSY
        if len(self.url) > limits.ADDRESS_BYTES:
            return problems.ADDRESS_TOO_LONG
        size = sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > limits.HEAD_BYTES or len(self.headers) > limits.HEADERS:
            return problems.HEAD_TOO_LARGE
        return None

    def _start_timer(self) -> None:
        self._head_timer = self.loop.call_later(limits.HEAD_S, self._on_time)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _on_time(self) -> None:
        """End a connection whose head did not come in time; wait on if an answer is still being given."""
        self._head_timer = None
        if self.transport is None or self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self._start_timer()
        elif self._in_head:
            self._end_with(problems.TOO_SLOW)
        else:
            self.transport.close()

    def _end_with(self, problem: Problem) -> None:
        """Write the shortest answer of a problem and close."""
        status, headers, body = problems.write(problem, Shape.NATIVE, language="en", request_id="-")
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self.transport.write(b"HTTP/1.1 %d \r\n%b\r\n%b" % (status, lines, body))
        self.transport.close()
