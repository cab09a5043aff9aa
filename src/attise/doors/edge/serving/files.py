"""Where an index lies: in the folder ``index``, named by the snapshot and the model that it was made from.

Two files each: ``.index`` (``serving.targeting.index_file``) and ``.table`` (what the model says of ads by themselves).
The first is written last, so that where it is, both are whole. A folder is worked in by one maker at a time, who holds
the kernel's lock on it: it is let go when its holder ends, however it ends.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from numpy.typing import NDArray

from attise.kernel.house import House
from attise.records.snapshot.layout import FOLDER
from attise.records.snapshot.layout import Header as SnapshotHeader
from attise.records.totals import PostTotals
from attise.serving.prediction.model import FOLDER as MODEL_FOLDER
from attise.serving.prediction.model import Header, Model, ModelUnreadable, read_arrays, write_arrays
from attise.serving.prediction.table import AdTable
from attise.serving.targeting.index_file import SUFFIX, IndexUnreadable, map_segment, save
from attise.serving.targeting.segment import Segment

log = logging.getLogger("attise.edge.serving")

INDEX_FOLDER: Final = "index"
KERNEL_FOLDER: Final = "kernels"
LOCK: Final = "lock"
TABLE_SUFFIX: Final = ".table"
DIGITS: Final = 19
POSTS: Final = "posts"
KEPT: Final = 2
"""Indexes kept: that of the newest snapshot, and one that an edge may be about to map."""

_encode = msgspec.msgpack.Encoder().encode
_DECODER = msgspec.msgpack.Decoder(list[PostTotals])


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a house that serving reads and writes."""

    snapshots: Path
    models: Path
    index: Path
    kernels: Path

    @classmethod
    def of(cls, house: House) -> Folders:
        """Return those of a house; the index's is made if it is not there."""
        folder = house.folder
        (folder / INDEX_FOLDER).mkdir(mode=0o700, exist_ok=True)
        return cls(folder / FOLDER, folder / MODEL_FOLDER, folder / INDEX_FOLDER, folder / KERNEL_FOLDER)


def stem_of(snapshot: SnapshotHeader, model_version: int) -> str:
    """Return the name of an index without its ending; names sort as their versions do.

    When the snapshot was made is part of it: a database that was put back counts its versions once more.
    """
    return f"{snapshot.version:0{DIGITS}d}-{snapshot.made_at_ms}-{model_version:0{DIGITS}d}"


def is_there(folder: Path, stem: str) -> bool:
    """Tell whether an index was made; whether it can be read shows when it is mapped."""
    return (folder / f"{stem}{SUFFIX}").exists() and (folder / f"{stem}{TABLE_SUFFIX}").exists()


def map_index(folder: Path, stem: str, model: Model) -> tuple[Segment, AdTable]:
    """Map an index and its table. Raises: IndexUnreadable. Cost: one pass of a checksum over both."""
    segment = map_segment(folder / f"{stem}{SUFFIX}")
    try:
        header, arrays = read_arrays(folder / f"{stem}{TABLE_SUFFIX}")
        table = AdTable(arrays["alone"], arrays["keys"], arrays["spread"], arrays["ad_ids"])
    except (ModelUnreadable, KeyError) as error:
        raise IndexUnreadable(f"the table of {stem} cannot be used: {error}") from None
    if (header.version, header.features, len(table)) != (model.version, model.header.features, len(segment)):
        raise IndexUnreadable(f"the table of {stem} is not that of its index")
    return segment, table


def keep_posts(folder: Path, posts: Iterable[PostTotals]) -> None:
    """Leave what was counted of posts for whoever makes the next index; without it, ads begin from their like."""
    draft = folder / f".{POSTS}.{os.getpid()}"
    try:
        draft.write_bytes(_encode(list(posts)))
        draft.replace(folder / POSTS)
    except OSError as error:
        log.warning("what was counted of posts could not be kept: %s", error.strerror)


def kept_posts(folder: Path) -> list[PostTotals]:
    """Return what was left; nothing where there is nothing that can be read."""
    try:
        return _DECODER.decode((folder / POSTS).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return []


def write_index(folder: Path, stem: str, segment: Segment, table: AdTable, header: Header) -> None:
    """Write both files, the index last, and remove those that nobody will map any more. Under ``alone``."""
    arrays: dict[str, NDArray[Any]] = {
        "alone": table.alone,
        "keys": table.keys,
        "spread": table.spread,
        "ad_ids": table.ad_ids,
    }
    write_arrays(folder / f"{stem}{TABLE_SUFFIX}", header, arrays)
    save(segment, folder / f"{stem}{SUFFIX}", label=f"model {header.version}")
    made = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)
    kept = {path.stem for path in made[-KEPT:]}
    for path in folder.iterdir():
        if path.name not in {LOCK, POSTS} and path.stem not in kept:
            path.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder against other makers; waits for the one that holds it."""
    with (folder / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
