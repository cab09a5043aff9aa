"""``/attise.js``: the tag, whole, known by its content, small enough that nobody waits for it."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Final

from attise.doors.edge import problems
from attise.doors.edge.exchange import Exchange, Refused
from attise.doors.edge.headers import RawHeaders

FILE: Final = Path(__file__).with_name("attise.js")
LIFE_S: Final = 3_600
"""How long a browser uses the tag without asking whether it changed."""
COMPRESSED_BYTES: Final = 3_000
"""What the tag may weigh, compressed."""


class Script:
    """Answers with the tag."""

    def __init__(self) -> None:
        """Read the tag."""
        self._plain = FILE.read_bytes()
        self._small = gzip.compress(self._plain, 9, mtime=0)
        if len(self._small) > COMPRESSED_BYTES:
            raise AssertionError("the tag has become too large for pages to carry")
        self._tag = hashlib.sha256(self._plain).hexdigest()[:20]

    async def answer(self, exchange: Exchange) -> None:
        """Answer a browser. Raises: Refused."""
        if exchange.method not in {"GET", "HEAD"}:
            raise Refused(problems.READ_ONLY)
        is_small = "gzip" in exchange.header(b"accept-encoding").lower()
        # Two bodies are two things to a cache.
        tag = f'"{self._tag}{"z" if is_small else ""}"'
        headers: RawHeaders = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-resource-policy", b"cross-origin"),
            (b"access-control-allow-origin", b"*"),
            (b"cache-control", b"public, max-age=%d" % LIFE_S),
            (b"vary", b"Accept-Encoding"),
            (b"etag", tag.encode()),
        ]
        asked = exchange.header(b"if-none-match")
        if tag in {one.strip().removeprefix("W/") for one in asked.split(",")} or asked.strip() == "*":
            await exchange.answer(304, headers)
            return
        body = self._small if is_small else self._plain
        headers += [
            (b"content-type", b"text/javascript; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
        ]
        if is_small:
            headers.append((b"content-encoding", b"gzip"))
        await exchange.answer(200, headers, b"" if exchange.method == "HEAD" else body)
