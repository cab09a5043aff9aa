"""``attise bench ingest``: events that are durable before they are answered, over HTTP, in batches of fifty.

The ceiling is raw SQLite: one thread, one connection, a row of the same bytes as the edge keeps of a batch, committed
with the same settings; rounds of both are interleaved and medians quoted. Latency is open loop, at half of what was
measured. Every event of a batch has a token of its own, and is new: nothing is opened once for several, nothing ends at
the memory of what was sent before.

Checked on every event of the run: what was told to be accepted is in the log, once, and nothing else is.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import msgspec

from attise.kernel.house import House
from attise.kernel.ids import SMALLEST
from attise.kernel.means import Means
from attise.management.accounts import actions as accounts
from attise.measurement.ingest import sqlite_log
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.proving.load import Load, at_rate, closed, request_of
from attise.proving.processor import spending
from attise.proving.result import Row, quantile
from attise.records.event import decode_event
from attise.records.token import AdClaims, Claims, TokenKind, TokenSealer, sealer_of

BATCH: Final = 50
POOL: Final = 200
"""Batches that are made before; each is sent again and again under other names."""
ROUNDS: Final = 3
TYPES: Final = ("like", "save", "share", "follow", "loop", "profile_visit", "sound_click", "comment", "unlike", "hide")
"""Types whose events are new by their names."""
BURST_PER_S: Final = 30_000
BURST_S: Final = 60.0
START_S: Final = 30.0
_NUMBER: Final = b"########"


@dataclass
class Acknowledged:
    """What was told to be accepted."""

    batches: list[int] = field(default_factory=list)

    def __call__(self, body: bytes) -> bool:
        """Note a batch; every one of its events must have been accepted."""
        begin = body.find(b'"event_id":"') + 12
        self.batches.append(int(body[begin : begin + len(_NUMBER)]))
        return body.count(b'"status":"accepted"') == BATCH


def run(means: Means, house: House, *, quick: bool) -> list[Row]:
    """Measure over one connection and over sixteen."""
    _, key = accounts.make_host_key(means, name="bench")
    seconds = 1.5 if quick else 5.0
    with serve_edge(house) as (port, pid):
        pool = _pool(sealer_of(house.secrets), means.clock.wire_ms(), means.clock.world_ms(), key, port)
        acknowledged, raw = Acknowledged(), _Raw(house)
        requests = _requests(pool)
        closed(port, requests, connections=16, seconds=1.0, check=acknowledged)
        measured = [_measure(house, raw, port, pid, requests, acknowledged, many, seconds) for many in (1, 16)]
        if not quick:
            _tell(f"a burst of {BURST_PER_S} events a second")
            measured.append(_burst(port, requests, acknowledged))
    checks = _checks(house, acknowledged)
    is_right = checks["missing"] == checks["twice"] == checks["unasked"] == 0
    return [_row(one, checks, is_right=is_right) for one in measured]


@dataclass
class _Measured:
    """One case."""

    name: str
    scale: str
    ceiling: float | None
    """Batches a second, as are all below."""
    per_s: float
    waits: Load
    wrong: int
    is_client_bound: bool
    more: dict[str, float | int | str]


def _measure(
    house: House,
    raw: _Raw,
    port: int,
    pid: int,
    requests: Iterator[bytes],
    acknowledged: Acknowledged,
    connections: int,
    seconds: float,
) -> _Measured:
    """Measure with so many connections."""
    _tell(f"{connections} connection(s)")
    loads, ceilings, spent = [], [], {pid: 0.0}
    body = _row_of(house)
    raw.per_s(body, seconds=seconds / 2)  # a log that is written for the first time grows, and waits for that too
    for _ in range(ROUNDS):
        ceilings.append(raw.per_s(body, seconds=seconds / 2))
        with spending(pid, spent):
            loads.append(closed(port, requests, connections=connections, seconds=seconds, check=acknowledged))
    per_s, ceiling = statistics.median(one.per_s for one in loads), statistics.median(ceilings)
    waits = at_rate(
        port, requests, per_s=per_s / 2, connections=4 * connections, seconds=2 * seconds, check=acknowledged
    )
    events = BATCH * sum(one.answers for one in loads)
    return _Measured(
        "ingest/batches",
        f"{connections} connection{'s' if connections > 1 else ''}",
        ceiling,
        per_s,
        waits,
        sum(load.wrong for load in (*loads, waits)),
        any(load.is_client_bound for load in loads),
        {"event_bytes": len(body) // BATCH, "cpu_us": round(1e6 * spent[pid] / events, 1)},
    )


def _burst(port: int, requests: Iterator[bytes], acknowledged: Acknowledged) -> _Measured:
    """Send as many events a second as are promised, for a minute, whatever the answers do."""
    load = at_rate(port, requests, per_s=BURST_PER_S / BATCH, connections=64, seconds=BURST_S, check=acknowledged)
    scale = f"{BURST_PER_S} events/s"
    return _Measured("ingest/burst", scale, None, load.per_s, load, load.wrong, load.is_client_bound, {})


def _row(one: _Measured, checks: dict[str, int], *, is_right: bool) -> Row:
    return Row(
        name=one.name,
        scale=one.scale,
        ceiling_per_s=None if one.ceiling is None else round(one.ceiling * BATCH, 1),
        measured_per_s=round(one.per_s * BATCH, 1),
        ratio=None if one.ceiling is None else round(one.per_s / one.ceiling, 3),
        p50_ms=round(quantile(one.waits.ms, 0.5), 2),
        p99_ms=round(quantile(one.waits.ms, 0.99), 2),
        checks={**checks, "wrong_answers": one.wrong, **one.more},
        ok=is_right and one.wrong == 0 and checks["acknowledged"] > 0,
        client_bound=one.is_client_bound,
    )


def _checks(house: House, acknowledged: Acknowledged) -> dict[str, int]:
    """Return how many acknowledged events are not in the log, or twice, and how many others are."""
    _tell("reading the log")
    found: Counter[bytes] = Counter()
    named: Counter[str] = Counter()
    log, position = SqliteLog(house.folder, may_write=False), 0
    while batches := log.read(position, limit=100):
        for batch in batches:
            for entry in batch.entries:
                if entry.kind == EntryKind.EVENT:
                    event = decode_event(entry.body)
                    found[event.key] += 1
                    named[event.event_id.partition("-")[0]] += 1
        position = batches[-1].position
    log.close()
    told = {f"{number:08d}" for number in acknowledged.batches}
    return {
        "acknowledged": BATCH * len(told),
        "missing": sum(BATCH - named[name] for name in told),
        "twice": sum(count - 1 for count in found.values()),
        "unasked": sum(count for name, count in named.items() if name not in told),
    }


# The ceiling


def _row_of(house: House) -> bytes:
    """Return the bytes that the log keeps of one batch, as the edge wrote them."""
    with contextlib.closing(sqlite3.connect(house.folder / sqlite_log.FILE)) as connection:
        bodies = [row[0] for row in connection.execute("SELECT body FROM batch ORDER BY position DESC LIMIT 500")]
    whole = [body for body in bodies if len(msgspec.msgpack.decode(body)) == BATCH]
    if whole:
        return bytes(whole[0])
    entries = msgspec.msgpack.decode(bodies[0])[:BATCH]  # every commit of late was shared
    return msgspec.msgpack.encode(entries)


class _Raw:
    """Rows of the same bytes, made durable one by one in a file of its own beside the log."""

    def __init__(self, house: House) -> None:
        self._connection = sqlite3.connect(house.folder / "raw.sqlite3", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE batch (position INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER, body BLOB)"
        )

    def per_s(self, body: bytes, *, seconds: float) -> float:
        """Return how many rows of these bytes a second became durable."""
        count, began_s = 0, time.perf_counter()
        while time.perf_counter() - began_s < seconds:
            self._connection.execute("INSERT INTO batch (at_ms, body) VALUES (?, ?)", (count, body))
            count += 1
        return count / (time.perf_counter() - began_s)


# What is sent


def _pool(sealer: TokenSealer, wire_ms: int, world_ms: int, key: str, port: int) -> list[bytes]:
    """Return whole requests, of events with a token each; in place of their number they have a sign."""
    made = []
    for batch in range(POOL):
        items = [
            b'{"event_id":"%b-%02d","type":"%b","at_ms":%d,"watch_ms":4000,"token":"%b"}'
            % (
                _NUMBER,
                place,
                TYPES[place % len(TYPES)].encode(),
                world_ms,
                sealer.seal(_claims(batch * BATCH + place, wire_ms, world_ms)).encode(),
            )
            for place in range(BATCH)
        ]
        body = b'{"events":[' + b",".join(items) + b"]}"
        made.append(request_of("/v1/events", body, port=port, authorization=f"Bearer {key}"))
    return made


def _requests(pool: list[bytes]) -> Iterator[bytes]:
    """Yield batches that were never sent, without end."""
    number = 0
    while True:
        for request in pool:
            yield request.replace(_NUMBER, b"%08d" % number)
            number += 1


def _claims(number: int, wire_ms: int, world_ms: int) -> Claims:
    """Return what a token of an ad in the feed says: every field as long as it is in a house."""
    first = 7 * SMALLEST
    ad = AdClaims(
        ad_id=first + 1,
        adgroup_id=first + 2,
        campaign_id=first + 3,
        advertiser_id=first + 4,
        billing_event="OCPM",
        price_micros=5_210,
        currency="EUR",
        envelopes=(first + 5, first + 6, first + 7, first + 8),
        fee_ppm=0,
        share_ppm=100_000,
        view_goal_ms=6_000,
        click_window="SEVEN_DAYS",
        view_window="ONE_DAY",
        engaged_view_window="ONE_DAY",
        attribution_event_count="EVERY",
        pixel_id=first + 9,
        grant_id=first + 10,
        is_spark=True,
    )
    return Claims(
        kind=TokenKind.AD,
        decision_id=first + 1_000 + number,
        feed_id=first + 11,
        post_id=first + 12 + number % 100,
        creator_id=first + 13,
        viewer=f"{number:032d}",
        session_id=f"session-{number // 10}",
        surface="feed",
        decided_at_ms=world_ms,
        sealed_at_ms=wire_ms,
        duration_ms=12_000,
        place=number % 10,
        snapshot_version=12,
        model_version=3,
        is_exploration=False,
        ad=ad,
    )


@contextmanager
def serve_edge(house: House) -> Iterator[tuple[int, int]]:
    """Serve the edge alone, as a process of its own, until the block ends; yields its port and its process id."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        port = int(listener.getsockname()[1])
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ATTISE_")}
        environment["ATTISE_DATA"] = str(house.folder)
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "attise.doors.edge", "--fd", str(listener.fileno())],
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=(listener.fileno(),),
        )
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once the edge answers."""
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s and process.poll() is None:
        with (
            contextlib.suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2),
        ):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the edge of the benchmark did not start (code {process.poll()})")


def _tell(what: str) -> None:
    sys.stderr.write(f"bench ingest: {what}\n")
    sys.stderr.flush()
