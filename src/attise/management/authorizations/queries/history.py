"""Reads of what happened to grants."""

from __future__ import annotations

import json

from attise.kernel.acts import ActsWish
from attise.management.authorizations.models import (
    HistoryEntry,
)
from attise.management.authorizations.views import (
    HistoryView,
)
from attise.management.outbox.acts import in_span, of_actor


def list_history(authorization_id: int) -> list[HistoryView]:
    """Return all that happened to a grant, oldest first. Cost: 1 query."""
    rows = HistoryEntry.objects.filter(authorization_id=authorization_id).order_by("number")
    return [_history_view(row) for row in rows]


def list_acts(wish: ActsWish) -> list[tuple[int, int, HistoryView]]:
    """Return what happened to any grant, newest first, each after its own id and its grant's.

    Cost: one query; a rare act is looked for through all that happened.
    """
    rows = HistoryEntry.objects.filter(in_span(wish), of_actor(wish.actor))
    if wish.actions is not None:
        rows = rows.filter(verb__in=wish.actions)
    if wish.object_id is not None:
        rows = rows.filter(authorization_id=wish.object_id)
    return [(row.id, row.authorization_id, _history_view(row)) for row in rows.order_by("-id")[: wish.limit]]


def _history_view(row: HistoryEntry) -> HistoryView:
    return HistoryView(row.number, row.at_ms, row.verb, row.actor, row.origin, json.loads(row.body), row.hash)
