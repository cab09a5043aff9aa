"""The durable log: what was appended is there, in order, found by its id, whoever else appends, whatever dies."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest

from attise.kernel.clock import FakeClock
from attise.kernel.errors import Outage
from attise.kernel.ids import ClockIds
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import BATCH_ENTRIES, FILE, SqliteLog
from attise.measurement.ingest.writer import LogWriter
from tests.doors.rig import ROOT

KIND = EntryKind.DECISION


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


def entries(ids, count, kind=KIND):
    return [Entry(kind, id_, b"%d" % id_) for id_ in (ids.next() for _ in range(count))]


def test_batches_come_back_whole_in_the_order_of_their_commits(log, ids):
    first, second = entries(ids, 3), entries(ids, 2)
    one = log.append(first, at_ms=10)
    two = log.append(second, at_ms=20)
    assert one < two == log.end()
    batches = log.read(0, limit=10)
    assert [batch.position for batch in batches] == [one, two]
    assert [batch.at_ms for batch in batches] == [10, 20]
    assert [list(batch.entries) for batch in batches] == [first, second]
    assert [batch.position for batch in log.read(one, limit=10)] == [two]
    assert log.read(two, limit=10) == []
    assert [batch.position for batch in log.read(0, limit=1)] == [one]


def test_a_decision_is_found_by_its_id_among_many_and_from_several_processes(log, clock, ids):
    other = ClockIds(clock, 8)
    kept = []
    for _ in range(50):
        mixed = [entry for pair in zip(entries(ids, 5), entries(other, 5), strict=True) for entry in pair]
        log.append(mixed, at_ms=clock.wire_ms())
        kept += mixed
        clock.advance(seconds=1)
    for entry in kept:
        assert log.find(KIND, entry.id) == entry.body
    assert log.find(KIND, kept[0].id - 1) is None
    assert log.find(KIND, ids.next()) is None
    assert log.find("event", kept[0].id) is None


def test_ids_far_apart_are_found_too_and_so_are_entries_beside_those_without_an_id(log, clock, ids):
    kept = []
    for _ in range(4):
        kept += [Entry("event", 0, b"e"), *entries(ids, 2)]
        clock.advance(seconds=3600)
    log.append(list(reversed(kept)), at_ms=0)
    assert [entry for batch in log.read(0, limit=100) for entry in batch.entries] == list(reversed(kept))
    for entry in kept:
        if entry.id:
            assert log.find(KIND, entry.id) == entry.body


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


def test_a_reader_before_the_first_writer_reads_an_empty_log_and_then_what_is_written(tmp_path, ids):
    reader = SqliteLog(tmp_path, may_write=False)
    assert reader.read(0, limit=5) == []
    assert reader.end() == 0
    assert reader.find(KIND, 5) is None
    assert not (tmp_path / FILE).exists()
    writer = SqliteLog(tmp_path, may_write=True)
    written = entries(ids, 1)
    writer.append(written, at_ms=0)
    assert reader.find(KIND, written[0].id) == written[0].body
    with pytest.raises(AssertionError):
        reader.append(written, at_ms=0)
    reader.close()
    writer.close()


def test_the_oldest_go_and_never_those_beyond_what_was_settled(log, ids):
    positions = [log.append(entries(ids, 1), at_ms=at_ms) for at_ms in (10, 20, 30, 40)]
    assert log.prune(before_ms=25, upto=positions[0]) == 1
    assert log.prune(before_ms=25) == 1
    assert log.prune(before_ms=25) == 0
    assert [batch.at_ms for batch in log.read(0, limit=9)] == [30, 40]
    log.prune(before_ms=99)
    assert log.append(entries(ids, 1), at_ms=50) > positions[-1], "a position never names two batches"


def test_writers_of_two_threads_lose_nothing_and_keep_their_order(tmp_path):
    def write(node):
        own = SqliteLog(tmp_path, may_write=True)
        source = ClockIds(FakeClock(), node)
        for _ in range(40):
            own.append(entries(source, 3), at_ms=node)
        own.close()

    SqliteLog(tmp_path, may_write=True).close()
    threads = [threading.Thread(target=write, args=(node,)) for node in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    batches = SqliteLog(tmp_path, may_write=False).read(0, limit=1_000)
    for node in (1, 2):
        own = [entry.id for batch in batches if batch.at_ms == node for entry in batch.entries]
        assert own == sorted(own)
        assert len(own) == 120


def test_what_was_answered_as_durable_survives_a_kill(tmp_path):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from attise.measurement.ingest.log import Entry\n"
        "from attise.measurement.ingest.sqlite_log import SqliteLog\n"
        "log = SqliteLog(Path(sys.argv[1]), may_write=True)\n"
        "number = 10**18\n"
        "while True:\n"
        "    number += 1\n"
        "    log.append([Entry('decision', number, b'x')], at_ms=0)\n"
        "    print(number, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        text=True,
    )
    last = 0
    for _ in range(60):
        last = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait()
    last = int(rest[-1]) if rest and len(rest[-1]) == 19 else last
    reader = SqliteLog(tmp_path, may_write=False)
    assert all(reader.find("decision", id_) == b"x" for id_ in range(10**18 + 1, last + 1))


def test_a_damaged_file_is_an_outage(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database, whatever its name says" * 100)
    with pytest.raises(Outage):
        SqliteLog(tmp_path, may_write=True)
    with pytest.raises(Outage):
        SqliteLog(tmp_path, may_write=False).find(KIND, 5)


class Away:
    """A log that is away until told otherwise."""

    def __init__(self, inner):
        self.inner, self.is_away = inner, True

    def append(self, entries, *, at_ms):
        if self.is_away:
            raise Outage("disk")
        return self.inner.append(entries, at_ms=at_ms)

    def prune(self, **_):
        return 0

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


def test_ending_writes_what_waits_and_the_old_are_let_go_on_the_way(tmp_path, clock, ids):
    log = SqliteLog(tmp_path, may_write=True)
    log.append(entries(ids, 1), at_ms=clock.wire_ms() - 2_000)
    writer = LogWriter(lambda: SqliteLog(tmp_path, may_write=True), clock, life_ms=1_000)
    writer.start()
    id_ = ids.next()
    writer.offer(KIND, [(id_, {"n": 1})])
    writer.end()
    assert [entry.id for batch in log.read(0, limit=9) for entry in batch.entries] == [id_]
    assert writer.depth == 0
