"""Nasty videos are refused with a code, in time, and leave nothing; whoever looked at them goes on."""

from __future__ import annotations

import os
import select
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attise.kernel.errors import REASONS
from attise.management.posts.media import reading, sniff, structure
from attise.management.posts.media.errors import BY_CODE, MediaRefused
from attise.management.posts.media.inspection import inspect_video
from attise.management.posts.media.limits import MIB, VIDEO_LIMITS, ProcessLimits, VideoLimits
from tests.management.posts.media import film, nasty

pytestmark = pytest.mark.timeout(60)

PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXTINF:10,\nhttp://127.0.0.1:1/x.ts\n"
PAGE = b"<!DOCTYPE html><html><script>alert(document.domain)</script></html>"
DRAWING = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

NOT_VIDEOS: dict[str, tuple[bytes, str]] = {
    "an HLS playlist": (PLAYLIST, "HLS"),
    "an HLS playlist behind a byte order mark": (b"\xef\xbb\xbf\n" + PLAYLIST, "HLS"),
    "a concat script": (b"ffconcat version 1.0\nfile '/etc/passwd'\nduration 5\n", "FFCONCAT"),
    "a concat list": (b"file '/etc/passwd'\nfile 'http://127.0.0.1:1/x'\n", "PLAYLIST"),
    "a concat address": (b"concat:/etc/passwd|/etc/hosts", "PLAYLIST"),
    "a DASH manifest": (b"<MPD><BaseURL>file:///etc/passwd</BaseURL></MPD>", "DASH"),
    "a drawing": (DRAWING, "SVG"),
    "a drawing without a prologue": (DRAWING.split(b"?>")[1], "SVG"),
    "a page": (PAGE, "HTML"),
    "a page in front of a video": (PAGE + nasty.FTYP + bytes(5_000), "HTML"),
    "a gzip bomb": (nasty.gzip_bomb(), "GZIP"),
    "an archive": (b"PK\x03\x04" + bytes(100), "ZIP"),
    "a moving drawing": (b"GIF89a" + bytes(100), "GIF"),
    "a document": (b"%PDF-1.7\n" + bytes(100), "PDF"),
    "a song": (b"ID3\x04" + bytes(100), "MP3"),
    "a transport stream": (b"G@\x00\x10" + bytes(184), "0x47400010"),
    "an old film": (b"RIFF\x00\x10\x00\x00AVI LIST" + bytes(100), "AVI"),
    "a photograph in a film's clothes": (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"),
    "one byte": (b"\x00", "0x00"),
}


def refusal_of(source: Path, work: Path, limits: VideoLimits = VIDEO_LIMITS) -> MediaRefused:
    with pytest.raises(MediaRefused) as caught:
        inspect_video(source, work, limits=limits)
    refusal = caught.value
    assert list(work.iterdir()) == []
    assert refusal.reason is BY_CODE[refusal.code] is REASONS[refusal.code]
    assert refusal.field == "file"
    assert refusal.next_step
    assert "%" not in refusal.english
    return refusal


def outcome(look: Callable[[], Any]) -> Any:
    """Return what a look gives, or its refusal; anything else that is raised fails the test."""
    try:
        return look()
    except MediaRefused as refusal:
        return refusal


@pytest.mark.parametrize("name", NOT_VIDEOS)
def test_what_is_not_a_video_is_refused_by_its_bytes(name: str, tmp_path: Path, work: Path) -> None:
    body, found = NOT_VIDEOS[name]
    source = tmp_path / "holiday.mp4"
    source.write_bytes(body)
    refusal = refusal_of(source, work)
    assert refusal.code == "media_container_not_allowed"
    assert refusal.details == {"found": found}


@pytest.mark.parametrize("name", ["a pipe", "a link to a good video", "a folder", "nothing", "a socket", "a NUL"])
def test_only_plain_files_are_opened(name: str, tmp_path: Path, work: Path, good_mp4: Path) -> None:
    source = tmp_path / "clip.mp4"
    if name == "a pipe":
        os.mkfifo(source)
    elif name == "a link to a good video":
        source.symlink_to(good_mp4)
    elif name == "a folder":
        source.mkdir()
    elif name == "a socket":
        with socket.socket(socket.AF_UNIX) as ear:
            ear.bind(str(source))
    elif name == "a NUL":
        source = Path(str(tmp_path / "clip\0.mp4"))
    assert refusal_of(source, work).code == "media_not_a_file"


def test_an_empty_file_is_called_empty(tmp_path: Path, work: Path) -> None:
    (tmp_path / "clip.mp4").touch()
    assert refusal_of(tmp_path / "clip.mp4", work).code == "media_empty"


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path, work: Path) -> None:
    source = tmp_path / "clip.mp4"
    with source.open("wb") as file:
        file.write(nasty.FTYP)
        file.truncate(500 * MIB + 1)
    refusal = refusal_of(source, work)
    assert refusal.code == "media_too_large"
    assert refusal.details == {"measured": 500 * MIB + 1, "limit": 500 * MIB}


Builder = Callable[[Path, bytes], bytes]


def _long(kind: bytes, length: int) -> bytes:
    return struct.pack(">I", 1) + kind + struct.pack(">Q", length)


def _nested(depth: int) -> bytes:
    body = b""
    for _ in range(depth):
        body = nasty.box(b"moov", body)
    return body


def _spread(count: int, *, length: int | None = None) -> Builder:
    """Many pictures that are all the same bytes of the file."""

    def build(_folder: Path, _good: bytes) -> bytes:
        packet, settings_ = film.one_packet(640, 640)
        packet += bytes(400_000)
        samples = [(0, length or len(packet))] * count
        return nasty.movie(settings_, samples, data=packet, width=640, height=640, step_ms=10)

    return build


def _one_picture(step_ms: int) -> Builder:
    def build(_folder: Path, _good: bytes) -> bytes:
        packet, settings_ = film.one_packet(96, 160)
        return nasty.movie(settings_, [(0, len(packet))], data=packet, step_ms=step_ms)

    return build


def _same_picture(count: int, step_ms: int) -> Builder:
    def build(_folder: Path, _good: bytes) -> bytes:
        packet, settings_ = film.one_packet(96, 160)
        samples = [(number * len(packet), len(packet)) for number in range(count)]
        return nasty.movie(settings_, samples, data=packet * count, step_ms=step_ms)

    return build


def _flood(_folder: Path, _good: bytes) -> bytes:
    packet, _ = film.one_packet(96, 160)
    return nasty.movie(nasty.huge_picture_settings(), [(0, len(packet))] * 60, data=packet)


def _flood_vp8(folder: Path, _good: bytes) -> bytes:
    return nasty.huge_vp8(film.make(folder / "x", form="webm", codec="libvpx", sounds=()).read_bytes())


def _elsewhere(reference: bytes) -> Builder:
    def build(_folder: Path, _good: bytes) -> bytes:
        packet, settings_ = film.one_packet(96, 160)
        return nasty.movie(settings_, [(0, len(packet))] * 60, data=b"", reference=reference)

    return build


def _film(**what: object) -> Builder:
    return lambda folder, _good: film.make(folder / "x", **what).read_bytes()  # type: ignore[arg-type]


def _many_samples_claimed(_folder: Path, good: bytes) -> bytes:
    at = good.index(b"stsz") + 12
    return good[:at] + b"\xff\xff\xff\xff" + good[at + 4 :]


EBML = b"\x1aE\xdf\xa3"
BROKEN: dict[str, tuple[Builder, set[str]]] = {
    "a header alone": (lambda _f, _g: nasty.FTYP, {"media_index_missing"}),
    "noise behind a good header": (
        lambda _f, _g: nasty.FTYP + os.urandom(20_000),
        {"media_unreadable", "media_incomplete"},
    ),
    "an unknown box that fits": (lambda _f, _g: nasty.FTYP + nasty.box(b"evil", bytes(99)), {"media_index_missing"}),
    "pictures without an index": (
        lambda _f, _g: nasty.FTYP + nasty.box(b"mdat", bytes(50_000)),
        {"media_index_missing"},
    ),
    "an index without tracks": (
        lambda _f, _g: nasty.FTYP + nasty.box(b"mdat", bytes(99)) + nasty.box(b"moov"),
        {"media_unreadable", "media_streams"},
    ),
    "an index of 2^63 bytes": (lambda _f, _g: nasty.FTYP + _long(b"moov", 2**63) + bytes(999), {"media_incomplete"}),
    "an index of 2^64 - 1 bytes": (
        lambda _f, _g: nasty.FTYP + _long(b"moov", 2**64 - 1) + bytes(9),
        {"media_incomplete"},
    ),
    "an index of a negative length": (
        lambda _f, _g: nasty.FTYP + struct.pack(">i", -20) + b"moov" + bytes(99),
        {"media_incomplete"},
    ),
    "an index of three bytes": (
        lambda _f, _g: nasty.FTYP + struct.pack(">I", 3) + b"moov" + bytes(99),
        {"media_unreadable"},
    ),
    "an index to the end, full of nothing": (
        lambda _f, _g: nasty.FTYP + nasty.box(b"mdat", bytes(9)) + bytes(4) + b"moov" + bytes(4_000),
        {"media_unreadable", "media_streams"},
    ),
    "a long box shorter than its header": (
        lambda _f, _g: nasty.FTYP + _long(b"moov", 9) + bytes(99),
        {"media_unreadable"},
    ),
    "boxes in boxes in boxes": (
        lambda _f, _g: nasty.FTYP + nasty.box(b"mdat", bytes(9)) + _nested(20_000),
        {"media_unreadable", "media_streams"},
    ),
    "a million boxes": (lambda _f, _g: nasty.FTYP + nasty.box(b"free") * 1_000_000, {"media_bomb"}),
    "an index of 40 MiB": (
        lambda _f, _g: nasty.FTYP + nasty.box(b"mdat", bytes(9)) + nasty.box(b"moov", bytes(40 * MIB)),
        {"media_bomb"},
    ),
    "a packed index": (
        lambda _f, _g: nasty.FTYP + nasty.box(b"mdat", bytes(9)) + nasty.box(b"moov", nasty.box(b"cmov", bytes(99))),
        {"media_container_not_allowed"},
    ),
    "a movie that names other movies": (
        lambda _f, _g: nasty.FTYP + nasty.box(b"mdat", bytes(9)) + nasty.box(b"moov", nasty.box(b"rmra", bytes(99))),
        {"media_external_reference"},
    ),
    "four thousand million pictures claimed": (_many_samples_claimed, {"media_unreadable", "media_bomb"}),
    "a picture of 16000 by 16000 in H.264": (_flood, {"media_dimensions", "media_unreadable"}),
    "a picture of 16000 by 16000 in VP8": (_flood_vp8, {"media_dimensions", "media_unreadable"}),
    "a side of 4098": (_film(width=4098, height=16), {"media_dimensions"}),
    "one picture for ten hours": (_one_picture(36_000_000), {"media_too_long"}),
    "one picture for a moment": (_one_picture(40), {"media_too_short"}),
    "half a second": (_film(frames=15), {"media_too_short"}),
    "eleven minutes": (_same_picture(660, 1_000), {"media_too_long"}),
    "250 pictures a second": (_same_picture(500, 4), {"media_frame_rate"}),
    "the same bytes again and again": (_spread(100), {"media_bomb"}),
    "two videos": (_film(videos=2), {"media_streams"}),
    "five sounds": (_film(sounds=("aac",) * 5), {"media_streams"}),
    "sound alone": (_film(codec=None), {"media_streams"}),
    "pictures in a codec that nobody plays": (_film(form="mov", codec="rawvideo", sounds=()), {"media_codec"}),
    "another file, by its path": (_elsewhere(nasty.alias("/etc/passwd")), {"media_external_reference"}),
    "another file, by its address": (_elsewhere(nasty.url("file:///etc/passwd")), {"media_external_reference"}),
    "a webm header of 2^55 bytes": (lambda _f, _g: EBML + b"\x01" + b"\x7f" * 7 + bytes(5_000), {"media_unreadable"}),
    "a webm header without a length": (lambda _f, _g: EBML + b"\x00" * 5_000, {"media_unreadable"}),
    "a webm header alone": (lambda _f, _g: EBML + b"\x87\x42\x82\x84webm", {"media_index_missing"}),
    "another kind of webm": (
        lambda _f, _g: EBML + b"\x87\x42\x82\x84evil" + bytes(99),
        {"media_container_not_allowed"},
    ),
    "a webm of 2^50 bytes": (
        lambda _f, _g: EBML + b"\x87\x42\x82\x84webm" + b"\x18S\x80g\x01\x04" + bytes(6) + bytes(5_000),
        {"media_incomplete"},
    ),
    "a webm of noise": (
        lambda _f, _g: EBML + b"\x87\x42\x82\x84webm" + b"\x18S\x80g\x01" + b"\xff" * 7 + os.urandom(20_000),
        {"media_unreadable", "media_streams"},
    ),
}


MEASURED = {
    "half a second": {"measured": "0.5", "limit": "1"},
    "eleven minutes": {"measured": "660", "limit": "600"},
    "250 pictures a second": {"measured": 250, "limit": 120},
    "a side of 4098": {"measured": "4098 x 16", "limit": 4_096},
    "five sounds": {"video": 1, "audio": 5, "limit": 2},
    "two videos": {"video": 2, "audio": 1, "limit": 2},
}
assert set(BROKEN) >= set(MEASURED)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_and_hostile_films_are_refused(name: str, tmp_path: Path, work: Path, good_mp4: Path) -> None:
    build, codes = BROKEN[name]
    source = tmp_path / "upload.mp4"
    source.write_bytes(build(tmp_path, good_mp4.read_bytes()))
    refusal = refusal_of(source, work)
    assert refusal.code in codes
    assert refusal.details == MEASURED.get(name, refusal.details)


@pytest.fixture(scope="session")
def good_films(good_mp4: Path, good_webm: Path, shelf: Path) -> dict[str, bytes]:
    first = film.make(shelf / "first.mp4", options={"movflags": "faststart"})
    return {"index last": good_mp4.read_bytes(), "index first": first.read_bytes(), "webm": good_webm.read_bytes()}


@pytest.mark.parametrize(
    "part", [200, 0.5, -1, *(pytest.param(part, marks=pytest.mark.long) for part in (24, 3_000, 0.1, 0.9, 0.99))]
)
@pytest.mark.parametrize("kind", ["index last", "index first", "webm"])
def test_a_file_cut_anywhere_is_refused(
    kind: str, part: float, tmp_path: Path, work: Path, good_films: dict[str, bytes]
) -> None:
    whole = good_films[kind]
    cut = int(len(whole) * part) if isinstance(part, float) else part
    source = tmp_path / "upload.mp4"
    source.write_bytes(whole[:cut])
    assert refusal_of(source, work).code in {"media_incomplete", "media_index_missing", "media_unreadable"}


@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(5, 15))])
def test_scratched_files_are_refused_or_made_whole(
    seed: int, tmp_path: Path, work: Path, good_films: dict[str, bytes]
) -> None:
    source = tmp_path / "upload.mp4"
    source.write_bytes(nasty.scratched(good_films[["webm", "index last", "index first"][seed % 3]], seed))
    found = outcome(lambda: inspect_video(source, work))
    if isinstance(found, MediaRefused):
        assert list(work.iterdir()) == []
    elif found.stored is not None:
        with av.open(str(found.stored)) as stored:
            assert next(stored.decode(video=0)).width == found.width


def test_pictures_that_lie_in_another_file_are_never_read(tmp_path: Path) -> None:
    packet, settings_ = film.one_packet(96, 160)
    secret = tmp_path / "secret.bin"
    secret.write_bytes(packet * 60)
    source = tmp_path / "upload.mp4"
    samples = [(number * len(packet), len(packet)) for number in range(60)]
    source.write_bytes(nasty.movie(settings_, samples, data=b"", reference=nasty.alias(str(secret))))

    # A reader that obeys the file finds the pictures: the trap is set.
    obedient = {"enable_drefs": "1", "use_absolute_path": "1"}
    with av.open(str(source), "r", format="mov", options=obedient) as film_:
        assert next(film_.decode(video=0)).width == 96

    # Ours, even past the look at the structure, reads nothing of them.
    with source.open("rb", buffering=0) as file, reading.open_video(file, "mov", VIDEO_LIMITS) as film_:
        film_.streams.video[0].codec_context.thread_count = 1
        with pytest.raises((av.FFmpegError, StopIteration)):
            next(film_.decode(video=0))


def test_no_file_makes_us_connect(tmp_path: Path, work: Path) -> None:
    _, settings_ = film.one_packet(96, 160)
    with socket.create_server(("127.0.0.1", 0)) as ear:
        address = f"http://127.0.0.1:{ear.getsockname()[1]}/x.mp4"
        bodies = {
            "reference": nasty.movie(settings_, [(0, 99)] * 60, data=b"", reference=nasty.url(address)),
            "alias": nasty.movie(settings_, [(0, 99)] * 60, data=b"", reference=nasty.alias(address)),
            "playlist": f"#EXTM3U\n#EXTINF:9,\n{address}\n".encode(),
            "concat": f"ffconcat version 1.0\nfile '{address}'\n".encode(),
            "drawing": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}"/></svg>'.encode(),
        }
        for body in bodies.values():
            source = tmp_path / "upload.mp4"
            source.write_bytes(body)
            refusal_of(source, work)
            if body.startswith(nasty.FTYP):
                with (
                    source.open("rb", buffering=0) as file,
                    reading.open_video(file, "mov", VIDEO_LIMITS) as film_,
                    pytest.raises((av.FFmpegError, StopIteration)),
                ):
                    next(film_.decode(video=0))
        assert select.select([ear], [], [], 0) == ([], [], [])


def test_a_film_that_is_endless_to_decode_is_seen_in_part(tmp_path: Path, work: Path) -> None:
    source = nasty.still_film(tmp_path / "upload.mp4", width=4_096, height=4_096, count=120)
    assert inspect_video(source, work).needs_encoding


def test_a_film_that_takes_too_long_is_stopped(tmp_path: Path, work: Path) -> None:
    source = nasty.still_film(tmp_path / "upload.mp4", width=4_096, height=4_096, count=120)
    patient = VideoLimits(seen_px=10**13, process=ProcessLimits(cpu_s=1))
    assert refusal_of(source, work, patient).details == {"limit": 1}
    hurried = VideoLimits(process=ProcessLimits(wall_s=0.05))
    assert refusal_of(source, work, hurried).code == "media_took_too_long"


def test_a_film_that_takes_too_much_is_stopped(tmp_path: Path, work: Path, good_mp4: Path) -> None:
    source = nasty.still_film(tmp_path / "upload.mp4", width=4_096, height=4_096, count=120)
    small = VideoLimits(process=ProcessLimits(memory_bytes=140 * MIB))
    assert refusal_of(source, work, small).code == "media_bomb"
    narrow = VideoLimits(process=ProcessLimits(file_bytes=4_096))
    assert refusal_of(good_mp4, work, narrow).code == "media_too_large"


@settings(max_examples=300)
@given(
    head=st.binary(max_size=300), start=st.sampled_from([b"", nasty.FTYP, EBML, b"\x00\x00\x00\x08wide", b"<", b"#"])
)
def test_no_bytes_surprise_the_first_looks(head: bytes, start: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    body = start + head
    source = tmp_path_factory.getbasetemp() / "bytes"
    source.write_bytes(body)

    def look() -> str:
        container = sniff.video_container(body)
        with source.open("rb", buffering=0) as file:
            if container == "mov":
                structure.check_boxes(file, len(body), max_index_bytes=1_000)
            else:
                structure.check_elements(file, len(body))
        return container

    found = outcome(look)
    assert found in {"mov", "matroska"} or found.code in BY_CODE


def test_after_all_that_a_good_film_passes_and_nothing_is_left_open(tmp_path: Path, work: Path, good_mp4: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for name in ("noise behind a good header", "a picture of 16000 by 16000 in H.264", "two videos"):
        source = tmp_path / "upload.mp4"
        source.write_bytes(BROKEN[name][0](tmp_path, b""))
        refusal_of(source, work)
    assert inspect_video(good_mp4, work).stored is not None
    assert len(list(Path("/proc/self/fd").iterdir())) == before
