"""What a request tells of the device that it comes from: its agent, its address, and whether a person waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attise.measurement.ingest.sent import AGENT_CHARACTERS

Header = Callable[[bytes], str]
"""Returns the first value of a header of the request; empty: it has none."""

_AHEAD: Final = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")
_SIGNS: Final = ("prefetch", "prerender", "preview")


def is_ahead(header: Header) -> bool:
    """Tell whether a browser says that it fetches ahead of its viewer, who may never come."""
    said = [header(name).lower() for name in _AHEAD]
    return any(sign in text for text in said if text for sign in _SIGNS)


def agent_of(header: Header) -> str:
    """Return what the device says that it is; empty: nothing."""
    return header(b"user-agent")[:AGENT_CHARACTERS]


def address_of(client: tuple[str, int] | None) -> str:
    """Return the address that a connection comes from; empty over a local socket."""
    return str(client[0]) if client else ""
