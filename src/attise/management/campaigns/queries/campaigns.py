"""Reads of campaigns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage, Page
from attise.management.campaigns import envelopes, standing
from attise.management.campaigns.envelopes import Spending
from attise.management.campaigns.models import AdGroup, Campaign
from attise.management.campaigns.queries.lists import Listing
from attise.management.campaigns.queries.plain_names import named_like
from attise.management.campaigns.status import NOT_DELETED_ONES, StatusWish, campaign_status
from attise.management.campaigns.views import CampaignView


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignWish:
    """Which campaigns are asked for; all parts hold together, None asks nothing."""

    campaign_ids: Collection[int] | None = None
    name: str = ""
    """A part of the name, whatever case and accents."""
    objective_type: str | None = None
    optimization_goal: str | None = None
    """Of an ad group of it."""
    created_from_ms: int | None = None
    created_to_ms: int | None = None
    """Both included."""
    status: StatusWish = NOT_DELETED_ONES


NO_WISH = CampaignWish()


def get_campaign(means: Means, *, advertiser_id: int, campaign_id: int) -> CampaignView:
    """Return a campaign, deleted or not. Raises: ``not_found``. Cost: 2 queries."""
    found = find_campaign(means, advertiser_id=advertiser_id, campaign_id=campaign_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="campaign_id")
    return found


def find_campaign(means: Means, *, advertiser_id: int, campaign_id: int) -> CampaignView | None:
    """Return a campaign, deleted or not, or None. Cost: 2 queries."""
    rows = list(_campaigns(advertiser_id).filter(id=campaign_id))
    return next(iter(_views(means, rows)), None)


def list_campaigns(
    means: Means, *, advertiser_id: int, wish: CampaignWish = NO_WISH, page: int = 1, page_size: int = 10
) -> NumberedPage[CampaignView]:
    """Return a page of campaigns by number, newest first. Cost: 3 queries, 2 a thousand rows by a derived status."""
    return _listing(means, advertiser_id, wish).numbered(page, page_size)


def list_ids_of_campaigns(means: Means, *, advertiser_id: int, wish: CampaignWish, most: int) -> list[int]:
    """Return the ids of an advertiser's campaigns, newest first, ``most`` of them. Cost: as ``Listing.ids``."""
    return _listing(means, advertiser_id, wish).ids(most)


def page_campaigns(
    means: Means, *, advertiser_id: int, wish: CampaignWish = NO_WISH, after: int | None = None, limit: int = 50
) -> Page[CampaignView]:
    """Return the campaigns after an id, newest first. Cost: 2 queries, for each thousand rows by a derived status."""
    return _listing(means, advertiser_id, wish).after(after, limit)


def _campaigns(advertiser_id: int) -> QuerySet[Campaign]:
    return Campaign.objects.filter(advertiser_id=advertiser_id).select_related("advertiser")


def _listing(means: Means, advertiser_id: int, wish: CampaignWish) -> Listing[CampaignView]:
    rows = _campaigns(advertiser_id)
    if wish.campaign_ids is not None:
        rows = rows.filter(id__in=wish.campaign_ids)
    if wish.name:
        rows = named_like(rows, wish.name)
    if wish.objective_type is not None:
        rows = rows.filter(objective_type=wish.objective_type)
    if wish.optimization_goal is not None:
        groups = AdGroup.objects.filter(campaign_id=OuterRef("id"), optimization_goal=wish.optimization_goal)
        rows = rows.filter(Exists(groups.filter(deleted_at_ms__isnull=True)))
    rows = rows.filter(created_between(wish.created_from_ms, wish.created_to_ms))
    if wish.status.deleted is not None:
        rows = rows.filter(deleted_at_ms__isnull=not wish.status.deleted)
    return Listing(rows, lambda found: _views(means, found), wish.status)


def created_between(from_ms: int | None, to_ms: int | None) -> Q:
    """Return the condition of rows made between two moments, both included."""
    made = Q()
    if from_ms is not None:
        made &= Q(created_at_ms__gte=from_ms)
    if to_ms is not None:
        made &= Q(created_at_ms__lte=to_ms)
    return made


def _views(means: Means, rows: Sequence[Campaign]) -> list[CampaignView]:
    """Return campaigns of one advertiser as they stand now. Cost: one query."""
    if not rows:
        return []
    spending = envelopes.spending_of(rows, rows[0].advertiser, now_ms=means.clock.world_ms())
    facts = standing.of_campaigns(rows, spending.as_spent())
    return [_view(row, campaign_status(facts[row.id]), spending.of(row)) for row in rows]


def _view(row: Campaign, status: str, spending: Spending) -> CampaignView:
    return CampaignView(
        id=row.id,
        advertiser_id=row.advertiser_id,
        currency=row.advertiser.currency,
        name=row.name,
        objective_type=row.objective_type,
        budget_mode=row.budget_mode,
        budget_micros=row.budget_micros,
        spent_micros=spending.spent_micros,
        budget_optimize_on=row.budget_optimize_on,
        app_promotion_type=row.app_promotion_type,
        app_id=row.app_id,
        special_industries=tuple(row.special_industries),
        po_number=row.po_number,
        operation_status=row.operation_status,
        secondary_status=status,
        revision=row.revision,
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
        is_deleted=row.deleted_at_ms is not None,
        envelope_id=row.envelope_id,
        week_envelope_id=row.week_envelope_id,
        holdout_ppm=row.holdout_ppm,
    )
