"""The child's look at a video, from first byte to answer: structure, tracks, copy, figures, pictures, cover."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from attise.management.posts.media import structure
from attise.management.posts.media.copying import CannotBeCopied, Measured, copy_clean, measure
from attise.management.posts.media.errors import TOO_LONG, TOO_SHORT, MediaRefused, seconds
from attise.management.posts.media.limits import VideoLimits
from attise.management.posts.media.messages import COVER_NAME, STORED_NAME, StoredFormat, VideoFound, VideoJob
from attise.management.posts.media.reading import (
    check_sides,
    codec_of,
    find_tracks,
    format_as_it_is,
    open_video,
    plays,
)
from attise.management.posts.media.seeing import hear, look, write_cover
from attise.management.posts.media.sniff import VideoContainer


def look_at_video(job: VideoJob) -> VideoFound:
    """Judge the video of a job; write its clean copy and its cover into the scratch folder.

    Raises: MediaRefused, MemoryError, OSError of a full disk.
    """
    scratch = Path(job.scratch)
    with os.fdopen(job.file, "rb", buffering=0, closefd=False) as file:
        size = os.fstat(job.file).st_size
        structure.check(file, size, job.container, job.limits)
        stored = _copy(file, size, job, scratch / STORED_NAME) if job.copy else None
        if stored is None:
            return _judge(file, job.container, size, job, stored=None)
        with (scratch / STORED_NAME).open("rb", buffering=0) as clean:
            return _judge(clean, "mov" if stored == "mp4" else "matroska", size, job, stored=stored)


def _copy(file: BinaryIO, size: int, job: VideoJob, path: Path) -> StoredFormat | None:
    """Write the clean copy and return its format, or None when the video must be encoded first."""
    with open_video(file, job.container, job.limits) as source:
        check_claim(source.duration, job.limits)
        tracks = find_tracks(source, job.limits)
        form = format_as_it_is(tracks, job.container)
        if form is None:
            return None
        measured = Measured(job.limits, size)
        try:
            copy_clean(source, tracks, path, form, measured)
        except CannotBeCopied:
            path.unlink(missing_ok=True)
            return None
        measured.check()
        return form


def _judge(
    file: BinaryIO, container: VideoContainer, size: int, job: VideoJob, *, stored: StoredFormat | None
) -> VideoFound:
    """Measure a video, decode some of it, write its cover. What is stored is what is judged."""
    limits = job.limits
    with open_video(file, container, limits) as source:
        check_claim(source.duration, limits)
        tracks = find_tracks(source, limits)
        measured = measure(source, tracks, limits, size)
        if measured.duration_ms < limits.min_duration_ms:
            raise MediaRefused(TOO_SHORT, measured=seconds(measured.duration_ms), limit=seconds(limits.min_duration_ms))
        seen = look(source, tracks.video, duration_ms=measured.duration_ms, limits=limits)
        check_sides(seen.width, seen.height, limits)
        if tracks.audio is not None:
            hear(source, tracks.audio)
        cover_width, cover_height = write_cover(seen, limits, Path(job.scratch) / COVER_NAME)
        return VideoFound(
            stored=stored,
            duration_ms=measured.duration_ms,
            width=seen.width,
            height=seen.height,
            fps_milli=measured.fps_milli,
            video_codec=codec_of(tracks.video),
            audio_codec=None if tracks.audio is None else codec_of(tracks.audio),
            audio_track=tracks.audio_track,
            video_plays=plays(tracks.video),
            cover_width=cover_width,
            cover_height=cover_height,
        )


def check_claim(duration_us: int | None, limits: VideoLimits) -> None:
    """Refuse at once what says itself that it is too long. Raises: MediaRefused(media_too_long)."""
    duration_ms = (duration_us or 0) // 1_000
    if duration_ms > limits.max_duration_ms + limits.grace_ms:
        raise MediaRefused(TOO_LONG, measured=seconds(duration_ms), limit=seconds(limits.max_duration_ms))
