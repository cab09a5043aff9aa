"""Files found and unpacked, within bounds: folders walked, gzip and encodings told by content.

A file's own time, for looks that name none: a date in its name, else when it was last written.
"""

from __future__ import annotations

import codecs
import datetime as dt
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from zoneinfo import ZoneInfo

from attise.measurement.scout.bounds import DOCUMENT_BYTES, FILES_MOST, LINE_CHARACTERS, LINES_BYTES
from attise.measurement.scout.reading.rows import BadRow, Tally

HEAD_BYTES: Final = 65_536
_GZIP: Final = b"\x1f\x8b"
_NAMED_TIME: Final = re.compile(
    r"(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:[T_ -]+([01]\d|2[0-3])[-_:h.]?([0-5]\d))?(?!\d)"
)
_UNREADABLE: Final = (OSError, EOFError, zlib.error, UnicodeError)


@dataclass(frozen=True, slots=True)
class Source:
    """One file, under the name that it is told by."""

    path: Path
    name: str

    def taken_at_ms(self, zone: str) -> tuple[int, bool]:
        """Return the file's own time in epoch ms, and whether its name says it."""
        found = _NAMED_TIME.search(self.path.name)
        if found:
            year, month, day, hour, minute = (int(part or 0) for part in found.groups())
            try:
                at = dt.datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))
                return int(at.timestamp() * 1_000), True
            except ValueError:  # the 31st of February
                pass
        return int(self.path.stat().st_mtime * 1_000), False

    def text(self) -> str:
        """Return the whole file, unpacked. Raises: BadRow (``too_large``, ``broken_gzip``, ``unreadable``)."""
        try:
            with self._bytes() as file:
                raw = file.read(DOCUMENT_BYTES + 1)
        except _UNREADABLE as error:
            raise _why(error) from None
        if len(raw) > DOCUMENT_BYTES:
            raise BadRow("too_large")
        return raw.decode(encoding_of(raw[:HEAD_BYTES]), "replace").removeprefix("\ufeff")

    def lines(self, tally: Tally) -> Iterator[str]:
        """Yield the file's lines as they are read, their ends included; one that is too long as an empty one, told.

        Raises: BadRow, as ``text``.
        """
        try:
            with self._bytes() as file:
                head = file.peek(HEAD_BYTES)[:HEAD_BYTES]
                reader = io.TextIOWrapper(file, encoding_of(head), errors="replace", newline=None)
                total, number, cut = 0, 1, False
                while line := reader.readline(LINE_CHARACTERS + 1):
                    total += len(line)
                    if total > LINES_BYTES:
                        raise BadRow("too_large")
                    whole = line.endswith("\n") or len(line) <= LINE_CHARACTERS
                    if not whole and not cut:
                        tally.skip(self.name, number, "line_too_long")
                    if whole:
                        yield "\n" if cut else line.removeprefix("\ufeff") if number == 1 else line
                        number += 1
                    cut = not whole
        except _UNREADABLE as error:
            raise _why(error) from None

    def head(self) -> str:
        """Return the beginning of the file. Raises: BadRow (``empty`` too)."""
        try:
            with self._bytes() as file:
                raw = file.read(HEAD_BYTES)
        except _UNREADABLE as error:
            raise _why(error) from None
        text = raw.decode(encoding_of(raw), "replace").removeprefix("\ufeff")
        if not text.strip():
            raise BadRow("empty")
        return text

    def _bytes(self) -> io.BufferedReader:
        file: IO[bytes] = self.path.open("rb")
        if file.read(2) == _GZIP:
            file.seek(0)
            return io.BufferedReader(gzip.GzipFile(fileobj=file), HEAD_BYTES)  # type: ignore[arg-type]
        file.seek(0)
        return io.BufferedReader(file, HEAD_BYTES)  # type: ignore[arg-type]


def sources(paths: Sequence[Path], tally: Tally) -> Iterator[Source]:
    """Yield the files of some paths, folders walked in the order of names; what is no regular file is told."""
    several = 0
    for path in paths:
        for one, name in _files_of(path):
            if not one.is_file():
                tally.skip(name, 0, "not_a_file")
                continue
            several += 1
            if several > FILES_MOST:
                tally.skip(name, 0, "files_most")
                return
            yield Source(one, name)


def encoding_of(head: bytes) -> str:
    """Return the encoding of a file by its beginning: a mark, UTF-8, else what old spreadsheets write."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _files_of(path: Path) -> Iterator[tuple[Path, str]]:
    if not path.is_dir():
        yield path, str(path)
        return
    for one in sorted(path.rglob("*")):
        inside = one.relative_to(path)
        if not one.is_dir() and not any(part.startswith(".") for part in inside.parts):
            yield one, str(inside)


def _why(error: BaseException) -> BadRow:
    broken = isinstance(error, gzip.BadGzipFile | EOFError | zlib.error)
    return BadRow("broken_gzip" if broken else "unreadable", getattr(error, "strerror", "") or "")
