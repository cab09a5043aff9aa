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
SOUND_NAME = "sound.wav"
MOST_CUTS = 1_000
BARS = 60

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
    at_ms: int | None = None
    """The one place of which a picture is asked, in the place of those spread over the video."""


class WatchJob(msgspec.Struct, frozen=True, kw_only=True, tag="watch"):
    """Say what the video behind an open file shows and sounds like; leave its sound beside, as mono wav, if asked."""

    file: int
    scratch: str
    container: VideoContainer
    limits: VideoLimits
    write_sound: bool = False


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


LookingJob = VideoJob | FramesJob | WatchJob | ImageJob
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


class SoundHeard(msgspec.Struct, frozen=True, kw_only=True):
    """What a sound track is like; places are from the beginning of the video."""

    loudness_centi_lufs: Annotated[int, msgspec.Meta(ge=-10_000, le=10_000)]
    """Integrated loudness (EBU R 128) in hundredths of a LUFS; -7000 when there is nothing to measure."""
    heard_ms: Count | None
    """When it is first heard; None when it never is."""
    voice_ms: Count | None
    """When something like a voice is first heard."""
    silent_from_ms: Count
    silent_ms: Count
    """The longest silence."""
    bars: Annotated[list[Annotated[int, msgspec.Meta(ge=0, le=100)]], msgspec.Meta(max_length=BARS)]
    """How strong it is along the video, for a drawing."""


class VideoWatched(msgspec.Struct, frozen=True, kw_only=True, tag="video_watched"):
    """What a video shows and sounds like; sides are as displayed, places from its beginning."""

    duration_ms: Count
    width: Size
    height: Size
    fps_milli: Count
    watched_ms: Count
    """How much of it was decoded to look for cuts; a long one is not watched to its end."""
    cuts_ms: Annotated[list[Count], msgspec.Meta(max_length=MOST_CUTS)]
    """When another shot begins at once, in their order."""
    moves_ms: Count | None
    """When something first moves, or the first cut comes."""
    still_from_ms: Count
    still_ms: Count
    """The longest time without cut or movement."""
    has_sound: bool
    sound: SoundHeard | None
    """None when there is no track, or none that can be decoded."""


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


Answer = VideoFound | FramesFound | VideoWatched | ImageFound | Refused | Failed

NO_ROOM = 75
"""The exit status of a child that found no room to write, be it its answer: the file is not to blame."""
