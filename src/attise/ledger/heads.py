"""Heads of the chains, kept outside of the database, once a day: what shows a chain that was cut and sewn up again.

A line of JSON for each currency and day, appended to one file and never changed. Whoever copies that file elsewhere, or
has it in a backup, can tell later whether the batches up to it are still the ones that were sealed.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from attise.kernel.limits import DAY_MS
from attise.ledger.models import Head

FILE = "ledger-heads.jsonl"


class KeptHead(msgspec.Struct, frozen=True):
    """The newest batch of a currency when it was kept."""

    currency: str
    number: int
    hash: str
    at_ms: int
    """Wire time."""


def keep_heads(path: Path, *, now_ms: int) -> int:
    """Append the heads that moved since they were last kept, each once a day (UTC, wire time); returns how many.

    A line is on disk before this returns. Cost: one statement.
    """
    last = {head.currency: head for head in read_heads(path)}
    lines = []
    for row in Head.objects.filter(number__gt=0).order_by("currency"):
        kept = last.get(row.currency)
        if kept is None or (kept.number < row.number and kept.at_ms // DAY_MS < now_ms // DAY_MS):
            lines.append(msgspec.json.encode(KeptHead(row.currency, row.number, row.hash, now_ms)) + b"\n")
    if not lines:
        return 0
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        torn = b"" if _ends_whole(path) else b"\n"
        os.write(descriptor, torn + b"".join(lines))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return len(lines)


def read_heads(path: Path) -> list[KeptHead]:
    """Return what was kept, oldest first; none where there is no file.

    A line that a crash tore is left out: the head that it was to hold is kept again the next time.
    """
    if not path.exists():
        return []
    found = []
    for line in path.read_bytes().splitlines():
        try:
            found.append(msgspec.json.decode(line, type=KeptHead))
        except msgspec.DecodeError:
            continue
    return found


def _ends_whole(path: Path) -> bool:
    """Tell whether the last line of a file is whole, or there is none."""
    raw = path.read_bytes()
    return not raw or raw.endswith(b"\n")
