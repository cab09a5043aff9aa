"""How a snapshot lies on the disk: a preamble, payloads, arrays, and a header that says where everything is.

::

    preamble   64 bytes: magic, format number, where the header is and its checksum, a checksum of these
    payloads   one after the other: length and checksum (4 bytes each), then msgpack of ``shapes``
    arrays     each at a multiple of 64 bytes, little-endian, as numpy keeps them in memory
    header     msgpack of ``Header``

A file is written under another name and renamed once it is whole and on the disk, so that what bears the name of a
snapshot is one. Arrays are checked when a file is opened, payloads when they are read. New arrays and new fields of
the header do not change the format number; an older reader does not ask for them.
"""

from __future__ import annotations

import struct
import zlib

import msgspec

MAGIC = b"ATTISNAP"
FORMAT = 1
ALIGNMENT = 64
PREAMBLE = struct.Struct("<8sIIQQI24xI")
"""Magic, format, 0, header's place, header's length, header's checksum, checksum of all before it."""
PAYLOAD = struct.Struct("<II")
"""Length and checksum of the bytes that follow."""
SUFFIX = ".snapshot"
FOLDER = "snapshots"
"""Of the data folder: where snapshots are."""
VERSION_DIGITS = 19


class SnapshotUnreadable(Exception):  # noqa: N818 - an outcome: the reader goes on without this file
    """A file is no whole snapshot that this release can read; the text says which, why, and what to do."""


class ArrayEntry(msgspec.Struct, frozen=True):
    """Where one array lies."""

    name: str
    dtype: str
    """numpy's, with its byte order: ``<i8``, ``<u4``…"""
    shape: tuple[int, ...]
    offset: int
    size: int
    """Bytes."""
    checksum: int
    """CRC-32."""


class Header(msgspec.Struct, frozen=True):
    """What a snapshot is about."""

    version: int
    """Every change of the house up to this one is in it, and none after."""
    number: int
    """The newest delta that it makes needless; a reader goes on with the next."""
    made_at_ms: int
    """Wire time."""
    size: int
    """Of the whole file, bytes."""
    ads: int
    posts: int
    words: tuple[str, ...]
    """Texts that arrays name by their place here; the first is the empty one."""
    arrays: tuple[ArrayEntry, ...]


def file_name(version: int) -> str:
    """Return the name of the snapshot of a version; names sort as their versions do."""
    return f"{version:0{VERSION_DIGITS}d}{SUFFIX}"


def pack_preamble(header_at: int, header: bytes) -> bytes:
    """Return the preamble of a file whose header lies at ``header_at``."""
    head = PREAMBLE.pack(MAGIC, FORMAT, 0, header_at, len(header), zlib.crc32(header), 0)[:-4]
    return head + struct.pack("<I", zlib.crc32(head))


def unpack_preamble(raw: bytes, *, size: int, what: str) -> tuple[int, int, int]:
    """Return where the header of a file of ``size`` bytes lies, its length and its checksum.

    Raises: SnapshotUnreadable.
    """
    if len(raw) < PREAMBLE.size or raw[: len(MAGIC)] != MAGIC:
        raise SnapshotUnreadable(f"{what} is not a snapshot. Remove it: the worker writes another.")
    _, number, _, header_at, length, checksum, own = PREAMBLE.unpack(raw[: PREAMBLE.size])
    if own != zlib.crc32(raw[: PREAMBLE.size - 4]):
        raise damaged(what, "its first bytes changed")
    if number > FORMAT:
        raise SnapshotUnreadable(
            f"{what} was written by a newer release (format {number}, this one reads {FORMAT}). "
            "Install that release here too, or let this one's worker write its own."
        )
    if header_at + length > size:
        raise damaged(what, f"it ends after {size} bytes, before its header")
    return header_at, length, checksum


def damaged(what: str, how: str) -> SnapshotUnreadable:
    """Return the refusal of a file that is not as it was written."""
    return SnapshotUnreadable(f"{what} is damaged: {how}. Remove it: the worker writes another.")
