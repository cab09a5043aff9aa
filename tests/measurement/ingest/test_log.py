"""The durable log in a file, and the writer that nobody waits for."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from attise.kernel.clock import FakeClock
from attise.kernel.errors import Outage
from attise.kernel.ids import ClockIds
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import BATCH_ENTRIES, FILE, SqliteLog
from attise.measurement.ingest.writer import LogWriter
from tests.measurement.ingest.log_contract import EventLogContract, entries

KIND = EntryKind.DECISION


def open_log(folder, *, may_write):
    return SqliteLog(Path(folder), may_write=may_write)


class TestSqliteLog(EventLogContract):
    opener = "tests.measurement.ingest.test_log:open_log"

    def damage(self, folder):
        (folder / FILE).write_bytes(b"not a database, whatever its name says" * 100)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def ids(clock):
    return ClockIds(clock, 7)


@pytest.fixture
def log(tmp_path):
    made = SqliteLog(tmp_path, may_write=True)
    yield made
    made.close()


def test_finding_looks_at_a_few_rows_however_many_there_are(log, clock, ids):
    for _ in range(2_000):
        log.append(entries(ids, 1), at_ms=0)
        clock.advance(seconds=1)
    asked = entries(ids, 1)[0]
    log.append([asked], at_ms=0)
    plan = sqlite3.connect(log._path).execute(
        "EXPLAIN QUERY PLAN SELECT body FROM batch WHERE last_id >= 1 AND last_id <= 2 AND first_id <= 3"
    )
    assert "batch_ids" in str(plan.fetchall())
    assert log.find(KIND, asked.id) == asked.body


def test_a_large_batch_is_several_rows_of_one_commit(log, ids):
    many = entries(ids, 2 * BATCH_ENTRIES + 1)
    log.append(many, at_ms=0)
    batches = log.read(0, limit=10)
    assert [len(batch.entries) for batch in batches] == [BATCH_ENTRIES, BATCH_ENTRIES, 1]
    assert log.find(KIND, many[-1].id) == many[-1].body


def test_a_reader_makes_no_file(tmp_path):
    assert SqliteLog(tmp_path, may_write=False).end() == 0
    assert not (tmp_path / FILE).exists()


class Away:
    """A log that is away until told otherwise."""

    def __init__(self, inner):
        self.inner, self.is_away = inner, True

    def append(self, entries, *, at_ms):
        if self.is_away:
            raise Outage("disk")
        return self.inner.append(entries, at_ms=at_ms)

    def close(self):
        pass


def test_a_full_queue_drops_and_counts_and_never_waits(log, clock, ids):
    writer = LogWriter(lambda: Away(log), clock, queue_entries=10)
    writer.offer(KIND, [(ids.next(), {"n": 1}) for _ in range(13)])
    assert (writer.depth, writer.dropped) == (10, 3)
    writer.turn()
    assert (writer.depth, writer.dropped, writer.written) == (10, 3, 0), "an outage keeps what waits"
    writer.offer(KIND, [(ids.next(), {"n": 1})])
    assert writer.dropped == 4


def test_what_waited_out_an_outage_is_written_in_order_once(log, clock, ids):
    away = Away(log)
    writer = LogWriter(lambda: away, clock)
    asked = [ids.next() for _ in range(5)]
    writer.offer(KIND, [(id_, {"n": id_}) for id_ in asked[:3]])
    writer.turn()
    writer.offer(KIND, [(id_, {"n": id_}) for id_ in asked[3:]])
    away.is_away = False
    writer.turn()
    writer.turn()
    assert [entry.id for batch in log.read(0, limit=9) for entry in batch.entries] == asked
    assert (writer.depth, writer.dropped, writer.written, writer.commits) == (0, 0, 5, 1)


def test_a_record_that_cannot_be_written_is_dropped_alone(log, clock, ids, caplog):
    writer = LogWriter(lambda: log, clock)
    good = ids.next()
    writer.offer(KIND, [(ids.next(), object()), (good, {"n": 1})])
    writer.turn()
    assert (writer.dropped, writer.written) == (1, 1)
    assert log.find(KIND, good) is not None


def test_ending_writes_what_waits_and_whoever_writes_lets_go_of_nothing(tmp_path, clock, ids):
    """Up to where the log is read a writer does not know: what is old may be somebody's next."""
    log = SqliteLog(tmp_path, may_write=True)
    (old,) = entries(ids, 1)
    log.append([old], at_ms=0)
    writer = LogWriter(lambda: SqliteLog(tmp_path, may_write=True), clock)
    writer.start()
    id_ = ids.next()
    writer.offer(KIND, [(id_, {"n": 1})])
    writer.end()
    assert [entry.id for batch in log.read(0, limit=9) for entry in batch.entries] == [old.id, id_]
    assert writer.depth == 0
