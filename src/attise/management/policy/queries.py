"""Reads of what is set. Plain values, never rows."""

from __future__ import annotations

import json

from attise.kernel.paging import Page
from attise.management.policy.models import Change, Value
from attise.management.policy.rules import ADS_STOPPED, Policy, with_values
from attise.management.policy.views import ChangeView


def get_policy() -> Policy:
    """Return what is set for the house. Cost: one query of a few rows."""
    return with_values({name: json.loads(value) for name, value in Value.objects.values_list("name", "value")})


def page_changes(*, name: str | None = None, after: int | None = None, limit: int = 50) -> Page[ChangeView]:
    """Return changes, newest first, after an id; ``name``: of one setting, None: of all. Cost: one query."""
    rows = Change.objects.order_by("-id")
    if name is not None:
        rows = rows.filter(name=name)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [change_view(row) for row in rows[: limit + 1]]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def find_last_stop() -> ChangeView | None:
    """Return the last time that ads were stopped or let run again, None before the first. Cost: one query."""
    row = Change.objects.filter(name=ADS_STOPPED).order_by("-id").first()
    return None if row is None else change_view(row)


def count_changes() -> int:
    """Return how many changes there were: who decides on what they saw says it back. Cost: one query."""
    return Change.objects.count()


def change_view(row: Change) -> ChangeView:
    """Return a row as others are given it."""
    return ChangeView(row.id, row.name, json.loads(row.before), json.loads(row.after), row.note, row.actor, row.at_ms)
