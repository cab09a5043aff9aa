"""Lays a picture file bare: its sides, which way is up, and the parts without which it would not show.

Runs in the child, before any decoder. What cameras and programs write around the pixels (places, names, profiles,
thumbnails, comments) is dropped here, so that no decoder unpacks it and nothing odd in it spoils a good picture.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from attise.management.posts.media.errors import IMAGE_UNREADABLE, MediaRefused
from attise.management.posts.media.sniff import ImageKind

_MARKER = 0xFF
_JPEG_SIDES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a jpg that carry the sides of the picture."""
_JPEG_ALONE = frozenset(range(0xD0, 0xD9)) | {0x01}
"""Markers without a body."""
_JPEG_SCAN = 0xDA
_JPEG_EXIF = 0xE1
_JPEG_DROPPED = frozenset(range(0xE1, 0xF0)) - {0xEE} | {0xFE}
"""Application parts and comments, but not the one that tells the colours apart (``Adobe``)."""
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"})
_WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH"})
_ORIENTATION = 0x112
_ORIENTATIONS = 8
_MAX_ENTRIES = 200


class Bare(NamedTuple):
    """A picture without what is around it; ``orientation`` is 1 (upright) to 8, as cameras count."""

    data: bytes
    width: int
    height: int
    orientation: int


def lay_bare(data: bytes, kind: ImageKind) -> Bare:
    """Return the picture's own parts, and its sides as its header says them.

    Raises: MediaRefused(image_unreadable) when the file is not laid out as its kind is.
    """
    try:
        return {"jpeg": _jpeg, "png": _png, "webp": _webp}[kind](data)
    except (struct.error, IndexError) as error:
        raise MediaRefused(IMAGE_UNREADABLE) from error


def _jpeg(data: bytes) -> Bare:
    """Walk the segments up to the pixels."""
    kept = [data[:2]]
    sides: tuple[int, int] | None = None
    orientation = 1
    position = 2
    while sides is None or data[position + 1] != _JPEG_SCAN:
        if data[position] != _MARKER:
            raise MediaRefused(IMAGE_UNREADABLE)
        marker = data[position + 1]
        if marker == _MARKER or marker in _JPEG_ALONE:
            position += 1 if marker == _MARKER else 2
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        body = data[position + 4 : position + 2 + length]
        if length < 2 or marker == _JPEG_SCAN:  # noqa: PLR2004 - a length counts its own two bytes
            raise MediaRefused(IMAGE_UNREADABLE)
        if marker in _JPEG_SIDES:
            height, width = struct.unpack_from(">HH", body, 1)
            sides = (width, height)
        if marker == _JPEG_EXIF and body.startswith(b"Exif\0\0"):
            orientation = _orientation(body[6:])
        if marker not in _JPEG_DROPPED:
            kept.append(data[position : position + 2 + length])
        position += 2 + length
    return Bare(b"".join((*kept, data[position:])), *sides, orientation)


def _png(data: bytes) -> Bare:
    """Walk the chunks; a chunk that runs over the end is kept for the decoder to judge."""
    if data[12:16] != b"IHDR":
        raise MediaRefused(IMAGE_UNREADABLE)
    width, height = struct.unpack_from(">II", data, 16)
    kept = [data[:8]]
    orientation = 1
    position = 8
    while position + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, position)
        kind = data[position + 4 : position + 8]
        if kind == b"eXIf":
            orientation = _orientation(data[position + 8 : position + 8 + length])
        if kind in _PNG_KEPT:
            kept.append(data[position : position + 12 + length])
        if kind == b"IEND":
            break
        position += 12 + length
    return Bare(b"".join(kept), width, height, orientation)


def _webp(data: bytes) -> Bare:
    """Walk the chunks and write the frame around them anew."""
    kept = []
    sides: tuple[int, int] | None = None
    orientation = 1
    position = 12
    while position + 8 <= len(data):
        kind = data[position : position + 4]
        (length,) = struct.unpack_from("<I", data, position + 4)
        body = data[position + 8 : position + 8 + length]
        if sides is None and kind in _WEBP_KEPT:
            sides = _webp_sides(kind, body)
        if kind == b"EXIF":
            orientation = _orientation(body.removeprefix(b"Exif\0\0"))
        if kind in _WEBP_KEPT:
            kept.append(data[position : position + 8] + body + b"\0" * (len(body) % 2))
        position += 8 + length + length % 2
    if sides is None:
        raise MediaRefused(IMAGE_UNREADABLE)
    whole = b"WEBP" + b"".join(kept)
    return Bare(b"RIFF" + struct.pack("<I", len(whole)) + whole, *sides, orientation)


def _webp_sides(kind: bytes, body: bytes) -> tuple[int, int] | None:
    """Return the sides that a chunk says; the first chunk that shows anything says them."""
    if kind == b"VP8X":
        width, high_width, height, high_height = struct.unpack_from("<HBHB", body, 4)
        return (high_width << 16 | width) + 1, (high_height << 16 | height) + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", body, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _orientation(exif: bytes) -> int:
    """Return which way is up according to a camera's notes; 1 when they do not say or make no sense."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for entry in range(min(count, _MAX_ENTRIES)):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", exif, start + 2 + 12 * entry)
            if tag == _ORIENTATION:
                return value if 1 <= value <= _ORIENTATIONS else 1
    except struct.error:
        return 1
    return 1
