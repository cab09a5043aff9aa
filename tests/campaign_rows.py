"""Campaigns, ad groups and ads as rows, where a test is not about how they came to be."""

from __future__ import annotations

from typing import Any

import msgspec

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.management.accounts.models import Advertiser, Creator
from attise.management.authorizations import actions as grants
from attise.management.campaigns.models import Ad, AdGroup, Campaign
from attise.management.posts.models import Post
from attise.records.targeting import Targeting
from attise.records.terms import Terms

HOST = Actor("host", 1)
FRANCE = 3_017_382


def a_campaign(means: Means, advertiser: Advertiser, **fields: Any) -> Campaign:
    now = means.clock.world_ms()
    number = means.ids.next()
    values = {
        "name": f"Campaign {number}",
        "objective_type": "TRAFFIC",
        "budget_mode": "BUDGET_MODE_DAY",
        "budget_micros": 50_000_000,
    }
    return Campaign.objects.create(
        id=number, advertiser=advertiser, created_at_ms=now, modified_at_ms=now, **{**values, **fields}
    )


def an_adgroup(means: Means, campaign: Campaign, *, targeting: Targeting | None = None, **fields: Any) -> AdGroup:
    now = means.clock.world_ms()
    number = means.ids.next()
    values = {
        "name": f"Ad group {number}",
        "promotion_type": "WEBSITE",
        "placement_type": "PLACEMENT_TYPE_NORMAL",
        "placements": ["PLACEMENT_TIKTOK"],
        "optimization_goal": "CLICK",
        "billing_event": "CPC",
        "bid_type": "BID_TYPE_NO_BID",
        "pacing": "PACING_MODE_SMOOTH",
        "budget_mode": "BUDGET_MODE_DAY",
        "budget_micros": 20_000_000,
        "schedule_type": "SCHEDULE_FROM_NOW",
        "starts_at_ms": now,
        "click_window": "SEVEN_DAYS",
        "view_window": "ONE_DAY",
    }
    return AdGroup.objects.create(
        id=number,
        campaign=campaign,
        advertiser_id=campaign.advertiser_id,
        targeting=msgspec.to_builtins(targeting or Targeting(locations=(FRANCE,))),
        created_at_ms=now,
        modified_at_ms=now,
        **{**values, **fields},
    )


def a_group_of(means: Means, advertiser: Advertiser, **fields: Any) -> AdGroup:
    """An ad group of a campaign of its own."""
    return an_adgroup(means, a_campaign(means, advertiser), **fields)


def an_ad(means: Means, adgroup: AdGroup, **fields: Any) -> Ad:
    """An approved ad that is switched on; say what it shows."""
    now = means.clock.world_ms()
    number = means.ids.next()
    values = {
        "name": f"Ad {number}",
        "kind": "spark",
        "identity_type": "AUTH_CODE",
        "identity_id": "none",
        "ad_format": "SINGLE_VIDEO",
        "call_to_action": "LEARN_MORE",
        "landing_page_url": "https://www.example.org/",
        "review": "approved",
    }
    return Ad.objects.create(
        id=number,
        adgroup=adgroup,
        advertiser_id=adgroup.advertiser_id,
        created_at_ms=now,
        modified_at_ms=now,
        **{**values, **fields},
    )


def a_code(means: Means, post: Post, advertiser: Advertiser, *, days: int = 30, terms: Terms | None = None) -> str:
    """Grant a post, let the advertiser apply its code, and return the identity it has from that."""
    _, code = grants.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=days, terms=terms)
    return grants.redeem(means, HOST, advertiser_id=advertiser.id, code=code).identity_id


def a_spark_ad(means: Means, adgroup: AdGroup, post: Post, *, terms: Terms | None = None, **fields: Any) -> Ad:
    """An ad with a post, by a code that was applied."""
    identity_id = a_code(means, post, adgroup.advertiser, terms=terms)
    creator: Creator = post.creator
    return an_ad(means, adgroup, identity_id=identity_id, creator=creator, post=post, **fields)
