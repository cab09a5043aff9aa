"""Reads of reviews: what waits for a person, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from attise.kernel.means import Means
from attise.kernel.paging import Page
from attise.management.accounts.queries import list_advertisers
from attise.management.campaigns.queries import (
    ads_that_may_run,
    count_ads_to_review,
    find_ads_of_house,
    page_ads_to_review,
)
from attise.management.posts.queries import comments_by_id
from attise.management.review.models import AdReport, AdRuling, CommentReport, CommentRuling, Decision, Ruling
from attise.management.review.views import (
    AdRulingView,
    CommentRulingView,
    DecisionView,
    QueueView,
    ReportedAd,
    ReportedComment,
    RulingView,
    WaitingView,
    view_ad_ruling,
    view_comment_ruling,
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


def page_reported_comments(*, after: int | None = None, limit: int = 50) -> Page[ReportedComment]:
    """Return comments that were reported since anybody decided, the most reports first; ``after``: how many were given.

    Cost: three statements, over all comments that were ever reported; few are.
    """
    counted, rulings = _reported()
    waiting = [one for one, total in counted.items() if total > _looked_at(rulings, one)]
    waiting.sort(key=lambda one: (_looked_at(rulings, one) - counted[one], one))
    begin = after or 0
    shown = waiting[begin : begin + limit]
    said = comments_by_id(shown)
    items = [ReportedComment(said[one], counted[one], rulings.get(one)) for one in shown if one in said]
    return Page(items, begin + limit if len(waiting) > begin + limit else None)


def count_reported_comments() -> int:
    """Return how many comments wait for a look. Cost: two statements."""
    counted, rulings = _reported()
    return sum(1 for one, total in counted.items() if total > _looked_at(rulings, one))


def count_reports(comment_id: int) -> int:
    """Return how many viewers reported a comment. Cost: one query."""
    return CommentReport.objects.filter(comment_id=comment_id).count()


def reported_by(viewer_id: int, comment_ids: Iterable[int]) -> set[int]:
    """Return those of some comments that a viewer reported. Cost: one query."""
    rows = CommentReport.objects.filter(viewer_id=viewer_id, comment_id__in=list(comment_ids))
    return set(rows.values_list("comment_id", flat=True))


def list_comment_reports_of(viewer_id: int, *, limit: int) -> list[tuple[int, int]]:
    """Return the comments that a viewer reported, newest first, each with when (world time). Cost: one query."""
    rows = CommentReport.objects.filter(viewer_id=viewer_id).order_by("-at_ms", "-comment_id")
    return list(rows.values_list("comment_id", "at_ms")[:limit])


def last_comment_rulings(comment_ids: Iterable[int]) -> dict[int, CommentRulingView]:
    """Return the last decision on each of some comments, by comment. Cost: one query, none for no comments."""
    asked = list(comment_ids)
    rows = CommentRuling.objects.filter(comment_id__in=asked).order_by("id") if asked else ()
    return {row.comment_id: view_comment_ruling(row) for row in rows}


def page_reported_ads(means: Means, *, after: int | None = None, limit: int = 50) -> Page[ReportedAd]:
    """Return ads that were reported since anybody decided, the most new reports first; ``after``: how many were given.

    Those that do not run any more, refused or deleted, wait for nobody. Cost: two statements over all ads that were
    ever reported, one for each thousand that were since, and some for those that are shown.
    """
    counted, rulings = _reported_ads()
    fresh = {one: sum(reasons.values()) - _seen_of_ad(rulings, one) for one, reasons in counted.items()}
    running = ads_that_may_run([one for one, new in fresh.items() if new > 0])
    waiting = sorted(running, key=lambda one: (-fresh[one], one))
    begin = after or 0
    shown = waiting[begin : begin + limit]
    ads = find_ads_of_house(means, ad_ids=shown)
    brands = {view.id: view for view in list_advertisers({ad.advertiser_id for ad in ads.values()})}
    items = [
        ReportedAd(ads[one], brands[ads[one].advertiser_id], counted[one], rulings.get(one))
        for one in shown
        if one in ads
    ]
    return Page(items, begin + limit if len(waiting) > begin + limit else None)


def count_reports_of_ad(ad_id: int) -> int:
    """Return how many people reported an ad. Cost: one query."""
    return AdReport.objects.filter(ad_id=ad_id).count()


def find_ad_report(ad_id: int, reporter: str) -> str:
    """Return what somebody said is wrong with an ad; empty: they reported nothing. Cost: one query."""
    row = AdReport.objects.filter(ad_id=ad_id, reporter=reporter).values_list("reason", flat=True).first()
    return row or ""


def list_ad_reports_of(reporter: str, *, limit: int) -> list[tuple[int, str, int]]:
    """Return the ads that somebody reported, newest first, with the reason and when (world time). Cost: one query."""
    rows = AdReport.objects.filter(reporter=reporter).order_by("-at_ms", "-ad_id")
    return list(rows.values_list("ad_id", "reason", "at_ms")[:limit])


def _reported_ads() -> tuple[dict[int, dict[str, int]], dict[int, AdRulingView]]:
    """Return the reports of each ad that has any, by reason, the most said first, and the last decisions on them."""
    rows = AdReport.objects.values("ad_id", "reason").annotate(total=Count("reporter")).order_by("-total", "reason")
    counted: dict[int, dict[str, int]] = {}
    for row in rows:
        counted.setdefault(int(row["ad_id"]), {})[str(row["reason"])] = int(row["total"])
    ruled = AdRuling.objects.filter(ad_id__in=list(counted)).order_by("id") if counted else ()
    return counted, {row.ad_id: view_ad_ruling(row) for row in ruled}


def _seen_of_ad(rulings: dict[int, AdRulingView], ad_id: int) -> int:
    ruling = rulings.get(ad_id)
    return 0 if ruling is None else ruling.reports


def _reported() -> tuple[dict[int, int], dict[int, CommentRulingView]]:
    """Return how many reports each comment has that has any, and the last decisions on them."""
    rows = CommentReport.objects.values("comment_id").annotate(total=Count("viewer_id")).order_by()
    counted = {int(row["comment_id"]): int(row["total"]) for row in rows}
    return counted, last_comment_rulings(counted)


def _looked_at(rulings: dict[int, CommentRulingView], comment_id: int) -> int:
    ruling = rulings.get(comment_id)
    return 0 if ruling is None else ruling.reports
