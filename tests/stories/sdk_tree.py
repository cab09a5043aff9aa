"""Campaigns and ad groups through the official SDK."""

from __future__ import annotations

import datetime as dt
import uuid

import business_api_client as sdk

from tests.stories.sdk_house import Advertiser

FRANCE = "3017382"


def now(**later: float) -> str:
    return f"{dt.datetime.now(dt.UTC) + dt.timedelta(**later):%Y-%m-%d %H:%M:%S}"


class Tree:
    """The SDK's two classes for campaigns and ad groups, with the token put in."""

    def __init__(self, who: Advertiser) -> None:
        self.who = who
        self.campaigns = sdk.CampaignCreationApi(who.client)
        self.groups = sdk.AdgroupApi(who.client)

    def create_campaign(self, **fields):
        body = sdk.CampaignCreateBody(
            **{
                "advertiser_id": self.who.id,
                "campaign_name": f"Été {uuid.uuid4().hex}",
                "objective_type": "TRAFFIC",
                "budget_mode": "BUDGET_MODE_DAY",
                "budget": 100.5,
                **fields,
            }
        )
        return self.campaigns.campaign_create(self.who.token, body=body)["data"]

    def create_group(self, campaign_id: str, **fields):
        body = sdk.AdgroupCreateBody(
            **{
                "advertiser_id": self.who.id,
                "campaign_id": campaign_id,
                "adgroup_name": "France",
                "placements": ["PLACEMENT_TIKTOK"],
                "location_ids": [FRANCE],
                "budget_mode": "BUDGET_MODE_DAY",
                "budget": 50.0,
                "schedule_type": "SCHEDULE_FROM_NOW",
                "schedule_start_time": now(),
                "optimization_goal": "CLICK",
                "billing_event": "CPC",
                "bid_type": "BID_TYPE_CUSTOM",
                "bid_price": 0.87,
                "pacing": "PACING_MODE_SMOOTH",
                **fields,
            }
        )
        return self.groups.adgroup_create(self.who.token, body=body)["data"]

    def campaign(self, campaign_id: str):
        found = self.campaigns.campaign_get(
            self.who.id, self.who.token, filtering=sdk.FilteringCampaignGet(campaign_ids=[campaign_id])
        )
        return found["data"]["list"]

    def group(self, adgroup_id: str, **filtering):
        found = self.groups.adgroup_get(
            self.who.id, self.who.token, filtering=sdk.FilteringAdgroupGet(adgroup_ids=[adgroup_id], **filtering)
        )
        return found["data"]["list"]

    def switch_campaign(self, campaign_id: str, to: str):
        body = sdk.CampaignStatusUpdateBody(advertiser_id=self.who.id, campaign_ids=[campaign_id], operation_status=to)
        return self.campaigns.campaign_status_update(self.who.token, body=body)["data"]

    def switch_groups(self, ids: list[str], to: str, **how):
        body = sdk.AdgroupStatusUpdateBody(advertiser_id=self.who.id, adgroup_ids=ids, operation_status=to, **how)
        return self.groups.adgroup_status_update(self.who.token, body=body)["data"]
