"""How an index lies on the disk: made by one process, mapped by all of a machine, thrown away with its snapshot.

::

    preamble   64 bytes: magic, format number, where the header is and its checksum, a checksum of these
    arrays     each at a multiple of 64 bytes, little-endian, as they are in memory
    header     msgpack of ``IndexHeader``

As with snapshots, a file is written under another name, brought to the disk and renamed, so that what bears the name is
whole. Its arrays are checked when it is opened. A file of a release whose rows, codes or order of tests are others is
refused: an index is made again in seconds and is never carried from one release to the next.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel import large_pages
from attise.records.snapshot.columns import bytes_of
from attise.records.snapshot.layout import ALIGNMENT, PREAMBLE, ArrayEntry
from attise.serving.targeting import codes
from attise.serving.targeting.order import TESTS
from attise.serving.targeting.rows import AD_ROW, GROUP_ROW
from attise.serving.targeting.segment import Clocks, Segment

MAGIC: Final = b"ATTINDEX"
FORMAT: Final = 2
SUFFIX: Final = ".index"
UNFINISHED: Final = ".tmp"
_VERSION_DIGITS: Final = 19
_ROWS: Final = {"ads": AD_ROW, "groups": GROUP_ROW}
"""Arrays whose type numpy cannot write in one word."""


class IndexUnreadable(Exception):  # noqa: N818 - an outcome: the reader goes on without this file
    """A file is no whole index of this release; the text says which, why, and what to do."""


class IndexHeader(msgspec.Struct, frozen=True):
    """What an index is about."""

    fingerprint: str
    """Of the rows, codes and tests that it was made with."""
    version: int
    """Of the snapshot that it was made from."""
    number: int
    label: str
    """Of its maker: with which bounds it was made."""
    size: int
    vocabulary: dict[int, dict[str, int]]
    deeds: dict[str, int]
    clock_zones: tuple[str, ...]
    timezones: tuple[str, ...]
    arrays: tuple[ArrayEntry, ...]


_DECODER: Final = msgspec.msgpack.Decoder(IndexHeader)


def file_name(version: int) -> str:
    """Return the name of the index of a snapshot's version; names sort as their versions do."""
    return f"{version:0{_VERSION_DIGITS}d}{SUFFIX}"


def save(segment: Segment, path: Path, *, label: str = "") -> IndexHeader:
    """Write an index, live bits included, and give it its name once it is whole and on the disk.

    A ``kill -9`` leaves at most an unfinished file beside it. An index of that name is replaced; whoever has it mapped
    goes on with it. Cost: its size to the disk.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with draft.open("wb") as file:
            file.write(bytes(PREAMBLE.size))
            entries = []
            for name, array in _arrays(segment).items():
                file.write(bytes(-file.tell() % ALIGNMENT))
                raw = bytes_of(array)
                dtype = "" if name in _ROWS else array.dtype.str
                entries.append(ArrayEntry(name, dtype, array.shape, file.tell(), len(raw), zlib.crc32(raw)))
                file.write(raw)
            header = IndexHeader(
                fingerprint=fingerprint(),
                version=segment.version,
                number=segment.number,
                label=label,
                size=file.tell(),
                vocabulary={drop: dict(rows) for drop, rows in segment.vocabulary.items()},
                deeds=dict(segment.deeds),
                clock_zones=segment.clocks.timezones,
                timezones=segment.timezones,
                arrays=tuple(entries),
            )
            at, body = file.tell(), msgspec.msgpack.encode(header)
            file.write(body)
            file.flush()
            os.pwrite(file.fileno(), _preamble(at, body), 0)
            os.fsync(file.fileno())
            large_pages.let_go(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _fsync_folder(path.parent)
    return header


def map_segment(path: Path) -> Segment:
    """Return the index of a file: views of a mapping that all processes share, with live bits of this process's own.

    Raises: IndexUnreadable. Cost: one pass of a checksum over the arrays. The mapping goes with the last view of it.
    """
    raw = _map(path)
    header = _read_header(path, raw)
    arrays = {entry.name: _view(path, raw, entry) for entry in header.arrays}
    segment = Segment(
        version=header.version,
        number=header.number,
        vocabulary=header.vocabulary,
        deeds=header.deeds,
        bits=arrays["bits"],
        ads=arrays["ads"],
        groups=arrays["groups"],
        lists=arrays["lists"],
        clocks=Clocks(header.clock_zones, arrays["clocks.timezone"], arrays["clocks.bits"]),
        timezones=header.timezones,
        orders={name.removeprefix("orders."): array for name, array in arrays.items() if name.startswith("orders.")},
        versions=arrays.get("versions"),
    )
    segment.live[:] = arrays["live"]
    return segment


def read_header(path: Path) -> IndexHeader:
    """Return what an index is about. Raises: IndexUnreadable. Cost: the header alone."""
    return _read_header(path, _map(path))


def fingerprint() -> str:
    """Return what two releases share if one can read the other's index."""
    meaning = (str(AD_ROW.descr), str(GROUP_ROW.descr), codes.all_words(), [int(drop) for drop in TESTS])
    return blake2b(msgspec.msgpack.encode(meaning), digest_size=16).hexdigest()


def _arrays(segment: Segment) -> Mapping[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {
        "bits": segment.bits,
        "live": segment.live,
        "ads": segment.ads,
        "groups": segment.groups,
        "lists": segment.lists,
        "clocks.timezone": segment.clocks.timezone,
        "clocks.bits": segment.clocks.bits,
    }
    found |= {f"orders.{name}": order for name, order in segment.orders.items()}
    if segment.versions is not None:
        found["versions"] = segment.versions
    return found


def _preamble(header_at: int, header: bytes) -> bytes:
    head = PREAMBLE.pack(MAGIC, FORMAT, 0, header_at, len(header), zlib.crc32(header), 0)[:-4]
    return head + struct.pack("<I", zlib.crc32(head))


def _read_header(path: Path, raw: mmap.mmap) -> IndexHeader:
    if len(raw) < PREAMBLE.size or raw[: len(MAGIC)] != MAGIC:
        raise _unreadable(path, "it is not an index")
    _, number, _, at, length, checksum, own = PREAMBLE.unpack(raw[: PREAMBLE.size])
    if own != zlib.crc32(raw[: PREAMBLE.size - 4]):
        raise _unreadable(path, "its first bytes changed")
    body = raw[at : at + length]
    if number != FORMAT or len(body) != length or len(raw) != at + length or zlib.crc32(body) != checksum:
        raise _unreadable(path, "it was cut, or written in another format")
    try:
        header = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise _unreadable(path, f"its header cannot be read ({error})") from error
    if header.fingerprint != fingerprint():
        raise _unreadable(path, "another release made it")
    return header


def _view(path: Path, raw: mmap.mmap, entry: ArrayEntry) -> NDArray[Any]:
    dtype = _ROWS.get(entry.name) or np.dtype(entry.dtype)
    count = int(np.prod(entry.shape, dtype=np.int64))
    if entry.offset % ALIGNMENT or count * dtype.itemsize != entry.size or entry.offset + entry.size > len(raw):
        raise _unreadable(path, f"{entry.name} lies where no array can")
    found: NDArray[Any] = (
        np.frombuffer(raw, dtype=dtype, count=count, offset=entry.offset) if count else np.zeros(0, dtype=dtype)
    )
    if zlib.crc32(bytes_of(found)) != entry.checksum:
        raise _unreadable(path, f"{entry.name} changed")
    found = found.reshape(entry.shape)
    found.flags.writeable = False
    return found


def _map(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            return large_pages.ask_for(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except ValueError as error:  # an empty file cannot be mapped
        raise _unreadable(path, "it is empty") from error
    except OSError as error:
        raise IndexUnreadable(f"{path} cannot be read: {error.strerror}.") from error


def _unreadable(path: Path, how: str) -> IndexUnreadable:
    return IndexUnreadable(f"{path} cannot be used: {how}. Remove it: another is made from the snapshot.")


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
