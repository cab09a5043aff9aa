"""The two calls in one process: everything real but what decides, and the database behind the keyed reads."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from attise.doors.edge.app import Edge
from attise.doors.edge.at_once import Later
from attise.doors.edge.events.calls import EVENTS, Events
from attise.doors.edge.events.keeping import Keeping
from attise.doors.edge.events.metrics import EventMetrics
from attise.doors.edge.feed.calls import ADDRESSES, ADS, FEED, Decided, Feed, Sources
from attise.doors.edge.feed.clicks import Clicks
from attise.doors.edge.feed.credentials import Credentials
from attise.doors.edge.feed.items import Items
from attise.doors.edge.feed.memories import Memories
from attise.doors.edge.feed.metrics import Metrics
from attise.doors.edge.feed.metrics_page import PATH as METRICS
from attise.doors.edge.feed.metrics_page import MetricsPage
from attise.doors.edge.feed.viewers import Viewers
from attise.kernel.chance import SeededChance
from attise.kernel.clock import FakeClock
from attise.kernel.errors import Outage
from attise.kernel.ids import ClockIds
from attise.kernel.secrets import Secrets
from attise.measurement.ingest.accept import Acceptor, Lists
from attise.measurement.ingest.agents import Agents
from attise.measurement.ingest.keys import Keys
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.networks import Blocks, Listed
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.ingest.writer import LogWriter
from attise.records import click_link, media_link, ticket
from attise.records.credentials import CredentialKind, hash_of, make_credential
from attise.records.event import Event, decode_event
from attise.records.token import sealer_of
from attise.records.viewer import Viewer

SECRETS = Secrets(bytes(range(32)))


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return self.json["error"]["code"]


@dataclass
class Rows:
    """The house's rows, as the edge may read them."""

    viewers: dict[int, Viewer] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    is_away: bool = False
    reads: int = 0
    waiting: asyncio.Event | None = None
    reached: asyncio.Event | None = None

    async def viewer(self, viewer_id: int) -> Viewer | None:
        found = self._read(self.viewers, viewer_id)
        if self.waiting is not None:
            if self.reached is not None:
                self.reached.set()
            await self.waiting.wait()
        return found

    async def host_key(self, key_hash: str) -> int | None:
        return self._read(self.keys, key_hash)

    def _read(self, rows, key):
        self.reads += 1
        if self.is_away:
            raise Outage("database")
        return rows.get(key)


@dataclass
class Recorder:
    """Decides nothing: notes what it was asked, and counts each viewer's answers in their memory."""

    asked: list[tuple[Any, bytes, bool]] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    decisions: list[Any] = field(default_factory=list)
    why_no_ads: str = ""
    failing: bool = False

    def decide(self, request, memory, *, with_ads):
        self.asked.append((request, memory, with_ads))
        if with_ads and self.failing:
            raise ZeroDivisionError
        return Decided(self.items, self.decisions if with_ads else [], None if memory is None else memory + b"x")


class Waiting:
    """A connection whose answer may come later."""

    def __init__(self, client: tuple[str, int]) -> None:
        self.client = client
        self.told = asyncio.get_running_loop().create_future()

    def later(self) -> Later:
        return Later(lambda later, status, parts: self.told.set_result((status, parts)))


class House:
    """An edge's calls, and what a test needs to ask them."""

    def __init__(self, folder, *, at_once: bool = False) -> None:
        self.folder = folder
        self.at_once = at_once
        self.answered_at_once = 0
        self.clock = FakeClock()
        self.chance = SeededChance("feed")
        self.rows = Rows()
        self.decider = Recorder()
        self.key = make_credential(self.chance, CredentialKind.HOST_KEY)
        self.rows.keys[hash_of(self.key)] = 77
        self.tickets = ticket.Tickets(SECRETS.key(ticket.PURPOSE))
        self.tokens = sealer_of(SECRETS)
        self.links = click_link.ClickLinks(SECRETS.key(click_link.PURPOSE))
        self.ids = ClockIds(self.clock, 5)
        self.node_ids: ClockIds | None = self.ids
        self.credentials = Credentials(self.rows.host_key, self.tickets, self.clock)
        self.viewers = Viewers(self.rows.viewer)
        self.memories = self.open_memories()
        self.writer = LogWriter(lambda: SqliteLog(folder, may_write=True), self.clock)
        self.metrics = Metrics()
        self.feed = self.make_feed()
        self.keys = Keys()
        self.acceptor = Acceptor(self.tokens, self.keys, Lists(Agents(is_live=True), Listed(), Blocks(bytes(32))))
        self.clicks = Clicks(self.links, self.tokens, self.clock, self.acceptor, self.writer)
        self.keeping = Keeping(lambda: SqliteLog(folder, may_write=True), self.clock)
        self.event_metrics = EventMetrics()
        self.metrics.add(self.event_metrics)
        self.events = self.make_events()

    def open_memories(self) -> Memories:
        return Memories(self.folder, bytes(32), self.clock, fresh=bytes, encode=bytes, decode=bytes)

    def make_feed(self, **more) -> Feed:
        return Feed(
            decider=self.decider,
            credentials=self.credentials,
            viewers=self.viewers,
            memories=self.memories,
            items=Items(media_link.MediaLinks(SECRETS.key("media")), self.links),
            writer=self.writer,
            metrics=self.metrics,
            sources=Sources(self.clock, self.chance, lambda: self.node_ids),
            public=None,
            proto="http",
            **more,
        )

    def make_events(self, **more) -> Events:
        return Events(
            **{
                "acceptor": self.acceptor,
                "keys": self.keys,
                "keeping": self.keeping,
                "credentials": self.credentials,
                "viewers": self.viewers,
                "metrics": self.event_metrics,
                "clock": self.clock,
                "chance": self.chance,
                **more,
            }
        )

    def edge(self) -> Edge:
        page = MetricsPage(self.metrics, self.credentials)
        return Edge(
            proxy=None,
            own={FEED: self.feed, ADS: self.feed, EVENTS: self.events, METRICS: page},
            within={click_link.PREFIX: self.clicks},
            chance=self.chance,
        )

    def viewer(self, **facts) -> int:
        viewer_id = self.ids.next()
        self.rows.viewers[viewer_id] = Viewer(viewer_id, f"p{viewer_id}", **facts)
        return viewer_id

    def ticket(self, viewer_id: int, *, life_ms: int = 900_000) -> str:
        ends = self.clock.wire_ms() + life_ms
        return self.tickets.make(viewer_id, expires_at_ms=ends, nonce=self.chance.token(12))

    async def send(self, method="POST", path=FEED, body=None, *, headers=None, key=None, client="203.0.113.9") -> Reply:
        """Send one request in this loop, as the server hands it over."""
        raw = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        credential = self.key if key is None else key
        given = {
            "host": "app.example",
            "content-type": "application/json",
            "content-length": str(len(raw)),
            **({"authorization": f"Bearer {credential}"} if credential else {}),
            **(headers or {}),
        }
        if self.at_once and method == "POST" and (found := await self.answer_at_once(path, given, raw, client)):
            return found
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
            "client": (client, 5555),
            "state": {},
        }
        sent: list[dict[str, Any]] = []
        parts = [{"type": "http.request", "body": raw, "more_body": False}]

        async def receive():
            return parts.pop(0) if parts else {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await self.edge()(scope, receive, send)
        start = sent[0]
        return Reply(
            start["status"],
            {name.decode(): value.decode("latin-1") for name, value in start["headers"]},
            b"".join(message.get("body", b"") for message in sent[1:]),
        )

    async def answer_at_once(self, path: str, headers: dict[str, str], body: bytes, client: str) -> Reply | None:
        """Ask as the guard of connections does before there is a request; None: it becomes one."""
        asked = {**dict.fromkeys(ADDRESSES, self.feed), EVENTS.encode(): self.events}.get(path.encode())
        if asked is None:
            return None
        given = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        connection = Waiting((client, 5555))
        answer = asked.answer_at_once(path.encode(), given, body, connection)
        if answer is None:
            return None
        self.answered_at_once += 1
        status, parts = (await connection.told) if isinstance(answer, Later) else (200, answer)
        head, _, rest = b"".join(parts).partition(b"\r\n\r\n")
        lines = (line.split(": ", 1) for line in head.decode("latin-1").split("\r\n"))
        return Reply(status, dict(lines), rest)

    def ask(self, body=None, **more) -> Reply:
        return asyncio.run(self.send(body=body, **more))

    def kept(self) -> list[Event]:
        """Return the events of the log, in its order."""
        log = SqliteLog(self.folder, may_write=False)
        batches = log.read(0, limit=100_000)
        log.close()
        return [
            decode_event(entry.body) for batch in batches for entry in batch.entries if entry.kind == EntryKind.EVENT
        ]

    def close(self) -> None:
        if self.keeping.keeper.is_alive():
            self.keeping.keeper.end()
        self.memories.end()
        self.writer.end()


@pytest.fixture(params=["the usual way", "at once"])
def house(tmp_path, request):
    """A house that is asked as the server asks it; and one that answers at once whatever it can answer so."""
    made = House(tmp_path, at_once=request.param == "at once")
    made.keeping.keeper.start()
    yield made
    made.close()
