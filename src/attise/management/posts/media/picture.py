"""The child's look at a picture: its sides from its header, then its pixels, turned upright and written anew.

Only pixels go through: places, cameras, profiles, comments and programs stay behind.
"""

from __future__ import annotations

import os
from pathlib import Path

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from attise.management.posts.media.errors import IMAGE_DIMENSIONS, IMAGE_UNREADABLE, MediaRefused
from attise.management.posts.media.messages import STORED_NAME, ImageFound, ImageJob
from attise.management.posts.media.seeing import turn_upright, write_picture
from attise.management.posts.media.sniff import ImageKind

_DECODERS: dict[ImageKind, str] = {"jpeg": "mjpeg", "png": "png", "webp": "webp"}
_JPEG_SIDES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a jpg that carry the sides of the picture."""
_JPEG_BARE = frozenset(range(0xD0, 0xDA)) | {0x01}
"""Markers without a body."""
_MARKER = 0xFF


def look_at_picture(job: ImageJob) -> ImageFound:
    """Decode the picture of a job and write it as jpg, or as png when it was one or is see-through.

    Raises: MediaRefused, MemoryError, OSError of a full disk.
    """
    with os.fdopen(job.file, "rb", buffering=0, closefd=False) as file:
        file.seek(0)
        data = file.read(job.limits.max_bytes)
    width, height = _sides(data, job.kind)
    if not 0 < width * height <= job.limits.max_pixels:
        raise MediaRefused(IMAGE_DIMENSIONS, measured=width * height, limit=job.limits.max_pixels)
    frame = _decode(data, _DECODERS[job.kind], job.limits.max_pixels)
    frame = turn_upright(frame)
    see_through = any(component.is_alpha for component in frame.format.components) or frame.format.name == "pal8"
    path = Path(job.scratch) / STORED_NAME
    if see_through or job.kind == "png":
        write_picture(frame, path, codec="png", pixels="rgba" if see_through else "rgb24")
        return ImageFound(stored="png", width=frame.width, height=frame.height)
    write_picture(frame, path, codec="mjpeg", pixels="yuvj420p")
    return ImageFound(stored="jpeg", width=frame.width, height=frame.height)


def _decode(data: bytes, decoder: str, max_pixels: int) -> VideoFrame:
    """Return the first picture in the bytes. No reader of containers is involved, only the one decoder."""
    context = av.CodecContext.create(decoder, "r")
    if not isinstance(context, VideoCodecContext):
        raise TypeError(decoder)
    context.options = {"max_pixels": str(max_pixels), "threads": "1"}
    try:
        for packet in (av.Packet(data), None):
            for frame in context.decode(packet):
                if not frame.is_corrupt:
                    return frame
    except av.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        raise MediaRefused(IMAGE_UNREADABLE) from error
    raise MediaRefused(IMAGE_UNREADABLE)


def _sides(data: bytes, kind: ImageKind) -> tuple[int, int]:
    """Return width and height as the header says them, before any memory is reserved for the picture.

    Raises: MediaRefused(image_unreadable).
    """
    sides = {"png": _png_sides, "webp": _webp_sides, "jpeg": _jpeg_sides}[kind](data)
    if sides is None:
        raise MediaRefused(IMAGE_UNREADABLE)
    return sides


def _png_sides(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR":
        return None
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _webp_sides(data: bytes) -> tuple[int, int] | None:
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None


def _jpeg_sides(data: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 < len(data):
        if data[position] != _MARKER:
            return None
        marker = data[position + 1]
        if marker in _JPEG_SIDES:
            return int.from_bytes(data[position + 7 : position + 9], "big"), int.from_bytes(
                data[position + 5 : position + 7], "big"
            )
        if marker == _MARKER:
            position += 1
        elif marker in _JPEG_BARE:
            position += 2
        else:
            position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return None
