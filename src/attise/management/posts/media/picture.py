"""The child's look at a picture: its sides from its header, then its pixels, turned upright and written anew.

Only pixels go through: places, cameras, profiles, comments and programs stay behind.
"""

from __future__ import annotations

import os
from pathlib import Path

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from attise.management.posts.media.bare import lay_bare
from attise.management.posts.media.errors import IMAGE_DIMENSIONS, IMAGE_UNREADABLE, MediaRefused
from attise.management.posts.media.messages import STORED_NAME, ImageFound, ImageJob
from attise.management.posts.media.seeing import Turn, turn, write_picture
from attise.management.posts.media.sniff import ImageKind

_DECODERS: dict[ImageKind, str] = {"jpeg": "mjpeg", "png": "png", "webp": "webp"}
_TURNS: dict[int, Turn] = {
    1: (),
    2: (("hflip", ""),),
    3: (("hflip", ""), ("vflip", "")),
    4: (("vflip", ""),),
    5: (("transpose", "cclock_flip"),),
    6: (("transpose", "clock"),),
    7: (("transpose", "clock_flip"),),
    8: (("transpose", "cclock"),),
}
"""How to turn a picture, by its orientation as cameras count."""


def look_at_picture(job: ImageJob) -> ImageFound:
    """Decode the picture of a job and write it as jpg, or as png when it was one or is see-through.

    Raises: MediaRefused, MemoryError, OSError of a full disk.
    """
    with os.fdopen(job.file, "rb", buffering=0, closefd=False) as file:
        file.seek(0)
        bare = lay_bare(file.read(job.limits.max_bytes), job.kind)
    if not 0 < bare.width * bare.height <= job.limits.max_pixels:
        raise MediaRefused(IMAGE_DIMENSIONS, measured=bare.width * bare.height, limit=job.limits.max_pixels)
    frame = _decode(bare.data, _DECODERS[job.kind], job.limits.max_pixels)
    frame = turn(frame, _TURNS[bare.orientation])
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
