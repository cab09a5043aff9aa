"""Cursors: where a list goes on, signed, so that only what this list gave is taken back.

A list in the order of ids goes on after an id; one that its room counts by pages goes on at a page, whose size is then
part of what the signature binds.
"""

from __future__ import annotations

from typing import Any

from attise.doors.native_api.errors import CURSOR_INVALID
from attise.doors.native_api.gate import Call
from attise.kernel.errors import Refusal
from attise.kernel.paging import NumberedPage
from attise.kernel.seal import Signer, decode, encode

PURPOSE = "cursor"
_ID_BYTES = 8


def write_cursor(call: Call, after: int | None) -> str | None:
    """Return the cursor to the part of a list after an id; None at its end."""
    if after is None:
        return None
    return _write(call, after, 0)


def read_cursor(call: Call, cursor: str | None) -> int | None:
    """Return the id to go on after; None for the beginning. Raises: ``cursor_invalid``."""
    return None if cursor is None else _read(call, cursor, 0)


def write_page(call: Call, page: NumberedPage[Any]) -> str | None:
    """Return the cursor to the page after this one; None at the end."""
    return _write(call, page.page + 1, page.page_size) if page.page < page.pages else None


def read_page(call: Call, cursor: str | None, size: int) -> int:
    """Return the number of the page asked for, 1 at the beginning. Raises: ``cursor_invalid``."""
    return 1 if cursor is None else _read(call, cursor, size)


def _write(call: Call, place: int, size: int) -> str:
    raw = place.to_bytes(_ID_BYTES, "big")
    return encode(raw + _signer(call).sign(_bound(call, raw, size)))


def _read(call: Call, cursor: str, size: int) -> int:
    raw = decode(cursor) or b""
    head, signature = raw[:_ID_BYTES], raw[_ID_BYTES:]
    if not _signer(call).holds(_bound(call, head, size), signature):
        raise Refusal(CURSOR_INVALID, field="cursor")
    return int.from_bytes(head, "big")


def _signer(call: Call) -> Signer:
    return Signer(call.means.secrets.key(PURPOSE))


def _bound(call: Call, raw: bytes, size: int) -> bytes:
    """Bind a place to its list: the address, every filter, and the size of pages where it matters."""
    filters = sorted((name, value) for name, value in call.request.GET.items() if name not in {"cursor", "limit"})
    return repr((call.request.path, filters, size)).encode() + b"\x00" + raw
