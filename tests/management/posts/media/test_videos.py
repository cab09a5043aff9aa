"""Ordinary videos, and harmless oddities, are taken: clean, measured, signed, with a cover."""

from __future__ import annotations

import hashlib
import resource
import struct
import subprocess
import sys
from pathlib import Path

import av
import pytest

from attise.management.posts.media.inspection import Inspected, inspect_video
from attise.management.posts.media.limits import MIB
from tests.management.posts.media import film, nasty

ORDINARY = {
    "mp4": ({}, "mp4", "h264", "aac"),
    "mp4 with mp3": ({"sounds": ("libmp3lame",)}, "mp4", "h264", "mp3"),
    "mp4 in pieces": ({"options": {"movflags": "frag_keyframe+empty_moov"}}, "mp4", "h264", "aac"),
    "mov": ({"form": "mov"}, "mp4", "h264", "aac"),
    "mov without sound": ({"form": "mov", "sounds": ()}, "mp4", "h264", None),
    "webm": ({"form": "webm", "codec": "libvpx", "sounds": ("libopus",)}, "webm", "vp8", "opus"),
    "webm recorded live": (
        {"form": "webm", "codec": "libvpx", "sounds": ("libopus",), "options": {"live": "1"}},
        "webm",
        "vp8",
        "opus",
    ),
    "webm of a later codec": (
        {"form": "webm", "codec": "libvpx-vp9", "sounds": ("libopus",), "encoding": {"deadline": "realtime"}},
        "webm",
        "vp9",
        "opus",
    ),
    "webm of the latest codec": (
        {"form": "webm", "codec": "libsvtav1", "sounds": ("libopus",), "encoding": {"preset": "12"}},
        "webm",
        "av1",
        "opus",
    ),
    "mkv that a browser would play as mp4": ({"form": "matroska"}, "mp4", "h264", "aac"),
}


def check_taken(inspected: Inspected, work: Path) -> None:
    """What holds for every video that is stored as it is."""
    assert inspected.stored is not None
    assert inspected.format is not None
    assert {inspected.stored, inspected.cover} == set(work.iterdir())
    body = inspected.stored.read_bytes()
    assert inspected.signature_md5 == hashlib.md5(body).hexdigest()
    assert inspected.size_bytes == len(body)
    assert inspected.bit_rate == len(body) * 8_000 // inspected.duration_ms
    assert not inspected.needs_encoding
    assert film.picture_in(inspected.cover)[:2] == (inspected.cover_width, inspected.cover_height)


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_videos_are_taken(name: str, tmp_path: Path, work: Path) -> None:
    making, form, pictures, sound = ORDINARY[name]
    inspected = inspect_video(film.make(tmp_path / "x", **making), work)
    check_taken(inspected, work)
    assert (inspected.format, inspected.video_codec, inspected.audio_codec) == (form, pictures, sound)
    assert (inspected.width, inspected.height) == (96, 160)
    assert 1_490 <= inspected.duration_ms <= 1_570
    assert 29_900 <= inspected.fps_milli <= 30_100
    assert inspected.has_audio == (sound is not None)
    read = film.read(inspected.stored, form)
    assert read["frames"] == 45
    assert read["kinds"] == ["video", "audio"][: 1 + inspected.has_audio]


def test_an_mp4_starts_with_its_index_and_a_webm_too(work: Path, good_mp4: Path, good_webm: Path) -> None:
    mp4 = inspect_video(good_mp4, work).stored.read_bytes()
    assert mp4.index(b"moov") < mp4.index(b"mdat")
    webm = inspect_video(good_webm, work).stored.read_bytes()
    assert webm.index(b"\x1cS\xbbk") < webm.index(b"\x1fC\xb6u")


def test_the_same_video_has_the_same_signature(work: Path, good_mp4: Path, good_webm: Path) -> None:
    for source in (good_mp4, good_webm):
        assert inspect_video(source, work).signature_md5 == inspect_video(source, work).signature_md5


def test_a_clean_video_stays_what_it_is(tmp_path: Path, work: Path, good_mp4: Path) -> None:
    first = inspect_video(good_mp4, work)
    again = inspect_video(first.stored, work)
    assert again.signature_md5 == first.signature_md5


def test_a_turned_video_is_measured_and_covered_as_it_is_seen(tmp_path: Path, work: Path, good_mp4: Path) -> None:
    source = tmp_path / "phone.mov"
    source.write_bytes(film.turned(good_mp4.read_bytes()))
    inspected = inspect_video(source, work)
    check_taken(inspected, work)
    assert (inspected.width, inspected.height) == (160, 96)
    assert (inspected.cover_width, inspected.cover_height) == (160, 96)
    rows, columns = film.lines(inspected.cover)
    assert columns > 10 * rows, "the bars, which lie in the file, stand in the cover"
    with av.open(str(inspected.stored)) as stored:
        assert next(stored.decode(video=0)).rotation == -90


def test_stretched_pixels_count_as_they_are_seen(tmp_path: Path, work: Path) -> None:
    inspected = inspect_video(film.make(tmp_path / "x", stretch=2), work)
    assert (inspected.width, inspected.height, inspected.cover_width) == (192, 160, 192)


def test_the_cover_is_no_wider_than_a_page_and_not_dark(tmp_path: Path, work: Path) -> None:
    inspected = inspect_video(film.make(tmp_path / "x", width=1_280, height=320, dark=20, sounds=()), work)
    width, height, light = film.picture_in(inspected.cover)
    assert (width, height) == (1_080, 270)
    assert light > 60


def test_a_video_dark_to_its_end_still_has_a_cover(tmp_path: Path, work: Path) -> None:
    inspected = inspect_video(film.make(tmp_path / "x", dark=45), work)
    assert film.picture_in(inspected.cover)[2] < 5


def test_one_sound_is_kept(tmp_path: Path, work: Path) -> None:
    inspected = inspect_video(film.make(tmp_path / "x", sounds=("aac", "libmp3lame")), work)
    assert inspected.audio_codec == "aac"
    assert film.read(inspected.stored, "mp4")["kinds"] == ["video", "audio"]


def test_a_video_that_starts_late_is_moved_to_its_start(tmp_path: Path, work: Path) -> None:
    inspected = inspect_video(film.make(tmp_path / "x", form="matroska", start_s=30), work)
    assert 1_490 <= inspected.duration_ms <= 1_570
    with av.open(str(inspected.stored)) as stored:
        assert next(stored.decode(video=0)).time < 0.1


def test_an_old_mov_without_a_name_in_front_is_taken(tmp_path: Path, work: Path) -> None:
    packet, settings = film.one_packet(96, 160)
    samples = [(number * len(packet), len(packet)) for number in range(60)]
    body = nasty.movie(settings, samples, data=packet * 60)
    source = tmp_path / "x.mov"
    source.write_bytes(nasty.box(b"wide", bytes(len(nasty.FTYP) - 8)) + body[len(nasty.FTYP) :])
    check_taken(inspect_video(source, work), work)


SECRETS = ("Holiday at home", "+48.8582", "+002.2945", "Jeanne Martin", "2024-03-09", "ACME Phone")


@pytest.mark.parametrize("form", ["mp4", "mov", "matroska"])
def test_titles_places_and_times_are_gone(form: str, tmp_path: Path, work: Path) -> None:
    told = {
        "title": SECRETS[0],
        "location": "+48.8582+002.2945/",
        "artist": SECRETS[3],
        "creation_time": "2024-03-09T11:12:13Z",
        "comment": SECRETS[5],
        "com.apple.quicktime.location.ISO6709": "+48.8582+002.2945/",
    }
    source = film.make(tmp_path / "x", form=form, metadata=told)
    told_bytes = source.read_bytes()
    assert sum(secret.encode() in told_bytes for secret in SECRETS) >= 3
    inspected = inspect_video(source, work)
    kept = inspected.stored.read_bytes() + inspected.cover.read_bytes()
    assert [secret for secret in SECRETS if secret.encode() in kept] == []
    assert b"Lavf" not in kept
    assert set(film.read(inspected.stored, "mp4")["metadata"]) <= {"major_brand", "minor_version", "compatible_brands"}


def test_boxes_of_metadata_and_creation_times_are_gone(tmp_path: Path, work: Path) -> None:
    packet, settings = film.one_packet(96, 160)
    samples = [(number * len(packet), len(packet)) for number in range(60)]
    body = nasty.movie(settings, samples, data=packet * 60)
    at = body.index(b"mvhd") + 8
    body = body[:at] + b"\xe2\x11\x22\x33" * 2 + body[at + 8 :]
    body += nasty.box(
        b"uuid", b"\xbez\xcf\xcb\x97\xa9B\xe8\x9cq\x99\x94\x91\xe3\xaf\xac", b"<x:xmpmeta>GPS 48.8582N</x:xmpmeta>"
    )
    body += nasty.box(b"free", b"<script>alert(1)</script>")
    source = tmp_path / "x.mp4"
    source.write_bytes(body)
    kept = inspect_video(source, work).stored.read_bytes()
    for secret in (b"xmpmeta", b"48.8582N", b"script", b"\xe2\x11\x22\x33"):
        assert secret in body
        assert secret not in kept


@pytest.mark.parametrize("form", ["mp4", "matroska"])
def test_captions_and_attachments_are_left_behind(form: str, tmp_path: Path, work: Path) -> None:
    attachment = b"<script>alert('attached')</script>" if form == "matroska" else None
    source = film.make(tmp_path / "x", form=form, subtitles="<script>alert('words')</script>", attachment=attachment)
    assert b"alert('words')" in source.read_bytes()
    inspected = inspect_video(source, work)
    check_taken(inspected, work)
    assert b"alert" not in inspected.stored.read_bytes()


def test_what_is_glued_behind_a_video_is_left_behind(
    tmp_path: Path, work: Path, good_mp4: Path, good_webm: Path
) -> None:
    page = b"<html><script>alert(document.domain)</script></html>"
    archive = nasty.zip_of(page, tmp_path / "evil.zip")
    for whole in (good_mp4.read_bytes(), good_webm.read_bytes()):
        for tail in (archive, page, bytes(1_000), b"\x00\x00\x00\x03evil"):
            source = tmp_path / "upload.mp4"
            source.write_bytes(whole + tail)
            inspected = inspect_video(source, work)
            kept = inspected.stored.read_bytes()
            assert b"alert" not in kept
            assert b"PK\x03\x04" not in kept
            inspected.stored.unlink()
            inspected.cover.unlink()


@pytest.mark.parametrize(
    "name",
    [
        "film.svg",
        "..%2f..%2fetc%2fpasswd.mp4",
        "http:x.mp4",
        "-y.mp4",
        "n\nl.mp4",
        "é" * 100 + ".mp4",
        "\u202egpj.mp4",
        "' ; touch pwned ; '.mp4",
    ],
)
def test_names_mean_nothing(name: str, tmp_path: Path, work: Path, good_mp4: Path) -> None:
    source = tmp_path / name
    source.write_bytes(good_mp4.read_bytes())
    inspected = inspect_video(source, work)
    check_taken(inspected, work)
    assert inspected.stored.name.startswith("media-")
    assert inspected.stored.suffix == ".mp4"


def test_a_path_that_climbs_is_only_a_path(tmp_path: Path, work: Path, good_mp4: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "clip.mp4").write_bytes(good_mp4.read_bytes())
    inspected = inspect_video(tmp_path / "in" / ".." / "clip.mp4", work)
    check_taken(inspected, work)
    assert {path.name for path in tmp_path.iterdir()} == {"in", "clip.mp4", "work"}


def test_a_work_folder_with_an_odd_name_will_do(tmp_path: Path, good_mp4: Path) -> None:
    work = tmp_path / "a:b %d 'c'"
    work.mkdir()
    check_taken(inspect_video(good_mp4, work), work)


def test_looking_at_twelve_seconds_costs_little(clips: dict[str, tuple[Path, float]], work: Path) -> None:
    source, _ = clips["sunburst"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    check_taken(inspect_video(source, work), work)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0


def test_memory_does_not_grow_with_the_file(tmp_path: Path, work: Path) -> None:
    packet, settings = film.one_packet(640, 640)
    packet += struct.pack(">I", 400_001) + b"\x0c" + b"\xff" * 400_000  # filling, as constant bit rates have it
    samples = [(number * len(packet), len(packet)) for number in range(300)]
    source = tmp_path / "large.mp4"
    source.write_bytes(nasty.movie(settings, samples, data=packet * 300, width=640, height=640))
    assert source.stat().st_size > 110 * MIB
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from attise.management.posts.media.inspection import inspect_video\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found = inspect_video(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print(found.size_bytes, own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    out = subprocess.run([sys.executable, "-c", program, source, work], check=True, capture_output=True, text=True)
    stored_bytes, own_kib, child_kib = map(int, out.stdout.split())
    assert stored_bytes > 110 * MIB
    assert own_kib < 8 * 1_024
    assert child_kib < 90 * 1_024
