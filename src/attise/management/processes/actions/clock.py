"""The world clock's offset: one row that a sandbox moves and every process follows."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from attise.management.processes.models import WorldClock


def read_world_clock() -> tuple[int, int]:
    """Return ``(offset_ms, version)``."""
    row = WorldClock.objects.get(id=1)
    return row.offset_ms, row.version


def advance_world_clock(step_ms: int) -> tuple[int, int]:
    """Move world time forward and return the new ``(offset_ms, version)``. Moves of 0 count as moves."""
    if step_ms < 0:
        raise ValueError("world time does not go back")
    with transaction.atomic():
        WorldClock.objects.filter(id=1).update(offset_ms=F("offset_ms") + step_ms, version=F("version") + 1)
        return read_world_clock()
