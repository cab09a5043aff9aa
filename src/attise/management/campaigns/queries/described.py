"""What reports say of campaigns, ad groups and ads beside their figures, and which of them a filter means.

Columns alone, no derived status of thousands of rows: a report's page has a thousand of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from attise.kernel.means import Means
from attise.kernel.parts import in_parts
from attise.management.campaigns.models import Ad, AdGroup, Campaign
from attise.management.campaigns.queries.adgroups import AdGroupWish, page_adgroups
from attise.management.campaigns.queries.ads import AdWish, page_ads
from attise.management.campaigns.queries.campaigns import CampaignWish, page_campaigns
from attise.management.campaigns.status import DELETED, NOT_DELETED, StatusWish

AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An object and those above it. What is of a level below its own is empty; amounts are micros."""

    advertiser_id: int
    campaign_id: int
    campaign_name: str
    objective_type: str
    app_promotion_type: str
    campaign_budget_micros: int | None
    operation_status: str
    """Its own switch."""
    adgroup_id: int = 0
    adgroup_name: str = ""
    promotion_type: str = ""
    placement_type: str = ""
    optimization_goal: str = ""
    billing_event: str = ""
    bid_type: str = ""
    bid_micros: int | None = None
    conversion_bid_micros: int | None = None
    budget_micros: int | None = None
    ad_id: int = 0
    ad_name: str = ""
    ad_text: str = ""
    ad_format: str = ""
    call_to_action: str = ""
    identity_id: str = ""
    post_id: int | None = None


_CAMPAIGN: Final = {
    "advertiser_id": "advertiser_id",
    "campaign_id": "id",
    "campaign_name": "name",
    "objective_type": "objective_type",
    "app_promotion_type": "app_promotion_type",
    "campaign_budget_micros": "budget_micros",
}
_GROUP: Final = {
    "adgroup_id": "id",
    "adgroup_name": "name",
    **{name: name for name in ("promotion_type", "placement_type", "optimization_goal", "billing_event", "bid_type")},
    **{name: name for name in ("bid_micros", "conversion_bid_micros", "budget_micros")},
}
_AD: Final = {
    "ad_id": "id",
    "ad_name": "name",
    **{name: name for name in ("ad_text", "ad_format", "call_to_action", "identity_id", "post_id")},
}


def _under(above: str, columns: dict[str, str]) -> dict[str, str]:
    return {name: f"{above}__{column}" for name, column in columns.items()}


_OWN: Final = {"operation_status": "operation_status"}
_LEVELS: Final[dict[str, tuple[Any, dict[str, str]]]] = {
    "campaign_id": (Campaign, {**_CAMPAIGN, **_OWN}),
    "adgroup_id": (AdGroup, {**_under("campaign", _CAMPAIGN), **_GROUP, **_OWN}),
    "ad_id": (Ad, {**_under("adgroup__campaign", _CAMPAIGN), **_under("adgroup", _GROUP), **_AD, **_OWN}),
}
_IS_DELETED: Final = {
    "campaign_id": Q(deleted_at_ms__isnull=False),
    "adgroup_id": Q(deleted_at_ms__isnull=False) | Q(campaign__deleted_at_ms__isnull=False),
    "ad_id": Q(deleted_at_ms__isnull=False)
    | Q(adgroup__deleted_at_ms__isnull=False)
    | Q(adgroup__campaign__deleted_at_ms__isnull=False),
}


def describe(level: str, *, advertiser_ids: Collection[int], ids: Collection[int]) -> dict[int, Described]:
    """Return what is said of some objects of some advertisers, deleted or not, by id. Cost: a query a thousand.

    Args: level: ``campaign_id``, ``adgroup_id`` or ``ad_id``.
    """
    table, columns = _LEVELS[level]
    found: dict[int, Described] = {}
    for part in in_parts(sorted(set(ids)), AT_ONCE):
        rows = table.objects.filter(id__in=part, advertiser_id__in=list(advertiser_ids))
        for values in rows.values_list(*columns.values()):
            one = Described(**dict(zip(columns, values, strict=True)))
            found[getattr(one, level)] = one
    return found


def list_deleted(level: str, *, advertiser_ids: Collection[int]) -> frozenset[int]:
    """Return the deleted objects of a level, or beneath something deleted. Cost: one query."""
    table, _ = _LEVELS[level]
    rows = table.objects.filter(_IS_DELETED[level], advertiser_id__in=list(advertiser_ids))
    return frozenset(rows.values_list("id", flat=True))


def list_by_objective(objectives: Collection[str], *, advertiser_ids: Collection[int]) -> frozenset[int]:
    """Return the campaigns with one of some objectives. Cost: one query."""
    rows = Campaign.objects.filter(objective_type__in=list(objectives), advertiser_id__in=list(advertiser_ids))
    return frozenset(rows.values_list("id", flat=True))


def list_by_status(means: Means, level: str, status: str, *, advertiser_ids: Collection[int]) -> frozenset[int]:
    """Return the objects of a level that have a coarse status now. Cost: of a status that is derived, a whole listing.

    Invariants: ``status`` is one of ``status.PRIMARY`` other than those that deletion alone decides.
    """
    if status in (DELETED, NOT_DELETED):
        raise AssertionError("deletion is told by columns")
    pages: dict[str, Callable[..., Any]] = {
        "campaign_id": page_campaigns,
        "adgroup_id": page_adgroups,
        "ad_id": page_ads,
    }
    wishes: dict[str, Any] = {"campaign_id": CampaignWish, "adgroup_id": AdGroupWish, "ad_id": AdWish}
    wish = wishes[level](status=StatusWish(status))
    found: set[int] = set()
    for advertiser_id in advertiser_ids:
        after: int | None = None
        while True:
            page = pages[level](means, advertiser_id=advertiser_id, wish=wish, after=after, limit=AT_ONCE)
            found.update(view.id for view in page.items)
            after = page.after
            if after is None:
                break
    return frozenset(found)
