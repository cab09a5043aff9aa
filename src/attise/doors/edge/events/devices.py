"""What a request tells of the device that it comes from: its agent, its address, and whether a person waits for it."""

from __future__ import annotations

from typing import Final

from attise.doors.edge.exchange import Exchange
from attise.measurement.ingest.sent import AGENT_CHARACTERS

_AHEAD: Final = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")
_SIGNS: Final = ("prefetch", "prerender", "preview")


def is_ahead(exchange: Exchange) -> bool:
    """Tell whether a browser says that it fetches ahead of its viewer, who may never come."""
    said = [exchange.header(name).lower() for name in _AHEAD if exchange.count(name)]
    return any(sign in text for text in said for sign in _SIGNS)


def agent_of(exchange: Exchange) -> str:
    """Return what the device says that it is; empty: nothing."""
    return exchange.header(b"user-agent")[:AGENT_CHARACTERS]


def address_of(exchange: Exchange) -> str:
    """Return the address that the connection comes from; empty over a local socket."""
    client = exchange.scope.get("client")
    return str(client[0]) if client else ""
