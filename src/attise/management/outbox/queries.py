"""Reads of notices; changes are read by decision processes themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attise.kernel.paging import Page
from attise.management.outbox.models import Notice, Version


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as its reader sees it."""

    id: int
    kind: str
    object_id: int
    at_ms: int
    body: dict[str, Any]


def list_notices(audience: str, audience_id: int, *, after: int | None = None, limit: int = 50) -> Page[NoticeView]:
    """Return the notices of one reader, newest first."""
    rows = Notice.objects.filter(audience=audience, audience_id=audience_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    items = [NoticeView(row.id, row.kind, row.object_id, row.at_ms, row.body) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


def get_version() -> int:
    """Return the number of the newest committed change."""
    return Version.objects.values_list("n", flat=True).get(id=1)
