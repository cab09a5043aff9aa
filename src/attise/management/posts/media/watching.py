"""The child's answer to what a video shows and sounds like: its cuts, its movement, its sound.

The file is judged first, as any that someone sends; then its pictures are decoded one after the other, made small and
looked at (``cutting``), and its sound is listened to (``hearing``). How much is decoded is bounded in pixels, so that
the same file always gets the same answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import av.container
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from attise.management.posts.media import cutting, structure
from attise.management.posts.media.copying import measure
from attise.management.posts.media.cutting import Pictures
from attise.management.posts.media.errors import TOO_SHORT, UNREADABLE, MediaRefused, seconds
from attise.management.posts.media.hearing import listen
from attise.management.posts.media.limits import VideoLimits
from attise.management.posts.media.messages import MOST_CUTS, SOUND_NAME, SoundHeard, VideoWatched, WatchJob
from attise.management.posts.media.reading import Tracks, check_sides, find_tracks, open_video
from attise.management.posts.media.seeing import displayed
from attise.management.posts.media.video import check_claim


class _Film(NamedTuple):
    """The pictures of a video, made small, with its sides as displayed."""

    pictures: Pictures
    width: int
    height: int


def watch(job: WatchJob) -> VideoWatched:
    """Judge the video of a job and say what it shows and sounds like.

    Raises: MediaRefused, MemoryError, OSError of a full disk.
    """
    limits = job.limits
    with os.fdopen(job.file, "rb", buffering=0, closefd=False) as file:
        size = os.fstat(job.file).st_size
        structure.check(file, size, job.container, limits)
        with open_video(file, job.container, limits) as source:
            check_claim(source.duration, limits)
            tracks = find_tracks(source, limits)
            measured = measure(source, tracks, limits, size)
            if measured.duration_ms < limits.min_duration_ms:
                raise MediaRefused(
                    TOO_SHORT, measured=seconds(measured.duration_ms), limit=seconds(limits.min_duration_ms)
                )
            film = _see(source, tracks.video, limits)
            cuts = cutting.find_cuts(film.pictures)
            still_s = cutting.longest_still(film.pictures, cuts)
            return VideoWatched(
                duration_ms=measured.duration_ms,
                width=film.width,
                height=film.height,
                fps_milli=measured.fps_milli,
                watched_ms=_milliseconds(film.pictures.shown_s[-1]),
                cuts_ms=[_milliseconds(film.pictures.shown_s[cut]) for cut in cuts[:MOST_CUTS]],
                moves_ms=_first_movement(film.pictures, cuts),
                still_from_ms=_milliseconds(still_s[0]),
                still_ms=_milliseconds(still_s[1]),
                has_sound=tracks.audio is not None,
                sound=_hear(source, tracks, measured.duration_ms, job),
            )


def _see(source: av.container.InputContainer, video: VideoStream, limits: VideoLimits) -> _Film:
    """Decode the pictures from the beginning, in the order of showing.

    Raises: MediaRefused(media_unreadable) when there is none; media_dimensions.
    """
    width, height = cutting.small_sides(video.width, video.height)
    shown: list[float] = []
    smalls: list[np.ndarray] = []
    sides = (0, 0)
    late_s = max(source.start_time or 0, 0) / 1_000_000
    for frame in _decoded(source, video, limits):
        if not sides[0]:
            seen = displayed(video, frame)
            check_sides(seen.width, seen.height, limits)
            sides = (seen.width, seen.height)
        at_s = float(Fraction(frame.pts or 0) * (frame.time_base or Fraction(1))) - late_s
        if shown and at_s <= shown[-1]:
            continue  # a time that does not go forward is a fault of the file, and of no use here
        shown.append(at_s)
        small = frame.reformat(width=width, height=height, format="yuv420p", interpolation="AREA")
        smalls.append(small.to_ndarray())
    if not smalls:
        raise MediaRefused(UNREADABLE)
    planes = np.stack(smalls)
    return _Film(Pictures(np.array(shown), planes[:, :height], planes[:, height:]), *sides)


def _decoded(source: av.container.InputContainer, video: VideoStream, limits: VideoLimits) -> Iterator[VideoFrame]:
    """Yield sound pictures from the beginning on, within what may be decoded."""
    left = min(limits.watched_px // max(video.width * video.height, 1), limits.watched_frames)
    source.seek(0)
    packets = source.demux(video)
    while left > 0:
        try:
            decoded = next(packets).decode()
        except StopIteration:
            return
        except av.FFmpegError as error:
            if isinstance(error, MemoryError):
                raise
            left -= 1
            continue
        for frame in decoded:
            left -= 1
            if isinstance(frame, VideoFrame) and not frame.is_corrupt and frame.pts is not None:
                yield frame


def _first_movement(pictures: Pictures, cuts: list[int]) -> int | None:
    """Return when something first moves or the first cut comes."""
    moves = cutting.moving(pictures)
    moves[cuts] = True
    first = np.flatnonzero(moves)
    return _milliseconds(pictures.shown_s[first[0]]) if first.size else None


def _hear(source: av.container.InputContainer, tracks: Tracks, duration_ms: int, job: WatchJob) -> SoundHeard | None:
    """Listen to the sound that is kept; sound that cannot be decoded is none."""
    if tracks.audio is None:
        return None
    written = Path(job.scratch) / SOUND_NAME if job.write_sound else None
    try:
        return listen(source, tracks.audio, duration_ms=duration_ms, written=written)
    except MediaRefused:
        return None


def _milliseconds(at_s: float) -> int:
    return max(round(at_s * 1_000), 0)
