"""Hard cuts are found where they are, and flashes, dissolves, whips and darkness are not taken for them."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from attise.management.posts.media import cutting
from attise.management.posts.media.cutting import Pictures
from attise.management.posts.media.inspection import watch_video
from tests.management.posts.media import reels
from tests.management.posts.media.reels import BY_NAME, KINDS, Kind

LEAST_F1 = 0.95
SAMPLED = ("variable rate", "flashes", "fast")
SEEDS = (200, 201, 202, 203)
"""None of those that the bounds of ``cutting`` were chosen on."""


def _watched(tmp_path: Path, kind: Kind, seed: int, seconds: float) -> tuple[int, int, int]:
    reel = reels.make_reel(tmp_path / "reel.mp4", kind, seed, seconds=seconds)
    video, sound = watch_video(reel.path, tmp_path)
    assert sound is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reel.mp4"]
    return reels.found_of(reel, [cut / 1_000 for cut in video.cuts_ms])


@pytest.mark.parametrize("name", SAMPLED)
def test_cuts_of_a_short_reel_are_found(tmp_path, name):
    """Three seconds with a cut at least; the whole table is the next test."""
    hits, missed, false = _watched(tmp_path, BY_NAME[name], 300, 3)
    sys.stdout.write(
        f"{name}: F1 {reels.f1_of(hits, missed, false):.3f} ({hits} found, {missed} missed, {false} false)\n"
    )
    assert hits
    assert (missed, false) == (0, 0)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_cuts_of_every_kind_are_found(tmp_path):
    """Ten kinds, 24 to 60 pictures a second, four seeds each: F1 of 0.95 at two pictures for each kind and in all."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for kind in KINDS:
        for seed in SEEDS:
            for place, count in enumerate(_watched(tmp_path, kind, seed, 8)):
                counts[kind.name][place] += count
                counts["all"][place] += count
    lines = [
        f"{name:14} F1 {reels.f1_of(*one):.3f}  {one[0]} found {one[1]} missed {one[2]} false"
        for name, one in counts.items()
    ]
    sys.stdout.write("\n".join([*lines, ""]))
    assert all(reels.f1_of(*one) >= LEAST_F1 for one in counts.values()), "\n".join(lines)
    flashed_minutes = len(SEEDS) * 8 / 60
    assert counts["flashes"][2] < flashed_minutes, "a false cut a minute, at most, where flashes are"


def test_what_counts_as_found_is_strict():
    """The measure itself: two pictures away is found, three is not; one cut is found once."""
    reel = reels.Reel(Path(), tuple(number / 30 for number in range(90)), (30, 60))
    assert reels.found_of(reel, [32 / 30, 58 / 30]) == (2, 0, 0)
    assert reels.found_of(reel, [33 / 30, 60 / 30]) == (1, 1, 1)
    assert reels.found_of(reel, [30 / 30, 31 / 30]) == (1, 1, 1)
    assert reels.f1_of(1, 1, 1) == 0.5


def _grey(levels: list[int], height: int = 32, width: int = 32) -> Pictures:
    chance = np.random.default_rng(1)
    ground = chance.integers(0, 60, (height, width))
    light = np.stack([np.clip(ground + level, 0, 255).astype(np.uint8) for level in levels])
    colour = np.full((len(levels), height // 2, width), 128, np.uint8)
    return Pictures(np.arange(len(levels)) / 30, light, colour)


def test_a_still_film_has_no_cut_and_is_still():
    pictures = _grey([50] * 60)
    assert cutting.find_cuts(pictures) == []
    assert cutting.longest_still(pictures, []) == (0.0, pytest.approx(59 / 30))
    assert not cutting.moving(pictures).any()


def test_one_picture_is_a_film_too():
    pictures = _grey([50])
    assert cutting.find_cuts(pictures) == []
    assert cutting.longest_still(pictures, []) == (0.0, 0.0)


def test_the_longest_still_time_lies_between_two_movements():
    pictures = _grey([50] * 10 + [80] * 45 + [120] * 20)
    begins_s, length_s = cutting.longest_still(pictures, [])
    assert begins_s == pytest.approx(15 / 30, abs=0.05)
    assert length_s == pytest.approx(40 / 30, abs=0.07)


@pytest.mark.parametrize(
    ("sides", "small"),
    [
        ((1080, 1920), (64, 112)),
        ((1920, 1080), (112, 64)),
        ((500, 500), (112, 112)),
        ((4096, 16), (112, 16)),
        ((1, 1), (112, 112)),
    ],
)
def test_small_pictures_keep_the_form(sides, small):
    assert cutting.small_sides(*sides) == small
