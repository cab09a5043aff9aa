"""One child makes an index for all edges; killed anywhere it leaves nothing half, and whoever waits goes on."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path

import pytest

from attise.doors.edge.serving.build import build_newest
from attise.doors.edge.serving.children import Child, build_command
from attise.doors.edge.serving.files import Folders, alone, is_there, map_index
from attise.kernel.clock import FakeClock
from attise.records.snapshot.fold import Fold
from attise.serving.prediction.model import cold_model
from attise.serving.targeting.index_file import IndexUnreadable
from tests.doors.edge.serving.town import Town, an_ad
from tests.doors.rig import ROOT, Rig, rig, until

MODULE = ("-m", "attise.doors.edge.serving.build")
KILLS_MS = (100, 250, 400, 550, 700, 900, 1_200, 1_500, 2_000)


@pytest.fixture
def made(tmp_path: Path):
    with rig(tmp_path) as opened:
        yield opened


@pytest.fixture
def folders(town: Town) -> Folders:
    for number in range(200):
        town.tell(an_ad(number, group=number // 3, post=number // 2))
    town.write(Fold(0, [an_ad(number, group=number // 3, post=number // 2) for number in range(200)]), build=False)
    return Folders.of(town.house)


def start(made: Rig, folders: Folders):
    return made.start(*MODULE, str(folders.snapshots), str(folders.models), str(folders.index))


def stems(folders: Folders) -> set[str]:
    return {path.stem for path in folders.index.glob("*.index")}


def test_a_build_that_is_killed_at_any_moment_leaves_nothing_half(made, folders):
    for after_ms in KILLS_MS:
        child = start(made, folders)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(after_ms / 1_000)
        if child.process.poll() is None:
            os.kill(child.process.pid, signal.SIGKILL)
            child.process.wait()
        for stem in stems(folders):
            segment, table = map_index(folders.index, stem, cold_model())
            assert len(segment) == len(table) == 200
    last = start(made, folders)
    assert last.process.wait(60) == 0, last.text
    (stem,) = stems(folders)
    assert last.text.strip() == stem
    left = {path.name for path in folders.index.iterdir()}
    assert left == {f"{stem}.index", f"{stem}.table", "lock"}, "what killed ones left is swept"


def test_whoever_comes_second_waits_and_takes_what_the_first_made(made, folders):
    with alone(folders.index):
        second = start(made, folders)
        until(lambda: "lock" in waiting_on(second.process.pid), "a child that waits for the lock")
        stem = build_newest(folders.snapshots, folders.models, folders.index)
        before = (folders.index / f"{stem}.index").stat()
    assert second.process.wait(60) == 0, second.text
    assert second.text.strip() == stem
    after = (folders.index / f"{stem}.index").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns), "it was not made again"


def waiting_on(pid: int) -> str:
    """What a process has open, as far as it can be told: the lock's file, once it has come so far."""
    found = []
    with contextlib.suppress(FileNotFoundError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                found.append(link.readlink().name)
    return " ".join(found)


def test_a_damaged_index_is_refused_and_made_again(folders):
    stem = build_newest(folders.snapshots, folders.models, folders.index)
    for suffix in (".index", ".table"):
        path = folders.index / f"{stem}{suffix}"
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 0xFF
        path.write_bytes(raw)
        with pytest.raises(IndexUnreadable):
            map_index(folders.index, stem, cold_model())
        assert build_newest(folders.snapshots, folders.models, folders.index) == stem
        map_index(folders.index, stem, cold_model())
    (folders.index / f"{stem}.table").unlink()
    assert not is_there(folders.index, stem)
    assert build_newest(folders.snapshots, folders.models, folders.index) == stem
    assert is_there(folders.index, stem)


def test_a_folder_without_a_snapshot_makes_none(tmp_path):
    for name in ("snapshots", "models", "index"):
        (tmp_path / name).mkdir()
    assert build_newest(tmp_path / "snapshots", tmp_path / "models", tmp_path / "index") is None


def test_a_child_that_fails_is_begun_again_after_a_pause_that_grows(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    clock = FakeClock()
    child = Child("something", clock)
    fails = build_command("/nowhere", "/nowhere", "/nowhere")
    for pause_s in (1, 2, 4):
        assert child.begin(fails)
        assert not child.begin(fails), "one at a time"
        until(lambda: child.collect() is None and not child.is_running, "its end")
        assert not child.begin(fails)
        clock.advance(seconds=pause_s)
    child.end()
