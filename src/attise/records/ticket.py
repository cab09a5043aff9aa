"""Tickets: what a browser carries in place of a host's key. Management makes them, the edge opens them.

A ticket speaks for one viewer until its end (wire time) and for nothing else. It is sealed: nobody reads the viewer
out of it, nobody changes it, and it has one spelling, so that a text which decodes to the same bytes but is spelled
otherwise is no ticket.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from attise.kernel.seal import NONCE_BYTES, Sealer, decode, encode

PURPOSE = "ticket"
VERSION = 1
_BODY = struct.Struct(">BQQ")
"""Version, viewer id, end in epoch milliseconds."""
CHARACTERS = -(-(NONCE_BYTES + _BODY.size + 16) * 4 // 3)
"""The length of every ticket of this version."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """An opened ticket: for whom, until when (epoch milliseconds, wire time)."""

    viewer_id: int
    expires_at_ms: int


class Tickets:
    """Makes and opens tickets under one key."""

    def __init__(self, key: bytes) -> None:
        """Use the ``ticket`` key of the house's secrets; 32 bytes."""
        self._sealer = Sealer(key, PURPOSE)

    def make(self, viewer_id: int, *, expires_at_ms: int, nonce: bytes) -> str:
        """Return the ticket of a viewer; ``nonce`` is 12 random bytes, never used twice."""
        body = _BODY.pack(VERSION, viewer_id, expires_at_ms)
        return encode(self._sealer.seal(body, nonce=nonce))

    def open(self, text: str, *, now_ms: int) -> Ticket | None:
        """Return what a ticket says, or None when it is not ours, changed, spelled otherwise, or past its end."""
        sealed = decode(text) if len(text) == CHARACTERS else None
        body = None if sealed is None else self._sealer.open(sealed)
        if body is None or len(body) != _BODY.size:
            return None
        version, viewer_id, expires_at_ms = _BODY.unpack(body)
        if version != VERSION or now_ms >= expires_at_ms:
            return None
        return Ticket(viewer_id, expires_at_ms)
