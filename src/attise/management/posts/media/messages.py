"""What the parent asks of a child and what the child may answer: the whole of what passes between them.

The answer of a child that read a hostile file is hostile too: it is decoded strictly, bounded, and checked against the
files it speaks of.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from attise.management.posts.media.limits import ImageLimits, ProcessLimits, VideoLimits
from attise.management.posts.media.sniff import ImageKind, VideoContainer

ANSWER_BYTES = 16_384
"""An answer is a dozen numbers."""
STORED_NAME = "stored"
COVER_NAME = "cover.jpg"
FRAME_NAME = "frame-{}.jpg"
MOST_FRAMES = 10

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Size = Annotated[int, msgspec.Meta(ge=1, le=2**31)]
Name = Annotated[str, msgspec.Meta(max_length=32, pattern=r"^[A-Za-z0-9_.-]+$")]
Detail = Annotated[str, msgspec.Meta(max_length=64)] | int

StoredFormat = Literal["mp4", "webm"]
ImageFormat = Literal["jpeg", "png"]


class VideoJob(msgspec.Struct, frozen=True, kw_only=True, tag="video"):
    """Look at the video behind an open file; copy it clean into the scratch folder when a browser plays its streams."""

    file: int
    scratch: str
    container: VideoContainer
    limits: VideoLimits
    copy: bool = True


class FramesJob(msgspec.Struct, frozen=True, kw_only=True, tag="frames"):
    """Write ``count`` pictures, evenly spread over the video behind an open file, into the scratch folder."""

    file: int
    scratch: str
    container: VideoContainer
    duration_ms: int
    count: Annotated[int, msgspec.Meta(ge=1, le=MOST_FRAMES)]
    limits: VideoLimits


class ImageJob(msgspec.Struct, frozen=True, kw_only=True, tag="image"):
    """Decode the picture behind an open file and write it anew into the scratch folder."""

    file: int
    scratch: str
    kind: ImageKind
    limits: ImageLimits


class CommandJob(msgspec.Struct, frozen=True, kw_only=True, tag="command"):
    """Become another program, under the limits."""

    command: list[str]
    process: ProcessLimits


LookingJob = VideoJob | FramesJob | ImageJob
Job = LookingJob | CommandJob


class VideoFound(msgspec.Struct, frozen=True, kw_only=True, tag="video_found"):
    """The figures of a video. ``stored`` is None when no browser plays it as it is; sides are as displayed."""

    stored: StoredFormat | None
    duration_ms: Count
    width: Size
    height: Size
    fps_milli: Count
    video_codec: Name
    audio_codec: Name | None
    audio_track: Count
    """Which of the file's sound tracks was taken, from 0."""
    video_plays: bool
    """Whether a browser plays the pictures as they are, whatever the sound is."""
    cover_width: Size
    cover_height: Size


class FramesFound(msgspec.Struct, frozen=True, kw_only=True, tag="frames_found"):
    """How many pictures were written, all of the same sides; fewer than asked when the rest would cost too much."""

    count: Annotated[int, msgspec.Meta(ge=1, le=MOST_FRAMES)]
    width: Size
    height: Size


class ImageFound(msgspec.Struct, frozen=True, kw_only=True, tag="image_found"):
    """The figures of a picture, turned upright."""

    stored: ImageFormat
    width: Size
    height: Size


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """The file is refused: a code of ``errors.BY_CODE`` and what was measured."""

    code: Name
    params: dict[Name, Detail]


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """The child met what it did not expect; ``what`` is for the log, never for a person."""

    what: Annotated[str, msgspec.Meta(max_length=500)]


Answer = VideoFound | FramesFound | ImageFound | Refused | Failed

NO_ROOM = 75
"""The exit status of a child that found no room to write, be it its answer: the file is not to blame."""
