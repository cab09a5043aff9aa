"""The ten checks: from what was watched, heard and written to a verdict each. Pure.

Bounds come from the two articles that the house follows (three seconds, 9 to 15 seconds, a lively montage) and, where
they name no number, from what phones show and players expect; each is said with its check, and none stops anybody.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import NamedTuple

from attise.management.posts.media.messages import VideoWatched
from attise.management.posts.preflight.lexicon import call_to_comment_of, first_person_of
from attise.management.posts.preflight.report import Check, Name, Verdict
from attise.management.posts.preflight.speech import Heard

HOOK_S = 3.0
DURATION_S = (9.0, 15.0)
VERY_LONG_S = 60.0
WIDTH_TO_HEIGHT = (0.45, 0.58)
"""9:16 is 0.5625; taller phones go down to 0.45, and a pixel more or less is nothing."""
SHORT_SIDE_PX = 720
LOUDNESS_LUFS = (-20.0, -9.0)
SILENCE_S = 1.5
CUTS_PER_10_S = 2.0
STILL_S = 4.0
LEAST_RHYTHM_S = 3.0


class Material(NamedTuple):
    """What is judged: the video as it was watched, its caption, and what is said in it."""

    video: VideoWatched
    caption: str
    heard: Heard


def all_checks(material: Material) -> tuple[Check, ...]:
    """Return every check, the five signs first."""
    return (
        hook(material),
        _words_check(material, "first_person", "first_person", first_person_of),
        Check(name="natural_setting", verdict="not_measured", tip="natural_setting"),
        rhythm(material.video),
        _words_check(material, "call_to_comment", "call", call_to_comment_of),
        duration(material.video),
        aspect(material.video),
        resolution(material.video),
        loudness(material.video),
        silence(material.video),
    )


def hook(material: Material) -> Check:
    """Judge the first three seconds: a voice, or else sound and movement."""
    video, heard = material.video, material.heard
    if video.has_sound and video.sound is None:
        return Check(name="hook", verdict="not_measured", tip="hook_unknown", threshold=HOOK_S, unit="s")
    sound = video.sound
    said = next((segment.start for segment in heard.segments if segment.start is not None), None)
    voice_s = _seconds(None if sound is None else sound.voice_ms) if said is None else round(said, 2)
    heard_s, moves_s = _seconds(None if sound is None else sound.heard_ms), _seconds(video.moves_ms)
    if voice_s is not None and voice_s <= HOOK_S:
        return _hook("hook_spoken", voice_s, is_found=True)
    if heard_s is None or heard_s > HOOK_S:
        return _hook("hook_silent", heard_s)
    if moves_s is not None and moves_s <= HOOK_S:
        if said is not None:  # there are words, and they come late
            return _hook("hook_late", voice_s)
        return _hook("hook_lively", max(heard_s, moves_s), is_found=True)
    return _hook("hook_still", moves_s)


def _hook(tip: str, at_s: float | None, *, is_found: bool = False) -> Check:
    verdict: Verdict = "ok" if is_found else "look_again"
    where = 0.0 if at_s is None else at_s
    return Check(name="hook", verdict=verdict, tip=tip, value=at_s, threshold=HOOK_S, unit="s", at_s=where)


def rhythm(video: VideoWatched) -> Check:
    """Judge how often it is cut, and how long nothing moves."""
    watched_s = video.watched_ms / 1_000
    if watched_s < LEAST_RHYTHM_S:
        return Check(
            name="rhythm", verdict="not_measured", tip="rhythm_unknown", threshold=CUTS_PER_10_S, unit="cuts/10 s"
        )
    per_10_s = round(len(video.cuts_ms) / watched_s * 10, 1)
    edges = [0, *video.cuts_ms, video.watched_ms]
    shots = [(end - start, start) for start, end in itertools.pairwise(edges)]
    longest = max(shots, key=lambda shot: (shot[0], -shot[1]))
    if video.still_ms > STILL_S * 1_000:
        tip, at_ms = "rhythm_still", video.still_from_ms
    elif per_10_s < CUTS_PER_10_S:
        tip, at_ms = "rhythm_slow", longest[1]
    else:
        tip, at_ms = "rhythm_lively", video.cuts_ms[0]
    return Check(
        name="rhythm",
        verdict="ok" if tip == "rhythm_lively" else "look_again",
        tip=tip,
        value=per_10_s,
        threshold=CUTS_PER_10_S,
        unit="cuts/10 s",
        at_s=_seconds(at_ms),
    )


def _words_check(material: Material, name: Name, tip: str, find: Callable[[str], str | None]) -> Check:
    """Look for words, in what is said first, since it has a place in the video, then in the caption."""
    texts = [(segment.text, segment.start) for segment in material.heard.segments]
    texts.append((material.caption, None))
    for text, at_s in texts:
        found = find(text)
        if found is not None:
            where = None if at_s is None else round(at_s, 2)
            return Check(name=name, verdict="ok", tip=f"{tip}_found", value=1, threshold=1, at_s=where, evidence=found)
    if not any(text.strip() for text, _ in texts):
        return Check(name=name, verdict="not_measured", tip=f"{tip}_unknown", threshold=1)
    return Check(name=name, verdict="look_again", tip=f"{tip}_missing", value=0, threshold=1)


def duration(video: VideoWatched) -> Check:
    """Judge the length: 9 to 15 seconds."""
    length_s = round(video.duration_ms / 1_000, 2)
    least, most = DURATION_S
    if length_s < least:
        tip = "duration_short"
    elif length_s <= most:
        tip = "duration_good"
    else:
        tip = "duration_very_long" if length_s > VERY_LONG_S else "duration_long"
    return Check(
        name="duration",
        verdict="ok" if tip == "duration_good" else "look_again",
        tip=tip,
        value=length_s,
        threshold=DURATION_S,
        unit="s",
        at_s=most if length_s > most else None,
    )


def aspect(video: VideoWatched) -> Check:
    """Judge the form of the picture: upright, as phones are."""
    ratio = round(video.width / video.height, 4)
    narrowest, widest = WIDTH_TO_HEIGHT
    tip = "aspect_wide" if ratio > widest else "aspect_narrow" if ratio < narrowest else "aspect_good"
    return Check(
        name="aspect",
        verdict="ok" if tip == "aspect_good" else "look_again",
        tip=tip,
        value=ratio,
        threshold=WIDTH_TO_HEIGHT,
        unit="width/height",
        evidence=f"{video.width}x{video.height}",
    )


def resolution(video: VideoWatched) -> Check:
    """Judge the size of the picture by its shorter side."""
    short = min(video.width, video.height)
    is_enough = short >= SHORT_SIDE_PX
    return Check(
        name="resolution",
        verdict="ok" if is_enough else "look_again",
        tip="resolution_good" if is_enough else "resolution_small",
        value=short,
        threshold=SHORT_SIDE_PX,
        unit="px",
        evidence=f"{video.width}x{video.height}",
    )


def loudness(video: VideoWatched) -> Check:
    """Judge how loud it is as a whole."""
    if video.sound is None or video.sound.heard_ms is None:
        return Check(name="loudness", verdict="not_measured", tip="loudness_none", threshold=LOUDNESS_LUFS, unit="LUFS")
    lufs = video.sound.loudness_centi_lufs / 100
    quietest, loudest = LOUDNESS_LUFS
    tip = "loudness_quiet" if lufs < quietest else "loudness_loud" if lufs > loudest else "loudness_good"
    return Check(
        name="loudness",
        verdict="ok" if tip == "loudness_good" else "look_again",
        tip=tip,
        value=round(lufs, 1),
        threshold=LOUDNESS_LUFS,
        unit="LUFS",
    )


def silence(video: VideoWatched) -> Check:
    """Judge the longest silence; a video without sound is all silence."""
    sound = video.sound
    if sound is None and video.has_sound:
        return Check(name="silence", verdict="not_measured", tip="silence_unknown", threshold=SILENCE_S, unit="s")
    silent_ms = video.duration_ms if sound is None else sound.silent_ms
    whole = sound is None or sound.heard_ms is None
    is_long = silent_ms > SILENCE_S * 1_000
    return Check(
        name="silence",
        verdict="look_again" if is_long or whole else "ok",
        tip="silence_whole" if whole else "silence_long" if is_long else "silence_short",
        value=round(silent_ms / 1_000, 2),
        threshold=SILENCE_S,
        unit="s",
        at_s=0.0 if sound is None else _seconds(sound.silent_from_ms if silent_ms else None),
    )


def _seconds(at_ms: int | None) -> float | None:
    return None if at_ms is None else round(at_ms / 1_000, 2)
