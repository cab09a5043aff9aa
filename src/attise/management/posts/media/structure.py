"""A first look at how a file is laid out, before any media library reads it.

Runs in the child. It finds what a library would only discover late or answer vaguely: a file cut short, an index out
of proportion, pictures that lie in another file. It is strict about sizes and lenient about the rest: what it lets
pass, the library judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from attise.management.posts.media.errors import (
    BOMB,
    CONTAINER_NOT_ALLOWED,
    EXTERNAL_REFERENCE,
    INCOMPLETE,
    INDEX_MISSING,
    UNREADABLE,
    MediaRefused,
)
from attise.management.posts.media.limits import VideoLimits
from attise.management.posts.media.sniff import EBML, VideoContainer

_TOP_BOXES = frozenset(
    b"ftyp styp moov moof mfra mdat free skip wide pnot meta uuid sidx ssix prft emsg pdin udta PICT junk".split()
)
_MAX_BOXES = 300_000
"""Two boxes per fragment and a fragment per picture still fit."""
_BOX_HEADER = 8
_LONG_BOX_HEADER = 16
_SELF_CONTAINED = 1
_DOCTYPES = (b"webm", b"matroska")
_EBML_HEADER_BYTES = 4_000
_SEGMENT = b"\x18S\x80g"
_VOID = b"\xec"
_DOCTYPE = b"\x42\x82"
_VOIDS = 16


def check(file: BinaryIO, size: int, container: VideoContainer, limits: VideoLimits) -> None:
    """Look at how a file of ``size`` bytes is laid out, in the way of its container. Raises: MediaRefused."""
    if container == "mov":
        check_boxes(file, size, max_index_bytes=limits.max_index_bytes)
    else:
        check_elements(file, size)


def check_boxes(file: BinaryIO, size: int, *, max_index_bytes: int) -> None:
    """Walk the top boxes of an mp4 or mov of ``size`` bytes and look into its index.

    Raises: MediaRefused (media_incomplete, media_unreadable, media_index_missing, media_bomb,
    media_external_reference, media_container_not_allowed).
    Cost: one seek per top box; the index is held in memory (at most ``max_index_bytes``).
    """
    index: tuple[int, int] | None = None
    data = False
    for kind, start, end in _top_boxes(file, size):
        if kind not in _TOP_BOXES:
            if index and data:
                break  # something was glued behind a whole video: it is not copied, so it does no harm
            if not kind.isalnum():
                raise MediaRefused(UNREADABLE)
        if end < start:
            raise MediaRefused(UNREADABLE)
        if end > size:
            raise MediaRefused(INCOMPLETE, measured=size, limit=end)
        if kind == b"moov" and index is None:
            index = (start, end)
        data = data or kind in {b"mdat", b"moof"}
    if index is None:
        raise MediaRefused(INDEX_MISSING)
    if index[1] - index[0] > max_index_bytes:
        raise MediaRefused(BOMB)
    file.seek(index[0])
    _check_index(file.read(index[1] - index[0]))


def _top_boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of each box at the top; ``end`` is what the box says and may lie past the file's."""
    position = 0
    for _ in range(_MAX_BOXES):
        if position + _BOX_HEADER > size:
            return
        file.seek(position)
        header = file.read(_LONG_BOX_HEADER)
        start, end = _extent(header, position, size)
        yield header[4:8], start, end
        position = end
    raise MediaRefused(BOMB)


def _extent(header: bytes, position: int, size: int) -> tuple[int, int]:
    """Return where the body of a box starts and ends; the end is before the start when the box makes no sense.

    A length of 0 means to the end of the file, 1 that a long length follows.
    """
    length = int.from_bytes(header[:4], "big")
    if length == 0:
        return position + _BOX_HEADER, size
    if length != 1:
        return position + _BOX_HEADER, position + length
    length = int.from_bytes(header[8:16], "big") if len(header) == _LONG_BOX_HEADER else 0
    return position + _LONG_BOX_HEADER, position + length


def _check_index(moov: bytes) -> None:
    """Refuse an index that is compressed, that points to other movies, or whose tracks lie in other files."""
    for kind, start, end in _children(moov, 0, len(moov)):
        if kind == b"cmov":
            raise MediaRefused(CONTAINER_NOT_ALLOWED, found="CMOV")
        if kind == b"rmra":
            raise MediaRefused(EXTERNAL_REFERENCE)
        if kind == b"trak":
            for references in _descend(moov, start, end, (b"mdia", b"minf", b"dinf", b"dref")):
                _check_references(moov, *references)


def _check_references(moov: bytes, start: int, end: int) -> None:
    """Refuse a data reference that says it is elsewhere and says where."""
    for _kind, entry, entry_end in _children(moov, start + 8, end):
        flags = int.from_bytes(moov[entry : entry + 4], "big") & 0xFFFFFF
        if not flags & _SELF_CONTAINED and moov[entry + 4 : entry_end].strip(b"\0"):
            raise MediaRefused(EXTERNAL_REFERENCE)


def _descend(buffer: bytes, start: int, end: int, path: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    """Yield the extents of the boxes at ``path`` under an extent. ``path`` bounds the depth."""
    for kind, child, child_end in _children(buffer, start, end):
        if kind == path[0]:
            if len(path) == 1:
                yield child, child_end
            else:
                yield from _descend(buffer, child, child_end, path[1:])


def _children(buffer: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of the boxes in an extent; stops at the first that does not fit."""
    while start + _BOX_HEADER <= end:
        length = int.from_bytes(buffer[start : start + 4], "big")
        if length < _BOX_HEADER or start + length > end:
            return
        yield buffer[start + 4 : start + 8], start + _BOX_HEADER, start + length
        start += length


def check_elements(file: BinaryIO, size: int) -> None:
    """Read the header of a webm (or matroska) of ``size`` bytes and the extent of its one segment.

    Raises: MediaRefused (media_container_not_allowed, media_incomplete, media_unreadable).
    """
    file.seek(0)
    head = file.read(_EBML_HEADER_BYTES + 1_024)
    length, position = _variable(head, len(EBML))
    if length is None or length > _EBML_HEADER_BYTES or position + length > len(head):
        raise MediaRefused(UNREADABLE)
    doctype = _doctype(head[position : position + length])
    if doctype not in _DOCTYPES:
        raise MediaRefused(CONTAINER_NOT_ALLOWED, found=doctype.decode("ascii", "replace")[:16] or "EBML")
    position += length
    for _ in range(_VOIDS):
        file.seek(position)
        element = file.read(16)
        if not element.startswith(_VOID):
            break
        length, after = _variable(element, 1)
        if length is None:
            raise MediaRefused(UNREADABLE)
        position += after + length
    if not element.startswith(_SEGMENT):
        raise MediaRefused(INDEX_MISSING)
    length, after = _variable(element, len(_SEGMENT))
    if length is not None and position + after + length > size:
        raise MediaRefused(INCOMPLETE, measured=size, limit=position + after + length)


def _doctype(header: bytes) -> bytes:
    """Return the document type that an EBML header declares, or nothing."""
    position = 0
    while position + 2 < len(header) and header[position]:
        width = 9 - header[position].bit_length()
        name = header[position : position + width]
        length, position = _variable(header, position + width)
        if length is None:
            break
        if name == _DOCTYPE:
            return header[position : position + length].rstrip(b"\0")
        position += length
    return b""


def _variable(buffer: bytes, position: int) -> tuple[int | None, int]:
    """Return a variable-length size and where it ends; None stands for *unknown*, as live recordings write.

    Raises: MediaRefused(media_unreadable) when there is none.
    """
    if position >= len(buffer) or buffer[position] == 0:
        raise MediaRefused(UNREADABLE)
    width = 9 - buffer[position].bit_length()
    raw = buffer[position : position + width]
    if len(raw) < width:
        raise MediaRefused(UNREADABLE)
    value = int.from_bytes(raw, "big") & ((1 << 7 * width) - 1)
    return (None if value == (1 << 7 * width) - 1 else value), position + width
