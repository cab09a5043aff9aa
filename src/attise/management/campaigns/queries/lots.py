"""Reads of lots: what is named, what was drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.kernel.paging import Page
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns.models import Ad, Lot, LotPost, Switch
from attise.management.campaigns.rules.boosting import wish_of
from attise.management.campaigns.rules.drawing import LotWish, state_of
from attise.management.campaigns.views import LotPostView, LotView


def page_lots(
    means: Means, *, advertiser_id: int, after: int | None = None, limit: int = 50, is_drawn: bool | None = None
) -> Page[LotView]:
    """Return part of an advertiser's lots, newest first; with ``is_drawn`` those that are, or those that are not.

    Raises: ``not_found``. Cost: three queries.
    """
    rows = Lot.objects.filter(advertiser_id=get_advertiser(advertiser_id).id).order_by("-id")
    if is_drawn is not None:
        rows = rows.filter(drawn_at_ms__isnull=not is_drawn)
    found = list((rows if after is None else rows.filter(id__lt=after))[: limit + 1])
    return Page(views_of(means, found[:limit]), found[limit - 1].id if len(found) > limit else None)


def get_lot(means: Means, *, advertiser_id: int, lot_id: int) -> LotView:
    """Return one of them. Raises: ``not_found``: it never was, or was dropped. Cost: three queries."""
    rows = list(Lot.objects.filter(advertiser_id=advertiser_id, id=lot_id))
    if not rows:
        raise Refusal(NOT_FOUND, field="lot_id")
    return views_of(means, rows)[0]


def taken_posts(means: Means, *, advertiser_id: int, post_ids: Iterable[int]) -> set[int]:
    """Return those of some posts that an advertiser shows already, or has in a lot that still runs. Cost: two queries.

    They cannot be in another lot: whether they are shown is not up to chance any more.
    """
    now_ms, asked = means.clock.world_ms(), list(post_ids)
    shown = Ad.objects.filter(
        Q(adgroup__ends_at_ms__isnull=True) | Q(adgroup__ends_at_ms__gt=now_ms),
        advertiser_id=advertiser_id,
        post_id__in=asked,
        operation_status=Switch.ENABLE,
        deleted_at_ms__isnull=True,
        adgroup__operation_status=Switch.ENABLE,
        adgroup__deleted_at_ms__isnull=True,
        adgroup__campaign__operation_status=Switch.ENABLE,
        adgroup__campaign__deleted_at_ms__isnull=True,
    ).exclude(review=Ad.Review.REJECTED)
    named = LotPost.objects.filter(lot__advertiser_id=advertiser_id, lot__ends_at_ms__gt=now_ms, post_id__in=asked)
    return {*shown.values_list("post_id", flat=True), *named.values_list("post_id", flat=True)}


def views_of(means: Means, rows: Sequence[Lot]) -> list[LotView]:
    """Return the views of rows of one advertiser; for this room alone."""
    if not rows:
        return []
    currency, now_ms = get_advertiser(rows[0].advertiser_id).currency, means.clock.world_ms()
    drawn: dict[int, list[LotPostView]] = {}
    chosen = LotPost.objects.filter(lot_id__in=[row.id for row in rows]).order_by("lot_id", "place")
    for lot_id, *facts in chosen.values_list("lot_id", "post_id", "is_promoted", "ad_id"):
        drawn.setdefault(lot_id, []).append(LotPostView(*facts))
    return [
        LotView(
            row.id,
            row.advertiser_id,
            currency,
            wish_of_row(row),
            state_of(row.drawn_at_ms, row.ends_at_ms, now_ms=now_ms).value,
            tuple(drawn.get(row.id) or (LotPostView(one, None, None) for one in row.post_ids)),
            row.commitment,
            row.seed if row.drawn_at_ms is not None else None,
            row.created_at_ms,
            row.drawn_at_ms,
            row.ends_at_ms,
            row.campaign_id,
        )
        for row in rows
    ]


def wish_of_row(row: Lot) -> LotWish:
    """Return what a lot wishes; for this room alone."""
    return LotWish(post_ids=tuple(row.post_ids), promoted=row.promoted, boost=wish_of(row.wish))
