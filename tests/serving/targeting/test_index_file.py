"""An index comes back from its file as it was; a file that is not whole, or not of this release, is refused by name."""

import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from attise.records.change import ChangeKind
from attise.serving.targeting import index_file
from attise.serving.targeting.index_file import IndexUnreadable, map_segment, read_header, save
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import retrieve
from tests import machine_code
from tests.snapshot_records import NOON_MS
from tests.targeting import a_segment, a_viewer, some_ads

ROOT = Path(__file__).resolve().parents[3]


def made(count=300, **about):
    rng = random.Random(3)
    return a_segment(some_ads(rng, count), np.array([rng.random() for _ in range(count)], dtype=np.float32), **about)


@pytest.fixture
def path(tmp_path):
    return tmp_path / index_file.file_name(12)


def test_a_mapped_index_answers_as_the_one_that_was_saved_by_either_search(path):
    segment = made(version=12, number=5)
    segment.stop(ChangeKind.ADGROUP_STOPPED, int(segment.groups["adgroup_id"][3]), 13)
    save(segment, path, label="priors 7")
    mapped = map_segment(path)
    assert (mapped.version, mapped.number, read_header(path).label) == (12, 5, "priors 7")
    assert not mapped.is_live(int(segment.places_of("adgroup_id", int(segment.groups["adgroup_id"][3]))[0]))
    machine_code.load()
    rng = random.Random(4)
    for _ in range(50):
        viewer = a_viewer(rng)
        answers = [retrieve([one], [compile_query(one, viewer, NOON_MS)], 20) for one in (segment, mapped)]
        assert answers[0].place.tolist() == answers[1].place.tolist()
        assert answers[0].dropped.tolist() == answers[1].dropped.tolist()


def test_an_empty_index_and_one_with_versions_of_its_ads_come_back(path):
    save(a_segment([], np.zeros(0, dtype=np.float32)), path)
    assert len(map_segment(path)) == 0
    save(made(70, versions=np.arange(70)), path)
    assert sorted(map_segment(path).versions.tolist()) == list(range(70))


def test_nobody_can_write_into_a_mapped_index_and_live_bits_are_each_process_s_own(path):
    save(made(), path)
    first, second = map_segment(path), map_segment(path)
    with pytest.raises(ValueError, match="read-only"):
        first.bits[0, 0] = 0
    with pytest.raises(ValueError, match="read-only"):
        first.ads["bound"] = 1
    first.clear(np.array([0], dtype=np.uint32))
    assert (first.is_live(0), second.is_live(0)) == (False, True)


def test_every_changed_byte_of_an_index_is_seen(path):
    save(made(40), path)
    whole = path.read_bytes()
    used = bytearray(len(whole))
    for entry in read_header(path).arrays:
        used[entry.offset : entry.offset + entry.size] = b"\1" * entry.size
    for place in random.Random(1).sample(range(len(whole)), 150):
        is_padding = 64 <= place < whole.rindex(b"fingerprint") - 1 and not used[place]
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        if is_padding:
            assert len(map_segment(path)) == 40
        else:
            with pytest.raises(IndexUnreadable, match=str(path)):
                map_segment(path)


@pytest.mark.parametrize("keep", [0, 10, 64, 5_000, -1])
def test_a_cut_index_is_refused_with_what_to_do(path, keep):
    save(made(), path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(IndexUnreadable, match="Remove it: another is made"):
        map_segment(path)
    path.unlink()
    with pytest.raises(IndexUnreadable, match="cannot be read"):
        map_segment(path)


def test_an_index_of_another_release_is_refused(path, monkeypatch):
    save(made(), path)
    monkeypatch.setattr(index_file, "fingerprint", lambda: "of other rows")
    with pytest.raises(IndexUnreadable, match="another release made it"):
        map_segment(path)


def test_a_process_that_dies_while_it_saves_leaves_the_index_that_was_there(path):
    save(made(version=12), path)
    before = path.read_bytes()
    dying = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        import tests.serving.targeting.test_index_file as here
        from attise.serving.targeting import index_file
        os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
        index_file.save(here.made(500), Path({str(path)!r}))
    """)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    ended = subprocess.run([sys.executable, "-c", dying], env=environment, cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert map_segment(path).version == 12
    assert [file.suffix for file in path.parent.iterdir() if file != path] == [index_file.UNFINISHED]


def test_a_save_that_fails_leaves_nothing_behind(path, monkeypatch):
    def refuse(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        save(made(), path)
    assert list(path.parent.iterdir()) == []
