"""Which kind of file this is, from its first bytes alone: names and declared types are never read.

An allow-list: what is not recognised is not taken, and the refusal says what it looks like.
"""

from __future__ import annotations

from typing import Literal

from attise.management.posts.media.errors import CONTAINER_NOT_ALLOWED, IMAGE_NOT_ALLOWED, MediaRefused

HEAD_BYTES = 4_096
"""How much of a file is enough to tell."""

VideoContainer = Literal["mov", "matroska"]
"""Named after the reader that is forced: ``mov`` reads mp4 and mov, ``matroska`` reads webm."""
ImageKind = Literal["jpeg", "png", "webp"]

EBML = b"\x1aE\xdf\xa3"
_QUICKTIME_STARTS = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"jp2 ")
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"M4P ")

_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1f\x8b", "GZIP"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"PK\x05\x06", "ZIP"),
    (0, b"7z\xbc\xaf", "7Z"),
    (0, b"BZh", "BZIP2"),
    (0, b"\xfd7zXZ", "XZ"),
    (0, b"%PDF", "PDF"),
    (0, b"GIF8", "GIF"),
    (0, b"\x89PNG", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (8, b"WEBP", "WEBP"),
    (8, b"AVI ", "AVI"),
    (8, b"WAVE", "WAV"),
    (0, b"FLV\x01", "FLV"),
    (0, b"OggS", "OGG"),
    (0, b"ID3", "MP3"),
    (0, b"\x00\x00\x01\xba", "MPEG-PS"),
    (0, b"0&\xb2u", "ASF"),
    (0, b"MZ", "EXE"),
    (0, b"\x7fELF", "ELF"),
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
)
_TEXT_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"#extm3u", "HLS"),
    (b"ffconcat", "FFCONCAT"),
    (b"<svg", "SVG"),
    (b"<!doctype", "HTML"),
    (b"<html", "HTML"),
    (b"<script", "HTML"),
    (b"<mpd", "DASH"),
    (b"<smil", "SMIL"),
    (b"[playlist]", "PLS"),
    (b"<?xml", "XML"),
)


def video_container(head: bytes) -> VideoContainer:
    """Return which reader a video's first bytes call for.

    Raises: MediaRefused(media_container_not_allowed).
    """
    kind = head[4:8]
    if kind == b"ftyp":
        brand = head[8:12]
        if brand in _PICTURE_BRANDS or brand in _AUDIO_BRANDS:
            raise MediaRefused(CONTAINER_NOT_ALLOWED, found=brand.decode("ascii").strip().upper())
        return "mov"
    if kind in _QUICKTIME_STARTS and looks_like(head) is None:
        return "mov"
    if head.startswith(EBML):
        return "matroska"
    raise MediaRefused(CONTAINER_NOT_ALLOWED, found=_name(head))


def image_kind(head: bytes) -> ImageKind:
    """Return which decoder a picture's first bytes call for. SVG and HTML never pass: they can hold programs.

    Raises: MediaRefused(image_format_not_allowed).
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    raise MediaRefused(IMAGE_NOT_ALLOWED, found=_name(head))


def looks_like(head: bytes) -> str | None:
    """Return the name of a known kind that is neither mp4, mov nor webm, or None."""
    for offset, mark, name in _MARKS:
        if head[offset : offset + len(mark)] == mark:
            return name
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, name in _TEXT_MARKS:
        if text.startswith(mark):
            return "SVG" if name in {"XML", "HTML"} and b"<svg" in text[:1_024] else name
    if text.startswith(b"<"):
        return "SVG" if b"<svg" in text else "HTML"
    if text.startswith((b"file ", b"file\t", b"concat:", b"http:", b"https:")):
        return "PLAYLIST"
    return None


def _name(head: bytes) -> str:
    """Return what to call the bytes in a refusal: a kind, or the bytes themselves."""
    return looks_like(head) or f"0x{head[:4].hex()}"
