"""Turns a video that no browser plays into one that every browser plays. The worker does this; nobody waits for it.

Three steps, each in a limited child: the source is judged again, ``ffmpeg`` encodes it (H.264 and AAC, mp4), and the
result is judged like any file that someone sent.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from attise.kernel.errors import Outage
from attise.management.posts.media import limited, sniff
from attise.management.posts.media.errors import UNREADABLE, MediaRefused
from attise.management.posts.media.inspection import Inspected, inspect_video
from attise.management.posts.media.limits import ENCODING_LIMITS, VIDEO_LIMITS, EncodingLimits, VideoLimits
from attise.management.posts.media.messages import CommandJob, VideoFound, VideoJob

ENCODED_NAME = "encoded.mp4"


def encode_video(
    source: Path, work: Path, *, limits: VideoLimits = VIDEO_LIMITS, encoding: EncodingLimits = ENCODING_LIMITS
) -> Inspected:
    """Encode the video at ``source``; leave the clean result and its cover in the folder ``work``.

    Pictures that browsers play already are copied; only what does not play is encoded. Large pictures are made smaller.

    Raises: MediaRefused, after which ``work`` is as it was; Outage when no ``ffmpeg`` is found or the disk is full.
    """
    with limited.opened(source) as file, limited.scratch_folder(work) as scratch:
        container = sniff.video_container(file.read(sniff.HEAD_BYTES))
        job = VideoJob(file=file.fileno(), scratch=str(scratch), container=container, limits=limits, copy=False)
        found = limited.ask(job, unreadable=UNREADABLE)
        if not isinstance(found, VideoFound):
            raise MediaRefused(UNREADABLE)
        encoded = scratch / ENCODED_NAME
        command = [
            ffmpeg_binary(),
            *input_of(container, file.fileno(), limits, encoding),
            *pictures_of(found, encoding),
            *sound_of(found, encoding),
            *output_to(encoded, limits),
        ]
        status, _ = limited.run(
            CommandJob(command=command, process=encoding.process),
            process=encoding.process,
            scratch=scratch,
            file=file.fileno(),
        )
        check_end(status, scratch, encoding)
        return move_out(inspect_video(encoded, scratch, limits=limits), scratch)


def check_end(status: int, scratch: Path, encoding: EncodingLimits) -> None:
    """Refuse, by its exit status, what could not be encoded. Raises: MediaRefused; Outage when the disk is full."""
    if status in limited.OUT_OF_TIME:
        raise limited.out_of_time(status, encoding.process)
    if status != 0 and limited.is_full(scratch):
        raise limited.no_room()
    if status != 0:
        raise MediaRefused(UNREADABLE)


def ffmpeg_binary() -> str:
    """Return the path of ``ffmpeg``: the machine's own, else the one that came with the ``imageio-ffmpeg`` wheel.

    Raises: Outage when there is neither.
    """
    found = shutil.which("ffmpeg")
    if found is not None:
        return found
    import imageio_ffmpeg  # type: ignore[import-untyped]

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise Outage("no ffmpeg to encode with", retry_after_s=3_600) from error


def input_of(
    container: str, file: int, limits: VideoLimits, encoding: EncodingLimits, *, before: Sequence[str] = ()
) -> list[str]:
    """Return how the source is opened: by number, with the reader forced and no protocol but files.

    ``before`` is what else is said of how it is read.
    """
    references = ["-enable_drefs", "0", "-use_absolute_path", "0"] if container == "mov" else []
    return [
        *("-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
        *("-threads", str(encoding.threads), "-max_pixels", str(limits.max_pixels)),
        *("-protocol_whitelist", "file", "-f", container),
        *references,
        *before,
        *("-i", f"file:/dev/fd/{file}"),
    ]


def pictures_of(found: VideoFound, encoding: EncodingLimits) -> list[str]:
    """Return what happens to the pictures."""
    if found.video_plays and found.video_codec == "h264":
        return ["-map", "0:V:0", "-c:v", "copy"]
    width, height = sides(found.width, found.height, encoding.max_long_side_px)
    return ["-map", "0:V:0", "-vf", f"scale={width}:{height},setsar=1", *pictures_encoded(encoding)]


def pictures_encoded(encoding: EncodingLimits) -> list[str]:
    """Return how pictures are encoded."""
    rate = f"{encoding.max_video_kbps}k"
    return [
        *("-fpsmax", str(encoding.max_fps)),
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p"),
        *("-crf", str(encoding.constant_rate_factor), "-maxrate", rate, "-bufsize", rate),
        *("-threads", str(encoding.threads)),
    ]


def sides(width: int, height: int, longest: int) -> tuple[int, int]:
    """Return even sides in the same ratio, none longer than ``longest``."""
    most = max(width, height, longest)
    return max(width * longest // most // 2 * 2, 2), max(height * longest // most // 2 * 2, 2)


def sound_of(found: VideoFound, encoding: EncodingLimits) -> list[str]:
    """Return what happens to the sound."""
    if found.audio_codec is None:
        return ["-an"]
    if found.audio_codec == "aac":
        return ["-map", f"0:a:{found.audio_track}", "-c:a", "copy"]
    return ["-map", f"0:a:{found.audio_track}", *sound_encoded(encoding)]


def sound_encoded(encoding: EncodingLimits) -> list[str]:
    """Return how sound is encoded."""
    return ["-c:a", "aac", "-b:a", f"{encoding.audio_kbps}k", "-ac", "2"]


def output_to(encoded: Path, limits: VideoLimits) -> list[str]:
    """Return how the result is written: nothing of what the source said about itself."""
    most_s = (limits.max_duration_ms + limits.grace_ms) / 1_000
    return [
        *("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-fflags", "+bitexact", "-flags", "+bitexact"),
        *("-t", f"{most_s:.3f}", "-f", "mp4", f"file:{encoded}"),
    ]


def move_out(inspected: Inspected, scratch: Path) -> Inspected:
    """Move the results from the scratch folder to the folder above it."""
    if inspected.stored is None:
        raise MediaRefused(UNREADABLE)
    stored = inspected.stored.rename(scratch.with_suffix(inspected.stored.suffix))
    cover = inspected.cover.rename(scratch.with_suffix(inspected.cover.suffix))
    return msgspec.structs.replace(inspected, stored=stored, cover=cover)
