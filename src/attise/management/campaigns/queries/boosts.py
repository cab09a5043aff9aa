"""Reads of boosts that wait for their creator's word."""

from __future__ import annotations

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.management.authorizations.queries import find_post_requests, find_usable
from attise.management.campaigns.models import WaitingBoost
from attise.management.campaigns.rules.boosting import wish_of
from attise.management.campaigns.views import WaitingBoostView

BOOSTS_MOST = 200
"""Boosts of an advertiser that are listed; far above what anyone lets wait."""


def list_boosts(means: Means, *, advertiser_id: int) -> list[WaitingBoostView]:
    """Return an advertiser's boosts that wait, newest first. Cost: about nine queries, two where there is none."""
    rows = list(WaitingBoost.objects.filter(advertiser_id=advertiser_id).order_by("-id")[:BOOSTS_MOST])
    return views_of(means, advertiser_id, rows)


def get_boost(means: Means, *, advertiser_id: int, boost_id: int) -> WaitingBoostView:
    """Return one of them. Raises: ``not_found``: it never was, is launched, or was dropped."""
    rows = list(WaitingBoost.objects.filter(advertiser_id=advertiser_id, id=boost_id))
    if not rows:
        raise Refusal(NOT_FOUND, field="boost_id")
    return views_of(means, advertiser_id, rows)[0]


def views_of(means: Means, advertiser_id: int, rows: list[WaitingBoost]) -> list[WaitingBoostView]:
    """Return the views of rows of one advertiser; for this room alone."""
    if not rows:
        return []
    requests = find_post_requests([row.request_id for row in rows])
    usable = find_usable(means, advertiser_id=advertiser_id, post_ids=[row.post_id for row in rows])
    return [
        WaitingBoostView(
            row.id,
            row.advertiser_id,
            wish_of(row.wish),
            requests[row.request_id],
            row.post_id in usable,
            row.created_at_ms,
        )
        for row in rows
    ]
