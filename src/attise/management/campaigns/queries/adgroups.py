"""Reads of ad groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec
from django.db.models import Q, QuerySet

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage, Page
from attise.management.campaigns import envelopes, standing
from attise.management.campaigns.envelopes import Spending
from attise.management.campaigns.models import AdGroup
from attise.management.campaigns.queries.campaigns import created_between
from attise.management.campaigns.queries.lists import Listing
from attise.management.campaigns.queries.plain_names import named_like
from attise.management.campaigns.rules.objectives import result_of
from attise.management.campaigns.status import NOT_DELETED_ONES, StatusWish, adgroup_status
from attise.management.campaigns.views import AdGroupView
from attise.records.targeting import Targeting


@dataclass(frozen=True, slots=True, kw_only=True)
class AdGroupWish:
    """Which ad groups are asked for; all parts hold together, None asks nothing."""

    adgroup_ids: Collection[int] | None = None
    campaign_ids: Collection[int] | None = None
    name: str = ""
    """A part of the name, whatever case and accents."""
    objective_type: str | None = None
    optimization_goal: str | None = None
    promotion_type: str | None = None
    billing_events: Collection[str] | None = None
    bid_type: str | None = None
    created_from_ms: int | None = None
    created_to_ms: int | None = None
    """Both included."""
    status: StatusWish = NOT_DELETED_ONES


NO_WISH = AdGroupWish()


def get_adgroup(means: Means, *, advertiser_id: int, adgroup_id: int) -> AdGroupView:
    """Return an ad group, deleted or not. Raises: ``not_found``. Cost: 5 queries."""
    found = find_adgroup(means, advertiser_id=advertiser_id, adgroup_id=adgroup_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="adgroup_id")
    return found


def find_adgroup(means: Means, *, advertiser_id: int, adgroup_id: int) -> AdGroupView | None:
    """Return an ad group, deleted or not, or None. Cost: 5 queries."""
    rows = list(_adgroups(advertiser_id).filter(id=adgroup_id))
    return next(iter(_views(means, rows)), None)


def list_adgroups(
    means: Means, *, advertiser_id: int, wish: AdGroupWish = NO_WISH, page: int = 1, page_size: int = 10
) -> NumberedPage[AdGroupView]:
    """Return a page of ad groups by number, newest first. Cost: 6 queries, 5 a thousand rows by a derived status."""
    return _listing(means, advertiser_id, wish).numbered(page, page_size)


def list_ids_of_adgroups(means: Means, *, advertiser_id: int, wish: AdGroupWish, most: int) -> list[int]:
    """Return the ids of an advertiser's ad groups, newest first, ``most`` of them. Cost: as ``Listing.ids``."""
    return _listing(means, advertiser_id, wish).ids(most)


def page_adgroups(
    means: Means, *, advertiser_id: int, wish: AdGroupWish = NO_WISH, after: int | None = None, limit: int = 50
) -> Page[AdGroupView]:
    """Return the ad groups after an id, newest first. Cost: 5 queries, for each thousand rows by a derived status."""
    return _listing(means, advertiser_id, wish).after(after, limit)


def results_of(adgroup_ids: Iterable[int]) -> dict[int, str]:
    """Return, by ad group, the act or the kind of event that it is there for (``rules.objectives.result_of``).

    Whose they are is not asked: whoever settles what happened asks for any. Cost: one statement, none for no groups.
    """
    ids = list(adgroup_ids)
    rows = AdGroup.objects.filter(id__in=ids).values_list("id", "optimization_goal", "optimization_event")
    return {id_: result_of(goal, event) for id_, goal, event in rows} if ids else {}


def count_adgroups(advertiser_id: int) -> int:
    """Return how many ad groups an advertiser has that are not deleted, nor their campaigns. Cost: one query."""
    return _adgroups(advertiser_id).filter(deleted_at_ms__isnull=True, campaign__deleted_at_ms__isnull=True).count()


def _adgroups(advertiser_id: int) -> QuerySet[AdGroup]:
    return AdGroup.objects.filter(advertiser_id=advertiser_id).select_related("campaign", "advertiser")


def _listing(means: Means, advertiser_id: int, wish: AdGroupWish) -> Listing[AdGroupView]:
    rows = _adgroups(advertiser_id)
    if wish.adgroup_ids is not None:
        rows = rows.filter(id__in=wish.adgroup_ids)
    if wish.campaign_ids is not None:
        rows = rows.filter(campaign_id__in=wish.campaign_ids)
    if wish.name:
        rows = named_like(rows, wish.name)
    if wish.billing_events is not None:
        rows = rows.filter(billing_event__in=wish.billing_events)
    equal = {
        "campaign__objective_type": wish.objective_type,
        "optimization_goal": wish.optimization_goal,
        "promotion_type": wish.promotion_type,
        "bid_type": wish.bid_type,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value is not None})
    rows = rows.filter(created_between(wish.created_from_ms, wish.created_to_ms))
    is_deleted = Q(deleted_at_ms__isnull=False) | Q(campaign__deleted_at_ms__isnull=False)
    if wish.status.deleted is not None:
        rows = rows.filter(is_deleted if wish.status.deleted else ~is_deleted)
    return Listing(rows, lambda found: _views(means, found), wish.status)


def _views(means: Means, rows: Sequence[AdGroup]) -> list[AdGroupView]:
    """Return ad groups of one advertiser as they stand now. Cost: 4 queries."""
    if not rows:
        return []
    parents = {row.campaign_id: row.campaign for row in rows}.values()
    spending = envelopes.spending_of([*parents, *rows], rows[0].advertiser, now_ms=means.clock.world_ms())
    facts = standing.of_adgroups(means, rows, spending.as_spent())
    return [_view(row, adgroup_status(facts[row.id]), spending.of(row)) for row in rows]


def _view(row: AdGroup, status: str, spending: Spending) -> AdGroupView:
    return AdGroupView(
        id=row.id,
        advertiser_id=row.advertiser_id,
        campaign_id=row.campaign_id,
        campaign_name=row.campaign.name,
        objective_type=row.campaign.objective_type,
        currency=row.advertiser.currency,
        name=row.name,
        promotion_type=row.promotion_type,
        placement_type=row.placement_type,
        placements=tuple(row.placements),
        pixel_id=row.pixel_id,
        app_id=row.app_id,
        optimization_event=row.optimization_event,
        optimization_goal=row.optimization_goal,
        billing_event=row.billing_event,
        bid_type=row.bid_type,
        bid_micros=row.bid_micros,
        conversion_bid_micros=row.conversion_bid_micros,
        pacing=row.pacing,
        budget_mode=row.budget_mode,
        budget_micros=row.budget_micros,
        scheduled_budget_micros=row.scheduled_budget_micros,
        scheduled_from_ms=row.scheduled_from_ms,
        spent_micros=spending.spent_micros,
        schedule_type=row.schedule_type,
        starts_at_ms=row.starts_at_ms,
        ends_at_ms=row.ends_at_ms,
        dayparting=row.dayparting,
        frequency=row.frequency,
        frequency_days=row.frequency_days,
        click_window=row.click_window,
        view_window=row.view_window,
        engaged_view_window=row.engaged_view_window,
        attribution_event_count=row.attribution_event_count,
        comment_disabled=row.comment_disabled,
        share_disabled=row.share_disabled,
        video_download_disabled=row.video_download_disabled,
        brand_safety_type=row.brand_safety_type,
        targeting=msgspec.convert(row.targeting, Targeting),
        operation_status=row.operation_status,
        secondary_status=status,
        revision=row.revision,
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
        is_deleted=row.deleted_at_ms is not None or row.campaign.deleted_at_ms is not None,
        envelope_id=row.envelope_id,
        week_envelope_id=row.week_envelope_id,
    )
