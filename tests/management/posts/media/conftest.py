"""Good films, made once, and an empty folder to work in."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from attise.management.posts.media.clips import STYLES, make_clip
from tests.management.posts.media import film


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="session")
def good_mp4(shelf: Path) -> Path:
    return film.make(shelf / "good.mp4")


@pytest.fixture(scope="session")
def good_webm(shelf: Path) -> Path:
    return film.make(shelf / "good.webm", form="webm", codec="libvpx", sounds=("libopus",))


@pytest.fixture(scope="session")
def clips(shelf: Path) -> dict[str, tuple[Path, float]]:
    """A clip in each style, and the processor's seconds that it took."""
    made = {}
    for style in STYLES:
        before = time.process_time()
        make_clip(shelf / f"{style}.mp4", seconds=film.CLIP_SECONDS[style], seed=11, style=style)
        made[style] = (shelf / f"{style}.mp4", time.process_time() - before)
    return made


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder
