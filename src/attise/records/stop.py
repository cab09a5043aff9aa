"""A stop that no restore may undo: what was revoked, erased, withdrawn; a line of the journal beside the database.

A copy of the house knows nothing of what was stopped after it was made. The journal does: it is one file of the data
folder, only ever added to, and small enough to be kept anywhere else too.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from attise.records.change import ChangeKind

FILE: Final = "stops.jsonl"
KINDS: Final = frozenset(
    {
        ChangeKind.GRANT_STOPPED,
        ChangeKind.ACCOUNT_ACCESS_STOPPED,
        ChangeKind.POST_STOPPED,
        ChangeKind.CREATOR_STOPPED,
        ChangeKind.KEY_STOPPED,
    }
)
"""Changes that are such a stop; of a viewer's, those that say ``erased`` or ``withdrawn``."""
SUSPENDED: Final = "suspended"
PASSING: Final = frozenset({"processing", "reset", SUSPENDED})
"""Reasons of stops that are none: a post that is being encoded, a sandbox that was emptied, a creator who may be
restored, of which other lines tell."""
LOOKED_AT: Final = 65_536
"""Bytes that are read at once where the last whole line of a journal is looked for."""
TOKEN_REVOKED: Final = "token_revoked"  # noqa: S105 - a kind of line
TOKEN_WITHDRAWN: Final = "token_withdrawn"  # noqa: S105
CREATOR_TOKEN_REVOKED: Final = "creator_token_revoked"  # noqa: S105
MEMBER_REMOVED: Final = "member_removed"
ACCOUNT_SUSPENDED: Final = "account_suspended"
ACCOUNT_RESTORED: Final = "account_restored"
"""Of a login, a creator or an advertiser: the last word counts, so that both are said."""
ADS_STOPPED: Final = "ads_stopped"
ADS_RESUMED: Final = "ads_resumed"
"""Every ad at once: the last word counts, so that both are said."""


class Stop(msgspec.Struct, frozen=True):
    """One line. ``body`` has what is needed to stop it again, and nothing of a person."""

    at_ms: int
    """Wire time."""
    kind: str
    id: int
    body: dict[str, Any] = {}


def stop_of(kind: str, object_id: int, body: dict[str, Any], *, at_ms: int) -> Stop | None:
    """Return the line of a change, or None where it stops nothing for good."""
    if body.get("reason") in PASSING:
        return None
    if kind == ChangeKind.VIEWER_CHANGED:
        said = {name: True for name in ("erased", "withdrawn") if body.get(name)}
        return Stop(at_ms, kind, object_id, said) if said else None
    if kind not in KINDS:
        return None
    return Stop(at_ms, kind, object_id, {name: body[name] for name in ("reason", "creator_id") if name in body})


def add_stops(folder: Path, stops: Iterable[Stop]) -> None:
    """Add lines to the journal of a data folder, durable when this returns. Raises: OSError.

    All or none, and one process after the other: a line that was cut short, by a full disk or an end of the power, was
    never durable and is taken away before anything follows it.
    """
    text = b"".join(msgspec.json.encode(one) + b"\n" for one in stops)
    if not text:
        return
    handle = os.open(folder / FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _add(handle, text)
    finally:
        os.close(handle)


def _add(handle: int, text: bytes) -> None:
    """Write after the last whole line, all or nothing. Raises: OSError."""
    whole = _whole(handle)
    os.ftruncate(handle, whole)
    try:
        rest = memoryview(text)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, whole)
        raise


def _whole(handle: int) -> int:
    """Return where the last whole line of a journal ends."""
    end = os.fstat(handle).st_size
    while end:
        begin = max(end - LOOKED_AT, 0)
        at = os.pread(handle, end - begin, begin).rfind(b"\n")
        if at >= 0:
            return begin + at + 1
        end = begin
    return 0


def read_stops(path: Path) -> list[Stop]:
    """Return the lines of a journal in their order, none where there is no file.

    A last line that was cut short was never durable, and nobody was told so: it is passed over. Raises: ValueError,
    which names the line, for any other that cannot be read; OSError.
    """
    if not path.exists():
        return []
    found, lines = [], path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=Stop))
        except msgspec.MsgspecError as error:
            if number == len(lines):
                break
            raise ValueError(f"{path}, line {number}: {error}") from error
    return found
