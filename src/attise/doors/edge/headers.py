"""What of a request's and an answer's headers goes through, and what the edge says for itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

RawHeaders = list[tuple[bytes, bytes]]

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"http2-settings",
    }
)
# Who asked, and over what, is for the edge alone to say. ``Proxy`` would become HTTP_PROXY behind a gateway interface.
SAID_BY_THE_EDGE = frozenset(
    {b"forwarded", b"x-real-ip", b"x-request-id", b"proxy", b"expect", b"content-length", b"host"}
)
SAID_BY_THE_SERVER = frozenset({b"date", b"server"})
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")


def is_name(value: bytes) -> bool:
    """Tell whether a header's value is a plain name of a request."""
    return REQUEST_ID.fullmatch(value.decode("latin-1")) is not None


def name_of(headers: RawHeaders) -> str:
    """Return the name that a request bears, for the log; ``without a name`` where it has none that is plain."""
    found = next((value for name, value in headers if name == b"x-request-id" and is_name(value)), None)
    return "without a name" if found is None else found.decode("latin-1")


SECURITY: RawHeaders = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
"""On the edge's own answers; the site sets its own."""


def _named_in_connection(headers: Iterable[tuple[bytes, bytes]]) -> set[bytes]:
    """Return the names that a Connection header declares to end at this hop."""
    return {
        name.strip().lower() for key, value in headers if key.lower() == b"connection" for name in value.split(b",")
    }


def towards_site(
    headers: RawHeaders, *, client: str, proto: str, host: str, request_id: str, length: int | None
) -> list[tuple[str, str]]:
    """Return the headers that the site gets.

    A name with an underscore is dropped: behind a gateway interface it would be taken for the one with a hyphen.
    ``length`` is the exact length of the body, None when there is none or it is sent in chunks.
    """
    ended = _named_in_connection(headers)
    kept = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in headers
        if name not in HOP_BY_HOP
        and name not in ended
        and name not in SAID_BY_THE_EDGE
        and not name.startswith(b"x-forwarded-")
        and b"_" not in name
    ]
    kept += [
        ("Host", host),
        ("X-Forwarded-For", client),
        ("X-Forwarded-Proto", proto),
        ("X-Forwarded-Host", host),
        ("X-Request-Id", request_id),
    ]
    if length is not None:
        kept.append(("Content-Length", str(length)))
    return kept


def towards_client(headers: Iterable[tuple[bytes, bytes]], *, has_body: bool) -> RawHeaders:
    """Return the headers of the site's answer that the client gets; an answer without body tells no length of it."""
    pairs = [(name.lower(), value) for name, value in headers]
    ended = _named_in_connection(pairs)
    return [
        (name, value)
        for name, value in pairs
        if name not in HOP_BY_HOP
        and name not in ended
        and name not in SAID_BY_THE_SERVER
        and (has_body or name != b"content-length")
    ]
