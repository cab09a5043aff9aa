"""A process that has Django claims a node number at its start, and gives it back at its end."""

from __future__ import annotations

from typing import Any, Final

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F

from attise.kernel.clock import Clock
from attise.kernel.conflicts import is_conflict
from attise.kernel.errors import Outage
from attise.management.processes.models import Start
from attise.records.process import Node, claim, release

TRIES: Final = 3
"""Each waits for the lock as long as any statement does."""


def claim_node(clock: Clock, role: str, holder: str) -> tuple[Node, int]:
    """Claim a node number, and return it with how many processes of this role were started before.

    Whoever keeps the number must beat (``records.process``), or it passes to another after an hour. A claim that loses
    to other writers is made again: a process that starts beside busy ones must not end for it.
    Raises: Outage when all are held or the database is away.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return claim(_Rows(), role=role, holder=holder, now_ms=clock.wire_ms()), _count_start(role)
        except (DatabaseError, Outage) as error:
            if not is_conflict(error):
                raise
            if not tries_left:
                raise Outage("database") from error
    raise AssertionError("the last try returns or raises")


def release_node(node: Node) -> None:
    """Give the number back at once. Raises: Outage."""
    release(_Rows(), node)


def skip_starts(count: int) -> None:
    """Count starts that nobody knows of any more: a sandbox that was restored gives no id a second time."""
    Start.objects.update(count=F("count") + count)


def _count_start(role: str) -> int:
    """Count one more start of a role and return how many there were before."""
    Start.objects.get_or_create(role=role)
    Start.objects.filter(role=role).update(count=F("count") + 1)
    return Start.objects.get(role=role).count - 1


class _Rows:
    """Django's connection as plain SQL sees one; it stays Django's to close."""

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement.format("%s"), values)
                return cursor.fetchall() if cursor.description else []
        except (DatabaseError, InterfaceError) as error:
            raise Outage("database") from error

    def close(self) -> None:
        """Leave it open."""
