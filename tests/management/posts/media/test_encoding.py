"""What no browser plays says so, and is encoded into what every browser plays."""

from __future__ import annotations

import hashlib
from pathlib import Path

import av
import pytest

from attise.management.posts.media.encoding import encode_video, ffmpeg_binary
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.media.inspection import inspect_video
from attise.management.posts.media.limits import EncodingLimits, ProcessLimits
from tests.management.posts.media import film, nasty

NOT_PLAYED = {
    "hevc": {"codec": "libx265", "encoding": {"x265-params": "log-level=none", "preset": "ultrafast"}},
    "ten bits": {"pixels": "yuv420p10le"},
    "whole colours": {"pixels": "yuv444p"},
    "an old codec": {"codec": "mpeg4", "form": "mov", "sounds": ("pcm_s16le",)},
    "a codec of studios": {"codec": "prores_ks", "pixels": "yuv422p10le", "form": "mov", "sounds": ("pcm_s24le",)},
    "a late start": {"pixels": "yuv420p10le", "form": "matroska", "start_s": 30},
    "sound as it comes": {"form": "mov", "sounds": ("pcm_s16le",)},
    "pictures and sound that share no container": {"codec": "libvpx", "form": "matroska", "sounds": ("aac",)},
}


@pytest.mark.parametrize("name", NOT_PLAYED)
def test_what_no_browser_plays_is_encoded(name: str, tmp_path: Path, work: Path) -> None:
    told = {"title": "Holiday at home", "location": "+48.8582+002.2945/"}
    source = film.make(tmp_path / "x", metadata=told, **NOT_PLAYED[name])
    inspected = inspect_video(source, work)
    assert inspected.needs_encoding
    assert (inspected.stored, inspected.format, inspected.signature_md5) == (None, None, None)
    assert list(work.iterdir()) == [inspected.cover]
    assert (inspected.width, inspected.height, inspected.size_bytes) == (96, 160, source.stat().st_size)
    inspected.cover.unlink()

    encoded = encode_video(source, work)
    assert {encoded.stored, encoded.cover} == set(work.iterdir())
    assert not encoded.needs_encoding
    assert (encoded.format, encoded.video_codec, encoded.audio_codec) == ("mp4", "h264", "aac")
    assert (encoded.width, encoded.height, encoded.fps_milli) == (96, 160, 30_000)
    assert abs(encoded.duration_ms - 1_500) <= 60
    body = encoded.stored.read_bytes()
    assert encoded.signature_md5 == hashlib.md5(body).hexdigest()
    assert b"Holiday" not in body
    assert b"48.8582" not in body
    read = film.read(encoded.stored, "mp4")
    assert abs(read["frames"] - 45) <= 1
    assert (read["pixels"], read["codecs"]) == ("yuv420p", ["h264", "aac"])


def test_pictures_that_play_are_not_encoded_again(tmp_path: Path, work: Path) -> None:
    source = film.make(tmp_path / "x", form="mov", sounds=("pcm_s16le",))
    encoded = encode_video(source, work)
    assert _pictures(source) == _pictures(encoded.stored)


def test_a_turned_video_is_turned_for_good(tmp_path: Path, work: Path) -> None:
    source = film.make(tmp_path / "x", pixels="yuv420p10le")
    source.write_bytes(film.turned(source.read_bytes()))
    encoded = encode_video(source, work)
    assert (encoded.width, encoded.height) == (160, 96)
    rows, columns = film.lines(encoded.cover)
    assert columns > 10 * rows


def test_large_pictures_are_made_smaller_and_keep_their_shape(tmp_path: Path, work: Path) -> None:
    source = film.make(
        tmp_path / "x",
        pixels="yuv422p",
        width=2_560,
        height=642,
        frames=30,
        sounds=(),
        encoding={"preset": "ultrafast"},
    )
    encoded = encode_video(source, work)
    assert (encoded.width, encoded.height, encoded.has_audio) == (1_920, 480, False)


def test_a_hostile_video_is_refused_here_too(tmp_path: Path, work: Path) -> None:
    packet, settings = film.one_packet(96, 160)
    source = tmp_path / "x.mp4"
    source.write_bytes(nasty.movie(settings, [(0, len(packet))] * 60, data=b"", reference=nasty.alias("/etc/passwd")))
    with pytest.raises(MediaRefused) as caught:
        encode_video(source, work)
    assert caught.value.code == "media_external_reference"
    assert list(work.iterdir()) == []


def test_an_encoding_that_takes_too_long_is_stopped(tmp_path: Path, work: Path) -> None:
    source = film.make(tmp_path / "x", pixels="yuv420p10le")
    with pytest.raises(MediaRefused) as caught:
        encode_video(source, work, encoding=EncodingLimits(process=ProcessLimits(wall_s=0.01)))
    assert caught.value.code == "media_took_too_long"
    assert list(work.iterdir()) == []


def test_an_encoder_without_memory_is_a_refusal(tmp_path: Path, work: Path) -> None:
    source = film.make(tmp_path / "x", pixels="yuv420p10le")
    with pytest.raises(MediaRefused) as caught:
        encode_video(source, work, encoding=EncodingLimits(process=ProcessLimits(memory_bytes=60_000_000)))
    assert caught.value.code == "media_unreadable"
    assert list(work.iterdir()) == []


def test_no_ffmpeg_on_the_machine_is_needed(tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = film.make(tmp_path / "x", codec="mpeg4", form="mov", sounds=("pcm_s16le",))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "imageio_ffmpeg" in ffmpeg_binary()
    encoded = encode_video(source, work)
    assert (encoded.video_codec, encoded.audio_codec) == ("h264", "aac")


def _pictures(path: Path) -> list[bytes]:
    with av.open(str(path)) as source:
        return [bytes(packet) for packet in source.demux(video=0) if packet.size]
