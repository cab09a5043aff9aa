"""Bounds on a connection before there is a request: how long a head may take, how large it may be, how many there are.

The server's own protocol parses; this one counts and looks at the watch. A head that is whole but too large is left to
``app`` to refuse in the caller's shape; one that does not end is refused here, and the connection with it.

A request that can be answered where it is read (``at_once``) is, and never becomes a task: that would cost as much as
the answer. It is kept back until its body is whole; one that cannot be answered so, whatever the reason, goes the usual
way from its beginning.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from http import HTTPStatus
from itertools import chain
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from attise.doors.edge import limits, problems
from attise.doors.edge.addresses import Shape
from attise.doors.edge.app import FINDING
from attise.doors.edge.at_once import AnswersAtOnce, Later, addresses_of
from attise.doors.edge.headers import name_of
from attise.doors.edge.problems import Problem

log = logging.getLogger("attise.edge")

_keep_header = HttpToolsProtocol.on_header


class GuardedProtocol(HttpToolsProtocol):
    """The server's HTTP/1.1 with bounds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin as the server does."""
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._trailer_bytes = 0
        self._in_head = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._at_once = addresses_of(self.app)
        self._kept_back: AnswersAtOnce | None = None
        """What answers the request whose head is read and whose body is not whole yet, if it goes no other way."""
        self._parts: list[bytes] = []
        self._rests_until_s = 0.0
        """When a connection that was answered at once has rested for long enough, on the loop's clock."""

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
        self._kept_back = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, then bound what is not a whole head yet."""
        # Hidden from the server, which would take it back and set it anew: that costs as much as reading a head.
        resting, self.timeout_keep_alive_task = self.timeout_keep_alive_task, None
        self._rests_until_s = 0.0
        super().data_received(data)
        if self.transport is None or self.transport.is_closing():
            if resting is not None:
                resting.cancel()
            return
        if self._kept_back is not None:  # its body is still under way: who waits for it has a watch of its own
            self._go_on()
        if self._rests_until_s and self.timeout_keep_alive_task is None and not self._in_head:
            self.timeout_keep_alive_task = resting or self._rest_for(self.timeout_keep_alive)
        elif resting is not None:
            resting.cancel()
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > limits.HEAD_BYTES:
                self._end_with(problems.HEAD_TOO_LARGE)
                return
        if self._head_timer is None and (self._in_head or self._is_unwatched()):
            self._start_timer()

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = self._trailer_bytes = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; drop a trailer, which would pass for one."""
        if self._in_head:
            _keep_header(self, name, value)
            return
        self._trailer_bytes += len(name) + len(value)
        if self._trailer_bytes > limits.TRAILER_BYTES:
            raise ValueError("the trailers are too large")

    def on_headers_complete(self) -> None:
        """Judge the whole head, and hand the request on with what was found, or keep it back for its body."""
        self._in_head = False
        self._stop_timer()
        finding = self._judge()
        if finding is not None:
            self.scope["state"][FINDING] = finding
        elif (answers := self._at_once.get(self.url)) is not None and self._is_plain():
            self._kept_back = answers
            return
        self._begin()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body, for whoever answers."""
        if self._kept_back is None:
            super().on_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        """Answer a whole request at once where it was kept back for that."""
        if self._kept_back is not None:
            if self._answer_at_once(self._kept_back):
                return
            self._go_on()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed, unless an answer is under way: that one is cut."""
        del msg
        self._kept_back = None
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.close()
            return
        self._end_with(problems.BAD_REQUEST)

    def _judge(self) -> Problem | None:
        if len(self.connections) > limits.CONNECTIONS:
            return problems.BUSY
        if len(self.url) > limits.ADDRESS_BYTES:
            return problems.ADDRESS_TOO_LONG
        if len(self.headers) > limits.HEADERS:
            return problems.HEAD_TOO_LARGE
        size = 4 * len(self.headers) + sum(map(len, chain.from_iterable(self.headers)))
        return problems.HEAD_TOO_LARGE if size > limits.HEAD_BYTES else None

    def _is_plain(self) -> bool:
        """Tell whether a request is of the kind that is answered at once, with nobody before it on its connection."""
        parser = self.parser
        return (
            parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and (self.cycle is None or self.cycle.response_complete)
            and not self.flow.write_paused
        )

    def _answer_at_once(self, answers: AnswersAtOnce) -> bool:
        """Answer the request that was kept back; False, and nothing done, where it has to go the usual way."""
        parts = self._parts
        try:
            answer = answers.answer_at_once(
                self.url, self.headers, parts[0] if len(parts) == 1 else b"".join(parts), self
            )
        except Exception:
            log.exception("request %s could not be answered at once", name_of(self.headers))
            return False
        if answer is None:
            return False
        self._kept_back = None
        parts.clear()
        if isinstance(answer, Later):
            self.cycle = answer
            self._rests_until_s = 0.0
        else:
            self._write(HTTPStatus.OK, answer)
            self.server_state.total_requests += 1
            self._rests_until_s = self.loop.time() + self.timeout_keep_alive
        return True

    def later(self) -> Later:
        """Return what an answer is given to that comes later; until then requests behind it wait."""
        return Later(self._finish)

    def _finish(self, later: Later, status: int, parts: Sequence[bytes]) -> None:
        """Write the answer that this connection waited for."""
        if self.transport.is_closing():
            return
        self._write(HTTPStatus(status), parts if later.keep_alive else (b"connection: close\r\n", *parts))
        if not later.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _write(self, status: HTTPStatus, parts: Sequence[bytes]) -> None:
        lines = [name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers]
        first = b"HTTP/1.1 %d %b\r\n" % (status, status.phrase.encode())
        self.transport.write(b"".join((first, *lines, *parts)))

    def _go_on(self) -> None:
        """Have the request that was kept back go the usual way, from its beginning."""
        self._kept_back = None
        parts, self._parts = self._parts, []
        self._begin()
        for part in parts:
            super().on_body(part)

    def _begin(self) -> None:
        """Have the server answer a request whose head is whole."""
        self._rests_until_s = 0.0  # set where one before it, read with it, was answered at once
        super().on_headers_complete()
        if len(self.pipeline) > limits.PIPELINED:
            self.transport.close()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that has rested for long enough; one that was answered at once meanwhile rests anew."""
        left_s = self._rests_until_s - self.loop.time()
        if left_s > 0:
            self.timeout_keep_alive_task = self._rest_for(left_s)
        else:
            super().timeout_keep_alive_handler()

    def _rest_for(self, seconds: float) -> asyncio.TimerHandle:
        """Have a connection without a request end after some seconds."""
        return self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _is_unwatched(self) -> bool:
        """Tell whether nothing is under way on this connection, and nothing would end it."""
        return self.timeout_keep_alive_task is None and (self.cycle is None or self.cycle.response_complete)

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
