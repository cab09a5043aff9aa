"""Copies a video's tracks into a clean file, or only counts them; either way every packet is read once.

Runs in the child. Nothing is decoded: pictures and sound stay as they are, and all else is left behind: titles, places,
times, chapters, captions, data, attachments, whatever was glued to the file. What is said by headers is not believed:
durations, rates and sizes are measured here, on the packets.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import av.container
from av.packet import Packet
from av.stream import Stream

from attise.management.posts.media.errors import BOMB, FRAME_RATE, TOO_LONG, UNREADABLE, MediaRefused, seconds
from attise.management.posts.media.limits import VideoLimits
from attise.management.posts.media.messages import StoredFormat
from attise.management.posts.media.reading import Tracks

_MICROSECONDS = 1_000_000
_FLAGS = {"fflags": "+bitexact"}
"""Without it the library signs the file with its version, and webm with a random id."""
_OPTIONS: dict[StoredFormat, dict[str, str]] = {
    "mp4": {**_FLAGS, "movflags": "faststart"},
    "webm": {**_FLAGS, "cues_to_front": "1"},
}
"""The index comes first, so that playing starts before the file is whole."""


class Measured:
    """What the packets of a video say, as they go by."""

    def __init__(self, limits: VideoLimits, source_bytes: int) -> None:
        self._limits = limits
        self._most_bytes = source_bytes + source_bytes // 2 + 1_000_000
        self._bytes = 0
        self._packets = 0
        self.frames = 0
        self.first_s: Fraction | None = None
        self.last_s = Fraction(0)
        self.first_frame_s: Fraction | None = None
        self.last_frame_s = Fraction(0)

    def take(self, packet: Packet[Stream], *, is_video: bool) -> None:
        """Count a packet.

        Raises: MediaRefused: media_too_long as soon as the time is over, media_bomb when there is more in the file than
        the file is large (tracks made of the same bytes again and again) or more packets than any video has.
        """
        self._packets += 1
        self._bytes += packet.size
        self.frames += is_video
        if self._packets > self._limits.max_packets or self._bytes > self._most_bytes:
            raise MediaRefused(BOMB)
        if packet.time_base is None or (at := packet.pts if packet.pts is not None else packet.dts) is None:
            return
        start = at * packet.time_base
        end = start + max(packet.duration or 0, 0) * packet.time_base
        self.first_s = start if self.first_s is None else min(self.first_s, start)
        self.last_s = max(self.last_s, end)
        if is_video:
            self.first_frame_s = start if self.first_frame_s is None else min(self.first_frame_s, start)
            self.last_frame_s = max(self.last_frame_s, start)
        if self.duration_ms > self._limits.max_duration_ms + self._limits.grace_ms:
            raise MediaRefused(
                TOO_LONG, measured=seconds(self.duration_ms), limit=seconds(self._limits.max_duration_ms)
            )

    @property
    def duration_ms(self) -> int:
        """From the first packet to the end of the last; sound before zero is never heard and not counted."""
        return round((self.last_s - max(self.first_s or Fraction(0), Fraction(0))) * 1_000)

    @property
    def fps_milli(self) -> int:
        """Pictures in a thousand seconds, over the whole video; 0 when there is one picture."""
        span_s = self.last_frame_s - (self.first_frame_s or Fraction(0))
        return round((self.frames - 1) / span_s * 1_000) if span_s > 0 and self.frames > 1 else 0

    def check(self) -> None:
        """Refuse what only the whole file shows.

        Raises: MediaRefused (media_unreadable, media_frame_rate).
        """
        if not self.frames:
            raise MediaRefused(UNREADABLE)
        all_at_once = self.fps_milli == 0 and self.frames > 1
        if self.frames > self._limits.max_frames or all_at_once:
            raise MediaRefused(FRAME_RATE, measured=self.frames, limit=self._limits.max_fps)
        if self.fps_milli > (self._limits.max_fps + 1) * 1_000:
            raise MediaRefused(FRAME_RATE, measured=round(self.fps_milli / 1_000), limit=self._limits.max_fps)


class CannotBeCopied(Exception):  # noqa: N818 - an outcome: the next step is to encode
    """The tracks are good but no container takes them as they are: they must be encoded."""


def measure(source: av.container.InputContainer, tracks: Tracks, limits: VideoLimits, size: int) -> Measured:
    """Read every packet of the tracks that count and return what they say.

    Raises: MediaRefused.
    """
    measured = Measured(limits, size)
    try:
        for packet in source.demux(tracks.kept):
            if packet.size:
                measured.take(packet, is_video=packet.stream is tracks.video)
    except av.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        raise MediaRefused(UNREADABLE) from error
    measured.check()
    return measured


def copy_clean(
    source: av.container.InputContainer, tracks: Tracks, path: Path, form: StoredFormat, measured: Measured
) -> None:
    """Write the tracks that count into ``path``, with nothing that was said about them but how to turn the picture.

    Raises: CannotBeCopied when the reader or the writer balks; MediaRefused, MemoryError, OSError as they come.
    """
    try:
        with av.open(f"file:{path}", "w", format=form, options=_OPTIONS[form]) as target:
            _write(source, tracks, target, measured)
    except (ValueError, EOFError) as error:  # what the library raises for data or settings that it does not take
        raise CannotBeCopied from error


def _write(
    source: av.container.InputContainer,
    tracks: Tracks,
    target: av.container.OutputContainer,
    measured: Measured,
) -> None:
    """Send each packet on, from zero if the file starts later."""
    outs = {}
    for stream in tracks.kept:
        # A decoder of another library has no writing twin of its name: its settings are taken as they are.
        opaque = stream.codec_context.name.startswith("lib") or None
        outs[stream.index] = target.add_stream_from_template(stream, opaque=opaque)
    late = max(source.start_time or 0, 0)
    for packet in source.demux(tracks.kept):
        if not packet.size:
            continue
        measured.take(packet, is_video=packet.stream is tracks.video)
        if packet.time_base is not None and late:
            shift = round(Fraction(late, _MICROSECONDS) / packet.time_base)
            packet.pts = None if packet.pts is None else packet.pts - shift
            packet.dts = None if packet.dts is None else packet.dts - shift
        packet.stream = outs[packet.stream.index]
        target.mux_one(packet)
