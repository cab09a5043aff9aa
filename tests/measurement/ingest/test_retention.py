"""Old batches go when all have read them, in small steps, and never because somebody could not be asked."""

import pytest

from attise.kernel.errors import Outage
from attise.measurement.ingest import sqlite_log
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.retention import held_by, let_go
from attise.measurement.ingest.sqlite_log import SqliteLog


@pytest.fixture
def log(tmp_path):
    made = SqliteLog(tmp_path, may_write=True)
    yield made
    made.close()


def fill(log, batches, *, size=10):
    return [log.append([Entry(EntryKind.EVENT, 0, b"e" * size)], at_ms=at_ms) for at_ms in range(batches)]


def kept(log):
    return [batch.position for batch in log.read(0, limit=10_000)]


def test_the_reader_who_is_furthest_behind_decides_and_a_new_one_holds_everything(log):
    positions = fill(log, 9)
    readers = {"settle": lambda: positions[6], "facts": lambda: positions[2]}
    assert sum(let_go(log, readers, before_ms=99)) == 3
    assert kept(log) == positions[3:]
    assert list(let_go(log, {**readers, "profiles": lambda: 0}, before_ms=99)) == []
    held = held_by(log, readers, before_ms=99)
    assert (held.reader, held.upto, held.oldest_ms) == ("facts", positions[2], 3)
    assert held_by(log, readers, before_ms=3) is None, "what is not old is held for nobody"
    readers["facts"] = lambda: positions[8]
    assert sum(let_go(log, readers, before_ms=6)) == 3, "what is not old stays though all have read it"
    assert kept(log) == positions[6:]


def test_nothing_goes_while_one_reader_cannot_be_asked_or_nobody_was_named(log):
    positions = fill(log, 3)

    def away():
        raise Outage("database")

    with pytest.raises(Outage):
        list(let_go(log, {"settle": lambda: positions[-1], "facts": away}, before_ms=99))
    with pytest.raises(AssertionError):
        list(let_go(log, {}, before_ms=99))
    assert kept(log) == positions


def test_one_step_is_bounded_in_rows_and_in_bytes(log, monkeypatch):
    monkeypatch.setattr(sqlite_log, "PRUNED_AT_ONCE", 4)
    monkeypatch.setattr(sqlite_log, "PRUNED_BYTES", 3_000)
    positions = fill(log, 10)
    everything = {"settle": lambda: positions[-1]}
    assert list(let_go(log, everything, before_ms=99)) == [4, 4, 2]
    positions = fill(log, 6, size=2_000)
    assert list(let_go(log, everything, before_ms=99)) == [2, 2, 2]
    assert log.append([Entry(EntryKind.EVENT, 0, b"")], at_ms=0) > positions[-1]


def test_steps_that_are_left_in_the_middle_are_gone_on_with(log, monkeypatch):
    monkeypatch.setattr(sqlite_log, "PRUNED_AT_ONCE", 2)
    positions = fill(log, 7)
    readers = {"settle": lambda: positions[4]}
    assert next(let_go(log, readers, before_ms=99)) == 2
    assert kept(log) == positions[2:]
    assert sum(let_go(log, readers, before_ms=99)) == 3
    assert kept(log) == positions[5:]
