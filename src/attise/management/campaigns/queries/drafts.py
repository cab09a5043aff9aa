"""Reads of drafts: campaigns that somebody is still putting together."""

from __future__ import annotations

from attise.management.campaigns.models import Draft
from attise.management.campaigns.views import DraftView


def find_draft(*, advertiser_id: int, draft_id: int) -> DraftView | None:
    """Return a draft of the advertiser, or None: it never was, was sent, or was dropped. Cost: one statement."""
    row = Draft.objects.filter(advertiser_id=advertiser_id, id=draft_id).first()
    return None if row is None else view_draft(row)


def list_drafts(*, advertiser_id: int) -> list[DraftView]:
    """Return the drafts of an advertiser, the one that was touched last first; few by construction."""
    rows = Draft.objects.filter(advertiser_id=advertiser_id).order_by("-modified_at_ms", "-id")
    return [view_draft(row) for row in rows]


def view_draft(row: Draft) -> DraftView:
    """Return the view of a row; for this room alone."""
    return DraftView(row.id, row.advertiser_id, row.body, row.created_at_ms, row.modified_at_ms)
