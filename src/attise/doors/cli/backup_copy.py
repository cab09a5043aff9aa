"""A consistent copy of a house that may be served meanwhile: what is copied in which order, and how.

The order is what makes it one moment. Journals are read first: what they get afterwards is stopped again. Then the
database, in one read transaction. Then the log, which is never behind what the database says was settled of it, and
what it has beyond that is settled after a restore. Files of facts and roll-ups are linked before and after: what a
manifest or a row names stays for minutes after it was replaced.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from attise.doors.cli.backup_archive import DATABASE_DUMP, BackupError, Told
from attise.kernel.house import BOOK, House
from attise.ledger.heads import FILE as HEADS
from attise.measurement.ingest.sqlite_log import FILE as LOG
from attise.measurement.reports.actions.tasks import FOLDER as REPORTS
from attise.measurement.reports.folder import FOLDER as FACTS
from attise.measurement.reports.rollups.manifest import FOLDER as ROLLUPS
from attise.measurement.reports.rollups.manifest import NAME as ROLLUPS_MANIFEST
from attise.records.stop import FILE as STOPS
from attise.serving.prediction.model import FOLDER as MODELS

PAGES_AT_ONCE: Final = 2_000
"""Of SQLite's copying; progress is told in between."""
SMALL: Final = (BOOK, STOPS, HEADS, "listed-addresses.txt", "sample.json")
"""Files that are read whole, at once, before anything else."""


def read_small(house: House, *, with_secrets: bool) -> dict[str, bytes]:
    """Return the small files of a house by name."""
    names = [*SMALL, *(["secrets.json"] if with_secrets else [])]
    return {name: (house.folder / name).read_bytes() for name in names if (house.folder / name).is_file()}


def link_rollups(house: House, stage: Path) -> None:
    """Hold the generation of this moment, its manifest first: what it names stays for minutes."""
    folder = house.folder / ROLLUPS
    if not (folder / ROLLUPS_MANIFEST).is_file():
        return
    for path in [folder / ROLLUPS_MANIFEST, *sorted(folder.glob("*.parquet"))]:
        _hold(path, stage / ROLLUPS / path.name)


def link_files(house: House, stage: Path) -> None:
    """Hold the files that only ever come and go whole: facts, models, written reports."""
    for folder, pattern in ((FACTS, "*.parquet"), (MODELS, "*"), (REPORTS, "*")):
        for path in sorted((house.folder / folder).glob(pattern)):
            if path.is_file() and not path.name.startswith(".") and path.name != "lock":
                _hold(path, stage / folder / path.name)


def _hold(path: Path, held: Path) -> None:
    """Keep what a name stands for now; what is gone meanwhile was replaced by what comes later."""
    if held.exists():
        return
    held.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(path, held)
    except FileNotFoundError:
        return
    except OSError:  # another disk
        try:
            shutil.copyfile(path, held)
        except FileNotFoundError:
            held.unlink(missing_ok=True)


def media_of(house: House) -> Iterator[tuple[str, Path]]:
    """Yield what people uploaded, by name in the data folder."""
    for folder in (house.media, house.uploads):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(house.folder).as_posix(), path


def copy_sqlite(source: Path, target: Path, told: Told) -> None:
    """Copy a database that others write meanwhile, as of one moment. Raises: BackupError.

    The read transaction is what keeps it one moment, and keeps the copying from beginning anew at each commit.
    Nobody waits for it; the write-ahead log grows for as long.
    """
    target.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(source, isolation_level=None, timeout=30)) as reading,
            closing(sqlite3.connect(target, isolation_level=None)) as writing,
        ):
            reading.execute("PRAGMA query_only=ON")
            reading.execute("BEGIN")
            reading.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
            writing.execute("PRAGMA synchronous=OFF")
            reading.backup(
                writing,
                pages=PAGES_AT_ONCE,
                progress=lambda _status, left, pages: told(source.name, pages - left, pages),
                sleep=0,
            )
            reading.execute("COMMIT")
            (found,) = writing.execute("PRAGMA quick_check(1)").fetchone()
            writing.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}") from error
    if found != "ok":
        raise BackupError(f"{source} is damaged: {found}. No backup was made of it.")


def copy_log(house: House, stage: Path, told: Told) -> None:
    """Copy the event log; none where nothing was ever told."""
    if (house.folder / LOG).exists():
        copy_sqlite(house.folder / LOG, stage / LOG, told)


def database_name(house: House) -> str:
    """Return under which name the database lies in a backup."""
    return house.database.name if house.settings.database_url is None else DATABASE_DUMP
