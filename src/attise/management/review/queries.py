"""Reads of reviews: what waits for a person, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.means import Means
from attise.kernel.paging import Page
from attise.management.accounts.queries import list_advertisers
from attise.management.campaigns.queries import count_ads_to_review, page_ads_to_review
from attise.management.review.models import Decision, Ruling
from attise.management.review.views import (
    DecisionView,
    QueueView,
    RulingView,
    WaitingView,
    view_decision,
    view_ruling,
)


def page_queue(means: Means, *, after: int | None = None, limit: int = 50) -> Page[WaitingView]:
    """Return what waits for a person, the longest waiting first; ``after`` as a page gives it. Cost: 7 queries."""
    page = page_ads_to_review(means, after=after, limit=limit)
    now = means.clock.world_ms()
    advertisers = {view.id: view for view in list_advertisers({ad.advertiser_id for ad in page.items})}
    rows = Decision.objects.filter(ad_id__in=[ad.id for ad in page.items]).order_by("id")
    before = {row.ad_id: view_decision(row) for row in rows}
    waiting = [
        WaitingView(ad, advertisers[ad.advertiser_id], now - (ad.review_asked_at_ms or now), before.get(ad.id))
        for ad in page.items
    ]
    return Page(waiting, page.after)


def measure_queue(means: Means) -> QueueView:
    """Return how long the queue is. Cost: one query."""
    number, oldest = count_ads_to_review()
    return QueueView(number, 0 if oldest is None else means.clock.world_ms() - oldest)


def page_decisions(*, ad_id: int, after: int | None = None, limit: int = 50) -> Page[DecisionView]:
    """Return what people decided of an ad, the newest first, after an id. Cost: one query."""
    rows = Decision.objects.filter(ad_id=ad_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    return Page([view_decision(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


def page_rulings(*, post_id: int, after: int | None = None, limit: int = 50) -> Page[RulingView]:
    """Return what people decided of a reported post, the newest first, after an id. Cost: one query."""
    rows = Ruling.objects.filter(post_id=post_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    return Page([view_ruling(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None)


def last_rulings(post_ids: Iterable[int]) -> dict[int, RulingView]:
    """Return the last decision on each of some posts, by post; none of those that have none. Cost: one query."""
    rows = Ruling.objects.filter(post_id__in=list(post_ids)).order_by("id")
    return {row.post_id: view_ruling(row) for row in rows}
