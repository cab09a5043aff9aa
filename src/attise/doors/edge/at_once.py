"""Requests that can be answered where they are read: whole, plain, well-formed, and by nothing that waits.

Why: a task, its coroutines and the server's messages cost more than reading the request and writing the answer. What
answers so refuses nothing and waits for nothing: it gives the one good answer, or None, and the usual way from the
beginning (``app``) finds out what is wrong or is to be waited for. So there is one place that says "no".

Where an answer needs something to be done first, and nothing else of the request is to be found out, its connection
alone waits for it (``Later``), and no task does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from attise.doors.edge.headers import RawHeaders

DOUBTFUL = frozenset({b"transfer-encoding", b"expect", b"upgrade", b"trailer", b"te"})
"""What makes of a request something that is not read in one way alone, or not at once; that its connection goes on,
the server's protocol has seen."""


class _Unheard:
    """Who would wait for a body that is whole already."""

    def set(self) -> None:
        """Tell nobody."""


class Later:
    """An answer under way that its connection waits for.

    Stands on the connection for what the server has there of a request that it answers itself, and so has the names
    that the server asks for or sets.
    """

    __slots__ = ("_finish", "disconnected", "keep_alive", "response_complete")
    response_started = False
    message_event = _Unheard()

    def __init__(self, finish: Callable[[Later, int, Sequence[bytes]], None]) -> None:
        """Begin; ``finish`` is called with what is answered."""
        self._finish = finish
        self.disconnected = False
        """Whether the client has left."""
        self.keep_alive = True
        """Whether another request may follow on the connection."""
        self.response_complete = False

    def answer(self, status: int, parts: Sequence[bytes]) -> None:
        """Give the answer, in parts as those of ``answer_at_once``; once, in the loop that answers."""
        if self.response_complete:
            raise AssertionError("a request has one answer")
        self.response_complete = True
        if not self.disconnected:
            self._finish(self, status, parts)


class Connection(Protocol):
    """What a request comes over."""

    client: tuple[str, int] | None
    """Address and port of the other end; None over a local socket."""

    def later(self) -> Later:
        """Return what the answer may be given to when it is there."""
        ...


class AnswersAtOnce(Protocol):
    """What may answer an address at once."""

    def answer_at_once(
        self, address: bytes, headers: RawHeaders, body: bytes, connection: Connection
    ) -> Sequence[bytes] | Later | None:
        """Return an answer of status 200 in parts: its header lines, an empty line, its body; None: another way.

        Args: headers: names in lower case, in their order; body: whole. Awaits nothing. What ``connection`` gave for
        later is returned where the answer comes later.
        """
        ...


def addresses_of(app: Any) -> Mapping[bytes, AnswersAtOnce]:
    """Return what an application answers at once, by address as it is sent; nothing of one that knows none."""
    found: Mapping[bytes, AnswersAtOnce] = getattr(app, "at_once", {})
    return found


def plain_headers(headers: RawHeaders) -> dict[bytes, bytes] | None:
    """Return headers by name, or None where one is there twice or makes the request doubtful."""
    found = dict(headers)
    return found if len(found) == len(headers) and DOUBTFUL.isdisjoint(found) else None
