"""Each check says what it measured, against what, where, and one tip; nothing is measured that cannot be."""

from __future__ import annotations

import re

import msgspec
import pytest

from attise.management.posts.media.messages import SoundHeard, VideoWatched
from attise.management.posts.preflight import checks, figures
from attise.management.posts.preflight.checks import Material, all_checks
from attise.management.posts.preflight.report import SIGNS, Report
from attise.management.posts.preflight.speech import ABSENT, Heard, Segment
from attise.management.posts.preflight.tips import TIPS, TITLES, VERDICTS

SOUND = SoundHeard(loudness_centi_lufs=-1_400, heard_ms=0, voice_ms=400, silent_from_ms=5_000, silent_ms=300, bars=[50])
GOOD = VideoWatched(
    duration_ms=12_000,
    width=1_080,
    height=1_920,
    fps_milli=30_000,
    watched_ms=11_967,
    cuts_ms=[2_000, 4_500, 8_000],
    moves_ms=200,
    still_from_ms=0,
    still_ms=400,
    has_sound=True,
    sound=SOUND,
)
WORDS = "Je te montre ma recette. Et toi ?"


def checked(*, heard: Heard = ABSENT, caption: str = WORDS, sound: dict | None = None, **facts):
    """Return the checks of a good video with these facts changed, by name."""
    if sound is not None:
        facts["sound"] = msgspec.structs.replace(SOUND, **sound)
    video = msgspec.structs.replace(GOOD, **facts)
    return {check.name: check for check in all_checks(Material(video, caption, heard))}


def test_a_good_video_is_ready_but_for_what_no_machine_judges():
    found = checked()
    assert [name for name, check in found.items() if check.verdict == "look_again"] == []
    assert found["natural_setting"].verdict == "not_measured"
    report = Report(
        checks=tuple(found.values()), duration_ms=12_000, watched_ms=11_967, cuts_ms=(), bars=(), speech="absent"
    )
    assert report.ready == "4/5"
    assert tuple(found)[: len(SIGNS)] == SIGNS


CASES = [
    ("hook", {}, "ok", "hook_spoken", 0.4),
    ("hook", {"sound": {"voice_ms": None}}, "ok", "hook_lively", 0.2),
    ("hook", {"sound": {"voice_ms": None}, "moves_ms": None}, "look_again", "hook_still", 0.0),
    ("hook", {"sound": {"voice_ms": None}, "moves_ms": 3_500}, "look_again", "hook_still", 3.5),
    ("hook", {"sound": {"voice_ms": 4_000, "heard_ms": 4_000}}, "look_again", "hook_silent", 4.0),
    ("hook", {"sound": {"voice_ms": None, "heard_ms": None}}, "look_again", "hook_silent", 0.0),
    ("hook", {"sound": {"voice_ms": 3_000}}, "ok", "hook_spoken", 3.0),
    ("rhythm", {}, "ok", "rhythm_lively", 2.0),
    ("rhythm", {"cuts_ms": [7_000]}, "look_again", "rhythm_slow", 0.0),
    ("rhythm", {"cuts_ms": [3_000]}, "look_again", "rhythm_slow", 3.0),
    ("rhythm", {"cuts_ms": []}, "look_again", "rhythm_slow", 0.0),
    ("rhythm", {"still_ms": 4_500, "still_from_ms": 3_100}, "look_again", "rhythm_still", 3.1),
    ("rhythm", {"watched_ms": 2_900, "cuts_ms": []}, "not_measured", "rhythm_unknown", None),
    ("duration", {}, "ok", "duration_good", None),
    ("duration", {"duration_ms": 9_000}, "ok", "duration_good", None),
    ("duration", {"duration_ms": 15_000}, "ok", "duration_good", None),
    ("duration", {"duration_ms": 8_980}, "look_again", "duration_short", None),
    ("duration", {"duration_ms": 15_020}, "look_again", "duration_long", 15.0),
    ("duration", {"duration_ms": 61_000}, "look_again", "duration_very_long", 15.0),
    ("aspect", {}, "ok", "aspect_good", None),
    ("aspect", {"width": 1_170, "height": 2_532}, "ok", "aspect_good", None),
    ("aspect", {"width": 1_920, "height": 1_080}, "look_again", "aspect_wide", None),
    ("aspect", {"width": 1_080, "height": 1_350}, "look_again", "aspect_wide", None),
    ("aspect", {"width": 400, "height": 1_900}, "look_again", "aspect_narrow", None),
    ("resolution", {}, "ok", "resolution_good", None),
    ("resolution", {"width": 719, "height": 1_280}, "look_again", "resolution_small", None),
    ("loudness", {}, "ok", "loudness_good", None),
    ("loudness", {"sound": {"loudness_centi_lufs": -2_010}}, "look_again", "loudness_quiet", None),
    ("loudness", {"sound": {"loudness_centi_lufs": -800}}, "look_again", "loudness_loud", None),
    ("loudness", {"sound": {"heard_ms": None}}, "not_measured", "loudness_none", None),
    ("silence", {}, "ok", "silence_short", 5.0),
    ("silence", {"sound": {"silent_ms": 1_600}}, "look_again", "silence_long", 5.0),
    ("silence", {"sound": {"silent_ms": 0, "silent_from_ms": 0}}, "ok", "silence_short", None),
    (
        "silence",
        {"sound": {"heard_ms": None, "silent_from_ms": 0, "silent_ms": 12_000}},
        "look_again",
        "silence_whole",
        0.0,
    ),
]


@pytest.mark.parametrize(("name", "facts", "verdict", "tip", "at_s"), CASES)
def test_a_check_turns_out_as_its_bound_says(name, facts, verdict, tip, at_s):
    check = checked(**facts)[name]
    assert (check.verdict, check.tip, check.at_s) == (verdict, tip, at_s)


def test_a_video_without_a_track_of_sound_is_silent_and_has_no_loudness():
    video = msgspec.structs.replace(GOOD, has_sound=False, sound=None)
    found = {check.name: check for check in all_checks(Material(video, WORDS, ABSENT))}
    assert (found["silence"].verdict, found["silence"].value) == ("look_again", 12.0)
    assert found["loudness"].verdict == "not_measured"
    assert found["hook"].tip == "hook_silent"


def test_sound_that_cannot_be_decoded_is_not_measured():
    video = msgspec.structs.replace(GOOD, sound=None)
    found = {check.name: check for check in all_checks(Material(video, WORDS, ABSENT))}
    assert {found[name].verdict for name in ("hook", "loudness", "silence")} == {"not_measured"}


def test_words_that_are_missing_are_told_from_words_that_there_are_not():
    for name in ("first_person", "call_to_comment"):
        assert checked(caption="")[name].verdict == "not_measured"
        assert checked(caption="  ")[name].verdict == "not_measured"
        assert checked(caption="Pâtes au citron")[name].verdict == "look_again"
        assert checked()[name].verdict == "ok"


def test_what_is_said_has_its_place_in_the_video():
    heard = Heard("heard", (Segment("Bonjour à tous", 0.2), Segment("je teste ce sac, tu en penses quoi ?", 4.51)))
    found = checked(heard=heard, caption="")
    assert (found["first_person"].evidence, found["first_person"].at_s) == ("je", 4.51)
    assert found["call_to_comment"].at_s == 4.51
    assert (found["hook"].tip, found["hook"].value) == ("hook_spoken", 0.2)


def test_words_that_come_late_are_a_late_hook_whatever_sounded_like_a_voice():
    found = checked(heard=Heard("heard", (Segment("Bonjour", 5.0),)))
    assert (found["hook"].verdict, found["hook"].tip, found["hook"].at_s) == ("look_again", "hook_late", 5.0)


def test_words_without_times_leave_the_hook_to_the_ear():
    assert checked(heard=Heard("heard", (Segment("Bonjour", None),)))["hook"].value == 0.4


def test_every_tip_is_given_somewhere_and_every_name_has_its_words():
    given = {tip for _, _, _, tip, _ in CASES}
    given |= {f"{stem}_{end}" for stem in ("first_person", "call") for end in ("found", "missing", "unknown")}
    given |= {"hook_late", "hook_unknown", "silence_unknown", "natural_setting"}
    assert given == set(TIPS)
    assert set(TITLES) == set(checked())
    assert set(VERDICTS) == {"ok", "look_again", "not_measured"}


def test_the_bounds_in_words_are_the_bounds_in_force():
    said = {
        name: [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text.rpartition("(")[2].replace("−", "-"))]
        for name, text in figures._BOUNDED.items()
    }
    assert said["hook"] == [checks.HOOK_S]
    assert said["rhythm"] == [checks.CUTS_PER_10_S]
    assert said["duration"] == list(checks.DURATION_S)
    assert said["resolution"] == [checks.SHORT_SIDE_PX]
    assert said["loudness"] == list(checks.LOUDNESS_LUFS)
    assert said["silence"] == [checks.SILENCE_S]
    assert checks.WIDTH_TO_HEIGHT[0] < said["aspect"][0] / said["aspect"][1] < checks.WIDTH_TO_HEIGHT[1]


def test_a_figure_is_written_with_its_bound():
    found = checked()
    say, number = str, str
    assert figures.figure_of(found["duration"], say, number) == "12.0 s (9 to 15 s)"
    assert figures.figure_of(found["aspect"], say, number) == "1080 × 1920 (9:16)"
    assert figures.figure_of(found["first_person"], say, number) == "“Je”"
    assert figures.figure_of(found["natural_setting"], say, number) == ""
    assert figures.figure_of(checked(sound={"heard_ms": None})["loudness"], say, number) == ""
