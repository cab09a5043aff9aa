"""Looks a video over: it is watched, heard and read, and its checks are put together."""

from __future__ import annotations

from pathlib import Path

import msgspec

from attise.management.posts.media.inspection import watch_video
from attise.management.posts.media.messages import VideoWatched
from attise.management.posts.preflight.checks import Material, all_checks
from attise.management.posts.preflight.report import Report, Speech
from attise.management.posts.preflight.speech import ABSENT, Heard, Segment, hear_words


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a video shows and what is said in it, kept as JSON beside the post; additive changes only."""

    video: VideoWatched
    speech: Speech
    segments: tuple[Segment, ...]


def watch_and_hear(source: Path, work: Path, *, speech_command: str = "") -> Seen:
    """Return what the video at ``source`` shows and what is said in it; ``work`` is left as it was.

    ``speech_command`` names a program that hears what is said (``speech``); without one that is not measured.

    Raises: MediaRefused when the file is no video that is taken here; Outage when the disk is full.
    Cost: some seconds of a child process for a video of fifteen, and what the program takes.
    """
    video, sound = watch_video(source, work, with_sound=bool(speech_command))
    heard = ABSENT
    if sound is not None:
        try:
            heard = hear_words(speech_command, sound, work)
        finally:
            sound.unlink(missing_ok=True)
    return Seen(video=video, speech=heard.speech, segments=heard.segments)


def report_of(seen: Seen, caption: str) -> Report:
    """Return what may be looked at again in what was seen, with a caption: that may change, the video does not."""
    video = seen.video
    return Report(
        checks=all_checks(Material(video, caption, Heard(seen.speech, seen.segments))),
        duration_ms=video.duration_ms,
        watched_ms=video.watched_ms,
        cuts_ms=tuple(video.cuts_ms),
        bars=() if video.sound is None else tuple(video.sound.bars),
        speech=seen.speech,
    )


def look_over(source: Path, work: Path, *, caption: str, speech_command: str = "") -> Report:
    """Return what may be looked at again in the video at ``source`` with its caption. Raises: as ``watch_and_hear``."""
    return report_of(watch_and_hear(source, work, speech_command=speech_command), caption)
