"""Reads of processes."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.clock import Clock
from attise.management.processes.models import Process

LIVES_MS = 5_000
"""A process that was not seen for longer is not waited for: each beats at least once a second."""


def list_behind(clock: Clock, *, roles: Iterable[str], clock_version: int) -> list[str]:
    """Return the roles of live processes that have not acknowledged a version of the world clock yet. Cost: 1 query."""
    rows = Process.objects.filter(
        role__in=list(roles), seen_at_ms__gt=clock.wire_ms() - LIVES_MS, clock_version__lt=clock_version
    )
    return list(rows.order_by("node").values_list("role", flat=True))
