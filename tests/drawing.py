"""Pictures for tests, drawn on the spot: each of one colour, so that one is told from another."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

_CODECS = {".jpg": ("mjpeg", "yuvj420p"), ".png": ("png", "rgb24"), ".webp": ("libwebp", "yuv420p")}


def a_picture(path: Path, *, light: int = 128, width: int = 48, height: int = 64) -> Path:
    """Draw a picture as its name says: jpg, png or webp."""
    codec, pixels = _CODECS[path.suffix]
    frame = VideoFrame.from_bytes(bytes([light, light, light, 255]) * width * height, width, height, "rgba")
    encoder = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = width, height, pixels, Fraction(1, 25)
    packets = [*encoder.encode(frame.reformat(format=pixels)), *encoder.encode(None)]
    path.write_bytes(b"".join(bytes(packet) for packet in packets))
    return path


def light_of(path: Path) -> int:
    """Return how light a stored picture is, 0 to 255."""
    reader = {".jpg": "jpeg_pipe", ".png": "png_pipe"}[path.suffix]
    with av.open(str(path), "r", format=reader) as source:
        grey = next(source.decode(video=0)).reformat(width=8, height=8, format="gray", dst_color_range="JPEG")
    return bytes(grey.planes[0])[0]
