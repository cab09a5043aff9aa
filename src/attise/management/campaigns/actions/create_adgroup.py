"""An advertiser makes an ad group: step 2 of *an advertiser launches an ad*. Before: a campaign. After: ads."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import ADGROUPS_PER_ADVERTISER
from attise.kernel.means import Means
from attise.management.accounts.actions import hold_advertiser
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import envelopes
from attise.management.campaigns.actions.changing import stored
from attise.management.campaigns.actions.history import record
from attise.management.campaigns.actions.holding import hold_campaign
from attise.management.campaigns.actions.telling import tell_adgroup
from attise.management.campaigns.errors import QUOTA_REACHED
from attise.management.campaigns.models import AdGroup, Campaign
from attise.management.campaigns.queries import get_adgroup
from attise.management.campaigns.rules.adgroup import AdGroupDraft, Sibling, clean_adgroup
from attise.management.campaigns.rules.campaign import CampaignBasis
from attise.management.campaigns.targeting_rules import clean_targeting
from attise.management.campaigns.views import AdGroupView
from attise.management.outbox.actions import unit, verb
from attise.management.pixels import queries as pixels
from attise.management.policy.queries import get_policy
from attise.records.targeting import Targeting


@verb
def create_adgroup(
    means: Means, actor: Actor, *, advertiser_id: int, campaign_id: int, draft: AdGroupDraft
) -> AdGroupView:
    """Make an ad group of a campaign, with its budget's envelope.

    Under a budget that the campaign shares out it has none of its own, and is like the ad groups that are there.
    Raises: ``not_found``, ``campaign_deleted``, ``quota_reached``, and the refusals of ``clean_adgroup`` and of
    ``clean_targeting``, together.
    """
    advertiser = get_advertiser(advertiser_id)
    with unit(means) as work:
        hold_advertiser(advertiser_id=advertiser_id)
        campaign = hold_campaign(advertiser_id=advertiser_id, campaign_id=campaign_id)
        mine = AdGroup.objects.filter(
            advertiser_id=advertiser_id, deleted_at_ms__isnull=True, campaign__deleted_at_ms__isnull=True
        )
        if mine.count() >= ADGROUPS_PER_ADVERTISER:
            raise Refusal(QUOTA_REACHED, field="advertiser_id", limit=ADGROUPS_PER_ADVERTISER)
        check_measured(draft, advertiser_id)
        now = means.clock.world_ms()
        values = columns_of(_clean(draft, campaign, advertiser, now_ms=now))
        row = AdGroup(
            id=means.ids.next(),
            advertiser_id=advertiser_id,
            campaign=campaign,
            created_at_ms=now,
            modified_at_ms=now,
            **values,
        )
        envelopes.open_budget(means, row, advertiser)
        if row.operation_status != "ENABLE":
            envelopes.close_budgets(means, [row], advertiser.currency)
        row.save(force_insert=True)
        record(means, actor, row, "created", after=values)
        tell_adgroup(work, row)
    return get_adgroup(means, advertiser_id=advertiser_id, adgroup_id=row.id)


def basis_of(campaign: Campaign, currency: str, *, least_eur: int) -> CampaignBasis:
    """Return what an ad group must know of its campaign; ``least_eur``: the least budget that it is held to."""
    return CampaignBasis(
        objective_type=campaign.objective_type,
        budget_mode=campaign.budget_mode,
        budget_micros=campaign.budget_micros,
        budget_optimize_on=campaign.budget_optimize_on,
        currency=currency,
        least_eur=least_eur,
    )


def sibling_of(campaign: Campaign, *, without: int | None = None) -> Sibling | None:
    """Return the first other ad group under a budget that a campaign shares out, or None. Cost: one query."""
    if not campaign.budget_optimize_on:
        return None
    others = AdGroup.objects.filter(campaign_id=campaign.id, deleted_at_ms__isnull=True).exclude(id=without)
    first = others.order_by("id").values("optimization_goal", "bid_type", "optimization_event").first()
    return None if first is None else Sibling(**first)


def clean_audience(targeting: Targeting, campaign: Campaign, advertiser: AdvertiserView) -> Targeting:
    """Return a targeting as it may be stored for an ad group of this campaign and advertiser."""
    return clean_targeting(
        targeting,
        objective_type=campaign.objective_type,
        category=advertiser.category,
        special_industries=campaign.special_industries,
    )


def check_measured(draft: AdGroupDraft, advertiser_id: int) -> None:
    """Refuse a pixel or an app that the advertiser does not have. Raises: ``not_found``. Cost: a query for each."""
    if draft.pixel_id is not None:
        pixels.get_pixel(advertiser_id, draft.pixel_id)
    if draft.app_id is not None:
        pixels.get_app(advertiser_id, draft.app_id)


def columns_of(draft: AdGroupDraft) -> dict[str, Any]:
    """Return a clean ad group as its row holds it."""
    return {field.name: stored(getattr(draft, field.name)) for field in fields(draft)}


def _clean(draft: AdGroupDraft, campaign: Campaign, advertiser: AdvertiserView, *, now_ms: int) -> AdGroupDraft:
    gather = Gather()
    targeting = gather.take(clean_audience, draft.targeting, campaign, advertiser)
    made = gather.take(
        clean_adgroup,
        draft,
        campaign=basis_of(campaign, advertiser.currency, least_eur=get_policy().least_budget_micros),
        now_ms=now_ms,
        sibling=sibling_of(campaign),
    )
    gather.tell()
    return replace(made, targeting=targeting)
