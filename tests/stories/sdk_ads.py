"""Ads through the official SDK, and what they show."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

import business_api_client as sdk

from tests.stories.sdk_house import Advertiser, Host
from tests.stories.sdk_tree import Tree

PAGE = "https://www.example.org/soin"
RUNS = "AD_STATUS_DELIVERY_OK"


class Ads:
    """The SDK's class for ads, with the token put in, and an ad group to put them in."""

    def __init__(self, who: Advertiser) -> None:
        self.who = who
        self.api = sdk.AdApi(who.client)
        self.tree = Tree(who)
        self.adgroup_id = self.group()

    def group(self, objective: str = "TRAFFIC", **fields) -> str:
        campaign = self.tree.create_campaign(objective_type=objective)["campaign_id"]
        return self.tree.create_group(campaign, **fields)["adgroup_id"]

    def create(self, *creatives, group: str | None = None):
        body = sdk.AdCreateBody(
            advertiser_id=self.who.id,
            adgroup_id=group or self.adgroup_id,
            creatives=[sdk.AdcreateCreatives(**one) for one in creatives],
        )
        return self.api.ad_create(self.who.token, body=body)["data"]

    def made(self, **creative):
        return self.create(creative)["creatives"][0]

    def read(self, ad_id: str, **filtering):
        found = self.api.ad_get(self.who.id, self.who.token, filtering=sdk.FilteringAdGet(ad_ids=[ad_id], **filtering))
        rows = found["data"]["list"]
        return rows[0] if rows else None

    def status(self, ad_id: str) -> str:
        return self.read(ad_id)["secondary_status"]

    def switch(self, to: str, *ids: str):
        body = sdk.AdStatusUpdateBody(advertiser_id=self.who.id, ad_ids=list(ids), operation_status=to)
        return self.api.ad_status_update(self.who.token, body=body)["data"]

    def update(self, creative, **fields):
        body = sdk.AdUpdateBody(
            advertiser_id=self.who.id,
            adgroup_id=self.adgroup_id,
            creatives=[sdk.AdupdateCreatives(**creative)],
            **fields,
        )
        return self.api.ad_update(self.who.token, body=body)["data"]


def by_code(host: Host, who: Advertiser, post: str, **grant) -> dict[str, str]:
    made = host.ask("POST", f"/v1/posts/{post}/authorizations", {"days": 30, **grant})
    applied = who.post("tt_video/authorize", advertiser_id=who.id, auth_code=made["code"])
    leads = {"call_to_action": "LEARN_MORE", "landing_page_url": PAGE}
    return {
        "identity_type": "AUTH_CODE",
        "identity_id": applied["identity_id"],
        "tiktok_item_id": post,
        "ad_format": "SINGLE_VIDEO",
        **leads,
    }


def grant_of(host: Host, post: str) -> str:
    return host.ask("GET", f"/v1/posts/{post}/authorizations")["items"][0]["authorization_id"]


def upload(who: Advertiser, clip: Path) -> dict[str, object]:
    """Upload a video by the SDK, and take a picture suggested of it as its cover."""
    signature = hashlib.md5(clip.read_bytes(), usedforsecurity=False).hexdigest()
    api = sdk.FileApi(who.client)
    (video,) = api.ad_video_upload(
        who.token,
        advertiser_id=who.id,
        file_name=f"{uuid.uuid4().hex}.mp4",
        upload_type="UPLOAD_BY_FILE",
        video_file=str(clip),
        video_signature=signature,
    )["data"]
    covers = who.get("file/video/suggestcover", advertiser_id=who.id, video_id=video["video_id"], poster_number=2)
    return {
        "video_id": video["video_id"],
        "image_ids": [covers["list"][0]["id"]],
        "ad_format": "SINGLE_VIDEO",
        "ad_text": "Un soin pour l’hiver.",
        "call_to_action": "SHOP_NOW",
        "landing_page_url": PAGE,
    }
