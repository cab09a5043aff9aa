"""Films for tests, encoded on the spot by the media library: ordinary ones, and odd ones."""

from __future__ import annotations

import io
import itertools
import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

RATE_HZ = 48_000
CLIP_SECONDS = {"aurora": 5, "confetti": 5, "sunburst": 12, "dunes": 5}


def picture(number: int, width: int, height: int, *, dark: bool = False) -> VideoFrame:
    """Return a picture that differs from its neighbours: bright bars that walk down a grey ground."""
    rows = bytearray()
    for y in range(height):
        bright = (y // 8 + number) % 10 == 0
        rows += bytes((0, 0, 0, 255) if dark else (220, 200, 90, 255) if bright else (70, 90, 110, 255)) * width
    frame = VideoFrame.from_bytes(bytes(rows), width, height, "rgba")
    frame.pts, frame.time_base = number, Fraction(1, 30)
    return frame


def make(
    path: Path,
    *,
    form: str = "mp4",
    codec: str | None = "libx264",
    pixels: str = "yuv420p",
    width: int = 96,
    height: int = 160,
    frames: int = 45,
    fps: int = 30,
    sounds: Sequence[str] = ("aac",),
    videos: int = 1,
    metadata: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    encoding: dict[str, str] | None = None,
    subtitles: str | None = None,
    attachment: bytes | None = None,
    dark: int = 0,
    stretch: int = 1,
    start_s: int = 0,
) -> Path:
    """Encode a film of ``frames`` pictures at ``fps`` with a hum in each sound track.

    The first ``dark`` pictures are black; pixels are ``stretch`` times as wide as high; it starts at ``start_s``.
    """
    with av.open(str(path), "w", format=form, options=options or {}) as target:
        target.metadata.update(metadata or {})
        tracks = []
        for _ in range(videos if codec else 0):
            video = target.add_stream(codec, rate=fps, options={"threads": "1", **(encoding or {})})
            video.width, video.height, video.pix_fmt = width, height, pixels
            video.codec_context.sample_aspect_ratio = Fraction(stretch)
            tracks.append(video)
        hums = [target.add_stream(sound, rate=RATE_HZ) for sound in sounds]
        for hum in hums:
            hum.layout = "stereo"
        words = target.add_mux_stream("mov_text" if form in {"mp4", "mov"} else "subrip") if subtitles else None
        if attachment is not None:
            target.add_attachment("payload.html", "text/html", attachment)
        if words is not None:
            text = subtitles.encode()
            packet = av.Packet(struct.pack(">H", len(text)) + text if form in {"mp4", "mov"} else text)
            packet.stream, packet.time_base = words, Fraction(1, 1_000)
            packet.pts = packet.dts = 0
            packet.duration = 1_000
            target.mux(packet)
        for number in range(frames):
            for video in tracks:
                frame = picture(number, width, height, dark=number < dark).reformat(format=pixels)
                frame.pts, frame.time_base = number + start_s * fps, Fraction(1, fps)
                target.mux(video.encode(frame))
            for hum in hums:
                target.mux(hum.encode(_hum(number + start_s * fps, fps)))
        for track in (*tracks, *hums):
            target.mux(track.encode(None))
    return path


def _hum(number: int, fps: int) -> AudioFrame:
    samples = RATE_HZ // fps
    frame = AudioFrame(format="s16", layout="stereo", samples=samples)
    frame.planes[0].update(struct.pack("<hh", 900, -900) * samples)
    frame.sample_rate = RATE_HZ
    frame.pts, frame.time_base = number * samples, Fraction(1, RATE_HZ)
    return frame


def one_packet(width: int, height: int, *, codec: str = "libx264") -> tuple[bytes, bytes]:
    """Return one whole grey picture of the given size as mp4 holds it, and its decoder's settings if it needs any."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="mov") as target:
        options = {"threads": "1"} | ({"preset": "ultrafast"} if codec == "libx264" else {})
        video = target.add_stream(codec, rate=30, options=options)
        video.width, video.height = width, height
        video.pix_fmt = "yuv420p" if codec == "libx264" else "yuvj420p"
        ground = VideoFrame(width, height, video.pix_fmt)
        for plane in ground.planes:
            plane.update(b"\x80" * plane.buffer_size)
        target.mux(video.encode(ground))
        target.mux(video.encode(None))
    memory.seek(0)
    with av.open(memory, "r", format="mov") as source:
        packet = next(source.demux(video=0))
        return bytes(packet), bytes(source.streams.video[0].codec_context.extradata or b"")


def read(path: Path, form: str) -> dict[str, object]:
    """Read a stored film to its end with the same library and say what is in it."""
    with av.open(str(path), "r", format=form) as source:
        frames = sum(1 for _ in source.decode(video=0))
        video = source.streams.video[0]
        return {
            "frames": frames,
            "kinds": [stream.type for stream in source.streams],
            "codecs": [stream.codec_context.name for stream in source.streams if stream.codec_context],
            "pixels": video.codec_context.pix_fmt,
            "metadata": dict(source.metadata),
            "chapters": source.chapters(),
        }


def turned(good: bytes) -> bytes:
    """Return an mp4 that asks to be shown turned by a quarter, as telephones write it."""
    at = good.index(b"tkhd") + 4 + 40
    quarter = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    return good[:at] + quarter + good[at + 36 :]


def lines(path: Path) -> tuple[int, int]:
    """Return how much the brightness of a picture varies from row to row, and from column to column."""
    with av.open(str(path), "r", format="jpeg_pipe") as source:
        small = next(source.decode(video=0)).reformat(width=32, height=32, format="gray")
    plane = bytes(small.planes[0])
    rows = [plane[y * small.planes[0].line_size :][:32] for y in range(32)]
    down = sum(abs(sum(a) - sum(b)) for a, b in itertools.pairwise(rows))
    columns = [bytes(row[x] for row in rows) for x in range(32)]
    return down, sum(abs(sum(a) - sum(b)) for a, b in itertools.pairwise(columns))


def picture_in(path: Path) -> tuple[int, int, int]:
    """Return width, height and mean brightness of a picture file."""
    reader = {".jpg": "jpeg_pipe", ".png": "png_pipe"}[path.suffix]
    with av.open(str(path), "r", format=reader) as source:
        frame = next(source.decode(video=0))
        small = frame.reformat(width=32, height=32, format="gray", dst_color_range="JPEG")
    rows = [bytes(small.planes[0])[y * small.planes[0].line_size :][:32] for y in range(32)]
    return frame.width, frame.height, sum(map(sum, rows)) // 1_024
