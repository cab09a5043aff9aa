"""``POST /v1/events``: one batch, whole; and the form that a page leaves behind when it goes.

Steps 0 to 3 of *an event comes back*. Nothing is answered before it is durable; what cannot be kept is 503, and then
nothing of the batch was told to be taken.

A plain, good batch of somebody who is known is judged where it is read (``at_once``), and its connection alone waits
for the disk; every other one is a task of its own, which finds out what is to be refused, read or waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from attise.doors.edge.addresses import EVENTS
from attise.doors.edge.app import HOST
from attise.doors.edge.at_once import Connection, Later, plain_headers
from attise.doors.edge.events.devices import Header
from attise.doors.edge.events.keeping import Keeping
from attise.doors.edge.events.metrics import EventMetrics
from attise.doors.edge.events.reading import plain_batch, plain_beacon, read_batch, read_beacon
from attise.doors.edge.events.senders import known_sender, known_viewers, sender_of, viewers_of
from attise.doors.edge.events.telling import write
from attise.doors.edge.exchange import Exchange
from attise.doors.edge.feed import refusals
from attise.doors.edge.feed.credentials import Caller, Credentials
from attise.doors.edge.feed.taking import ANY_ORIGIN, JSON, Posted, body_of, check_body, headers_for, lines_for
from attise.doors.edge.feed.viewers import Viewers
from attise.doors.edge.headers import RawHeaders, is_name
from attise.doors.edge.languages import language_of
from attise.doors.edge.turns import Room
from attise.kernel.chance import Chance
from attise.kernel.clock import Clock
from attise.kernel.errors import Outage, Refusal
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
        chance: Chance,
        in_flight: int = IN_FLIGHT,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        """Judge with ``acceptor``, whose memory of what became durable is ``keys``.

        ``chance`` names requests that bring no name of their own and are answered at once.
        """
        self._acceptor = acceptor
        self._keys = keys
        self._keeping = keeping
        self._credentials = credentials
        self._viewers = viewers
        self._metrics = metrics
        self._clock = clock
        self._chance = chance
        self._posted = Posted(in_flight)
        self._room = Room(memory_bytes)

    async def answer(self, exchange: Exchange) -> None:
        """Answer a batch. Raises: Refused, when there is no room for it; ClientLeft."""
        await self._posted.answer(exchange, self._answer, self._done)

    def answer_at_once(
        self, address: bytes, headers: RawHeaders, body: bytes, connection: Connection
    ) -> Sequence[bytes] | Later | None:
        """Judge a plain, good batch of somebody who is known, and answer once it is durable; None: ``answer`` does it.

        See ``at_once``. Cost: of what is not an event, some 30 µs.
        """
        del address  # there is one
        found = plain_headers(headers)
        if found is None or not self._has_room(body) or not _is_host(found.get(b"host", b"")):
            return None
        name = found.get(b"x-request-id")
        if not (name is None or is_name(name)):
            return None

        def header(name: bytes) -> str:
            return found.get(name, b"").decode("latin-1")

        made = self._judge_at_once(header, body, connection)
        if made is None:
            return None
        request_id = name or self._chance.token(16).hex().encode()
        if not made.bodies:
            self._count(made)
            return _parts_of(made, request_id)
        later, began_s = connection.later(), self._clock.monotonic_s()

        def then(outage: Outage | None) -> None:
            self._posted.in_flight -= 1
            if outage is None:
                self._kept(made, began_s)
                self._count(made)
                later.answer(200, good)
            else:
                self._done("unavailable")
                later.answer(503, _lines_of(outage, header, request_id))

        try:
            self._keeping.keep_then(made.bodies, then)
        except Outage:
            return None
        self._posted.in_flight += 1
        good = _parts_of(made, request_id)  # while the disk is waited for
        return later

    def _judge_at_once(self, header: Header, body: bytes, connection: Connection) -> Accepted | None:
        """Return what is to be told and kept of a batch; None where that needs a wait, or is refused as a whole."""
        batch, caller = self._read_at_once(header, body)
        if batch is None or caller is None:
            return None
        events = batch.events
        if len(events) > SLICE or not self._keeping.keeper.has_room(len(events)):
            return None
        sender = known_sender(header, connection.client, caller, batch, self._viewers)
        viewers = known_viewers(events, self._viewers)
        if sender is None or viewers is None:
            return None
        return self._acceptor.accept(events, sender, viewers, self._moment())

    def _moment(self) -> Moment:
        return Moment(self._clock.wire_ms(), self._clock.world_ms())

    def _has_room(self, body: bytes) -> bool:
        return not self._posted.is_full and len(body) <= LARGE_BYTES and self._room.has(len(body))

    def _read_at_once(self, header: Header, body: bytes) -> tuple[SentBatch | SentBeacon | None, Caller | None]:
        """Return a plain batch and who sends it; None where that needs more than a look."""
        kind = header(b"content-type").partition(";")[0].strip().lower()
        if kind == JSON:
            caller = self._credentials.at_once(header(b"authorization").encode("latin-1"))
            return (None, None) if caller is None else (plain_batch(body), caller)
        beacon = plain_beacon(body) if kind == BEACON else None
        try:
            return beacon, None if beacon is None else self._credentials.open_ticket(beacon.ticket)
        except Refusal:
            return None, None

    def _count(self, made: Accepted) -> None:
        """Count what is told of a batch at once."""
        self._metrics.told(made)
        self._done("ok")

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
        moment = self._moment()
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
        self._kept(made, began_s)

    def _kept(self, made: Accepted, began_s: float) -> None:
        """Remember what is durable now."""
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


@lru_cache(64)
def _is_host(host: bytes) -> bool:
    """Tell whether a host is written as hosts are; of one house few are asked."""
    return HOST.fullmatch(host.decode("latin-1")) is not None


def _parts_of(made: Accepted, name: bytes) -> Sequence[bytes]:
    """Return the good answer to the request of a name."""
    body = write(made)
    return [*lines_for(len(body), name), body]


def _lines_of(outage: Outage, header: Header, name: bytes) -> Sequence[bytes]:
    """Return the answer to a request of a name whose events were not kept, in its caller's language."""
    language = language_of(header(b"cookie"), header(b"accept-language"))
    _, headers, body = refusals.write_outage(outage, language=language, request_id=name.decode("latin-1"))
    return [*(b"%b: %b\r\n" % pair for pair in (*headers, ANY_ORIGIN)), b"\r\n", body]
