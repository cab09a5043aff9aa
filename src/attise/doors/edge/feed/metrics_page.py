"""``/metrics``: for whoever watches the house, on its own machine or with a host key."""

from __future__ import annotations

import ipaddress

from attise.doors.edge import problems
from attise.doors.edge.exchange import Exchange, Refused
from attise.doors.edge.feed import refusals
from attise.doors.edge.feed.credentials import Credentials
from attise.doors.edge.feed.metrics import TYPE, Metrics
from attise.doors.edge.headers import SECURITY
from attise.doors.edge.languages import language_of
from attise.kernel.errors import Outage, Refusal
from attise.records.native_errors import KEY_INVALID

PATH = "/metrics"
_PASSED_ON = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")


class MetricsPage:
    """Tells the counts of this process."""

    def __init__(self, metrics: Metrics, credentials: Credentials) -> None:
        """Tell ``metrics`` to those whom ``credentials`` know as the host, and to this machine."""
        self._metrics = metrics
        self._credentials = credentials

    async def answer(self, exchange: Exchange) -> None:
        """Answer. Raises: Refused."""
        if exchange.method not in {"GET", "HEAD"}:
            raise Refused(problems.READ_ONLY)
        if not _is_near(exchange):
            try:
                caller = await self._credentials.open(exchange.header(b"authorization"))
                if caller.viewer_id is not None:
                    raise Refusal(KEY_INVALID)  # noqa: TRY301 - answered below, with the others
            except Refusal as refusal:
                language = language_of(exchange.header(b"cookie"), exchange.header(b"accept-language"))
                await exchange.answer(*refusals.write(refusal, language=language, request_id=exchange.request_id))
                return
            except Outage:
                raise Refused(problems.AWAY) from None
        body = self._metrics.text()
        headers = [*SECURITY, (b"content-type", TYPE), (b"content-length", b"%d" % len(body))]
        await exchange.answer(200, headers, body if exchange.method == "GET" else b"")


def _is_near(exchange: Exchange) -> bool:
    """Tell whether a request comes from this machine itself, not through something on it that passes others' on."""
    client = exchange.scope.get("client")
    if client is None or any(exchange.count(name) for name in _PASSED_ON):
        return False
    try:
        return ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
