"""A process claims a node number at its start, keeps it by beating, and gives it back at its end."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F

from attise.kernel.clock import Clock
from attise.kernel.errors import Outage
from attise.kernel.ids import NODES
from attise.kernel.limits import HOUR_MS
from attise.management.processes.models import Process, Start

TRIES = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """A held node number, and how many processes of this role were started before this one."""

    node: int
    role: str
    holder: str
    starts_before: int


def claim_node(clock: Clock, role: str, holder: str) -> Claim:
    """Claim a node number that no live process holds.

    Never-held numbers are taken first, then the one unseen for longest, if that is at least an hour.
    Raises: Outage when all are held.
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return Claim(_take_node(clock, role, holder), role, holder, _count_start(role))
        except IntegrityError:  # another process took the same number in this moment
            continue
    raise Outage("no node number could be claimed")


def _take_node(clock: Clock, role: str, holder: str) -> int:
    """Take a number within the open transaction."""
    now = clock.wire_ms()
    stale = Process.objects.select_for_update().filter(seen_at_ms__lt=now - HOUR_MS).order_by("seen_at_ms").first()
    held = Process.objects.count()
    if held < NODES:
        highest = Process.objects.order_by("-node").values_list("node", flat=True).first()
        node = 0 if highest is None else highest + 1
        if node < NODES:
            Process.objects.create(node=node, role=role, holder=holder, seen_at_ms=now)
            return node
    if stale is None:
        raise Outage(f"all {NODES} node numbers are held by live processes")
    stale.role, stale.holder, stale.seen_at_ms, stale.applied_version, stale.clock_version = role, holder, now, 0, 0
    stale.save()
    return stale.node


def _count_start(role: str) -> int:
    """Count one more start of a role and return how many there were before."""
    Start.objects.get_or_create(role=role)
    Start.objects.filter(role=role).update(count=F("count") + 1)
    return Start.objects.get(role=role).count - 1


def beat(clock: Clock, claim: Claim, *, applied_version: int = 0, clock_version: int = 0) -> bool:
    """Say that the process lives; False when its number was given to another, after which it must not make ids."""
    rows = Process.objects.filter(node=claim.node, holder=claim.holder)
    return bool(rows.update(seen_at_ms=clock.wire_ms(), applied_version=applied_version, clock_version=clock_version))


def release_node(claim: Claim) -> None:
    """Give the number back at once: the next claim may take it after the never-held ones."""
    Process.objects.filter(node=claim.node, holder=claim.holder).update(seen_at_ms=0)
