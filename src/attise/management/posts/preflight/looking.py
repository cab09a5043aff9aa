"""Looks a video over: it is watched, heard and read, and its checks are put together."""

from __future__ import annotations

from pathlib import Path

from attise.management.posts.media.inspection import watch_video
from attise.management.posts.preflight.checks import Material, all_checks
from attise.management.posts.preflight.report import Report
from attise.management.posts.preflight.speech import ABSENT, hear_words


def look_over(source: Path, work: Path, *, caption: str, speech_command: str = "") -> Report:
    """Return what may be looked at again in the video at ``source``; ``work`` is a folder to work in, left as it was.

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
    return Report(
        checks=all_checks(Material(video, caption, heard)),
        duration_ms=video.duration_ms,
        watched_ms=video.watched_ms,
        cuts_ms=tuple(video.cuts_ms),
        bars=() if video.sound is None else tuple(video.sound.bars),
        speech=heard.speech,
    )
