"""Decodes pictures here and there to prove that a video is one, and makes its cover.

Runs in the child. How much is decoded is bounded in pixels, not in time, so the same file always gets the same verdict.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import av.container
import av.filter
from av.audio.stream import AudioStream
from av.sidedata.sidedata import Type
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from attise.management.posts.media.errors import UNREADABLE, MediaRefused
from attise.management.posts.media.limits import VideoLimits

_BETWEEN = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
_FIRST_SHARE = Fraction(1, 4)
_BETWEEN_SHARE = Fraction(1, 16)
_LAST_SHARE = Fraction(1, 2)
_COVER_TRIES = 90
"""Three seconds of an ordinary video: past that, a dark beginning is what its creator meant."""
_BETWEEN_TRIES = 8
_DARK = 16
"""Of 255, mean brightness."""
_THUMB_PX = 32
_SOUND_PACKETS = 8

Turn = tuple[tuple[str, str], ...]
"""Filters, with their arguments, that turn a picture."""

_UPRIGHT: dict[tuple[int, ...], Turn] = {
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}
"""How to turn a picture, by the signs of the four corners of its display matrix."""
_QUARTERS: dict[int, tuple[int, ...]] = {1: (0, -1, 1, 0), 2: (-1, 0, 0, -1), 3: (0, 1, -1, 0)}
"""The corners of the matrices that turn by quarters, counterclockwise."""


class Seen(NamedTuple):
    """What decoding showed: a picture for the cover, upright, and the sides of the video as displayed."""

    cover: VideoFrame
    width: int
    height: int


def look(source: av.container.InputContainer, video: VideoStream, *, duration_ms: int, limits: VideoLimits) -> Seen:
    """Decode the first pictures, some in between and the last.

    Raises: MediaRefused(media_unreadable) when any of these places gives no sound picture.
    Cost: at most ``limits.seen_px`` pixels decoded.
    """
    frames = Fraction(limits.seen_px, max(video.width * video.height, 1))
    cover = _brightest(_pictures(source, video, 0, tries=min(_COVER_TRIES, int(frames * _FIRST_SHARE))))
    for place in _BETWEEN:
        at_us = int(place * duration_ms) * 1_000
        _one(_pictures(source, video, at_us, tries=min(_BETWEEN_TRIES, int(frames * _BETWEEN_SHARE))))
    _one(_pictures(source, video, duration_ms * 1_000, tries=int(frames * _LAST_SHARE)))
    return displayed(video, cover)


def displayed(video: VideoStream, frame: VideoFrame) -> Seen:
    """Return a picture of a video upright, with the sides of the video as displayed."""
    ratio = video.sample_aspect_ratio or Fraction(1)
    width = max(round(video.width * ratio), 1) if Fraction(1, 8) < ratio < Fraction(8) else video.width
    turns = _turn_of(frame)
    turned = any(name == "transpose" for name, _ in turns)
    return Seen(turn(frame, turns), *((video.height, width) if turned else (width, video.height)))


def write_cover(seen: Seen, limits: VideoLimits, path: Path) -> tuple[int, int]:
    """Write a picture as wide as the video is displayed but not wider than the limit; return its sides."""
    width, height = limits.cover_sides(seen.width, seen.height)
    picture = seen.cover.reformat(width=width, height=height, format="yuvj420p")
    write_picture(picture, path, codec="mjpeg", pixels="yuvj420p")
    return width, height


def hear(source: av.container.InputContainer, audio: AudioStream) -> None:
    """Decode the first packets of the sound.

    Raises: MediaRefused(media_unreadable) when none gives any.
    """
    source.seek(0)
    heard = 0
    for packet in itertools.islice(source.demux(audio), _SOUND_PACKETS):
        try:
            heard += len(packet.decode())
        except av.FFmpegError as error:
            if isinstance(error, MemoryError):
                raise
    if not heard:
        raise MediaRefused(UNREADABLE)


def _pictures(
    source: av.container.InputContainer, video: VideoStream, at_us: int, *, tries: int
) -> Iterator[VideoFrame]:
    """Yield up to ``tries`` sound pictures from the last place before ``at_us`` where decoding can start."""
    tries = max(tries, 1)
    try:
        source.seek(at_us + max(source.start_time or 0, 0))
        for packet in source.demux(video):
            try:
                decoded = packet.decode()
            except av.FFmpegError as error:
                if isinstance(error, MemoryError):
                    raise
                tries -= 1
                decoded = []
            for frame in decoded:
                tries -= 1
                if not frame.is_corrupt:
                    yield frame
            if tries <= 0:
                return
    except av.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        return


def _one(pictures: Iterator[VideoFrame]) -> None:
    """Ask for at least one picture, and decode all that is offered."""
    if not sum(1 for _ in pictures):
        raise MediaRefused(UNREADABLE)


def _brightest(pictures: Iterator[VideoFrame]) -> VideoFrame:
    """Return the first picture that is not dark, or the least dark of all."""
    best: tuple[int, VideoFrame] | None = None
    for frame in pictures:
        light = _light(frame)
        if best is None or light > best[0]:
            best = (light, frame)
        if light >= _DARK:
            break
    if best is None:
        raise MediaRefused(UNREADABLE)
    return best[1]


def _light(frame: VideoFrame) -> int:
    """Return how bright a picture is on average, 0..255."""
    small = frame.reformat(width=_THUMB_PX, height=_THUMB_PX, format="gray", dst_color_range="JPEG")
    plane = small.planes[0]
    rows = bytes(plane)
    return sum(sum(rows[y * plane.line_size :][:_THUMB_PX]) for y in range(_THUMB_PX)) // (_THUMB_PX * _THUMB_PX)


def _turn_of(frame: VideoFrame) -> Turn:
    """Return the filters that turn a picture upright, by the matrix that came with it."""
    try:
        notes: Any = frame.side_data  # iterates over what came with the picture, whatever its type says
        raw = next((bytes(note) for note in notes if note.type == Type.DISPLAYMATRIX), b"")
    except ValueError:  # a kind of note that the library's binding does not know yet, beside the matrix
        quarter = round(frame.rotation / 90)
        return _UPRIGHT.get(_QUARTERS.get(quarter % 4, ()), ())
    if len(raw) < struct.calcsize("9i"):
        return ()
    numbers = struct.unpack_from("9i", raw)
    corners = (numbers[0], numbers[1], numbers[3], numbers[4])
    largest = max(abs(number) for number in corners)
    signs = tuple((number > 0) - (number < 0) if 2 * abs(number) > largest else 0 for number in corners)
    return _UPRIGHT.get(signs, ())


def turn(frame: VideoFrame, turns: Turn) -> VideoFrame:
    """Return a picture turned and mirrored as told."""
    if not turns:
        return frame
    graph = av.filter.Graph()
    graph.threads = 1
    nodes = [
        graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1_000))
    ]
    nodes += [graph.add(name, argument or None) for name, argument in turns]
    nodes.append(graph.add("buffersink"))
    for node, following in itertools.pairwise(nodes):
        node.link_to(following)
    graph.configure()
    graph.push(frame)
    turned = graph.pull()
    if not isinstance(turned, VideoFrame):
        raise MediaRefused(UNREADABLE)
    return turned


def write_picture(frame: VideoFrame, path: Path, *, codec: str, pixels: str) -> None:
    """Write one picture as a file that holds the picture and nothing else."""
    frame = frame.reformat(format=pixels, dst_color_range="JPEG")
    encoder = av.CodecContext.create(codec, "w")
    if not isinstance(encoder, VideoCodecContext):
        raise TypeError(codec)
    encoder.width, encoder.height = frame.width, frame.height
    encoder.pix_fmt = pixels
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"flags": "+bitexact+qscale", "global_quality": str(4 * 118), "threads": "1"}
    frame.pts = 0
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    with path.open("wb") as file:
        for packet in packets:
            file.write(bytes(packet))
