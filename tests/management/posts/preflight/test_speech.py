"""A program that hears what is said: found, bounded, its answer read; without one, nothing is made up."""

from __future__ import annotations

import logging
import stat
import time
from pathlib import Path

import msgspec
import pytest

from attise.management.posts.preflight.looking import look_over
from attise.management.posts.preflight.speech import SPEECH_BYTES, SPEECH_LIMITS, hear_words
from tests.management.posts.media import film

SAID = """{"language": "fr", "segments": [
  {"id": 0, "start": 0.5, "end": 1.2, "text": " Je teste."}, {"start": 1.2, "text": "Et toi ?"}]}"""


@pytest.fixture
def sound(tmp_path) -> Path:
    path = tmp_path / "sound.wav"
    path.write_bytes(b"RIFF")
    return path


@pytest.fixture
def program(tmp_path):
    """Write a real program of these lines and return its path."""

    def write(lines: str, name: str = "hears") -> str:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return write


def test_segments_are_read_with_their_times(tmp_path, sound, program):
    heard = hear_words(program(f"cat <<'E'\n{SAID}\nE"), sound, tmp_path)
    assert heard.speech == "heard"
    assert [(one.text.strip(), one.start) for one in heard.segments] == [("Je teste.", 0.5), ("Et toi ?", 1.2)]


def test_plain_text_is_read_without_times(tmp_path, sound, program):
    heard = hear_words(program("echo 'Je teste. Et toi ?'"), sound, tmp_path)
    assert [(one.text.strip(), one.start) for one in heard.segments] == [("Je teste. Et toi ?", None)]


def test_arguments_come_before_the_sound(tmp_path, sound, program):
    command = program('echo "$@"')
    heard = hear_words(f"{command} --model 'a b.bin' -f", sound, tmp_path)
    assert heard.segments[0].text.strip() == f"--model a b.bin -f {sound}"


@pytest.mark.parametrize(
    "lines",
    [
        "exit 3",
        "printf '{\"segments\": 3}'",
        "printf '\\377\\376'",
        'printf \'{"segments": [{"start": -1, "text": "a"}]}\'',
    ],
    ids=["fails", "of another shape", "no text", "before the beginning"],
)
def test_nonsense_is_failed_and_said_in_the_log(tmp_path, sound, program, caplog, lines):
    with caplog.at_level(logging.WARNING):
        assert hear_words(program(lines), sound, tmp_path) == ("failed", ())
    assert "no speech is heard" in caplog.text


@pytest.mark.parametrize("command", ["/nowhere/hears --fast", "no-such-program-here", "'unclosed"])
def test_a_program_that_is_not_there_is_failed(tmp_path, sound, command):
    assert hear_words(command, sound, tmp_path) == ("failed", ())


def test_a_program_that_hangs_is_ended(tmp_path, sound, program):
    begun = time.monotonic()
    limits = msgspec.structs.replace(SPEECH_LIMITS, wall_s=1.0)
    assert hear_words(program("sleep 60"), sound, tmp_path, limits=limits).speech == "failed"
    assert time.monotonic() - begun < 15


def test_a_program_that_floods_is_refused(tmp_path, sound, program):
    assert (
        hear_words(program(f"head -c {SPEECH_BYTES + 10} /dev/zero | tr '\\0' a"), sound, tmp_path).speech == "failed"
    )


def test_it_is_asked_only_when_it_is_named_and_there_is_sound(tmp_path, program):
    """A whole look: the words said count with their places; the house's folder is left as it was."""
    work = tmp_path / "work"
    work.mkdir()
    loud, mute = film.make(tmp_path / "loud.mp4"), film.make(tmp_path / "mute.mp4", sounds=())
    asked = tmp_path / "asked"
    command = program(f"test -s \"$1\" && touch {asked}\ncat <<'E'\n{SAID}\nE")
    assert look_over(mute, work, caption="", speech_command=command).speech == "absent"
    assert not asked.exists()
    report = look_over(loud, work, caption="", speech_command=command)
    assert asked.exists()
    found = {check.name: check for check in report.checks}
    assert report.speech == "heard"
    assert (found["first_person"].evidence, found["first_person"].at_s) == ("Je", 0.5)
    assert list(work.iterdir()) == []


def test_a_program_that_is_not_there_leaves_words_unmeasured(tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    failed = look_over(film.make(tmp_path / "loud.mp4"), work, caption="", speech_command="no-such-program-here")
    assert failed.speech == "failed"
    assert {check.name: check for check in failed.checks}["first_person"].verdict == "not_measured"
    assert list(work.iterdir()) == []
