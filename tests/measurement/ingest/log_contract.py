"""What every log of events must do, whatever keeps it: an adapter passes these tests, or it is none.

Name ``opener`` and inherit ``EventLogContract``; see ``test_log``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from attise.kernel.clock import FakeClock
from attise.kernel.errors import Outage
from attise.kernel.ids import ClockIds
from attise.measurement.ingest.log import Entry, EntryKind
from tests.doors.rig import ROOT

DECISION, EVENT = EntryKind.DECISION, EntryKind.EVENT
MANY = 1_500
"""More than any log keeps as one."""
_APPENDING = """
import importlib, sys
from attise.measurement.ingest.log import Entry
module, _, name = sys.argv[1].partition(":")
log = getattr(importlib.import_module(module), name)(sys.argv[2], may_write=True)
number = 10**18
while True:
    number += 1
    log.append([Entry("decision", number, b"x"), Entry("event", 0, b"%d" % number)], at_ms=0)
    print(number, flush=True)
"""


def entries(ids, count, kind=DECISION):
    return [Entry(kind, id_, b"%d" % id_) for id_ in (ids.next() for _ in range(count))]


def all_of(log, after=0, limit=10_000):
    """Return every entry beyond a position, read batch by batch."""
    found = []
    while batches := log.read(after, limit=limit):
        found += [entry for batch in batches for entry in batch.entries]
        after = batches[-1].position
    return found


class EventLogContract:
    """The tests; each opens logs of its own on one store that begins empty."""

    opener: str
    """``module:function``; the function takes the name of a folder, and ``may_write``, and opens a log there."""

    @pytest.fixture
    def clock(self):
        return FakeClock()

    @pytest.fixture
    def ids(self, clock):
        return ClockIds(clock, 7)

    @pytest.fixture
    def opened(self, tmp_path):
        import importlib

        module, _, name = self.opener.partition(":")
        made = []

        def opened(*, may_write=True):
            made.append(getattr(importlib.import_module(module), name)(str(tmp_path), may_write=may_write))
            return made[-1]

        yield opened
        for log in made:
            log.close()

    @pytest.fixture
    def log(self, opened):
        return opened()

    def test_batches_come_back_whole_in_the_order_of_their_commits(self, log, ids):
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

    def test_a_large_append_comes_back_whole_in_its_order(self, log, ids):
        many = [*entries(ids, MANY), *[Entry(EVENT, 0, b"%d" % number) for number in range(MANY)]]
        position = log.append(many, at_ms=5)
        assert position == log.end()
        assert all_of(log, limit=1) == many
        assert all(log.find(DECISION, entry.id) == entry.body for entry in many[:MANY:100])

    def test_nothing_appended_is_nothing_kept(self, log, ids):
        log.append(entries(ids, 1), at_ms=0)
        end = log.end()
        assert log.append([], at_ms=0) == end == log.end()

    def test_any_bytes_come_back_as_they_were(self, log):
        bodies = [b"", b"\x00" * 100, bytes(range(256)) * 64, b"x" * 200_000]
        log.append([Entry(EVENT, 0, body) for body in bodies], at_ms=0)
        assert [entry.body for entry in all_of(log)] == bodies

    def test_an_entry_is_found_by_its_id_among_many_and_from_several_processes(self, log, clock, ids):
        other = ClockIds(clock, 8)
        kept = []
        for _ in range(50):
            mixed = [entry for pair in zip(entries(ids, 5), entries(other, 5), strict=True) for entry in pair]
            log.append(mixed, at_ms=clock.wire_ms())
            kept += mixed
            clock.advance(seconds=1)
        for entry in kept:
            assert log.find(DECISION, entry.id) == entry.body
        assert log.find(DECISION, kept[0].id - 1) is None
        assert log.find(DECISION, ids.next()) is None
        assert log.find(EVENT, kept[0].id) is None

    def test_ids_far_apart_are_found_too_and_so_are_entries_beside_those_without_an_id(self, log, clock, ids):
        kept = []
        for _ in range(4):
            kept += [Entry(EVENT, 0, b"e"), *entries(ids, 2)]
            clock.advance(seconds=3600)
        log.append(list(reversed(kept)), at_ms=0)
        assert all_of(log) == list(reversed(kept))
        for entry in kept:
            if entry.id:
                assert log.find(DECISION, entry.id) == entry.body

    def test_a_reader_before_the_first_writer_reads_an_empty_log_and_then_what_is_written(self, opened, ids):
        reader = opened(may_write=False)
        assert reader.read(0, limit=5) == []
        assert reader.end() == 0
        assert reader.find(DECISION, 5) is None
        written = entries(ids, 1)
        opened().append(written, at_ms=0)
        assert reader.find(DECISION, written[0].id) == written[0].body
        assert all_of(reader) == written
        with pytest.raises(AssertionError):
            reader.append(written, at_ms=0)

    def test_the_oldest_go_and_never_those_beyond_what_was_settled(self, log, ids):
        positions = [log.append(entries(ids, 1), at_ms=at_ms) for at_ms in (10, 20, 30, 40)]
        assert log.prune(before_ms=25, upto=positions[0]) == 1
        assert log.oldest() == (positions[1], 20)
        assert log.prune(before_ms=25, upto=positions[-1]) == 1
        assert log.prune(before_ms=25, upto=positions[-1]) == 0
        assert [batch.at_ms for batch in log.read(0, limit=9)] == [30, 40]
        assert log.prune(before_ms=99, upto=0) == 0
        while log.prune(before_ms=99, upto=positions[-1]):
            pass
        assert log.oldest() is None
        assert log.append(entries(ids, 1), at_ms=50) > positions[-1], "a position never names two batches"

    def test_it_goes_on_beyond_a_position_that_it_has_not_reached_and_is_not_set_back(self, log, ids):
        assert log.go_on_from(0) is False
        assert log.go_on_from(7) is True, "also before its first batch"
        first = log.append(entries(ids, 1), at_ms=0)
        assert (first > 7, log.go_on_from(first), log.go_on_from(3)) == (True, False, False)
        assert log.go_on_from(first + 100) is True
        assert log.append(entries(ids, 1), at_ms=0) > first + 100
        assert len(all_of(log)) == 2

    def test_writers_side_by_side_lose_nothing_and_keep_their_order(self, opened):
        opened()

        def write(node):
            own = opened()
            source = ClockIds(FakeClock(), node)
            for _ in range(40):
                own.append(entries(source, 3), at_ms=node)

        threads = [threading.Thread(target=write, args=(node,)) for node in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        batches = opened(may_write=False).read(0, limit=1_000)
        assert [batch.position for batch in batches] == sorted({batch.position for batch in batches})
        for node in (1, 2):
            own = [entry.id for batch in batches if batch.at_ms == node for entry in batch.entries]
            assert own == sorted(own)
            assert len(own) == 120

    def test_a_reader_beside_a_writer_misses_nothing_that_comes_before_what_it_saw(self, opened):
        log, ending = opened(), threading.Event()
        source = ClockIds(FakeClock(), 3)
        written = []

        def write():
            own = opened()
            while not ending.is_set():
                made = entries(source, 2)
                own.append(made, at_ms=0)
                written.extend(made)

        writing = threading.Thread(target=write)
        writing.start()
        seen, after = [], 0
        while len(seen) < 200:
            for batch in log.read(after, limit=7):
                seen += batch.entries
                after = batch.position
        ending.set()
        writing.join()
        assert seen == written[: len(seen)]
        assert [*seen, *all_of(log, after)] == written

    def test_what_was_answered_as_durable_survives_a_kill_and_is_whole(self, opened, tmp_path):
        process = subprocess.Popen(
            [sys.executable, "-c", _APPENDING, self.opener, str(tmp_path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            text=True,
        )
        last = 0
        for _ in range(60):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        process.wait()
        last = int(rest[-1]) if rest and len(rest[-1]) == 19 else last
        found = all_of(opened(may_write=False))
        numbers = [entry.id for entry in found if entry.kind == DECISION]
        assert numbers == list(range(10**18 + 1, 10**18 + 1 + len(numbers)))
        assert numbers[-1] >= last
        assert [int(entry.body) for entry in found if entry.kind == EVENT] == numbers, (
            "never half of what came together"
        )

    def test_what_cannot_be_opened_is_an_outage(self, opened, tmp_path):
        self.damage(tmp_path)
        with pytest.raises(Outage):
            opened().end()
        with pytest.raises(Outage):
            opened(may_write=False).find(DECISION, 5)

    def damage(self, folder) -> None:
        """Make what is kept in a folder unreadable, before anything was."""
        raise NotImplementedError
