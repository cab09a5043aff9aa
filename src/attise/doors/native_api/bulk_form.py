"""The form of bulk bodies: one JSON object per line, taken in whole, then read line by line."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from attise.doors.native_api.errors import BAD_JSON, BODY_TOO_LARGE, TOO_MANY_ROWS, Broken
from attise.doors.native_api.gate import Call, content_length
from attise.kernel.errors import N_, Refusal
from attise.kernel.limits import BULK_ROWS, KIB, MIB, UPLOAD_BYTES

NDJSON = "application/x-ndjson"
BULK_BYTES = 64 * MIB
LINE_BYTES = 64 * KIB
_CHUNK_BYTES = 256 * KIB

if not LINE_BYTES < BULK_BYTES < UPLOAD_BYTES:
    raise AssertionError("a line fits a body, and a body what the public door lets through")


def take_in(call: Call) -> IO[bytes]:
    """Return the body as a nameless file of the data folder, at its beginning, once it is all there.

    Raises: ``bad_json`` when it was cut, ``too_many_rows``, ``body_too_large``.
    """
    file = tempfile.TemporaryFile(dir=call.house.uploads)  # noqa: SIM115 - whoever reads the lines closes it
    try:
        _copy(call, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def lines_of(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines that are not empty with their numbers, from 1; None stands for one longer than ``LINE_BYTES``."""
    number = 0
    while raw := file.readline(LINE_BYTES + 2):
        number += 1
        if len(raw) > LINE_BYTES + 1 or (len(raw) == LINE_BYTES + 1 and not raw.endswith(b"\n")):
            while not raw.endswith(b"\n") and (raw := file.readline(LINE_BYTES)):
                pass
            yield number, None
        elif raw.strip():
            yield number, raw


def _copy(call: Call, file: IO[bytes]) -> None:
    """Copy the body, refusing one that is too large, cut, or of too many lines."""
    rows, last = 0, b"\n"
    while chunk := call.request.read(_CHUNK_BYTES):
        rows, last = rows + chunk.count(b"\n"), chunk
        file.write(chunk)
        if file.tell() > BULK_BYTES:
            raise Refusal(BODY_TOO_LARGE, limit=BULK_BYTES)
    if file.tell() != content_length(call.request):
        raise Broken(BAD_JSON, rule=N_("it was cut"))
    rows += not last.endswith(b"\n")
    if rows > BULK_ROWS:
        raise Refusal(TOO_MANY_ROWS, got=rows, limit=BULK_ROWS)
