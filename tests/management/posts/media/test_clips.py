"""Sample clips: four styles that can be told apart, repeatable, small, alive, and taken as they are."""

from __future__ import annotations

from pathlib import Path

import av

from attise.management.posts.media.clips import STYLES, make_clip
from attise.management.posts.media.inspection import inspect_video
from tests.management.posts.media.film import CLIP_SECONDS

Clips = dict[str, tuple[Path, float]]


def thumbs(path: Path) -> list[bytes]:
    """Return a small picture for every second."""
    with av.open(str(path)) as source:
        frames = [frame for number, frame in enumerate(source.decode(video=0)) if number % 30 == 0]
    return [bytes(frame.reformat(width=32, height=32, format="rgb24").planes[0]) for frame in frames]


def distance(first: bytes, second: bytes) -> float:
    return sum(abs(a - b) for a, b in zip(first, second, strict=True)) / len(first)


def loudness(path: Path) -> int:
    with av.open(str(path)) as source:
        resampler = av.AudioResampler(format="s16", layout="mono")
        return max(
            max(abs(value) for value in memoryview(bytes(piece.planes[0])[: piece.samples * 2]).cast("h"))
            for frame in source.decode(audio=0)
            for piece in resampler.resample(frame)
            if piece.samples
        )


def test_there_are_four_styles_that_differ_move_and_sound(clips: Clips, work: Path) -> None:
    shown = {}
    for style, (path, _) in clips.items():
        shown[style] = thumbs(path)
        assert len(shown[style]) == CLIP_SECONDS[style]
        assert distance(shown[style][0], shown[style][2]) > 2, f"{style} moves"
        assert loudness(path) > 5_000
        inspected = inspect_video(path, work)
        assert (inspected.width, inspected.height, inspected.duration_ms) == (360, 640, CLIP_SECONDS[style] * 1_000)
        assert (inspected.video_codec, inspected.audio_codec, inspected.needs_encoding) == ("h264", "aac", False)
    assert len(shown) == 4
    for style in STYLES:
        for other in STYLES[: STYLES.index(style)]:
            assert distance(shown[style][1], shown[other][1]) > 15, f"{style} is not {other}"


def test_clips_are_small_and_quick(clips: Clips) -> None:
    for style, (path, processor_s) in clips.items():
        assert path.stat().st_size <= 50_000 * CLIP_SECONDS[style]
        assert processor_s < 0.4 * CLIP_SECONDS[style], "half of it when the machine is quiet"


def test_a_seed_is_a_clip(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("first", "again", "other")]
    for path, seed in zip(paths, (5, 5, 6), strict=True):
        make_clip(path, seconds=1, seed=seed, style="confetti")
    first, again, other = (path.read_bytes() for path in paths)
    assert first == again
    assert first != other


def test_clips_come_in_other_shapes(tmp_path: Path, work: Path) -> None:
    make_clip(tmp_path / "x", seconds=2, seed=1, style="sunburst", width=320, height=180, fps=25, container="webm")
    inspected = inspect_video(tmp_path / "x", work)
    assert (inspected.format, inspected.width, inspected.height) == ("webm", 320, 180)
    assert inspected.audio_codec == "opus"
    make_clip(tmp_path / "y", seconds=2, seed=1, style="dunes", width=320, height=320, with_sound=False)
    inspected = inspect_video(tmp_path / "y", work)
    assert (inspected.format, inspected.has_audio, inspected.duration_ms) == ("mp4", False, 2_000)
