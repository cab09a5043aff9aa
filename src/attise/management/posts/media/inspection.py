"""Takes a file that someone sent and gives back a clean one with its figures, or a refusal. The door of this package.

The parent's side: it sniffs, starts the limited child, checks what the child left, and signs it. It decodes nothing.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

from attise.kernel.errors import Reason
from attise.management.posts.media import limited, sniff
from attise.management.posts.media.errors import (
    EMPTY,
    IMAGE_TOO_LARGE,
    IMAGE_UNREADABLE,
    TOO_LARGE,
    UNREADABLE,
    MediaRefused,
)
from attise.management.posts.media.limits import (
    FRAMES_LIMITS,
    IMAGE_LIMITS,
    VIDEO_LIMITS,
    WATCH_LIMITS,
    ImageLimits,
    VideoLimits,
)
from attise.management.posts.media.messages import (
    COVER_NAME,
    FRAME_NAME,
    SOUND_NAME,
    STORED_NAME,
    FramesFound,
    FramesJob,
    ImageFormat,
    ImageFound,
    ImageJob,
    StoredFormat,
    VideoFound,
    VideoJob,
    VideoWatched,
    WatchJob,
)


class Inspected(msgspec.Struct, frozen=True, kw_only=True):
    """A video that was looked at.

    ``stored`` is the clean file, in ``work``: the caller moves it. It is None while ``needs_encoding``, as are its
    ``format`` and its signature; then the figures are the source's. Sides are as displayed, turned upright.
    """

    stored: Path | None
    cover: Path
    needs_encoding: bool
    format: StoredFormat | None
    size_bytes: int
    signature_md5: str | None
    duration_ms: int
    width: int
    height: int
    fps_milli: int
    bit_rate: int
    """Bits per second, over the whole file."""
    video_codec: str
    audio_codec: str | None
    cover_width: int
    cover_height: int

    @property
    def has_audio(self) -> bool:
        """Whether there is sound."""
        return self.audio_codec is not None


class InspectedImage(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that was looked at; ``stored`` is the clean file, in ``work``: the caller moves it."""

    stored: Path
    format: ImageFormat
    size_bytes: int
    signature_md5: str
    width: int
    height: int


def inspect_video(source: Path, work: Path, *, limits: VideoLimits = VIDEO_LIMITS) -> Inspected:
    """Judge the video at ``source``; leave a clean copy and a cover in the folder ``work``.

    Neither the name of ``source`` nor anything declared about it is read. The copy holds the one video track, the first
    sound that can be decoded, and how to turn the picture; no title, place, time, chapter, caption, attachment.

    Raises: MediaRefused (codes in ``errors``), after which ``work`` is as it was; Outage when the disk is full.
    Cost: about the time to read and write the file twice, and 0.3 s; memory does not grow with the file.
    """
    with limited.opened(source) as file, limited.scratch_folder(work) as scratch:
        size = _size(file.fileno(), limits)
        container = sniff.video_container(file.read(sniff.HEAD_BYTES))
        job = VideoJob(file=file.fileno(), scratch=str(scratch), container=container, limits=limits)
        found = limited.ask(job, unreadable=UNREADABLE)
        if not isinstance(found, VideoFound):
            raise MediaRefused(UNREADABLE)
        return _keep_video(found, scratch, size, limits)


def frames_of(
    source: Path,
    work: Path,
    *,
    duration_ms: int,
    count: int,
    at_ms: int | None = None,
    limits: VideoLimits = FRAMES_LIMITS,
) -> list[Path]:
    """Return ``count`` pictures evenly spread over a stored video, as jpg files in the folder ``work``, in their order.

    With ``at_ms`` it is the one picture that is shown at that place.

    They are fewer when the rest would cost too much to decode; never none. Sides are ``limits.cover_sides``.

    Raises: MediaRefused, after which ``work`` is as it was; Outage when the disk is full.
    """
    with limited.opened(source) as file, limited.scratch_folder(work) as scratch:
        container = sniff.video_container(file.read(sniff.HEAD_BYTES))
        job = FramesJob(
            file=file.fileno(),
            scratch=str(scratch),
            container=container,
            duration_ms=duration_ms,
            count=1 if at_ms is not None else count,
            limits=limits,
            at_ms=at_ms,
        )
        found = limited.ask(job, unreadable=UNREADABLE)
        if not isinstance(found, FramesFound) or found.count > count:
            raise MediaRefused(UNREADABLE)
        names = [FRAME_NAME.format(number) for number in range(found.count)]
        for name in names:
            _sign(scratch / name, unreadable=UNREADABLE)
        return [(scratch / name).rename(work / f"{scratch.name}-{name}") for name in names]


def watch_video(
    source: Path, work: Path, *, with_sound: bool = False, limits: VideoLimits = WATCH_LIMITS
) -> tuple[VideoWatched, Path | None]:
    """Return what the video at ``source`` shows and sounds like, and its sound as a wav file in the folder ``work``.

    The sound is left only ``with_sound``, and where there is some: mono, 16 kHz. The file is judged as one that someone
    sent, whoever stored it.

    Raises: MediaRefused, after which ``work`` is as it was; Outage when the disk is full.
    Cost: some seconds of a child process for a video of fifteen.
    """
    with limited.opened(source) as file, limited.scratch_folder(work) as scratch:
        _size(file.fileno(), limits)
        container = sniff.video_container(file.read(sniff.HEAD_BYTES))
        job = WatchJob(
            file=file.fileno(), scratch=str(scratch), container=container, limits=limits, write_sound=with_sound
        )
        found = limited.ask(job, unreadable=UNREADABLE)
        if not isinstance(found, VideoWatched):
            raise MediaRefused(UNREADABLE)
        if not with_sound or found.sound is None:
            return found, None
        _sign(scratch / SOUND_NAME, unreadable=UNREADABLE)
        return found, (scratch / SOUND_NAME).rename(scratch.with_suffix(".wav"))


def inspect_image(source: Path, work: Path, *, limits: ImageLimits = IMAGE_LIMITS) -> InspectedImage:
    """Judge the picture at ``source``; leave it in the folder ``work``, written anew as jpg or png.

    Raises: MediaRefused (codes in ``errors``), after which ``work`` is as it was; Outage when the disk is full.
    """
    with limited.opened(source) as file, limited.scratch_folder(work) as scratch:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise MediaRefused(EMPTY)
        if size > limits.max_bytes:
            raise MediaRefused(IMAGE_TOO_LARGE, measured=size, limit=limits.max_bytes)
        kind = sniff.image_kind(file.read(sniff.HEAD_BYTES))
        job = ImageJob(file=file.fileno(), scratch=str(scratch), kind=kind, limits=limits)
        found = limited.ask(job, unreadable=IMAGE_UNREADABLE)
        if not isinstance(found, ImageFound):
            raise MediaRefused(IMAGE_UNREADABLE)
        size, signature = _sign(scratch / STORED_NAME, unreadable=IMAGE_UNREADABLE)
        suffix = "jpg" if found.stored == "jpeg" else "png"
        return InspectedImage(
            stored=(scratch / STORED_NAME).rename(scratch.with_suffix(f".{suffix}")),
            format=found.stored,
            size_bytes=size,
            signature_md5=signature,
            width=found.width,
            height=found.height,
        )


def _size(file: int, limits: VideoLimits) -> int:
    """Return the size of the open file, in bytes; refuse nothing and too much."""
    size = os.fstat(file).st_size
    if not size:
        raise MediaRefused(EMPTY)
    if size > limits.max_bytes:
        raise MediaRefused(TOO_LARGE, measured=size, limit=limits.max_bytes)
    return size


def _keep_video(found: VideoFound, scratch: Path, source_size: int, limits: VideoLimits) -> Inspected:
    """Check and sign what the child left and move it out of the scratch folder."""
    _sign(scratch / COVER_NAME, unreadable=UNREADABLE)
    size, signature, stored = source_size, None, None
    if found.stored is not None:
        size, signature = _sign(scratch / STORED_NAME, unreadable=UNREADABLE)
        if size > limits.max_bytes:
            raise MediaRefused(TOO_LARGE, measured=size, limit=limits.max_bytes)
        stored = (scratch / STORED_NAME).rename(scratch.with_suffix(f".{found.stored}"))
    return Inspected(
        stored=stored,
        cover=(scratch / COVER_NAME).rename(scratch.with_suffix(".jpg")),
        needs_encoding=found.stored is None,
        format=found.stored,
        size_bytes=size,
        signature_md5=signature,
        duration_ms=found.duration_ms,
        width=found.width,
        height=found.height,
        fps_milli=found.fps_milli,
        bit_rate=size * 8_000 // max(found.duration_ms, 1),
        video_codec=found.video_codec,
        audio_codec=found.audio_codec,
        cover_width=found.cover_width,
        cover_height=found.cover_height,
    )


def _sign(path: Path, *, unreadable: Reason) -> tuple[int, str]:
    """Return size and MD5 of a plain file that the child left, read here: the child's word is not taken for it.

    Raises: MediaRefused when there is none, or a link in its place.
    """
    try:
        with limited.opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size:
                return size, hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except MediaRefused as refusal:
        raise MediaRefused(unreadable) from refusal
    raise MediaRefused(unreadable)
