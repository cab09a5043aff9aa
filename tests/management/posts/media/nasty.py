"""Files that someone sends to do harm, or that broke on the way. Each function writes one and says nothing of why."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from pathlib import Path

from tests.management.posts.media import film

FTYP = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42"
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def box(kind: bytes, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return struct.pack(">I", 8 + len(body)) + kind + body


def full(kind: bytes, *bodies: bytes) -> bytes:
    return box(kind, bytes(4), *bodies)


def movie(
    settings: bytes,
    samples: list[tuple[int, int]],
    *,
    data: bytes,
    width: int = 96,
    height: int = 160,
    step_ms: int = 33,
    reference: bytes | None = None,
    sample_size: int | None = None,
    only_first_is_key: bool = False,
    kind: bytes = b"avc1",
) -> bytes:
    """Return an mp4 written by hand: ``samples`` are (offset in ``data``, length), each a key picture.

    ``reference`` replaces the data reference that says *in this file*; then offsets count from the other file's start.
    """
    offset = 0 if reference else len(FTYP) + 8
    count = len(samples)
    duration = count * step_ms
    entry = box(
        kind,
        bytes(6) + struct.pack(">H", 1) + bytes(16) + struct.pack(">HH", width, height),
        struct.pack(">II", 0x480000, 0x480000)
        + bytes(4)
        + struct.pack(">H", 1)
        + bytes(32)
        + struct.pack(">Hh", 24, -1),
        box(b"avcC", settings) if settings else b"",
    )
    sizes = struct.pack(">II", sample_size or 0, count)
    if sample_size is None:
        sizes += b"".join(struct.pack(">I", length) for _, length in samples)
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), entry),
        full(b"stts", struct.pack(">III", 1, count, step_ms)),
        full(b"stss", struct.pack(">II", 1, 1)) if only_first_is_key else b"",
        full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        full(b"stsz", sizes),
        full(b"stco", struct.pack(">I", count), b"".join(struct.pack(">I", offset + at) for at, _ in samples)),
    )
    self_contained = box(b"url ", struct.pack(">I", 1))
    track = box(
        b"trak",
        full(
            b"tkhd",
            struct.pack(">5I", 0, 0, 1, 0, duration)
            + bytes(16)
            + MATRIX
            + struct.pack(">II", width << 16, height << 16),
        ),
        box(
            b"mdia",
            full(b"mdhd", struct.pack(">4I", 0, 0, 1_000, duration), bytes(4)),
            full(b"hdlr", bytes(4), b"vide", bytes(13)),
            box(
                b"minf",
                full(b"vmhd", bytes(8)),
                box(b"dinf", full(b"dref", struct.pack(">I", 1), reference or self_contained)),
                table,
            ),
        ),
    )
    head = full(
        b"mvhd",
        struct.pack(">4I", 0, 0, 1_000, duration) + struct.pack(">IH", 0x10000, 0x100) + bytes(10) + MATRIX + bytes(24),
        struct.pack(">I", 2),
    )
    return FTYP + box(b"mdat", data) + box(b"moov", head, track)


def alias(path: str) -> bytes:
    """Return a data reference that names another file by its absolute path, as old movies do."""
    name = path.encode()
    name += b"\0" * (len(name) % 2)
    body = bytes(10) + b"\x00" + bytes(27) + bytes(12) + b"\x00" + bytes(63) + bytes(16) + struct.pack(">HH", 0, 0)
    body += bytes(16) + struct.pack(">HH", 2, len(name)) + name + struct.pack(">hH", -1, 0)
    return box(b"alis", bytes(4), body)


def url(address: str) -> bytes:
    """Return a data reference that names another file by its address."""
    return box(b"url ", bytes(4), address.encode() + b"\0")


def huge_picture_settings() -> bytes:
    """Return decoder settings whose picture is 16000 × 16000, whatever the file says elsewhere."""
    bits = _Bits()
    for value in (0, 0, 2, 1):  # set 0, short frame numbers, order of output = order of decoding, one reference
        bits.number(value)
    bits.flag(0)
    bits.number(999)
    bits.number(999)
    for flag in (1, 1, 0, 0):
        bits.flag(flag)
    sequence = b"\x67\x42\x00\x33" + bits.end()
    still = b"\x68\xce\x38\x80"
    return (
        b"\x01\x42\x00\x33\xff\xe1"
        + struct.pack(">H", len(sequence))
        + sequence
        + b"\x01"
        + struct.pack(">H", 4)
        + still
    )


class _Bits:
    def __init__(self) -> None:
        self._text = ""

    def flag(self, value: int) -> None:
        self._text += str(value)

    def number(self, value: int) -> None:
        digits = f"{value + 1:b}"
        self._text += "0" * (len(digits) - 1) + digits

    def end(self) -> bytes:
        text = self._text + "1"
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def huge_vp8(good: bytes) -> bytes:
    """Return a webm whose pictures say 16000 × 16000."""
    out = bytearray(good)
    at = out.find(b"\x9d\x01\x2a")
    while at >= 0:
        out[at + 3 : at + 7] = struct.pack("<HH", 16_000, 16_000)
        at = out.find(b"\x9d\x01\x2a", at + 1)
    return bytes(out)


def zip_of(text: bytes, path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("evil.html", text)
    return path.read_bytes()


def gzip_bomb() -> bytes:
    """Return 50 MB of zeros in 50 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(bytes(50_000_000)) + packer.flush()


def scratched(good: bytes, seed: int) -> bytes:
    """Return a file with some of its bytes changed, most of them where it matters: in its first and last parts."""
    chance = random.Random(seed)
    out = bytearray(good)
    for _ in range(chance.choice((1, 8, 64))):
        place = chance.choice((len(out), 2_000, 400))
        at = chance.randrange(min(place, len(out)))
        out[at if chance.random() < 0.6 else -1 - at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    return bytes(out)


def still_film(path: Path, *, width: int, height: int, count: int) -> Path:
    """Write a film of ``count`` equal whole pictures, encoded once: quick to make, long to decode to its end.

    It says that decoding can only start at the first of them.
    """
    packet, settings = film.one_packet(width, height, codec="mjpeg")
    samples = [(number * len(packet), len(packet)) for number in range(count)]
    path.write_bytes(
        movie(
            settings,
            samples,
            data=packet * count,
            width=width,
            height=height,
            step_ms=10,
            only_first_is_key=True,
            kind=b"jpeg",
        )
    )
    return path
