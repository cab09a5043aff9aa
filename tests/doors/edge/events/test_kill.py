"""kill -9 while hosts send: what was acknowledged is in the log, a batch is there whole or not at all, twice is once.

A real edge on a listening socket that outlives it. Each client sends its batch again until it is told what became of
it, as an app does; so batches whose answer the kill took are in the log twice, under the same keys.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import signal
import sqlite3
import threading
from collections import Counter

import msgspec
import pytest

from attise.kernel.chance import SeededChance
from attise.kernel.clock import SystemClock
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.credentials import CredentialKind, hash_of, make_credential
from attise.records.event import decode_event, key_of
from attise.records.token import sealer_of
from tests.doors.rig import listener, make_house, rig, until
from tests.records.claims import CLAIMS

ROUNDS, MANY_ROUNDS = 6, 200
CLIENTS = 3
TYPES = ("like", "share", "loop", "impression")


class Client(threading.Thread):
    """Sends batches over and over, each until it is answered."""

    def __init__(self, number, port, key, seal, ending):
        super().__init__(name=f"client-{number}")
        self.number, self.port, self.key, self.seal, self.ending = number, port, key, seal, ending
        self.chance = random.Random(number)
        self.acknowledged: dict[str, bytes] = {}
        """By name of the event, its key."""
        self.sizes: dict[str, int] = {}
        """By name of the batch, how many events it has; those that were never answered too."""
        self.failures = 0
        self.wrong: list[object] = []

    def run(self):
        count = 0
        while not self.ending.is_set():
            count += 1
            name = f"{self.number}.{count}"
            size = self.chance.choice((1, 2, 50))
            self.sizes[name] = size
            items, keys = zip(*(self.event(name, place) for place in range(size)), strict=True)
            results = self.send(json.dumps({"events": items}))
            for item, key, result in zip(items, keys, results, strict=False):
                if result["event_id"] != item["event_id"] or result["status"] not in {"accepted", "duplicate"}:
                    self.wrong.append(result)
                self.acknowledged[item["event_id"]] = key

    def event(self, batch, place):
        now_ms = SystemClock().wire_ms()
        number = self.number * 10**12 + int(batch.partition(".")[2]) * 1_000 + place
        claims = msgspec.structs.replace(CLAIMS, decision_id=10**18 + number, sealed_at_ms=now_ms)
        item = {"event_id": f"{batch}/{place}", "type": TYPES[place % 4], "token": self.seal(claims), "at_ms": now_ms}
        return item, key_of(item["type"], item["event_id"], claims.viewer, claims)

    def send(self, body):
        """Return the results of a batch; nothing, when the end came first."""
        while not self.ending.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            with contextlib.closing(connection):
                try:
                    headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
                    connection.request("POST", "/v1/events", body, headers)
                    answer = connection.getresponse()
                    told = answer.read()
                except (OSError, http.client.HTTPException):
                    self.failures += 1
                    continue
            if answer.status == 200:
                return json.loads(told)["results"]
            if answer.status != 503:
                self.wrong.append((answer.status, told))
        return []


def storm(folder, rounds, *, how=signal.SIGKILL, edges=1):
    """End an edge so many times while clients send to it, and look at what there is then."""
    house = make_house(folder / "house")
    key = make_credential(SeededChance("kills"), CredentialKind.HOST_KEY)
    with contextlib.closing(sqlite3.connect(house.database)) as connection:
        connection.execute("DROP TABLE accounts_hostkey")
        connection.execute("CREATE TABLE accounts_hostkey (id bigint, key_hash text, revoked_at_ms bigint)")
        connection.execute("INSERT INTO accounts_hostkey VALUES (5, ?, NULL)", (hash_of(key),))
        connection.commit()
    seal, chance, ending = sealer_of(house.secrets).seal, random.Random(7), threading.Event()
    with rig(folder) as made, listener() as public:
        number, port = public.fileno(), public.getsockname()[1]
        clients = [Client(one, port, key, seal, ending) for one in range(CLIENTS)]
        for client in clients:
            client.start()

        def edge():
            return made.start(
                *("-m", "attise.doors.edge", "--fd", str(number)),
                environ={"ATTISE_DATA": str(house.folder)},
                fds=(number,),
            )

        def until_more():
            before = sum(len(client.acknowledged) for client in clients)
            until(lambda: sum(len(client.acknowledged) for client in clients) > before, "an acknowledgement")

        living = [edge() for _ in range(edges)]
        try:
            for _ in range(rounds):
                until_more()
                ending.wait(chance.uniform(0.0, 0.3))
                ended = living.pop(chance.randrange(edges))
                assert ended.end(how) == (-signal.SIGKILL if how is signal.SIGKILL else 0), ended.text
                living.append(edge())
            until_more()
        finally:
            ending.set()
            for client in clients:
                client.join(60)
        codes = {one.end() for one in living}
        assert codes == {0} or edges > 1, "the one that answers ends cleanly; another may not have begun"
    if how is signal.SIGKILL and edges == 1:  # of two, the one that ends may have had nobody
        assert sum(client.failures for client in clients) > 0, "the kills were felt"
    check(house, clients)


def check(house, clients):
    log = SqliteLog(house.folder, may_write=False)
    kept: dict[str, set[bytes]] = {}
    whole: Counter[str] = Counter()
    position = 0
    while batches := log.read(position, limit=100):
        for batch in batches:
            for entry in batch.entries:
                assert entry.kind == EntryKind.EVENT
                event = decode_event(entry.body)
                kept.setdefault(event.event_id, set()).add(event.key)
                whole[event.event_id.partition("/")[0]] += 1
        position = batches[-1].position
    log.close()
    acknowledged = {name: key for client in clients for name, key in client.acknowledged.items()}
    assert [client.wrong for client in clients] == [[]] * CLIENTS
    assert [name for name in acknowledged if name not in kept] == [], "acknowledged and lost"
    assert all(kept[name] == {key} for name, key in acknowledged.items()), "one event has one key"
    keys = [key for found in kept.values() for key in found]
    assert len(keys) == len(set(keys)), "no two events share one"
    sizes = {name: size for client in clients for name, size in client.sizes.items()}
    assert [name for name, count in whole.items() if count % sizes[name]] == [], "half a batch"


def test_what_is_acknowledged_outlives_a_few_kills(tmp_path):
    storm(tmp_path, ROUNDS)


def test_who_is_told_to_end_answers_what_is_under_way(tmp_path):
    storm(tmp_path, 2, how=signal.SIGTERM)


def test_two_edges_share_a_log_and_neither_loses_what_it_acknowledged(tmp_path):
    storm(tmp_path, 2, edges=2)


@pytest.mark.long
@pytest.mark.timeout(2_400)
def test_what_is_acknowledged_outlives_many_kills(tmp_path):
    storm(tmp_path, MANY_ROUNDS)
