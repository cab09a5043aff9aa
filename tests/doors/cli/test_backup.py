"""A backup is whole or none, of one moment, and is put back whole or not at all, whenever whoever does it is killed."""

from __future__ import annotations

import errno
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tools.run_tests import postgres

from attise import __version__
from attise.doors.cli.backup_archive import FORMAT, HEAD_NAME, BackupError, Head, Packing, read_head, unpack
from attise.doors.cli.backup_copy import copy_sqlite
from attise.doors.cli.restore_swap import STAGE, begin_swap, finish_swap, swap_of
from attise.kernel.house import HouseError, Mode, Settings, open_house
from attise.records.stop import FILE, Stop, add_stops, read_stops, stop_of
from tests.doors.cli.running import ATTISE, SOURCE, rows
from tests.houses import furnish

MADE_MS = 1_790_000_000_000


def silent(_name: str, _done: int, _whole: int) -> None:
    pass


def a_head(**said) -> Head:
    values = {
        "format": FORMAT,
        "release": __version__,
        "mode": "sandbox",
        "made_at_ms": MADE_MS,
        "database": "sqlite",
        "secrets": "s",
        "holds_secrets": True,
        "holds_media": False,
        "change": 1,
        "settled_to": 2,
        "log_to": 3,
    }
    return Head(**{**values, **said})


def packed(path: Path, head: Head | None = None) -> Path:
    packing = Packing(path, head or a_head(), silent)
    packing.add_bytes("house.json", b"{}")
    packing.add_bytes("facts/facts-1-2.parquet", b"x" * 3_000_000)
    packing.finish()
    return path


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ATTISE_", "DJANGO_"))}
    command = [sys.executable, *ATTISE, *arguments]
    environment |= {"PYTHONPATH": str(SOURCE), **environ}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_backup_comes_out_as_it_went_in(tmp_path):
    manifest = unpack(packed(tmp_path / "a"), tmp_path, silent)
    assert (tmp_path / "facts/facts-1-2.parquet").read_bytes() == b"x" * 3_000_000
    assert (tmp_path / "house.json").stat().st_mode & 0o777 == 0o600
    assert manifest.files.keys() == {"house.json", "facts/facts-1-2.parquet"}
    assert read_head(tmp_path / "a") == a_head()


def test_a_backup_that_was_cut_short_or_changed_anywhere_is_refused(tmp_path):
    whole = packed(tmp_path / "a").read_bytes()
    chance = random.Random(3)
    for number in range(60):
        folder = tmp_path / str(number)
        folder.mkdir()
        if number % 2:
            place = chance.randrange(512, 512 * (len(whole) // 512 - 22))
            damaged = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        else:
            damaged = whole[: chance.randrange(len(whole) - 12_000)]
        (tmp_path / "damaged").write_bytes(damaged)
        try:
            unpack(tmp_path / "damaged", folder, silent)
        except BackupError:
            continue
        # What a tar passes over is no part of it: padding behind a member.
        assert (folder / "facts/facts-1-2.parquet").read_bytes() == b"x" * 3_000_000
        assert (folder / "house.json").read_bytes() == b"{}"


@pytest.mark.parametrize("said", [{"format": FORMAT + 1}, {"release": "99.0.0"}])
def test_a_backup_of_a_newer_release_is_refused_by_its_first_words(tmp_path, said):
    with pytest.raises(BackupError, match="newer release"):
        read_head(packed(tmp_path / "a", a_head(**said)))


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside"])
def test_nothing_is_unpacked_outside_of_its_folder(tmp_path, name):
    path = tmp_path / "a"
    with tarfile.open(path, "w") as tar:
        for member_name, body in ((HEAD_NAME, msgspec.json.encode(a_head())), (name, b"x")):
            member = tarfile.TarInfo(member_name)
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    (tmp_path / "in").mkdir()
    with pytest.raises(BackupError, match="which none does"):
        unpack(path, tmp_path / "in", silent)
    assert not (tmp_path / "outside").exists()


def test_a_link_is_no_file(tmp_path):
    path = tmp_path / "a"
    with tarfile.open(path, "w") as tar:
        head = tarfile.TarInfo(HEAD_NAME)
        head.size = len(msgspec.json.encode(a_head()))
        tar.addfile(head, io.BytesIO(msgspec.json.encode(a_head())))
        link = tarfile.TarInfo("house.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    (tmp_path / "in").mkdir()
    with pytest.raises(BackupError):
        unpack(path, tmp_path / "in", silent)


def test_whoever_is_killed_while_packing_leaves_no_backup(tmp_path):
    packing = Packing(tmp_path / "a", a_head(), silent)
    packing.add_bytes("house.json", b"{}")
    assert not (tmp_path / "a").exists()
    packed(tmp_path / "a")
    assert read_head(tmp_path / "a") == a_head(), "and is in nobody's way"


def test_a_database_is_copied_as_of_one_moment_while_others_write(tmp_path):
    """Two tables that every transaction changes together; without a read transaction copying would never end."""
    path, ending = tmp_path / "a.sqlite3", threading.Event()
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE one (n INTEGER, body TEXT)")
        made.execute("CREATE TABLE other (n INTEGER, body TEXT)")
        made.executemany("INSERT INTO one VALUES (?, ?)", ((0, "x" * 900) for _ in range(20_000)))

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as writing:
            number = 0
            while not ending.is_set():
                number += 1
                writing.execute("BEGIN IMMEDIATE")
                for table in ("one", "other"):
                    writing.execute(f"INSERT INTO {table} VALUES (?, 'y')", (number,))
                writing.execute("COMMIT")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            copy_sqlite(path, tmp_path / f"copy{number}", silent)
            with closing(sqlite3.connect(tmp_path / f"copy{number}")) as copied:
                greatest = [copied.execute(f"SELECT MAX(n) FROM {table}").fetchone()[0] for table in ("one", "other")]
            assert greatest[0] == (greatest[1] or 0)
    finally:
        ending.set()
        writer.join()
    assert greatest[0] > 0, "somebody wrote meanwhile"


def test_a_damaged_database_makes_no_backup(tmp_path):
    path = tmp_path / "a.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE one (n INTEGER, body TEXT)")
        made.executemany("INSERT INTO one VALUES (?, ?)", ((0, "x" * 900) for _ in range(2_000)))
        made.commit()
    body = bytearray(path.read_bytes())
    body[40_960:45_056] = b"\x05" * 4_096
    path.write_bytes(body)
    with pytest.raises(BackupError, match=r"damaged|cannot be copied"):
        copy_sqlite(path, tmp_path / "copy", silent)


class _Killed(BaseException):
    """As a kill would end it."""


def test_a_restore_that_is_killed_at_any_rename_is_finished_by_the_next(tmp_path, monkeypatch):
    renames = Path.rename
    for step in range(12):
        folder = tmp_path / str(step)
        furnish(folder, Mode.SANDBOX)
        (folder / "media/a.mp4").write_bytes(b"a")
        (folder / "snapshots").mkdir()
        (folder / "viewers-0.sqlite3").write_bytes(b"v")
        stage = folder / STAGE
        stage.mkdir()
        for name in ("house.json", "secrets.json"):
            shutil.copy(folder / name, stage / name)
        for name in ("attise.sqlite3", "events.sqlite3", "run"):
            (stage / name).write_bytes(b"restored")
        begin_swap(folder, made_at_ms=MADE_MS, label="monday")
        with pytest.raises(HouseError, match="cut short"):
            open_house(Settings(data=folder))
        left = step

        def killed(path, target, left_of=[left]):  # noqa: B006 - counts down
            if not left_of[0]:
                raise _Killed
            left_of[0] -= 1
            return renames(path, target)

        monkeypatch.setattr(Path, "rename", killed)
        try:
            finish_swap(folder)
        except _Killed:
            monkeypatch.setattr(Path, "rename", renames)
            assert swap_of(folder) is not None
            with pytest.raises(HouseError, match="cut short"):
                open_house(Settings(data=folder))
            finish_swap(folder)
        monkeypatch.setattr(Path, "rename", renames)
        before = folder / "before-restore-monday"
        assert (folder / "attise.sqlite3").read_bytes() == b"restored"
        assert (before / "attise.sqlite3").read_bytes() != b"restored"
        assert (before / "snapshots").is_dir()
        assert not (folder / "snapshots").exists()
        assert (folder / "media/a.mp4").read_bytes() == b"a"
        assert (folder / "viewers-0.sqlite3").read_bytes() == b"v"
        assert [path.name for path in stage.iterdir()] == ["run"]
        assert open_house(Settings(data=folder)).mode is Mode.SANDBOX


def test_the_same_backup_is_restored_again_and_what_each_found_is_kept(tmp_path):
    house = tmp_path / "house"
    furnish(house, Mode.SANDBOX)
    kept = []
    for number in range(3):
        (house / "facts").mkdir(exist_ok=True)
        (house / "facts" / "a").write_text(str(number))
        (house / STAGE).mkdir(exist_ok=True)
        for name in ("house.json", "secrets.json"):
            shutil.copy(house / name, house / STAGE / name)
        begin_swap(house, made_at_ms=MADE_MS, label="monday")
        kept.append(finish_swap(house))
    assert [path.name for path in kept] == [f"before-restore-monday{end}" for end in ("", "-2", "-3")]
    assert [(path / "facts" / "a").read_text() for path in kept] == ["0", "1", "2"]
    assert open_house(Settings(data=house)).mode is Mode.SANDBOX


def test_a_line_that_was_cut_short_takes_no_later_one_with_it(tmp_path, monkeypatch):
    first, second, third = (Stop(number, "token_revoked", number) for number in (1, 2, 3))
    add_stops(tmp_path, [first])
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes() + b'{"at_ms":8,"ki')  # the power went
    add_stops(tmp_path, [second])
    assert read_stops(path) == [first, second]
    written = os.write

    def full(handle, text):
        monkeypatch.setattr(os, "write", no_space)
        return written(handle, bytes(text)[:9])  # what a disk that is nearly full takes

    def no_space(_handle, _text):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        add_stops(tmp_path, [third])
    monkeypatch.setattr(os, "write", written)
    assert read_stops(path) == [first, second], "nobody was told of the third"
    add_stops(tmp_path, [third])
    assert read_stops(path) == [first, second, third]


def test_the_journal_keeps_what_stops_for_good(tmp_path):
    assert read_stops(tmp_path / FILE) == []
    kept = [
        stop_of("grant_stopped", 1, {"creator_id": 2, "post_id": 3}, at_ms=5),
        stop_of("viewer_changed", 4, {"erased": True}, at_ms=6),
        Stop(7, "token_revoked", 5),
    ]
    for passing in (
        stop_of("viewer_changed", 4, {}, at_ms=6),
        stop_of("post_stopped", 4, {"reason": "processing"}, at_ms=6),
        stop_of("ad_stopped", 4, {"reason": "paused"}, at_ms=6),
        stop_of("grant_stopped", 4, {"reason": "reset"}, at_ms=6),
        stop_of("viewer_changed", 4, {"reason": "reset", "erased": True}, at_ms=6),
    ):
        assert passing is None
    add_stops(tmp_path, kept[:2])
    add_stops(tmp_path, kept[2:])
    assert read_stops(tmp_path / FILE) == kept
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes() + b'{"at_ms":8,"ki')
    assert read_stops(path) == kept, "what was cut short was told to nobody"
    path.write_bytes(b"no\n" + path.read_bytes())
    with pytest.raises(ValueError, match="line 1"):
        read_stops(path)


def test_help_speaks_the_language_of_the_terminal():
    for command, english, french in (
        ("backup", "Copy all of a house", "Copie toute une installation"),
        ("restore", "Put a house back", "Remet une installation"),
        ("unbilled", "List what cost nothing", "Liste ce qui n’a rien coûté"),
    ):
        assert english in " ".join(run(command, "--help", LC_ALL="C.UTF-8").stdout.split())
        assert french in " ".join(run(command, "--help", LC_ALL="fr_FR.UTF-8").stdout.split()).replace("\xa0", " ")


def test_a_house_on_another_machine_asks_for_its_journal_and_its_secrets(tmp_path):
    house, file, other = tmp_path / "house", tmp_path / "a.attise", tmp_path / "other"
    furnish(house, Mode.LIVE)
    made = run("backup", str(file), "--data", str(house), "--no-secrets", "--json")
    assert made.returncode == 0, made.stderr
    assert not json.loads(made.stdout)["secrets"]
    asked = run("restore", str(file), "--data", str(other))
    assert (asked.returncode, "secrets.json" in asked.stderr) == (1, True)
    (other / "secrets.json").write_bytes((house / "secrets.json").read_bytes())
    (other / "secrets.json").chmod(0o600)
    asked = run("restore", str(file), "--data", str(other))
    assert (asked.returncode, "--journal" in asked.stderr) == (1, True), asked.stderr
    done = run("restore", str(file), "--data", str(other), "--no-journal", "--json")
    assert done.returncode == 0, done.stderr
    assert rows(other, "SELECT COUNT(*) FROM ledger_restored") == [(1,)]
    assert run("verify", "--data", str(other)).returncode == 0


def test_a_house_on_postgresql_is_put_back(tmp_path):
    house, file = tmp_path / "house", tmp_path / "a.attise"
    with postgres() as url:
        there = {"ATTISE_DATABASE_URL": url}
        open_house(Settings(data=house), mode=Mode.SANDBOX)
        bundle = json.loads(run("token", "--data", str(house), "--json", **there).stdout)
        made = run("backup", str(file), "--data", str(house), "--json", **there)
        assert made.returncode == 0, made.stderr
        assert json.loads(made.stdout)["database"] == "postgresql"
        later = ("fund", "--advertiser", bundle["advertiser_id"], "--amount", "50", "--data", str(house), "--json")
        funded = json.loads(run(*later, **there).stdout)["available_micros"]
        wrong = run("restore", str(file), "--data", str(house), "--force")
        assert (wrong.returncode, "postgresql" in wrong.stderr) == (1, True)
        asked = run("restore", str(file), "--data", str(house), "--force", **there)
        assert (asked.returncode, "--no-journal" in asked.stderr) == (1, True), "nothing was ever stopped here"
        done = run("restore", str(file), "--data", str(house), "--force", "--no-journal", "--json", **there)
        assert done.returncode == 0, done.stderr
        again = json.loads(run(*later, **there).stdout)["available_micros"]
        assert again == funded, "what came after the backup was gone"
        assert json.loads(run("unbilled", "--data", str(house), "--json", **there).stdout)["restored"]
        assert run("verify", "--data", str(house), **there).returncode == 0
