"""What a question to a cluster leaves behind when it is cut, and how long it may take; the cluster is a stand-in."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from attise.kernel.alone import LOCK
from attise.kernel.errors import Outage
from attise.measurement.reports import application, distributed
from attise.measurement.reports.application import lent_session
from attise.measurement.reports.distributed import Cluster
from attise.measurement.reports.folder import aside, aside_in_parts, remove_strangers


class Gone(Exception):  # noqa: N818 - as py4j names what it raises
    """What comes of a job that was cancelled, or whose machine went away."""

    __module__ = "py4j.protocol"


class Rows:
    """The rows of a statement on a cluster whose jobs end when they are cancelled."""

    def __init__(self, *, ends: bool, error: Exception | None = None) -> None:
        self.ends = ends
        self.error = error or Gone("the job was cancelled")
        self.cancelled = threading.Event()
        context = SimpleNamespace(
            setJobGroup=lambda *_, **__: None, cancelJobGroup=lambda _group: self.cancelled.set(), _jsc=None
        )
        self.sparkSession = SimpleNamespace(sparkContext=context)
        self.write = self

    def coalesce(self, _many: int) -> Rows:
        return self

    def mode(self, _name: str) -> Rows:
        return self

    def option(self, _name: str, _value: object) -> Rows:
        return self

    def parquet(self, address: str) -> None:
        folder = Path(urlsplit(address).path)
        folder.mkdir()
        (folder / "part-0.parquet").write_bytes(b"rows")
        self._work()

    def toLocalIterator(self):  # noqa: N802 - PySpark's word
        for number in range(9):
            yield (number,)
            if number == 3:
                self._work()

    def _work(self) -> None:
        if not self.ends:
            assert self.cancelled.wait(20), "nobody waits for ever"
            raise self.error


def a_cluster(monkeypatch, rows: Rows) -> Cluster:
    monkeypatch.setattr(Cluster, "_ask", lambda *_: nullcontext(rows))
    return Cluster("local[1]", 1)


def test_a_file_that_is_cut_leaves_nothing_beside_it(monkeypatch, tmp_path):
    monkeypatch.setattr(distributed, "WRITING_S", 0.01)
    cluster, path = a_cluster(monkeypatch, Rows(ends=False)), aside(tmp_path / "hours.parquet")
    with pytest.raises(Outage, match="cancelled"):
        cluster.write_table(path, "SELECT 1")
    assert list(tmp_path.iterdir()) == []
    a_cluster(monkeypatch, Rows(ends=True)).write_table(path, "SELECT 1")
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"rows"


def test_rows_that_never_come_are_an_outage(monkeypatch):
    monkeypatch.setattr(distributed, "WRITING_S", 0.01)
    with pytest.raises(Outage):
        list(a_cluster(monkeypatch, Rows(ends=False)).iterate_rows("SELECT 1", at_once=2))
    monkeypatch.setattr(distributed, "WRITING_S", 60)
    found = list(a_cluster(monkeypatch, Rows(ends=True)).iterate_rows("SELECT 1", at_once=4))
    assert [len(some) for some in found] == [4, 4, 1]


def test_what_the_library_stumbles_over_once_its_application_was_ended_is_an_outage_too(monkeypatch):
    """PySpark then asks things of what is no more: ``'NoneType' object has no attribute 'setCallSite'``."""
    stumble = AttributeError("'NoneType' object has no attribute 'setCallSite'")
    monkeypatch.setattr(distributed, "WRITING_S", 0.01)
    with pytest.raises(Outage, match="too long"):
        list(a_cluster(monkeypatch, Rows(ends=False, error=stumble)).iterate_rows("SELECT 1", at_once=2))
    rows = Rows(ends=False, error=stumble)
    rows.cancelled.set()  # by nobody of ours
    monkeypatch.setattr(distributed, "WRITING_S", 60)
    with pytest.raises(AttributeError):
        list(a_cluster(monkeypatch, rows).iterate_rows("SELECT 1", at_once=2))


def test_what_a_killed_writer_left_of_a_cluster_goes_with_the_strangers(tmp_path):
    left = aside_in_parts(aside(tmp_path / "hours.parquet"))
    left.mkdir()
    (left / "part-0.parquet").write_bytes(b"rows")
    for name in (LOCK, "known.parquet", "stranger.parquet"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "another").mkdir()
    assert remove_strangers(tmp_path, {"known.parquet"}) == 2
    assert {path.name for path in tmp_path.iterdir()} == {LOCK, "known.parquet", "another"}


class Application:
    """An application of a cluster that counts its sessions; it has no Java."""

    def __init__(self) -> None:
        self.sparkContext = SimpleNamespace(_jsc=SimpleNamespace(sc=lambda: self))
        self.many = 0
        self.is_away = False

    def isStopped(self) -> bool:  # noqa: N802 - Spark's word
        return self.is_away

    def newSession(self) -> SimpleNamespace:  # noqa: N802 - PySpark's word
        self.many += 1
        return SimpleNamespace(sparkContext=self.sparkContext, number=self.many)


def test_sessions_are_lent_and_not_heaped_up(monkeypatch):
    """Spark keeps each for as long as its process lives."""
    found = Application()
    monkeypatch.setattr(application, "_free", [])
    monkeypatch.setattr(application, "_application", lambda *_: found)
    for _ in range(50):
        with lent_session("local[1]", 1):
            pass
    assert found.many == 1
    with lent_session("local[1]", 1) as one, lent_session("local[1]", 1) as another:
        assert one.number != another.number, "no question sees another's tables"
    assert found.many == 2
    with pytest.raises(ValueError, match="asked badly"), lent_session("local[1]", 1):
        raise ValueError("asked badly")
    with lent_session("local[1]", 1):
        found.is_away = True
    assert len(application._free) == 1, "one whose application is away is not lent again"
