"""What many bring becomes durable in one commit; each is told of its own, and nothing is told that is not so."""

from __future__ import annotations

import threading
from itertools import chain

import pytest

from attise.kernel.clock import FakeClock
from attise.kernel.errors import Outage
from attise.measurement.ingest import keeper as keeper_module
from attise.measurement.ingest.keeper import Keeper
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog


class Slow:
    """A log whose commits wait for the test."""

    def __init__(self):
        self.begun, self.go = threading.Semaphore(0), threading.Semaphore(0)
        self.commits: list[list[bytes]] = []
        self.failure: BaseException | None = None
        self.closed = 0

    def append(self, entries, *, at_ms):
        self.begun.release()
        assert self.go.acquire(timeout=30)
        if self.failure is not None:
            raise self.failure
        assert all((entry.kind, entry.id) == (EntryKind.EVENT, 0) for entry in entries)
        self.commits.append([entry.body for entry in entries])

    def close(self):
        self.closed += 1


class Told:
    def __init__(self):
        self.calls = []
        self.some = threading.Semaphore(0)

    def __call__(self, waiters, outage):
        self.calls.append((waiters, outage))
        self.some.release()

    def wait(self, count):
        for _ in range(count):
            assert self.some.acquire(timeout=30)


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def keeper(slow, told):
    made = Keeper(lambda: slow, FakeClock(), told, queue_entries=10)
    made.start()
    yield made
    for _ in range(20):
        slow.go.release()
    if made.is_alive():
        made.end()
    assert not made.is_alive()


def test_who_comes_while_a_commit_is_under_way_shares_the_next(keeper, slow, told):
    keeper.keep([b"a"], 1)
    assert slow.begun.acquire(timeout=30)
    for waiter in (2, 3, 4):
        keeper.keep([b"b", b"c"], waiter)
    assert told.calls == []
    assert keeper.depth == 7
    slow.go.release()
    slow.go.release()
    told.wait(2)
    assert told.calls == [([1], None), ([2, 3, 4], None)]
    assert slow.commits == [[b"a"], [b"b", b"c"] * 3]
    assert (keeper.depth, keeper.commits, keeper.written) == (0, 2, 7)


def test_without_room_nothing_is_kept_and_nobody_waits(keeper, slow, told):
    keeper.keep([b"a"] * 10, 1)
    with pytest.raises(Outage):
        keeper.keep([b"b"], 2)
    slow.go.release()
    told.wait(1)
    keeper.keep([b"c"] * 10, 3)
    slow.go.release()
    told.wait(1)
    assert [waiters for waiters, _ in told.calls] == [[1], [3]]
    assert b"b" not in chain(*slow.commits)


@pytest.mark.parametrize("failure", [Outage("disk"), RuntimeError("a bug")])
def test_a_commit_that_fails_is_told_to_all_who_waited_for_it_and_the_next_opens_anew(keeper, slow, told, failure):
    slow.failure = failure
    keeper.keep([b"a"], 1)
    slow.go.release()
    told.wait(1)
    ((waiters, outage),) = told.calls
    assert (waiters, isinstance(outage, Outage)) == ([1], True)
    assert (slow.closed, keeper.depth, keeper.written) == (1, 0, 0)
    slow.failure = None
    keeper.keep([b"b"], 2)
    slow.go.release()
    told.wait(1)
    assert told.calls[1] == ([2], None)
    assert slow.commits == [[b"b"]]


def test_what_waits_at_the_end_is_kept_and_nothing_after_it(keeper, slow, told):
    keeper.keep([b"a"], 1)
    keeper.keep([b"b"], 2)
    for _ in range(2):
        slow.go.release()
    keeper.end()
    assert sorted(chain(*slow.commits)) == [b"a", b"b"]
    assert [waiter for waiters, outage in told.calls for waiter in waiters if outage is None] == [1, 2]
    with pytest.raises(Outage):
        keeper.keep([b"c"], 3)


def test_a_commit_is_bounded_and_the_rest_follows(slow, told, monkeypatch):
    monkeypatch.setattr(keeper_module, "COMMIT_ENTRIES", 4)
    keeper = Keeper(lambda: slow, FakeClock(), told)
    for waiter in range(6):
        keeper.keep([b"x"] * 2, waiter)
        slow.go.release()
    keeper.start()
    keeper.end()
    assert [len(commit) for commit in slow.commits] == [4, 4, 4]


def test_a_real_log_has_what_was_told_and_in_that_order(tmp_path, told):
    keeper = Keeper(lambda: SqliteLog(tmp_path, may_write=True), FakeClock(), told)
    keeper.start()
    for number in range(200):
        keeper.keep([b"%d-%d" % (number, part) for part in range(3)], number)
    keeper.end()
    batches = SqliteLog(tmp_path, may_write=False).read(0, limit=1_000)
    bodies = [entry.body for batch in batches for entry in batch.entries]
    assert bodies == [b"%d-%d" % (number, part) for number in range(200) for part in range(3)]
    assert keeper.commits < 200
