"""From an ad to its page: one redirect, to where the link was signed for and nowhere else.

Before: the viewer taps the button. After: the landing page, whose address bears the click's id. A link without a good
signature is nothing; one whose token has ended still leads to its page, without an id, for nothing is credited to it.
"""

from __future__ import annotations

from attise.doors.edge import problems
from attise.doors.edge.exchange import Exchange, Refused
from attise.doors.edge.headers import SECURITY, RawHeaders
from attise.kernel.clock import Clock
from attise.records.click_link import PARAMETER, PREFIX, ClickLinks, page_with
from attise.records.token import TokenFault, TokenSealer

TYPE = "click"


class Clicks:
    """Answers ``/c/…``."""

    def __init__(self, links: ClickLinks, tokens: TokenSealer, clock: Clock) -> None:
        """Open links and tokens with these."""
        self._links = links
        self._tokens = tokens
        self._clock = clock
        self.followed = 0
        self.refused = 0

    async def answer(self, exchange: Exchange) -> None:
        """Send the browser on. Raises: Refused (one answer for every bad link)."""
        if exchange.method not in {"GET", "HEAD"}:
            raise Refused(problems.READ_ONLY)
        # The raw path, so that a link has one spelling; a query is nobody's to add.
        page = self._page(exchange.scope["raw_path"].decode("latin-1"))
        if page is None or exchange.scope["query_string"]:
            self.refused += 1
            raise Refused(problems.NOT_FOUND)
        self.followed += 1
        headers: RawHeaders = [*SECURITY, (b"location", page.encode("ascii")), (b"content-length", b"0")]
        await exchange.answer(302, headers)

    def _page(self, path: str) -> str | None:
        token, _, text = path.removeprefix(PREFIX).partition("/")
        page = self._links.page_of(token, text)
        if page is None:
            return None
        claims = self._tokens.open_for(token, TYPE, now_ms=self._clock.wire_ms())
        if isinstance(claims, TokenFault):
            return page if claims is TokenFault.EXPIRED else None
        return page_with(page, [(PARAMETER, self._links.click_id(claims.decision_id))])
