"""``POST /v1/events``: one batch, whole; and the form that a page leaves behind when it goes.

Steps 0 to 3 of *an event comes back*. Nothing is answered before it is durable; what cannot be kept is 503, and then
nothing of the batch was told to be taken.
"""

from __future__ import annotations

import asyncio
from typing import Final

from attise.doors.edge.addresses import EVENTS
from attise.doors.edge.events.keeping import Keeping
from attise.doors.edge.events.metrics import EventMetrics
from attise.doors.edge.events.reading import read_batch, read_beacon
from attise.doors.edge.events.senders import sender_of, viewers_of
from attise.doors.edge.events.telling import write
from attise.doors.edge.exchange import Exchange
from attise.doors.edge.feed.credentials import Caller, Credentials
from attise.doors.edge.feed.taking import JSON, Posted, body_of, check_body, headers_for
from attise.doors.edge.feed.viewers import Viewers
from attise.doors.edge.turns import Room
from attise.kernel.clock import Clock
from attise.kernel.limits import EVENTS_BODY_BYTES, KIB, MIB
from attise.measurement.ingest.accept import Accepted, Acceptor, Moment
from attise.measurement.ingest.keys import Keys
from attise.measurement.ingest.sent import Sender, SentBatch, SentBeacon

PATHS: Final = frozenset({EVENTS})
BEACON: Final = "text/plain"
"""What a page may send as it goes, without being asked first: its ticket rides in the body."""
IN_FLIGHT: Final = 256
"""Batches under way at once; more are told to come back."""
MEMORY_BYTES: Final = 32 * MIB
"""All bodies of batches that are held at once."""
SLICE: Final = 100
"""Events that are judged before other answers have their turn: a millisecond or two."""
LARGE_BYTES: Final = 64 * KIB
"""A body that is not plain and larger than this is read beside the answers."""


class Events:
    """Answers the call."""

    def __init__(
        self,
        *,
        acceptor: Acceptor,
        keys: Keys,
        keeping: Keeping,
        credentials: Credentials,
        viewers: Viewers,
        metrics: EventMetrics,
        clock: Clock,
        in_flight: int = IN_FLIGHT,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        """Judge with ``acceptor``, whose memory of what became durable is ``keys``."""
        self._acceptor = acceptor
        self._keys = keys
        self._keeping = keeping
        self._credentials = credentials
        self._viewers = viewers
        self._metrics = metrics
        self._clock = clock
        self._posted = Posted(in_flight)
        self._room = Room(memory_bytes)

    async def answer(self, exchange: Exchange) -> None:
        """Answer a batch. Raises: Refused, when there is no room for it; ClientLeft."""
        await self._posted.answer(exchange, self._answer, self._done)

    @property
    def in_flight(self) -> int:
        """How many batches are under way."""
        return self._posted.in_flight

    def _done(self, outcome: str) -> None:
        self._metrics.requests[outcome] += 1

    async def _answer(self, exchange: Exchange) -> None:
        """Answer. Raises: Refusal, Refusals, Outage, Refused, ClientLeft."""
        is_beacon = _is_beacon(exchange)
        caller = None if is_beacon else await self._caller(exchange)
        check_body(exchange, types=(JSON, BEACON), limit=EVENTS_BODY_BYTES)
        with self._room.hold() as take:
            raw = await body_of(exchange, limit=EVENTS_BODY_BYTES, take=take)
            batch = await _read(raw, is_beacon=is_beacon)
            if isinstance(batch, SentBeacon):
                caller = self._credentials.open_ticket(batch.ticket)
            if caller is None:
                raise AssertionError("a batch has a ticket or a bearer")
            sender = await sender_of(exchange, caller, batch, self._viewers)
            made = await self._judge(batch, sender)
            if made.bodies:
                await self._keep(made)
        self._metrics.told(made)
        body = write(made)
        await exchange.answer(200, headers_for(exchange, len(body)), body)

    async def _caller(self, exchange: Exchange) -> Caller:
        header = exchange.header(b"authorization")
        return self._credentials.known(header) or await self._credentials.open(header)

    async def _judge(self, batch: SentBatch | SentBeacon, sender: Sender) -> Accepted:
        """Return what is to be told and kept of a batch; other answers have their turn on the way."""
        events = batch.events
        viewers = {} if sender.viewer is not None else await viewers_of(events, self._viewers)
        moment = Moment(self._clock.wire_ms(), self._clock.world_ms())
        made = Accepted()
        for begin in range(0, len(events), SLICE):
            if begin:
                await asyncio.sleep(0)
            self._acceptor.accept(events[begin : begin + SLICE], sender, viewers, moment, into=made)
        return made

    async def _keep(self, made: Accepted) -> None:
        """Return once all that was taken is durable. Raises: Outage."""
        began_s = self._clock.monotonic_s()
        await self._keeping.keep(made.bodies)
        self._metrics.waited(self._clock.monotonic_s() - began_s)
        self._keys.add(made.keys)


def _is_beacon(exchange: Exchange) -> bool:
    return exchange.header(b"content-type").partition(";")[0].strip().lower() == BEACON


async def _read(raw: bytes, *, is_beacon: bool) -> SentBatch | SentBeacon:
    """Return the body as it was sent. Raises: ``bad_json``, ``field_*``."""
    read = read_beacon if is_beacon else read_batch
    if len(raw) > LARGE_BYTES:
        return await asyncio.to_thread(read, raw)
    return read(raw)
