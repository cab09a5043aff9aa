"""What happened to a campaign, an ad group or an ad."""

from __future__ import annotations

from attise.kernel.paging import Page
from attise.management.campaigns.models import HistoryEntry
from attise.management.campaigns.views import HistoryView


def page_history(
    *,
    advertiser_id: int,
    level: str | None = None,
    object_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[HistoryView]:
    """Return what happened, newest first: to one object of a level, or to all of an advertiser's. Cost: one query."""
    rows = HistoryEntry.objects.filter(advertiser_id=advertiser_id)
    if level is not None:
        rows = rows.filter(level=level)
    if object_id is not None:
        rows = rows.filter(object_id=object_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    items = [
        HistoryView(row.id, row.level, row.object_id, row.at_ms, row.verb, row.actor, row.origin, row.before, row.after)
        for row in found[:limit]
    ]
    return Page(items, items[-1].id if len(found) > limit else None)
