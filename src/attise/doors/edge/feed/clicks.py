"""From an ad to its page: one redirect, to where the link was signed for and nowhere else.

Before: the viewer taps the button. After: the landing page, whose address bears the click's id, and an event that says
so. A link without a good signature is nothing; one whose token has ended still leads to its page, without an id, for
nothing is credited to it. The event is left with the writer that nobody waits for: a person gets to the page though the
disk is away. It bears the click's id, and counts once with whatever event of this click the app sends itself.
"""

from __future__ import annotations

import logging
from typing import Final

from attise.doors.edge import problems
from attise.doors.edge.events import devices
from attise.doors.edge.exchange import Exchange, Refused
from attise.doors.edge.headers import SECURITY, RawHeaders
from attise.kernel.clock import Clock
from attise.measurement.ingest.accept import Acceptor, Moment
from attise.measurement.ingest.keys import Keys
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sent import Sender, Sent
from attise.measurement.ingest.writer import LogWriter
from attise.records.click_link import PARAMETER, PREFIX, ClickLinks, page_with
from attise.records.token import TokenFault, TokenSealer

log = logging.getLogger("attise.edge.feed")

TYPE: Final = "click"


class Clicks:
    """Answers ``/c/…``."""

    def __init__(
        self, links: ClickLinks, tokens: TokenSealer, clock: Clock, acceptor: Acceptor, writer: LogWriter
    ) -> None:
        """Open links and tokens with these; ``acceptor`` judges the click, ``writer`` keeps it."""
        self._links = links
        self._tokens = tokens
        self._clock = clock
        self._acceptor = acceptor
        self._writer = writer
        self.kept = Keys()
        """Of the links that led on lately, so that one that is followed again and again fills no log."""
        self.followed = 0
        self.refused = 0
        self.lost = 0
        """Links that led on while there was no room for their event."""

    async def answer(self, exchange: Exchange) -> None:
        """Send the browser on. Raises: Refused (one answer for every bad link)."""
        if exchange.method not in {"GET", "HEAD"}:
            raise Refused(problems.READ_ONLY)
        # The raw path, so that a link has one spelling; a query is nobody's to add.
        led = self._lead(exchange.scope["raw_path"].decode("latin-1"))
        if led is None or exchange.scope["query_string"]:
            self.refused += 1
            raise Refused(problems.NOT_FOUND)
        page, token, click_id = led
        if click_id and exchange.method == "GET":
            try:
                self._keep(exchange, token, click_id)
            except Exception:
                self.lost += 1
                log.exception("a click is not kept: its link leads on")
        self.followed += 1
        headers: RawHeaders = [*SECURITY, (b"location", page.encode("ascii")), (b"content-length", b"0")]
        await exchange.answer(302, headers)

    def _lead(self, path: str) -> tuple[str, str, str] | None:
        """Return the page, the token and the click's id of a link; no id once its token has ended; None: a bad link."""
        token, _, text = path.removeprefix(PREFIX).partition("/")
        page = self._links.page_of(token, text)
        if page is None:
            return None
        claims = self._tokens.open_for(token, TYPE, now_ms=self._clock.wire_ms())
        if isinstance(claims, TokenFault):
            return (page, token, "") if claims is TokenFault.EXPIRED else None
        click_id = self._links.click_id(claims.decision_id)
        return page_with(page, [(PARAMETER, click_id)]), token, click_id

    def _keep(self, exchange: Exchange, token: str, click_id: str) -> None:
        """Leave the event of a click to the log: once for a link that is followed again and again."""
        device = Sender(
            None,
            devices.agent_of(exchange.header),
            devices.address_of(exchange.client),
            is_ahead=devices.is_ahead(exchange.header),
        )
        moment = Moment(self._clock.wire_ms(), self._clock.world_ms())
        sent = Sent(event_id=click_id, type=TYPE, at_ms=moment.world_ms, token=token)
        made = self._acceptor.accept([sent], device, {}, moment)
        for body, event in zip(made.bodies, made.events, strict=True):
            kept = event.key + event.doubt.encode()
            if kept in self.kept:
                continue
            if self._writer.offer(EntryKind.EVENT, [(0, body)]):
                self.kept.add([kept])
            else:
                self.lost += 1
