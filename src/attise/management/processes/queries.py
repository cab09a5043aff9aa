"""Reads of processes."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.clock import Clock
from attise.management.processes.models import Process
from attise.records.process import LIVES_MS, Applied


def list_behind(clock: Clock, *, roles: Iterable[str], clock_version: int) -> list[str]:
    """Return the roles of live processes that have not acknowledged a version of the world clock yet. Cost: 1 query."""
    rows = Process.objects.filter(
        role__in=list(roles), seen_at_ms__gt=clock.wire_ms() - LIVES_MS, clock_version__lt=clock_version
    )
    return list(rows.order_by("node").values_list("role", flat=True))


def list_unlevel(clock: Clock, *, role: str, applied: Applied) -> list[int]:
    """Return the nodes of live processes of a role that have not read up to these places yet. Cost: one query."""
    rows = Process.objects.filter(role=role, seen_at_ms__gt=clock.wire_ms() - LIVES_MS).exclude(
        applied_version__gte=applied.version, applied_delta__gte=applied.delta, applied_totals__gte=applied.totals
    )
    return list(rows.order_by("node").values_list("node", flat=True))


def is_alive(clock: Clock, role: str) -> bool:
    """Tell whether a process of a role was seen lately. Cost: one query."""
    return Process.objects.filter(role=role, seen_at_ms__gt=clock.wire_ms() - LIVES_MS).exists()
