"""Where facts lie: the folder, the names of its files, and who may write in it now."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attise.kernel.alone import LOCK
from attise.kernel.house import House

FOLDER: Final = "facts"
SUFFIX: Final = ".parquet"
DIGITS: Final = 19
_ASIDE: Final = ".part"
_IN_PARTS: Final = ".parts"


def folder_of(house: House) -> Path:
    """Return the folder of a house's facts, made if it is not there."""
    folder = house.folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def name_of(from_position: int, to_position: int) -> str:
    """Return the name of a file of facts; names sort as their positions do."""
    return f"facts-{from_position:0{DIGITS}d}-{to_position:0{DIGITS}d}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of facts that holds."""

    from_position: int
    to_position: int
    rows: int
    size_bytes: int
    written_at_ms: int
    complete_to_ms: int

    @property
    def name(self) -> str:
        """Its name in the folder of facts."""
        return name_of(self.from_position, self.to_position)


def aside(path: Path) -> Path:
    """Return where a file is written before it has its name."""
    return path.with_name(f".{path.name}{_ASIDE}")


def aside_in_parts(path: Path) -> Path:
    """Return the folder for what becomes a file, where it is written by several machines."""
    return path.with_name(f"{path.name}{_IN_PARTS}")


def publish(drafted: Path, path: Path) -> int:
    """Bring a file that was written aside to the disk and give it its name; returns its size in bytes.

    After this a cut of power leaves it whole. One of the same name is replaced.
    """
    size = _sync(drafted)
    drafted.rename(path)
    _sync(path.parent)
    return size


def remove_strangers(folder: Path, known: set[str]) -> int:
    """Remove what killed writers left, and files of a database that was put back; returns how many.

    Args: known: names that stay. Under ``alone``.
    """
    gone = 0
    for path in folder.iterdir():
        if path.name in known or path.name == LOCK:
            continue
        if path.is_file():
            path.unlink(missing_ok=True)
        elif path.name.endswith(_IN_PARTS):
            shutil.rmtree(path, ignore_errors=True)
        else:
            continue
        gone += 1
    return gone


def _sync(path: Path) -> int:
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
        return os.fstat(held).st_size
    finally:
        os.close(held)
