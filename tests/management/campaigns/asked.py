"""What advertisers of these tests ask for, made through the verbs."""

from __future__ import annotations

from typing import Any

from attise.kernel.actor import Actor
from attise.management.campaigns import actions
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.views import AdGroupView, CampaignView
from attise.records.targeting import Targeting

EURO = 1_000_000
FRANCE = 3_017_382
TOKEN = Actor("token", 1)
DAY, TOTAL = "BUDGET_MODE_DAY", "BUDGET_MODE_TOTAL"
DYNAMIC, INFINITE = "BUDGET_MODE_DYNAMIC_DAILY_BUDGET", "BUDGET_MODE_INFINITE"


def campaign_draft(**fields: Any) -> CampaignDraft:
    values = {"name": "Été", "objective_type": "TRAFFIC", "budget_mode": DAY, "budget_micros": 100 * EURO}
    return CampaignDraft(**{**values, **fields})


def group_draft(**fields: Any) -> AdGroupDraft:
    values = {
        "name": "France",
        "optimization_goal": "CLICK",
        "budget_mode": DAY,
        "budget_micros": 50 * EURO,
        "targeting": Targeting(locations=(FRANCE,)),
    }
    return AdGroupDraft(**{**values, **fields})


def make_campaign(means, brand, **fields: Any) -> CampaignView:
    return actions.create_campaign(means, TOKEN, advertiser_id=brand.id, draft=campaign_draft(**fields))


def make_group(means, brand, campaign: CampaignView | None = None, **fields: Any) -> AdGroupView:
    campaign = campaign or make_campaign(means, brand, name=f"Campaign {means.ids.next()}")
    return actions.create_adgroup(
        means, TOKEN, advertiser_id=brand.id, campaign_id=campaign.id, draft=group_draft(**fields)
    )
