"""Real clips are rendered: cut to a picture, words in their time alone, the chosen cover, the sound as asked."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from attise.management.posts.editing.edits import Edits, Text, check_edits
from attise.management.posts.editing.rendering import render_video
from attise.management.posts.media.clips import make_clip
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.media.inspection import watch_video

FRAME_MS = 34


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    make_clip(path, seconds=4, seed=3, style="aurora", width=180, height=320)
    return path


@pytest.fixture(scope="module")
def silent(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "silent.mp4"
    make_clip(path, seconds=3, seed=4, style="aurora", width=180, height=320, with_sound=False)
    return path


@pytest.fixture
def render(tmp_path):
    def rendered(source: Path, **facts):
        return render_video(source, tmp_path, check_edits(Edits(**facts), 60_000))

    return rendered


def pictures(path: Path) -> dict[int, np.ndarray]:
    """Return the pictures of a video, by when each begins."""
    with av.open(str(path)) as source:
        start = source.streams.video[0].start_time or 0
        return {
            round(float((frame.pts - start) * frame.time_base) * 1_000): frame.to_ndarray(format="rgb24").astype(float)
            for frame in source.decode(video=0)
        }


def at(found: dict[int, np.ndarray], at_ms: int) -> np.ndarray:
    return found[max(place for place in found if place <= at_ms)]


def unlike(one: np.ndarray, other: np.ndarray) -> float:
    """Return how different two pictures are, 0 to 255."""
    return float(np.abs(one - other).mean())


def changed(one: np.ndarray, other: np.ndarray) -> float:
    """Return how much of two pictures is of quite another colour."""
    return float((np.abs(one - other).max(axis=2) > 80).mean())


def loudness(path: Path, tmp_path: Path) -> float:
    watched, _ = watch_video(path, tmp_path)
    return watched.sound.loudness_centi_lufs / 100


@pytest.mark.parametrize(("from_ms", "to_ms"), [(0, 1_500), (1_000, 2_700), (1_033, 4_000), (517, 1_999)])
def test_a_cut_begins_and_ends_at_its_picture(render, clip, from_ms, to_ms):
    made = render(clip, from_ms=from_ms, to_ms=to_ms)
    assert abs(made.duration_ms - (to_ms - from_ms)) <= FRAME_MS
    before, after = pictures(clip), pictures(made.stored)
    first = min(place for place in before if place >= from_ms)
    assert unlike(after[0], before[first]) < 6
    others = [unlike(after[0], one) for place, one in before.items() if abs(place - first) > 500]
    assert min(others) > unlike(after[0], before[first])
    assert len(after) == pytest.approx((to_ms - from_ms) * 30 / 1_000, abs=1)


@pytest.mark.parametrize("cover_ms", [0, 1_234, 2_900, 3_999])
def test_the_cover_is_the_picture_of_its_moment(render, clip, cover_ms):
    made = render(clip, cover_ms=cover_ms)
    cover = np.asarray(Image.open(made.cover).convert("RGB")).astype(float)
    shown = at(pictures(made.stored), cover_ms)
    assert cover.shape == shown.shape
    assert unlike(cover, shown) < 4
    before, after = pictures(clip), pictures(made.stored)
    assert all(unlike(before[place], after[place]) == 0 for place in before), "pictures that nobody changes are copied"


def test_a_cover_of_a_cut_video_is_of_the_moment_that_was_seen(render, clip):
    made = render(clip, from_ms=1_000, to_ms=3_000, cover_ms=2_500)
    cover = np.asarray(Image.open(made.cover).convert("RGB")).astype(float)
    assert unlike(cover, at(pictures(clip), 2_500)) < 6


@pytest.mark.parametrize("place", ["top", "middle", "bottom"])
def test_words_are_seen_in_their_time_and_place_alone(render, clip, place):
    made = render(clip, from_ms=500, texts=(Text(text="L’ÉTÉ\nà Nîmes", from_ms=1_000, to_ms=2_000, place=place),))
    before, after = pictures(clip), pictures(made.stored)
    third = {"top": slice(0, 110), "middle": slice(110, 215), "bottom": slice(185, 290)}[place]
    for place_ms, shown in after.items():
        source_ms = place_ms + 500
        if min(abs(source_ms - 1_000), abs(source_ms - 2_000)) <= FRAME_MS:
            continue
        was = at(before, source_ms + 5)
        is_over = 1_000 <= source_ms < 2_000
        assert (changed(shown[third], was[third]) > 0.005) == is_over, source_ms
        elsewhere = np.delete(shown, np.arange(third.start, third.stop), axis=0)
        assert unlike(elsewhere, np.delete(was, np.arange(third.start, third.stop), axis=0)) < 6, source_ms
    white = (at(after, 1_000)[third] > 230).all(axis=2).mean()
    assert white > 0.005, "letters are white"


def test_words_that_are_too_wide_are_drawn_smaller(render, clip):
    made = render(clip, texts=(Text(text="M" * 40, from_ms=0, to_ms=4_000, size="large"),))
    columns = np.abs(at(pictures(made.stored), 1_000) - at(pictures(clip), 1_000)).max(axis=(0, 2)) > 100
    assert not columns[:8].any()
    assert not columns[-8:].any()
    assert columns.any()


def test_a_sound_goes_under_a_silent_video_as_loud_as_asked(render, silent, tmp_path):
    full = render(silent, sound="marche", sound_percent=100)
    half = render(silent, sound="marche", sound_percent=50)
    assert full.audio_codec == "aac"
    assert abs(full.duration_ms - 3_000) <= FRAME_MS
    loud = loudness(full.stored, tmp_path)
    assert -20 < loud < -12
    assert loudness(half.stored, tmp_path) == pytest.approx(loud - 6, abs=0.7)


def test_its_own_sound_is_softer_or_gone(render, clip, tmp_path):
    was = loudness(clip, tmp_path)
    assert loudness(render(clip, own_percent=50).stored, tmp_path) == pytest.approx(was - 6, abs=0.7)
    assert render(clip, own_percent=0).audio_codec is None
    both = render(clip, sound="neon", sound_percent=100)
    alone = render(clip, sound="neon", sound_percent=100, own_percent=0)
    assert loudness(both.stored, tmp_path) > loudness(alone.stored, tmp_path)


@pytest.mark.parametrize("facts", [{}, {"own_percent": 50}, {"sound": "neon"}])
def test_a_cut_that_begins_after_its_sound_has_ended_is_silent_from_there(render, clip, tmp_path, facts):
    short = tmp_path / "short.mp4"
    with av.open(str(clip)) as source, av.open(str(short), "w") as made:
        tracks = {one.index: made.add_stream_from_template(one) for one in source.streams}
        for packet in source.demux():
            if packet.dts is None or (packet.stream.type == "audio" and packet.pts * packet.time_base > 1):
                continue
            packet.stream = tracks[packet.stream.index]
            made.mux(packet)
    cut = render(short, from_ms=2_000, to_ms=3_500, **facts)
    assert abs(cut.duration_ms - 1_500) <= FRAME_MS
    assert (cut.video_codec, cut.audio_codec) == ("h264", "aac")


def test_what_no_browser_plays_is_rendered_too(render, old_clip):
    made = render(old_clip, to_ms=1_050, texts=(Text(text="Ah", from_ms=0, to_ms=1_000),))
    assert (made.video_codec, made.format) == ("h264", "mp4")


def test_what_is_no_video_is_refused_and_leaves_nothing(render, tmp_path):
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(b"no video")
    with pytest.raises(MediaRefused):
        render(wrong, to_ms=2_000)
    assert list(tmp_path.iterdir()) == [wrong]
