"""``POST /attise/collect``: what a page tells, whole; nothing is answered before it is durable.

Steps 0 to 2 of *a conversion comes back*. Before: the tag, on an advertiser's page. After: settling reads the log. No
credential is asked, and no cookie looked at: whoever knows a pixel's code, which stands in a page, may tell of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

import msgspec

from attise.doors.edge.events import devices
from attise.doors.edge.events.keeping import Keeping
from attise.doors.edge.exchange import Exchange
from attise.doors.edge.feed.taking import JSON, Posted, body_of, check_body, headers_for
from attise.doors.edge.tag.errors import PIXEL_UNKNOWN
from attise.doors.edge.tag.pixels import Pixels
from attise.doors.edge.tag.reading import Told, read_told
from attise.doors.edge.turns import Room
from attise.kernel.clock import Clock
from attise.kernel.errors import Outage, Refusal, Refusals
from attise.kernel.ids import IdSource
from attise.kernel.limits import MIB, REFUSED_OF_REQUEST, TAG_BODY_BYTES
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.origins import Origins
from attise.measurement.ingest.reported import PixelFacts, Receipt, Reported, receive, refused
from attise.records.click_link import ClickLinks
from attise.records.conversion import Conversion, RefusedEvent, Source, encode_conversion, encode_refused

BEACON: Final = "text/plain"
IN_FLIGHT: Final = 256
MEMORY_BYTES: Final = 16 * MIB
"""All bodies that are held at once."""

_encode = msgspec.json.Encoder().encode


class Result(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What is told of one event."""

    event_id: str
    status: str
    """``accepted`` or ``rejected``."""
    code: str = ""
    field: str = ""


class Collect:
    """Answers the call."""

    def __init__(
        self,
        *,
        pixels: Pixels,
        links: ClickLinks,
        origins: Origins,
        keeping: Keeping,
        ids: Callable[[], IdSource | None],
        clock: Clock,
        in_flight: int = IN_FLIGHT,
    ) -> None:
        """Answer with these; ``ids`` is None until this process has a node."""
        self._pixels = pixels
        self._links = links
        self._origins = origins
        self._keeping = keeping
        self._ids = ids
        self._clock = clock
        self._posted = Posted(in_flight)
        self._room = Room(MEMORY_BYTES)
        self.requests: Counter[str] = Counter()
        """By outcome: ``ok``, or the code of the refusal."""
        self.kept = 0

    async def answer(self, exchange: Exchange) -> None:
        """Answer a page. Raises: Refused, when there is no room for it; ClientLeft."""
        await self._posted.answer(exchange, self._answer, self._done)

    def _done(self, outcome: str) -> None:
        self.requests[outcome] += 1

    async def _answer(self, exchange: Exchange) -> None:
        check_body(exchange, types=(BEACON, JSON), limit=TAG_BODY_BYTES)
        with self._room.hold() as take:
            told = read_told(await body_of(exchange, limit=TAG_BODY_BYTES, take=take))
            pixel = await self._pixels.get(told.pixel)
            if pixel is None:
                raise Refusal(PIXEL_UNKNOWN, field="pixel")
            kept, mistaken, results = self._judge(exchange, told, pixel)
            if kept:
                await self._keeping.keep([encode_conversion(one) for one in kept], EntryKind.CONVERSION)
            if mistaken:
                await self._keeping.keep([encode_refused(one) for one in mistaken], EntryKind.REFUSED)
        self.kept += len(kept)
        body = b'{"results":%b}' % _encode(results)
        await exchange.answer(200, headers_for(exchange, len(body)), body)

    def _judge(
        self, exchange: Exchange, told: Told, pixel: PixelFacts
    ) -> tuple[list[Conversion], list[RefusedEvent], list[Result]]:
        """Return what is to be kept, of what was refused too, and told. Raises: Outage, while there is no node."""
        source = self._ids()
        if source is None:
            raise Outage("node number")
        wire_ms, world_ms = self._clock.wire_ms(), self._clock.world_ms()
        origin = self._origins.of(
            devices.agent_of(exchange.header),
            devices.address_of(exchange.client),
            world_ms=world_ms,
            is_ahead=devices.is_ahead(exchange.header),
        )
        kept: list[Conversion] = []
        mistaken: list[RefusedEvent] = []
        results: list[Result] = []
        for one, receipt_id in zip(told.events, source.take(len(told.events)), strict=True):
            receipt = Receipt(
                *(receipt_id, Source.BROWSER, wire_ms, world_ms),
                *(origin.agent, origin.block, origin.doubt, origin.doubt_rule),
            )
            made = self._receive(one, pixel, receipt)
            if isinstance(made, Conversion):
                kept.append(made)
                results.append(Result(made.event_id, "accepted"))
                continue
            if len(mistaken) < REFUSED_OF_REQUEST:
                mistaken.append(refused(one, pixel, receipt, made))
            results.append(Result(one.event_id, "rejected", made.code, made.field or ""))
        return kept, mistaken, results

    def _receive(self, one: Reported, pixel: PixelFacts, receipt: Receipt) -> Conversion | Refusal:
        """Return what an event becomes, or the first thing that is wrong with it."""
        try:
            return receive(one, pixel, receipt, decision_of=self._links.decision_of)
        except Refusal as refusal:
            return refusal
        except Refusals as several:
            return several.items[0]
