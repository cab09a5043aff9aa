"""Cursors: where a list goes on, signed, so that only what this list gave is taken back."""

from __future__ import annotations

from attise.doors.native_api.errors import CURSOR_INVALID
from attise.doors.native_api.gate import Call
from attise.kernel.errors import Refusal
from attise.kernel.seal import Signer, decode, encode

PURPOSE = "cursor"
_ID_BYTES = 8


def write_cursor(call: Call, after: int | None) -> str | None:
    """Return the cursor to the part of a list after an id; None at its end."""
    if after is None:
        return None
    raw = after.to_bytes(_ID_BYTES, "big")
    return encode(raw + _signer(call).sign(_bound(call, raw)))


def read_cursor(call: Call, cursor: str | None) -> int | None:
    """Return the id to go on after; None for the beginning. Raises: ``cursor_invalid``."""
    if cursor is None:
        return None
    raw = decode(cursor) or b""
    head, signature = raw[:_ID_BYTES], raw[_ID_BYTES:]
    if not _signer(call).holds(_bound(call, head), signature):
        raise Refusal(CURSOR_INVALID, field="cursor")
    return int.from_bytes(head, "big")


def _signer(call: Call) -> Signer:
    return Signer(call.means.secrets.key(PURPOSE))


def _bound(call: Call, raw: bytes) -> bytes:
    """Bind an id to its list: the address and every filter beside the paging itself."""
    filters = sorted((name, value) for name, value in call.request.GET.items() if name not in {"cursor", "limit"})
    return repr((call.request.path, filters)).encode() + b"\x00" + raw
