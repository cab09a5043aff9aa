"""Reads of processes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Max, Q

from attise.kernel.clock import Clock
from attise.kernel.limits import HOUR_MS
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


class RoleView(NamedTuple):
    """The processes of a role: how many live, and how long ago the one seen last was seen."""

    role: str
    live: int
    seen_ago_ms: int


def list_roles(clock: Clock) -> list[RoleView]:
    """Return what processes of this house were seen within an hour, by role. Cost: one query."""
    now_ms = clock.wire_ms()
    rows = Process.objects.filter(seen_at_ms__gt=now_ms - HOUR_MS).values("role").order_by("role")
    alive = Q(seen_at_ms__gt=now_ms - LIVES_MS)
    told = rows.annotate(live=Count("node", filter=alive), seen_ms=Max("seen_at_ms"))
    return [RoleView(row["role"], row["live"], max(0, now_ms - row["seen_ms"])) for row in told]
