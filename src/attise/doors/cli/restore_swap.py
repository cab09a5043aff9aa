"""What was unpacked takes the place of what is there: by renames in the data folder, finished if it was cut short.

The folder itself stays, since it may be where a disk is mounted. Until the marker is written nothing of the house has
changed. From then on the house is refused to everyone until the same command has finished what it began. What was there
before is not removed: it lies in a folder of its own.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import Final

import msgspec

from attise.doors.cli.backup_archive import BackupError, sync_folder
from attise.kernel.house import RESTORING

STAGE: Final = ".restoring"
BEFORE: Final = "before-restore-"
LOCKS: Final = frozenset({"serve.lock", "schema.lock", "writers.lock", "batch.lock"})
KEPT: Final = frozenset({"media", "uploads", "kernels", "run", "listed-addresses.txt"}) | LOCKS
"""What stays where a backup has none of it: files of people, machine code, locks, lists of the operator's."""
KEPT_ALL: Final = "viewers-"
"""How the names of edges' own files begin: what lately happened to whom is never older than the house."""
PASSING: Final = frozenset({"run"}) | LOCKS
"""What opening the unpacked house left in it, and is not part of it."""


class Swap(msgspec.Struct, frozen=True):
    """What the marker says. Without names, a database on a server is being put back, and nothing else has changed."""

    made_at_ms: int
    """Wire time of the backup."""
    names: tuple[str, ...] = ()
    """What comes."""
    before: str = ""
    """The folder of what was there."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep whoever serves away, and another restore. Raises: BackupError."""
    with (folder / "serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"{folder} is being served, or restored. Stop that first.") from None
        yield


def mark(folder: Path, said: Swap) -> None:
    """Have the house refused from here on until ``swap`` has ended; durable when this returns."""
    draft = folder / f".{RESTORING}"
    with draft.open("wb") as file:
        file.write(msgspec.json.encode(said))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / RESTORING)
    sync_folder(folder)


def swap_of(folder: Path) -> Swap | None:
    """Return what a swap that was cut short said of itself, None where there is none."""
    try:
        said = msgspec.json.decode((folder / RESTORING).read_bytes(), type=Swap)
    except FileNotFoundError:
        return None
    return said if said.names else None


def begin_swap(folder: Path, *, made_at_ms: int, label: str) -> None:
    """Say what is about to take whose place. From here on it can only be finished.

    What is there now gets a folder that nobody has: the same backup may be restored again and again.
    """
    names = sorted(path.name for path in (folder / STAGE).iterdir() if path.name not in PASSING)
    wanted = f"{BEFORE}{label}"
    numbered = (f"{wanted}-{number}" for number in count(2))
    before = next(one for one in chain([wanted], numbered) if not (folder / one).exists())
    mark(folder, Swap(made_at_ms, tuple(names), before))


def finish_swap(folder: Path) -> Path | None:
    """Put what is old aside and what is new in its place; returns where the old lies, None where there was nothing.

    Killed anywhere, the next call goes on: a new thing is in the stage or in its place, never in both.
    """
    said = swap_of(folder)
    if said is None:
        raise AssertionError("no swap was begun")
    stage, before = folder / STAGE, folder / said.before
    coming = {name for name in said.names if (stage / name).exists()}
    arrived = set(said.names) - coming
    for path in sorted(folder.iterdir()):
        if _stays(path.name, coming) or path.name in arrived:
            continue
        before.mkdir(mode=0o700, exist_ok=True)
        path.rename(before / path.name)
    for name in sorted(coming):
        (stage / name).rename(folder / name)
    sync_folder(folder)
    (folder / RESTORING).unlink()
    sync_folder(folder)
    return before if before.exists() else None


def _stays(name: str, coming: set[str]) -> bool:
    if name in {STAGE, RESTORING, f".{RESTORING}"} or name.startswith(BEFORE):
        return True
    return name not in coming and (name in KEPT or name.startswith(KEPT_ALL))
