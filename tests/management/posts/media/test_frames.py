"""Pictures from along a video are real ones, evenly spread, upright, and cost a bounded effort."""

from __future__ import annotations

import json
import stat
import sys
from fractions import Fraction
from pathlib import Path

import av
import msgspec
import pytest
from av.video.frame import VideoFrame

from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.media.inspection import frames_of, inspect_video
from attise.management.posts.media.limits import FRAMES_LIMITS
from tests.management.posts.media import film

FRAMES = 120
FPS = 24
FOUND = {"type": "frames_found", "count": 2, "width": 96, "height": 160}


def dawn(path: Path, *, form: str = "mp4", codec: str = "libx264", frames: int = FRAMES, **encoding: str) -> Path:
    """Make a film that grows from dark to light, so that a picture tells its place."""
    with av.open(str(path), "w", format=form) as target:
        video = target.add_stream(codec, rate=FPS, options={"threads": "1", **encoding})
        video.width, video.height, video.pix_fmt = 96, 160, "yuv420p"
        for number in range(frames):
            frame = VideoFrame.from_bytes(bytes([*[40 + number * 160 // frames] * 3, 255]) * 96 * 160, 96, 160, "rgba")
            frame = frame.reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            target.mux(video.encode(frame))
        target.mux(video.encode(None))
    return path


def lights(paths: list[Path]) -> list[float]:
    return [(film.picture_in(path)[2] - 40) / 160 for path in paths]


FILMS = {
    "one place to start from": {"g": "1000", "bf": "0", "sc_threshold": "0"},
    "many places to start from": {"g": "6"},
    "pictures stored out of order": {"g": "40", "bf": "3"},
    "webm": {"form": "webm", "codec": "libvpx"},
}


@pytest.mark.parametrize("kind", FILMS)
@pytest.mark.parametrize("count", [1, 3, 10])
def test_they_are_evenly_spread(tmp_path: Path, work: Path, kind: str, count: int) -> None:
    made = frames_of(dawn(tmp_path / "film", **FILMS[kind]), work, duration_ms=FRAMES * 1000 // FPS, count=count)
    assert len(made) == count
    assert set(made) == set(work.iterdir())
    for number, place in enumerate(lights(made)):
        middle = (number + 0.5) / count
        assert middle - 0.25 / count - 0.05 <= place <= middle + 0.05, (number, place)


def test_they_are_as_the_video_is_displayed(tmp_path: Path, work: Path, good_mp4: Path) -> None:
    turned = tmp_path / "turned.mov"
    turned.write_bytes(film.turned(good_mp4.read_bytes()))
    for picture in frames_of(turned, work, duration_ms=1_500, count=2):
        assert film.picture_in(picture)[:2] == (160, 96)
        rows, columns = film.lines(picture)
        assert columns > 10 * rows


def test_a_large_video_gives_pictures_no_wider_than_its_cover(tmp_path: Path, work: Path) -> None:
    large = film.make(tmp_path / "large.mp4", width=1_440, height=800, frames=30)
    (picture,) = frames_of(large, work, duration_ms=1_000, count=1)
    assert film.picture_in(picture)[:2] == FRAMES_LIMITS.cover_sides(1_440, 800) == (1_080, 600)


def test_a_video_of_few_pictures_gives_each_of_them_once(tmp_path: Path, work: Path) -> None:
    made = frames_of(dawn(tmp_path / "film", frames=3), work, duration_ms=3_000 // FPS, count=10)
    assert len(made) == len({path.read_bytes() for path in made}) == 3


def test_what_would_cost_too_much_is_left_out(tmp_path: Path, work: Path) -> None:
    limits = msgspec.structs.replace(FRAMES_LIMITS, frames_px=96 * 160 * 40)
    source = dawn(tmp_path / "film", g="1000", bf="0", sc_threshold="0")
    made = frames_of(source, work, duration_ms=5_000, count=10, limits=limits)
    assert 1 <= len(made) < 5
    assert lights(made) == sorted(lights(made))


@pytest.mark.parametrize("raw", [b"", b"<html>", b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 4_000])
def test_what_is_no_video_is_refused(tmp_path: Path, work: Path, raw: bytes) -> None:
    path = tmp_path / "film"
    path.write_bytes(raw)
    with pytest.raises(MediaRefused):
        frames_of(path, work, duration_ms=1_000, count=3)
    assert list(work.iterdir()) == []


def say(**answer: object) -> str:
    return f"printf '%s' '{json.dumps({**FOUND, **answer})}'\n"


LEAVE = "echo one > frame-0.jpg; echo two > frame-1.jpg\n"


@pytest.mark.parametrize(
    "script",
    [
        "kill -SEGV $$",
        "echo hello",
        say(),
        "echo one > frame-0.jpg\n" + say(),
        LEAVE + "rm frame-1.jpg; ln -s /etc/passwd frame-1.jpg\n" + say(),
        LEAVE + "rm frame-1.jpg; mkfifo frame-1.jpg\n" + say(),
        LEAVE + ": > frame-1.jpg\n" + say(),
        LEAVE + say(count=0),
        LEAVE + say(count=11),
        LEAVE + "for n in 2 3 4 5 6 7 8; do echo x > frame-$n.jpg; done\n" + say(count=9),
        LEAVE + 'printf \'%s\' \'{"type": "image_found", "stored": "png", "width": 1, "height": 1}\'',
    ],
)
def test_whatever_a_child_does_is_a_refusal(tmp_path, work, good_mp4, monkeypatch, script) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(MediaRefused) as caught:
        frames_of(good_mp4, work, duration_ms=1_500, count=2)
    assert caught.value.code == "media_unreadable"
    assert list(work.iterdir()) == []


def test_what_is_stored_of_every_ordinary_video_gives_pictures(tmp_path: Path, good_webm: Path, good_mp4: Path) -> None:
    for number, source in enumerate((good_webm, good_mp4)):
        work = tmp_path / str(number)
        work.mkdir()
        inspected = inspect_video(source, work)
        made = frames_of(inspected.stored, work, duration_ms=inspected.duration_ms, count=5)
        assert len({path.read_bytes() for path in made}) == 5
