"""Reads of the looks that operators take at a login's consoles."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.accounts.models import Look
from attise.management.accounts.views import LookView, look_view


def find_look(means: Means, *, look_id: int, operator_id: int) -> LookView | None:
    """Return an operator's own look while it lasts: they may look and the person may be looked at still. One query."""
    row = (
        Look.objects.select_related("person", "operator")
        .filter(id=look_id, operator_id=operator_id, ended_at_ms=None, until_wire_ms__gt=means.clock.wire_ms())
        .first()
    )
    if row is None or not (row.operator.is_operator and row.operator.is_active):
        return None
    return look_view(row) if row.person.is_active and not row.person.is_operator else None


def list_looks_at(person_id: int, *, since_ms: int = 0, limit: int = 20) -> list[LookView]:
    """Return who looked at a person's consoles since a moment (world time), newest first. Cost: one query."""
    rows = Look.objects.select_related("person").filter(person_id=person_id, at_ms__gte=since_ms)
    return [look_view(row) for row in rows.order_by("-id")[:limit]]
