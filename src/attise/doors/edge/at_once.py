"""Requests that can be answered where they are read: whole, plain, well-formed, and by nothing that waits.

Why: a task, its coroutines and the server's messages cost more than reading the request and writing the answer. What
answers so refuses nothing and waits for nothing: it gives the one good answer, or None, and the usual way from the
beginning (``app``) finds out what is wrong or is to be waited for. So there is one place that says "no".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from attise.doors.edge.headers import RawHeaders

DOUBTFUL = frozenset({b"transfer-encoding", b"expect", b"upgrade", b"trailer", b"te"})
"""What makes of a request something that is not read in one way alone, or not at once; that its connection goes on,
the server's protocol has seen."""


class AnswersAtOnce(Protocol):
    """What may answer an address at once."""

    def answer_at_once(self, address: bytes, headers: RawHeaders, body: bytes) -> Sequence[bytes] | None:
        """Return an answer of status 200 in parts: its header lines, an empty line, its body; None: another way.

        Args: headers: names in lower case, in their order; body: whole. Awaits nothing.
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
