"""Reads of Business Centers and their advertisers."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.paging import Page
from attise.kernel.text import is_storable
from attise.management.accounts.models import Advertiser, BusinessCenter
from attise.management.accounts.views import (
    AdvertiserView,
    BusinessCenterView,
    advertiser_view,
    business_center_view,
)


def find_business_center(business_center_id: int) -> BusinessCenterView | None:
    """Return a Business Center, or None."""
    row = BusinessCenter.objects.filter(id=business_center_id).first()
    return None if row is None else business_center_view(row)


def get_business_center(business_center_id: int) -> BusinessCenterView:
    """Return a Business Center. Raises: ``not_found``."""
    found = find_business_center(business_center_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="business_center_id")
    return found


def list_business_centers(ids: Iterable[int]) -> list[BusinessCenterView]:
    """Return the Business Centers of these ids that exist, oldest first."""
    return [business_center_view(row) for row in BusinessCenter.objects.filter(id__in=list(ids)).order_by("id")]


def page_business_centers(*, after: int | None = None, limit: int = 50) -> Page[BusinessCenterView]:
    """Return the Business Centers of the house, newest first."""
    rows = BusinessCenter.objects.order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [business_center_view(row) for row in rows[: limit + 1]]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def find_oldest_business_center() -> BusinessCenterView | None:
    """Return the first Business Center of the house, or None."""
    row = BusinessCenter.objects.order_by("id").first()
    return None if row is None else business_center_view(row)


def find_advertiser(advertiser_id: int) -> AdvertiserView | None:
    """Return an advertiser, or None."""
    row = Advertiser.objects.filter(id=advertiser_id).first()
    return None if row is None else advertiser_view(row)


def get_advertiser(advertiser_id: int) -> AdvertiserView:
    """Return an advertiser. Raises: ``not_found``."""
    found = find_advertiser(advertiser_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="advertiser_id")
    return found


def find_advertiser_by_key(external_key: str) -> AdvertiserView | None:
    """Return the advertiser that was made under an outside name, or None."""
    row = Advertiser.objects.filter(external_key=external_key).first() if is_storable(external_key) else None
    return None if row is None else advertiser_view(row)


def list_advertisers(ids: Iterable[int]) -> list[AdvertiserView]:
    """Return the advertisers of these ids that exist, oldest first."""
    return [advertiser_view(row) for row in Advertiser.objects.filter(id__in=list(ids)).order_by("id")]


def list_advertisers_of_business_center(business_center_id: int) -> list[AdvertiserView]:
    """Return every advertiser of a Business Center, oldest first."""
    rows = Advertiser.objects.filter(business_center_id=business_center_id).order_by("id")
    return [advertiser_view(row) for row in rows]


def list_all_advertisers() -> list[AdvertiserView]:
    """Return every advertiser of the house, oldest first."""
    return [advertiser_view(row) for row in Advertiser.objects.order_by("id")]


def page_advertisers(
    *, business_center_id: int | None = None, after: int | None = None, limit: int = 50
) -> Page[AdvertiserView]:
    """Return the advertisers of the house, or of one Business Center, newest first."""
    rows = Advertiser.objects.order_by("-id")
    if business_center_id is not None:
        rows = rows.filter(business_center_id=business_center_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [advertiser_view(row) for row in rows[: limit + 1]]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)
