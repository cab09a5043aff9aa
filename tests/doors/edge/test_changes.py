"""No version is missed, nothing stale is decided on, an outage is told; on SQLite, or the PostgreSQL that is named."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from attise.doors.edge import changes as changes_module
from attise.doors.edge.changes import ChangeReader, Follower, Gap, State
from attise.kernel.clock import SystemClock
from attise.kernel.database import connect
from attise.kernel.errors import Outage
from attise.kernel.house import House, Mode, Settings, open_house
from attise.records.change import STOPS, Change, ChangeKind
from attise.records.process import Applied, beat, claim, last_seen, release
from tests.doors.rig import table_statements, until

WRITERS = 50
TRANSACTIONS_EACH = 4


class Database:
    """The tables that plain SQL reads, in a database of their own, and writers on it."""

    def __init__(self, house: House) -> None:
        self.house = house

    @property
    def is_postgres(self) -> bool:
        return self.house.settings.database_url is not None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        """One transaction, as the house writes."""
        if self.is_postgres:
            with psycopg.connect(self.house.settings.database_url) as connection:
                yield connection
            return
        with contextlib.closing(sqlite3.connect(self.house.database, timeout=60, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def execute(self, connection: Any, statement: str, *values: object) -> list[tuple]:
        cursor = connection.execute(statement.format("%s" if self.is_postgres else "?"), values)
        return cursor.fetchall() if cursor.description else []

    def change(self, kind: str, object_id: int, *, times: int = 1, pause: threading.Event | None = None) -> int:
        """Commit changes the way a unit of work does: the number is taken last, under the row's lock."""
        with self.writing() as connection:
            if pause is not None:
                pause.wait(10)
            (upto,) = self.execute(connection, "UPDATE outbox_version SET n = n + {0} WHERE id = 1 RETURNING n", times)[
                0
            ]
            for version in range(upto - times + 1, upto + 1):
                self.execute(
                    connection,
                    "INSERT INTO outbox_change (version, kind, object_id, at_ms, body) VALUES ({0},{0},{0},{0},{0})",
                    version,
                    kind,
                    object_id,
                    5,
                    '{"reason":"test"}',
                )
        return upto

    def run(self, statement: str, *values: object) -> None:
        with self.writing() as connection:
            self.execute(connection, statement, *values)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    house = open_house(Settings(data=tmp_path / "house"), mode=Mode.SANDBOX)
    server = os.environ.get("ATTISE_DATABASE_URL")
    if server is None:
        with contextlib.closing(sqlite3.connect(house.database)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            for statement in table_statements():
                connection.execute(statement)
            connection.commit()
        yield Database(house)
        return
    name = f"attise_changes_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(url) as connection:
        for statement in table_statements():
            connection.execute(statement)
    house.settings = replace(house.settings, database_url=url)
    yield Database(house)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def reader(database: Database) -> Iterator[ChangeReader]:
    made = ChangeReader(database.house)
    yield made
    made.close()


def test_a_reading_gives_the_newest_version_and_every_change_up_to_it(database, reader):
    assert reader.read(0) == (0, [])
    database.change("grant_stopped", 7)
    database.change("post_changed", 8, times=2)
    version, changes = reader.read(0)
    assert version == 3
    assert changes == [
        Change(1, ChangeKind.GRANT_STOPPED, 7, 5, {"reason": "test"}),
        Change(2, ChangeKind.POST_CHANGED, 8, 5, {"reason": "test"}),
        Change(3, ChangeKind.POST_CHANGED, 8, 5, {"reason": "test"}),
    ]
    assert reader.read(2) == (3, changes[2:])
    assert reader.read(3) == (3, [])


def test_no_reader_misses_a_version_under_fifty_writers(database):
    """Writers hold their transactions open in any order; readers see 1, 2, 3 and so on, each once."""
    total = sum(TRANSACTIONS_EACH * (1 + number % 3) for number in range(WRITERS))
    start = threading.Event()
    seen: list[list[int]] = [[], [], []]
    failures: list[BaseException] = []

    def write(number: int) -> None:
        start.wait(10)
        for _ in range(TRANSACTIONS_EACH):
            database.change("post_changed", number, times=1 + number % 3)

    def read(versions: list[int]) -> None:
        try:
            own = ChangeReader(database.house)
            end = SystemClock().monotonic_s() + 60
            while len(versions) < total and SystemClock().monotonic_s() < end:
                version, changes = own.read(versions[-1] if versions else 0)
                versions.extend(change.version for change in changes)
                assert version == (versions[-1] if versions else 0)
            own.close()
        except BaseException as failure:  # noqa: BLE001 - told to the test below
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    threads += [threading.Thread(target=read, args=(versions,)) for versions in seen]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join(90)
    assert failures == []
    for versions in seen:
        assert versions == list(range(1, total + 1))


def test_what_is_not_committed_is_not_seen(database, reader):
    hold = threading.Event()
    writer = threading.Thread(target=database.change, args=("grant_stopped", 1), kwargs={"pause": hold})
    writer.start()
    assert reader.read(0) == (0, [])
    hold.set()
    writer.join()
    assert reader.read(0)[0] == 1


def test_pruned_changes_and_a_database_put_back_are_gaps(database, reader):
    database.change("grant_stopped", 1, times=5)
    database.run("DELETE FROM outbox_change WHERE version <= 3")
    with pytest.raises(Gap):
        reader.read(1)
    assert reader.floor() == 3
    assert reader.read(3)[0] == 5
    with pytest.raises(Gap):
        reader.read(9)
    database.run("DELETE FROM outbox_change")
    assert reader.floor() == 5


def test_a_kind_of_a_later_release_is_not_guessed_at(database, reader):
    database.change("moon_stopped", 1)
    with pytest.raises(Outage):
        reader.read(0)


def test_a_reader_cannot_write(database):
    connection = connect(database.house, may_write=False)
    with pytest.raises(Outage):
        connection.rows("UPDATE outbox_version SET n = 9 WHERE id = 1")
    connection.close()


def test_node_numbers_are_held_by_one_process_each(database):
    """Twenty processes claim at once; each has a number of its own, and a beat from another holder is refused."""
    nodes = []
    lock = threading.Lock()

    def take(number: int) -> None:
        connection = connect(database.house, may_write=True, wait_s=20)
        node = claim(connection, role="edge", holder=f"host:{number}", now_ms=10_000_000)
        with lock:
            nodes.append(node)
        connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(node.number for node in nodes) == list(range(20))
    connection = connect(database.house, may_write=True)
    assert beat(connection, nodes[0], now_ms=10_000_500, applied=Applied(3, 2, 1), clock_version=1)
    assert not beat(connection, replace(nodes[0], holder="somebody else"), now_ms=10_000_600)
    assert last_seen(connection) == {"edge": 10_000_500}
    release(connection, nodes[1])
    database.run("UPDATE processes_process SET node = 1023 WHERE node = 19")
    again = claim(connection, role="settle", holder="new", now_ms=10_000_700)
    assert again.number == nodes[1].number, "all are held or were; the one given back is taken first"
    with pytest.raises(Outage):
        claim(connection, role="settle", holder="late", now_ms=10_000_800)
    connection.close()


def test_state_is_good_for_two_seconds_from_the_start_of_its_reading():
    state = State()
    assert not state.is_fresh(0)
    state.apply(3, [], began_s=100.0)
    assert state.is_fresh(102.0)
    assert not state.is_fresh(102.01)
    assert state.age_ms(101.5) == 1500
    state.begin_at(1)
    assert not state.is_fresh(100.0)


def test_a_stop_beats_every_record_of_before_and_none_of_after():
    """Whatever lives again comes as a record of a later version: no change takes a stop back."""
    state = State()
    stop = Change(5, ChangeKind.GRANT_STOPPED, 7, 0)
    state.apply(6, [stop, Change(6, ChangeKind.GRANT_CHANGED, 7, 0)], began_s=0)
    assert [state.is_stopped(ChangeKind.GRANT_STOPPED, 7, version=version) for version in (4, 5, 6)] == [
        True,
        False,
        False,
    ]
    assert not state.is_stopped(ChangeKind.GRANT_STOPPED, 8, version=0)
    assert not state.is_stopped(ChangeKind.POST_STOPPED, 7, version=0)
    state.apply(9, [Change(9, ChangeKind.GRANT_STOPPED, 7, 0)], began_s=1)
    assert state.is_stopped(ChangeKind.GRANT_STOPPED, 7, version=8)


@pytest.mark.parametrize("kind", sorted(STOPS))
def test_every_kind_that_stops_is_kept(kind):
    state = State()
    state.apply(1, [Change(1, kind, 3, 0)], began_s=0)
    assert state.is_stopped(kind, 3, version=0)


class Heard:
    """A listener that keeps what it heard, and which version was said meanwhile."""

    def __init__(self) -> None:
        self.state: State | None = None
        self.changes: list[Change] = []
        self.version_then: int | None = None
        self.forgot = 0

    def heed(self, changes) -> None:
        self.changes += changes
        self.version_then = self.state.version

    def forget(self) -> None:
        self.forgot += 1


def test_listeners_have_heard_a_change_before_its_version_is_said():
    heard = Heard()
    state = State(heard)
    heard.state = state
    state.begin_at(3)
    change = Change(4, ChangeKind.VIEWER_CHANGED, 1, 0)
    state.apply(4, [change], began_s=0)
    assert (heard.changes, heard.version_then, heard.forgot) == ([change], 3, 1)
    assert state.version == 4
    state.begin_at(0)
    assert heard.forgot == 2
    assert not state.is_stopped(ChangeKind.VIEWER_CHANGED, 1, version=0)


def test_many_changes_are_read_in_parts_and_nothing_is_fresh_before_the_last(database, monkeypatch):
    monkeypatch.setattr(changes_module, "MOST_AT_ONCE", 3)
    database.change("grant_stopped", 9, times=8)
    fresh: list[bool] = []

    class Watch(Heard):
        def heed(self, changes) -> None:
            super().heed(changes)
            fresh.append(state.is_fresh(clock.monotonic_s()))

    heard, clock = Watch(), SystemClock()
    state = heard.state = State(heard)
    follower = Follower(database.house, state, clock, holder="host:1")
    follower.start()
    until(lambda: state.is_fresh(clock.monotonic_s()), "freshness")
    follower.end()
    assert [change.version for change in heard.changes] == list(range(1, 9))
    assert fresh[:3] == [False, False, False]


def test_stops_are_read_from_the_version_of_the_records_on(database):
    database.change("grant_stopped", 9, times=5)
    state, clock = State(), SystemClock()
    follower = Follower(database.house, state, clock, holder="host:1", begin=lambda: 4)
    follower.start()
    until(lambda: state.is_fresh(clock.monotonic_s()), "freshness")
    follower.end()
    assert state.stops[ChangeKind.GRANT_STOPPED] == {9: 5}


def test_a_stop_of_every_ad_is_read_within_a_second_and_so_is_its_end(database, follower):
    state, clock = follower._state, follower._clock
    until(lambda: state.is_fresh(clock.monotonic_s()), "a first reading")
    assert not state.are_ads_stopped
    set_to = "INSERT INTO policy_value (name, value) VALUES ('ads_stopped', 'true')"
    for statement, is_stopped in ((set_to, True), ("UPDATE policy_value SET value = 'false'", False)):
        began = clock.monotonic_s()
        database.run(statement)
        until(lambda stopped=is_stopped: state.are_ads_stopped is stopped, "the switch")
        assert clock.monotonic_s() - began < 1


def test_a_process_that_begins_while_every_ad_is_stopped_knows_it_with_its_first_reading(database):
    database.run("INSERT INTO policy_value (name, value) VALUES ('ads_stopped', 'true')")
    state, clock = State(), SystemClock()
    seen = []

    class Watch:
        def heed(self, changes):
            seen.append((state.are_ads_stopped, state.is_fresh(clock.monotonic_s())))

        def forget(self):
            pass

    state.listen(Watch())
    follower = Follower(database.house, state, clock, holder="host:2")
    follower.start()
    until(lambda: state.is_fresh(clock.monotonic_s()), "a first reading")
    follower.end()
    assert seen[0] == (True, False)


@pytest.fixture
def follower(database: Database) -> Iterator[Follower]:
    made = Follower(database.house, State(), SystemClock(), holder="host:1")
    made.start()
    yield made
    made.end()


def test_the_follower_applies_beats_and_follows_the_clock(database, follower):
    state, clock = follower._state, follower._clock
    assert until(lambda: state.is_fresh(clock.monotonic_s()), "a first reading")
    database.change("grant_stopped", 42)
    began = clock.monotonic_s()
    assert until(lambda: 42 in state.stops[ChangeKind.GRANT_STOPPED], "the stop")
    assert clock.monotonic_s() - began < 1
    database.run("UPDATE processes_worldclock SET offset_ms = 86400000, version = 1 WHERE id = 1")
    assert until(lambda: clock.offset_ms == 86_400_000, "the clock's move")

    def beaten() -> bool:
        connection = connect(database.house, may_write=False)
        rows = connection.rows("SELECT applied_version, clock_version FROM processes_process WHERE role = {0}", "edge")
        connection.close()
        return rows == [(1, 1)]

    assert until(beaten, "the heartbeat of what was applied")
    assert follower.node == 0


def test_an_outage_makes_the_state_stale_and_its_end_makes_it_fresh(database, follower):
    state, clock = follower._state, follower._clock
    until(lambda: state.is_fresh(clock.monotonic_s()), "a first reading")
    database.run("ALTER TABLE outbox_version RENAME TO elsewhere")
    until(lambda: not state.is_fresh(clock.monotonic_s()), "staleness")
    assert 2000 <= state.age_ms(clock.monotonic_s()) < 2600
    database.run("ALTER TABLE elsewhere RENAME TO outbox_version")
    until(lambda: state.is_fresh(clock.monotonic_s()), "freshness")


def test_after_a_gap_the_state_begins_again_from_what_is_kept(database, follower):
    state, clock = follower._state, follower._clock
    database.change("grant_stopped", 1, times=3)
    until(lambda: state.version == 3, "three changes")
    with database.writing() as connection:
        database.execute(connection, "UPDATE outbox_version SET n = 2 WHERE id = 1")
        database.execute(connection, "DELETE FROM outbox_change WHERE version = 3")
    until(lambda: state.version == 2 and state.is_fresh(clock.monotonic_s()), "the state of the database put back")
    assert state.stops[ChangeKind.GRANT_STOPPED] == {1: 2}


def test_the_number_is_given_back_after_a_beat_that_was_put_off(database):
    follower = Follower(database.house, State(), SystemClock(), holder="host:1")
    follower._turn(follower._clock.monotonic_s())
    assert follower.node == 0
    follower._beat_later(follower._clock.monotonic_s(), Outage("somebody else writes"))
    follower._leave()
    connection = connect(database.house, may_write=False)
    assert connection.rows("SELECT seen_at_ms FROM processes_process") == [(0,)]
    connection.close()


def test_a_writer_that_holds_the_database_does_not_make_reading_stale(database, follower, caplog):
    """The heartbeat waits for the writer, briefly; what is read stays good, and nobody is told of an outage."""
    state, clock = follower._state, follower._clock
    until(lambda: follower.node is not None, "a claimed node")
    with database.writing() as connection:
        database.execute(connection, "UPDATE processes_process SET applied_version = 0")
        end = clock.monotonic_s() + 3
        until(lambda: clock.monotonic_s() > end or not state.is_fresh(clock.monotonic_s()), "three seconds")
        assert state.is_fresh(clock.monotonic_s())
    began_s = clock.monotonic_s()
    until(lambda: follower._beat_at_s > began_s, "a heartbeat after it")
    assert "does not answer" not in caplog.text
