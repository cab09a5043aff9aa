"""``attise preflight``: the contract's shape, both languages, a drawing for people, and format errors by their rule."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from attise.doors.cli import cli
from attise.management.posts.media.clips import make_clip

CAPTION = "J'ai testé ce sac pendant un mois. Et toi ?"
NAMES = [
    "hook",
    "first_person",
    "natural_setting",
    "rhythm",
    "call_to_comment",
    "duration",
    "aspect",
    "resolution",
    "loudness",
    "silence",
]


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    make_clip(path, seconds=3, seed=1, style="aurora", width=144, height=256)
    return path


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(
        cli, ["preflight", *arguments], env={"ATTISE_SPEECH_COMMAND": "", "LANG": "C", **environment}
    )


def test_the_answer_has_the_shape_of_the_contract_and_no_house_is_made(clip, tmp_path):
    told = run(str(clip), "--caption", CAPTION, "--json", "--data", str(tmp_path / "house"), LANG="fr_FR.UTF-8")
    assert told.exit_code == 0, told.output
    assert told.stdout.count("\n") == 1
    said = json.loads(told.stdout)
    checks = {check["name"]: check for check in said["checks"]}
    assert list(checks) == NAMES
    for check in said["checks"]:
        assert {"name", "verdict", "value", "threshold", "at_s", "tip"} <= check.keys()
        assert check["verdict"] in {"ok", "look_again", "not_measured"}
        assert check["tip"] == check["words"]["en"] != check["words"]["fr"]
    assert checks["natural_setting"]["verdict"] == "not_measured"
    assert (checks["first_person"]["verdict"], checks["first_person"]["evidence"]) == ("ok", "J'")
    assert checks["call_to_comment"]["verdict"] == "ok"
    assert (checks["duration"]["value"], checks["duration"]["threshold"]) == (3.0, [9.0, 15.0])
    assert said["ready"] == f"{sum(check['verdict'] == 'ok' for check in said['checks'][:5])}/5"
    assert not (tmp_path / "house").exists()


@pytest.mark.parametrize(
    ("spoken", "asked", "ready"),
    [("fr_FR.UTF-8", (), "Prêt pour Spark Ads"), ("fr_FR.UTF-8", ("--language", "en"), "Ready for Spark Ads")],
    ids=["the terminal's language", "the one asked for"],
)
def test_people_read_a_drawing_and_a_tip_for_each_check(clip, spoken, asked, ready):
    told = run(str(clip), *asked, LANG=spoken)
    assert told.exit_code == 0, told.output
    lines = click.unstyle(told.stdout).splitlines()
    bar = next(line for line in lines if "━" in line)
    assert len(bar.strip()) == 60
    assert sum(line[:1] in {"✓", "↻", "·"} for line in lines) == len(NAMES)
    assert max(map(len, lines)) <= 100
    assert lines[-1].startswith(ready)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "media_container_not_allowed"),
        (b"", "media_empty"),
        (None, "media_not_a_file"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + bytes(64), "media_unreadable"),
    ],
    ids=["a playlist", "nothing", "no file", "a head alone"],
)
def test_what_is_no_video_is_refused_by_the_rule_that_it_breaks(tmp_path, content, code):
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)
    told = run(str(path), "--json")
    said = json.loads(told.stdout)
    assert told.exit_code == 1
    assert (said["checks"], said["ready"], said["error"]["code"]) == ([], "0/5", code)
    assert said["error"]["message"]
    assert said["error"]["next"]
    plain = run(str(path), "--language", "fr")
    assert plain.exit_code == 1
    assert plain.stderr.startswith(f"{code}: ")
    assert plain.stdout == ""


def test_a_film_cut_short_is_refused(clip, tmp_path):
    path = tmp_path / "cut.mp4"
    path.write_bytes(clip.read_bytes()[:-2_000])
    assert json.loads(run(str(path), "--json").stdout)["error"]["code"] == "media_incomplete"


def test_a_program_that_hears_is_taken_from_the_environment(clip, tmp_path):
    program = tmp_path / "hears"
    program.write_text('#!/bin/sh\necho \'{"segments": [{"start": 1.5, "text": "Dis-moi ce que tu en penses"}]}\'\n')
    program.chmod(0o755)
    said = json.loads(run(str(clip), "--json", ATTISE_SPEECH_COMMAND=str(program)).stdout)
    checks = {check["name"]: check for check in said["checks"]}
    assert said["speech"] == "heard"
    assert (checks["call_to_comment"]["evidence"], checks["call_to_comment"]["at_s"]) == ("Dis-moi", 1.5)


def test_a_caption_longer_than_any_is_not_read(clip):
    told = run(str(clip), "--caption", "a" * 2_201)
    assert told.exit_code == 2
    assert "2200" in told.output


def test_a_path_that_leads_nowhere_is_said_to(tmp_path):
    told = run(str(tmp_path / "gone.mp4"), "--language", "fr")
    assert told.exit_code == 1
    assert "Il n’y a pas de fichier à ce chemin." in told.output
    assert "There is no file at this path." in run(str(tmp_path / "gone.mp4")).output
    assert "not a file that can be read" in run(str(tmp_path)).output
