"""The child's pictures from along a video: as many as asked, evenly spread, each a real one.

One reader goes through the video, another looks ahead for the next place where decoding can start, so that no picture
is decoded twice. How much is decoded is bounded in pixels; when that is used up, the pictures are fewer.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, cast

import av
import av.container
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from attise.management.posts.media.errors import UNREADABLE, MediaRefused
from attise.management.posts.media.limits import VideoLimits
from attise.management.posts.media.messages import FRAME_NAME, FramesFound, FramesJob
from attise.management.posts.media.reading import find_tracks, open_video
from attise.management.posts.media.seeing import displayed, write_cover

_SLACK = Fraction(1, 4)
"""A picture may come this part of a step before its place, where it costs less to reach."""


def take_frames(job: FramesJob) -> FramesFound:
    """Write the pictures of a job into its scratch folder, the first as number 0.

    Raises: MediaRefused when there is none; MemoryError; OSError of a full disk.
    """
    limits, scratch = job.limits, Path(job.scratch)
    with (
        open_video(_own_place(job.file), job.container, limits) as source,
        open_video(_own_place(job.file), job.container, limits) as ahead,
    ):
        walk = _Walk(source, ahead, limits)
        step_s = Fraction(job.duration_ms, 1_000 * job.count)
        sides, made, before = (0, 0), 0, None
        for number in range(job.count):
            place_s = step_s * number + step_s / 2
            early_s = place_s - step_s * _SLACK
            if job.at_ms is not None:
                place_s = early_s = Fraction(job.at_ms, 1_000)
            frame = walk.frame_at(early_s, place_s)
            if frame is None:
                break
            if frame is before:  # there are fewer pictures in the video than places
                continue
            before = frame
            sides = write_cover(displayed(walk.video, frame), limits, scratch / FRAME_NAME.format(made))
            made += 1
    if not made:
        raise MediaRefused(UNREADABLE)
    return FramesFound(count=made, width=sides[0], height=sides[1])


def _own_place(file: int) -> BinaryIO:
    """Return a reader of an open file with a place of its own, whoever else reads it."""
    return cast("BinaryIO", _Window(file))


class _Window(io.RawIOBase):
    """Reads an open file by its number, and moves nobody else's place in it."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what the interpreter hands over
        read = os.preadv(self._file, [buffer], self._at)
        self._at += read
        return read

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        self._at = max((os.fstat(self._file).st_size if base is None else base) + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at


class _Walk:
    """Goes forward through a video; places are seconds from its beginning."""

    def __init__(
        self, source: av.container.InputContainer, ahead: av.container.InputContainer, limits: VideoLimits
    ) -> None:
        self.video: VideoStream = find_tracks(source, limits).video
        self._source = source
        self._ahead, self._ahead_video = ahead, find_tracks(ahead, limits).video
        self._start_us = max(source.start_time or 0, 0)
        self._left = limits.frames_px // max(self.video.width * self.video.height, 1)
        self._frames = self._decoded()
        self._before: VideoFrame | None = None
        self._last: VideoFrame | None = None

    def frame_at(self, early_s: Fraction, place_s: Fraction) -> VideoFrame | None:
        """Return a picture that begins between the two, or is shown at the second; None when no more may be decoded."""
        if self._last is not None and self._at(self._last) >= early_s:
            return self._shown_at(place_s)
        begins_s = self._begins_before(place_s)
        if begins_s is not None and (self._last is None or begins_s > self._at(self._last)):
            self._seek(self._source, place_s)
            self._frames = self._decoded()
            self._last = None
        for frame in self._frames:
            self._before, self._last = self._last, frame
            if self._at(frame) >= early_s:
                return self._shown_at(place_s)
        return self._last if self._left > 0 else None

    def _shown_at(self, place_s: Fraction) -> VideoFrame | None:
        """Return the newest picture, or the one before when that is still shown at the place."""
        is_later = self._last is not None and self._at(self._last) > place_s
        return self._before if is_later and self._before is not None else self._last

    def _begins_before(self, place_s: Fraction) -> Fraction | None:
        """Return the last place before one where decoding can start, or None when that is not known."""
        try:
            self._seek(self._ahead, place_s)
            packet = next(self._ahead.demux(self._ahead_video))
        except (av.FFmpegError, StopIteration) as error:
            if isinstance(error, MemoryError):
                raise
            return None
        at = packet.pts if packet.pts is not None else packet.dts
        return None if at is None or packet.time_base is None else self._from_start(at * packet.time_base)

    def _decoded(self) -> Iterator[VideoFrame]:
        """Yield sound pictures from here on, within what may be decoded."""
        packets = self._source.demux(self.video)
        while self._left > 0:
            try:
                packet = next(packets)
                decoded = packet.decode()
            except StopIteration:
                return
            except av.FFmpegError as error:
                if isinstance(error, MemoryError):
                    raise
                self._left -= 1
                continue
            for frame in decoded:
                self._left -= 1
                if isinstance(frame, VideoFrame) and not frame.is_corrupt and frame.pts is not None:
                    yield frame

    def _seek(self, source: av.container.InputContainer, place_s: Fraction) -> None:
        source.seek(int(place_s * 1_000_000) + self._start_us)

    def _at(self, frame: VideoFrame) -> Fraction:
        return self._from_start(Fraction(frame.pts or 0) * (frame.time_base or Fraction(1)))

    def _from_start(self, at_s: Fraction) -> Fraction:
        return at_s - Fraction(self._start_us, 1_000_000)
