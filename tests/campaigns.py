"""Campaigns for stories of doors: made through the actions, as a program would make them, with money to spend."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from attise.kernel.actor import COMMAND
from attise.kernel.means import Means
from attise.kernel.money import MICROS
from attise.management.billing import actions as billing
from attise.management.campaigns import actions
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.views import AdGroupView, AdView, CampaignView
from attise.records.lookups import regions
from attise.records.targeting import Targeting

FRANCE = Targeting(locations=(regions.by_iso("FR").id,))
DAILY = "BUDGET_MODE_DAY"


def fund(means: Means, advertiser_id: int, euros: int = 1_000) -> None:
    """Give an advertiser something to spend."""
    billing.fund_by_hand(means, advertiser_id=advertiser_id, amount=str(euros))


def a_campaign(means: Means, advertiser_id: int, name: str = "Autumn", **more: Any) -> CampaignView:
    """Make a campaign, 50 € a day unless said otherwise."""
    asked = {"objective_type": "TRAFFIC", "budget_mode": DAILY, "budget_micros": 50 * MICROS, **more}
    draft = CampaignDraft(name=name, **asked)
    return actions.create_campaign(means, COMMAND, advertiser_id=advertiser_id, draft=draft)


def an_adgroup(means: Means, campaign: CampaignView, name: str = "France", **more: Any) -> AdGroupView:
    """Make an ad group of a campaign, 20 € a day unless said otherwise."""
    asked = {
        "optimization_goal": "CLICK",
        "budget_mode": DAILY,
        "budget_micros": 20 * MICROS,
        "targeting": FRANCE,
        **more,
    }
    draft = AdGroupDraft(name=name, **asked)
    return actions.create_adgroup(
        means, COMMAND, advertiser_id=campaign.advertiser_id, campaign_id=campaign.id, draft=draft
    )


def an_ad(means: Means, adgroup: AdGroupView, identity_id: str, post_id: int, name: str = "Léa", **more: Any) -> AdView:
    """Make a Spark Ad of a post that a code opened."""
    asked = {"call_to_action": "LEARN_MORE", "landing_page_url": "https://shop.example/soin", **more}
    creative = Creative(name=name, identity_type="AUTH_CODE", identity_id=identity_id, post_id=post_id, **asked)
    return actions.create_ads(
        means,
        COMMAND,
        house=settings.HOUSE,
        advertiser_id=adgroup.advertiser_id,
        adgroup_id=adgroup.id,
        creatives=[creative],
    )[0]
