"""What every call that the edge answers itself does alike: bound requests and bodies, answer to any page.

Before: ``app`` has checked the head. After: the call reads what was sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from attise.doors.edge import problems
from attise.doors.edge.exchange import Exchange, Incoming, Refused
from attise.doors.edge.feed import refusals
from attise.doors.edge.headers import SECURITY, RawHeaders
from attise.doors.edge.languages import language_of
from attise.doors.edge.limits import BODY_PACE_BYTES
from attise.kernel.errors import Outage, Refusal, Refusals
from attise.records.native_errors import BODY_TOO_LARGE, BODY_TYPE, METHOD_NOT_ALLOWED, MethodRefused

JSON = "application/json"
ANY_ORIGIN = (b"access-control-allow-origin", b"*")
"""A host's own page asks with its viewer's ticket; no cookie is looked at here, so no page can borrow anybody's."""
PREFLIGHT: RawHeaders = [
    ANY_ORIGIN,
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"authorization, content-type, accept-language"),
    (b"access-control-max-age", b"600"),
]


def check_body(exchange: Exchange, *, types: tuple[str, ...], limit: int) -> str:
    """Refuse a body by its headers alone, before a byte of it is read; returns its type, in lower case.

    Raises: ``body_too_large``, ``unsupported_media_type``.
    """
    declared = exchange.declared_length
    if declared is not None and declared > limit:
        raise Refusal(BODY_TOO_LARGE, limit=limit)
    kind = exchange.header(b"content-type").partition(";")[0].strip().lower()
    if kind not in types:
        raise Refusal(BODY_TYPE, types=", ".join(types))
    return kind


async def body_of(exchange: Exchange, *, limit: int, take: Callable[[int], None] | None = None) -> bytes:
    """Return the whole body; ``take`` is told of each part, and may refuse it.

    Raises: ``body_too_large``; Refused (too slow), ClientLeft, and what ``take`` raises.
    """
    parts = []
    try:
        async for part in Incoming(exchange, limit=limit, pace=BODY_PACE_BYTES):
            if take is not None:
                take(len(part))
            parts.append(part)
    except Refused as refused:
        if refused.problem is problems.TOO_LARGE:
            raise Refusal(BODY_TOO_LARGE, limit=limit) from None
        raise
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def tell(exchange: Exchange, status: int, headers: RawHeaders, body: bytes) -> None:
    """Send a refusal that a page of another origin may read too."""
    await exchange.answer(status, [*headers, ANY_ORIGIN], body)


def headers_for(exchange: Exchange, size: int) -> RawHeaders:
    """Return the headers of an answer of so many bytes."""
    return [
        *SECURITY,
        ANY_ORIGIN,
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % size),
        (b"x-request-id", exchange.request_id.encode()),
    ]


_LINES = b"".join(b"%b: %b\r\n" % pair for pair in (*SECURITY, ANY_ORIGIN, (b"content-type", JSON.encode())))


def lines_for(size: int, name: bytes) -> tuple[bytes, bytes]:
    """Return the same as lines, to their end, for the request of a name."""
    return _LINES, b"content-length: %d\r\nx-request-id: %b\r\n\r\n" % (size, name)


def language_for(exchange: Exchange) -> str:
    """Return the language of an answer's sentences."""
    return language_of(exchange.header(b"cookie"), exchange.header(b"accept-language"))


class Posted:
    """A call that is posted to: a bounded number of requests under way, each refusal in the API's one shape."""

    def __init__(self, most: int) -> None:
        """Have ``most`` under way at once; more are told to come back."""
        self._most = most
        self.in_flight = 0

    @property
    def is_full(self) -> bool:
        """Whether the next one is told to come back."""
        return self.in_flight >= self._most

    async def answer(
        self, exchange: Exchange, work: Callable[[Exchange], Awaitable[None]], done: Callable[[str], None]
    ) -> None:
        """Answer by ``work``, which raises what it refuses; ``done`` is told ``ok`` or the code of the refusal.

        What browsers ask beforehand is answered and not counted. Raises: Refused, when there is no room for it;
        ClientLeft.
        """
        if exchange.method == "OPTIONS":
            await exchange.answer(204, [*SECURITY, *PREFLIGHT])
            return
        if self.is_full:
            done("busy")
            raise Refused(problems.BUSY)
        self.in_flight += 1
        outcome = "internal_error"
        try:
            if exchange.method != "POST":
                raise MethodRefused(METHOD_NOT_ALLOWED)
            await work(exchange)
            outcome = "ok"
        except (Refusal, Refusals) as refused:
            outcome = refused.code if isinstance(refused, Refusal) else refused.items[0].code
            written = refusals.write(refused, language=language_for(exchange), request_id=exchange.request_id)
            await tell(exchange, *written)
        except Outage as outage:
            outcome = "unavailable"
            written = refusals.write_outage(outage, language=language_for(exchange), request_id=exchange.request_id)
            await tell(exchange, *written)
        except Refused as refused:
            outcome = refused.problem.code
            raise
        finally:
            self.in_flight -= 1
            done(outcome)
