"""The way from an ad to its landing page: management said where it leads, serving makes the link, the edge follows it.

``/c/<token>/<page>``: the token is the item's (``records.token``), the page is the address with a signature over both,
so that a link leads where its ad led when it was shown, and nowhere else, whatever became of the ad since. What is
added on the way is ``ttclid``, the click's id: one per decision, and nobody can make one up.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, urlsplit

from attise.kernel.seal import Signer, decode, encode

PREFIX: Final = "/c/"
PURPOSE: Final = "click"
PARAMETER: Final = "ttclid"
SCHEMES: Final = frozenset({"https", "http"})
"""What a browser may be sent to; which of them an advertiser may name is asked when the ad is made."""
PAGE_CHARACTERS: Final = 8_192
_SIGNATURE_BYTES: Final = 16
_ID = struct.Struct(">Q")
_PRINTABLE = re.compile(r"[!-~]+")


class ClickLinks:
    """Makes and opens links, and click ids, under one key."""

    def __init__(self, key: bytes) -> None:
        """Use the ``click`` key of the house's secrets."""
        self._signer = Signer(key, size=_SIGNATURE_BYTES)

    def make(self, token: str, page: str) -> str:
        """Return the path that leads from the item of ``token`` to ``page``. Cost: about 3 µs."""
        address = page.encode()
        signature = self._signer.sign(b"page/" + token.encode() + b"/" + address)
        return f"{PREFIX}{token}/{encode(signature + address)}"

    def page_of(self, token: str, text: str) -> str | None:
        """Return the page of a link's two parts, or None when it is not ours, was changed, or leads to no web page."""
        raw = decode(text) if len(text) <= PAGE_CHARACTERS and token.isascii() else None
        if raw is None or len(raw) <= _SIGNATURE_BYTES:
            return None
        signature, address = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not self._signer.holds(b"page/" + token.encode() + b"/" + address, signature):
            return None
        try:
            page = address.decode("ascii")
            parts = urlsplit(page)
        except ValueError:
            return None
        # Signed by us, and still not trusted with a header: what was stored once may have been stored by another door.
        return page if _PRINTABLE.fullmatch(page) and parts.scheme in SCHEMES and parts.hostname else None

    def click_id(self, decision_id: int) -> str:
        """Return the id of the click that came of a decision."""
        packed = _ID.pack(decision_id)
        return encode(packed + self._signer.sign(b"id/" + packed)[:12])

    def decision_of(self, click_id: str) -> int | None:
        """Return the decision of a click's id, or None when it is not ours."""
        raw = decode(click_id) if len(click_id) <= 40 else None  # noqa: PLR2004 - 27 today
        if raw is None or len(raw) != _ID.size + 12:
            return None
        decision_id = int(_ID.unpack_from(raw)[0])
        return decision_id if self.click_id(decision_id) == click_id else None


def page_with(page: str, parameters: Sequence[tuple[str, str]]) -> str:
    """Return an address with parameters added to its query; one that it has already takes the new value."""
    if not parameters or not page:
        return page
    head, mark, fragment = page.partition("#")
    head, _, query = head.partition("?")
    names = {quote(name, safe="") for name, _ in parameters}
    kept = [part for part in query.split("&") if part and part.partition("=")[0] not in names]
    # Braces and underscores are an advertiser's own placeholders, left as they are.
    added = [f"{quote(name, safe='')}={quote(value, safe='{}')}" for name, value in parameters]
    return f"{head}?{'&'.join([*kept, *added])}{mark}{fragment}"
