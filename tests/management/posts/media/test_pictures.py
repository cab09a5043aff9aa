"""Pictures are decoded and written anew: what shows stays, everything else goes."""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import pytest

from attise.management.posts.media.errors import BY_CODE, MediaRefused
from attise.management.posts.media.inspection import inspect_image
from attise.management.posts.media.limits import MIB, ImageLimits, ProcessLimits
from tests.management.posts.media import film, nasty

SECRET = b"48.8582N 2.2945E Jeanne Martin"


def encode(codec: str, pixels: str, width: int = 64, height: int = 48, *, veiled: bool = False) -> bytes:
    context = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = width, height, pixels
    context.time_base = Fraction(1, 25)
    frame = film.picture(0, width, height)
    if veiled:
        pixels_ = bytearray(bytes(frame.planes[0]))
        pixels_[3::4] = b"\x80" * (len(pixels_) // 4)
        frame.planes[0].update(bytes(pixels_))
    frame = frame.reformat(format=pixels)
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])


def with_exif(jpeg: bytes, orientation: int) -> bytes:
    """Return a photograph that says how it was held, and where."""
    entries = struct.pack("<H", 2)
    entries += struct.pack("<HHII", 0x112, 3, 1, orientation) + struct.pack("<HHII", 0x13B, 2, len(SECRET), 38)
    tiff = b"II*\x00" + struct.pack("<I", 8) + entries + bytes(4) + SECRET
    body = b"Exif\x00\x00" + tiff
    comment = b"\xff\xfe" + struct.pack(">H", 2 + len(SECRET)) + SECRET
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body + comment + jpeg[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, *more: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(more) + chunk(b"IEND", b"")


GOOD = {
    "a jpg": (lambda: encode("mjpeg", "yuvj420p"), "jpeg"),
    "a png": (lambda: encode("png", "rgb24"), "png"),
    "a see-through png": (lambda: encode("png", "rgba", veiled=True), "png"),
    "a grey png": (lambda: encode("png", "gray"), "png"),
    "a webp": (lambda: encode("libwebp", "yuv420p"), "jpeg"),
    "a see-through webp": (lambda: encode("libwebp", "bgra", veiled=True), "png"),
    "a jpg with an archive behind it": (lambda: encode("mjpeg", "yuvj420p") + b"PK\x03\x04" + SECRET, "jpeg"),
    "a png with a page behind it": (lambda: encode("png", "rgb24") + b"<script>" + SECRET, "png"),
}


@pytest.mark.parametrize("name", GOOD)
def test_pictures_are_written_anew(name: str, tmp_path: Path, work: Path) -> None:
    build, form = GOOD[name]
    source = tmp_path / "face.svg"
    source.write_bytes(build())
    inspected = inspect_image(source, work)
    assert list(work.iterdir()) == [inspected.stored]
    assert (inspected.format, inspected.width, inspected.height) == (form, 64, 48)
    body = inspected.stored.read_bytes()
    assert inspected.signature_md5 == hashlib.md5(body).hexdigest()
    assert inspected.size_bytes == len(body)
    assert SECRET not in body
    assert b"Lavc" not in body
    width, height, light = film.picture_in(inspected.stored)
    assert (width, height) == (64, 48)
    assert 60 < light < 160


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_upright_and_forgets_where_it_was_taken(
    orientation: int, tmp_path: Path, work: Path
) -> None:
    source = tmp_path / "x.jpg"
    source.write_bytes(with_exif(encode("mjpeg", "yuvj420p"), orientation))
    assert SECRET in source.read_bytes()
    inspected = inspect_image(source, work)
    standing = orientation > 4
    assert (inspected.width, inspected.height) == ((48, 64) if standing else (64, 48))
    rows, columns = film.lines(inspected.stored)
    assert (columns > 5 * rows) if standing else (rows > 5 * columns)
    # The bars begin at the top of the first picture: where they begin now tells turned from mirrored.
    assert bright_edge(inspected.stored) == EDGES[orientation]
    body = inspected.stored.read_bytes()
    assert SECRET not in body
    assert b"Exif" not in body


EDGES = {1: "top", 2: "top", 3: "bottom", 4: "bottom", 5: "left", 6: "right", 7: "right", 8: "left"}


def bright_edge(path: Path) -> str:
    """Return which edge of a picture is the bright one."""
    with av.open(str(path), "r", format="jpeg_pipe") as source:
        small = next(source.decode(video=0)).reformat(width=32, height=32, format="gray")
    plane = bytes(small.planes[0])
    rows = [plane[y * small.planes[0].line_size :][:32] for y in range(32)]
    edges = {
        "top": sum(rows[0]),
        "bottom": sum(rows[-1]),
        "left": sum(row[0] for row in rows),
        "right": sum(row[-1] for row in rows),
    }
    return max(edges, key=lambda name: edges[name])


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_other_pictures_are_turned_too(kind: str, tmp_path: Path, work: Path) -> None:
    exif = with_exif(b"", 6)[10 : 10 + 38 + len(SECRET)]
    assert exif.startswith(b"II*")
    if kind == "png":
        good = encode("png", "rgb24")
        body = good[:33] + chunk(b"eXIf", exif) + good[33:]
    else:
        good = encode("libwebp", "yuv420p")
        body = good + b"EXIF" + struct.pack("<I", len(exif)) + exif
    source = tmp_path / "x"
    source.write_bytes(body)
    inspected = inspect_image(source, work)
    assert (inspected.width, inspected.height) == (48, 64)
    assert SECRET not in inspected.stored.read_bytes()


def test_words_in_a_png_are_gone(tmp_path: Path, work: Path) -> None:
    good = encode("png", "rgb24")
    source = tmp_path / "x.png"
    source.write_bytes(good[:33] + chunk(b"tEXt", b"Author\0" + SECRET) + chunk(b"eXIf", b"II*\0" + SECRET) + good[33:])
    assert SECRET not in inspect_image(source, work).stored.read_bytes()


def _noise(seed: int) -> bytes:
    return nasty.scratched(encode("mjpeg", "yuvj420p")[:300], seed)


BAD = {
    "a drawing": (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "image_format_not_allowed",
    ),
    "a drawing with a prologue": (b'<?xml version="1.0"?>\n<svg/>', "image_format_not_allowed"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "image_format_not_allowed"),
    "a moving drawing": (b"GIF89a" + bytes(99), "image_format_not_allowed"),
    "a film": (nasty.FTYP + bytes(99), "image_format_not_allowed"),
    "an archive of zeros": (nasty.gzip_bomb(), "image_format_not_allowed"),
    "nothing": (b"", "media_empty"),
    "a png header": (b"\x89PNG\r\n\x1a\n", "image_unreadable"),
    "a png without a picture": (png_of(64, 48), "image_unreadable"),
    "a png of no width": (png_of(0, 48), "image_dimensions"),
    "a png of 60000 by 60000": (
        png_of(60_000, 60_000, chunk(b"IDAT", bytes(99))),
        "image_dimensions",
    ),
    "a png of 2^31 by 2^31": (png_of(2**31 - 1, 2**31 - 1), "image_dimensions"),
    "a jpg of 65535 by 65535": (
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + bytes(9) + b"\xff\xda" + bytes(50),
        "image_dimensions",
    ),
    "a jpg header": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(20), "image_unreadable"),
    "a jpg whose parts go round": (b"\xff\xd8\xff\xe0\x00\x00" * 50, "image_unreadable"),
    "a jpg cut short": (encode("mjpeg", "yuvj420p")[:400], "image_unreadable"),
    "a webp of 16384 by 16384": (
        b"RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + b"\xff\x3f\x00\xff\x3f\x00" + bytes(20),
        "image_dimensions",
    ),
    "a webp header": (b"RIFF\x1e\x00\x00\x00WEBPVP8 ", "image_unreadable"),
    "noise in a png's clothes": (b"\x89PNG\r\n\x1a\n" + os.urandom(5_000), "image_unreadable"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_pictures_are_refused(name: str, tmp_path: Path, work: Path) -> None:
    body, code = BAD[name]
    source = tmp_path / "face.png"
    source.write_bytes(body)
    with pytest.raises(MediaRefused) as caught:
        inspect_image(source, work)
    assert caught.value.code == code
    assert caught.value.reason is BY_CODE[code]
    assert "%" not in caught.value.english
    assert list(work.iterdir()) == []


def test_a_picture_over_the_limits_is_refused_with_its_measure(tmp_path: Path, work: Path) -> None:
    source = tmp_path / "face.png"
    with source.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.truncate(20 * MIB + 1)
    with pytest.raises(MediaRefused) as caught:
        inspect_image(source, work)
    assert caught.value.code == "image_too_large"
    assert caught.value.details == {"measured": 20 * MIB + 1, "limit": 20 * MIB}
    source.write_bytes(encode("png", "rgb24"))
    with pytest.raises(MediaRefused) as caught:
        inspect_image(source, work, limits=ImageLimits(max_pixels=3_071))
    assert caught.value.details == {"measured": 3_072, "limit": 3_071}


def test_a_picture_that_unpacks_to_more_than_its_share_is_refused(tmp_path: Path, work: Path) -> None:
    source = tmp_path / "face.png"
    source.write_bytes(png_of(6_000, 6_000, chunk(b"IDAT", zlib.compress(bytes(6_000 * 18_001), 9))))
    assert inspect_image(source, work).width == 6_000
    for path in work.iterdir():
        path.unlink()
    with pytest.raises(MediaRefused) as caught:
        inspect_image(source, work, limits=ImageLimits(process=ProcessLimits(memory_bytes=160 * MIB)))
    assert caught.value.code == "media_bomb"
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("seed", range(8))
def test_scratched_pictures_are_refused_or_written_anew(seed: int, tmp_path: Path, work: Path) -> None:
    codec, pixels = [("mjpeg", "yuvj420p"), ("png", "rgb24"), ("libwebp", "yuv420p")][seed % 3]
    source = tmp_path / "face.jpg"
    source.write_bytes(nasty.scratched(encode(codec, pixels), seed))
    try:
        inspected = inspect_image(source, work)
    except MediaRefused:
        assert list(work.iterdir()) == []
    else:
        assert film.picture_in(inspected.stored)[0] == inspected.width
