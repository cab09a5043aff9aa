"""An advertiser launches an ad, whole: campaign, ad group and ad of each kind, from creation to deletion.

The official SDK, only its host changed, over one served sandbox. The steps are those of
``docs/stories/an-advertiser-launches-an-ad.md``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import business_api_client as sdk
import pytest

from tests.doors.rig import ROOT
from tests.stories.mistakes import MISTAKES, Mistake
from tests.stories.sdk_ads import PAGE, RUNS, Ads, by_code, grant_of, upload
from tests.stories.sdk_house import Advertiser, Host, House
from tests.stories.sdk_tree import Tree

LEADS = {"call_to_action": "LEARN_MORE", "landing_page_url": PAGE}
numbers = itertools.count(1)


@dataclass
class Scene:
    """A brand with its programs, and a creator who publishes and authorizes."""

    house: House
    host: Host
    brand: Advertiser
    rival: Advertiser

    @cached_property
    def ads(self) -> Ads:
        return Ads(self.brand)

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.brand)

    def creator(self) -> str:
        body = {"handle": f"tree.lea{next(numbers)}", "display_name": "Léa"}
        return self.host.ask("POST", "/v1/creators", body)["creator_id"]

    def post(self, creator: str) -> str:
        said = {"caption": "Ma crème, un mois après", "format": "video", "visibility": "public"}
        return self.host.publish(self.house.clip, creator_id=creator, **said)["post_id"]

    def identity(self, kind: str, creator: str) -> dict[str, str]:
        handle = self.host.ask("GET", f"/v1/creators/{creator}")["handle"]
        rows = self.brand.get("identity/get", advertiser_id=self.brand.id, identity_type=kind, page_size=100)
        (row,) = (one for one in rows["identity_list"] if one["username"] == handle)
        return {"identity_type": kind, "identity_id": row["identity_id"]}

    # The five kinds of ads --------------------------------------------------------------------------------------------

    def spark_by_code(self) -> dict[str, Any]:
        return by_code(self.host, self.brand, self.post(self.creator()))

    def spark_by_account_access(self) -> dict[str, Any]:
        creator = self.creator()
        post = self.post(creator)
        asked = {"bc_id": self.brand.bc_id, "permissions": ["existing_posts"]}
        made = self.host.ask("POST", "/v1/access-requests", asked)
        self.host.ask("POST", f"/v1/access-requests/{made['request_id']}/accept", {"creator_id": creator})
        whose = {"identity_authorized_bc_id": self.brand.bc_id, **self.identity("BC_AUTH_TT", creator)}
        return {**whose, "tiktok_item_id": post, "ad_format": "SINGLE_VIDEO", **LEADS}

    def spark_of_its_own_post(self) -> dict[str, Any]:
        creator = self.creator()
        post = self.post(creator)
        return {**self._own(creator), "tiktok_item_id": post, "ad_format": "SINGLE_VIDEO", **LEADS}

    def upload_for_ads_only(self) -> dict[str, Any]:
        return {**self._own(self.creator()), **upload(self.brand, self.house.clip), "dark_post_status": "ON"}

    def standard_under_a_mere_name(self) -> dict[str, Any]:
        made = self.brand.post("identity/create", advertiser_id=self.brand.id, display_name="Maison Aubrée")
        whose = {"identity_type": "CUSTOMIZED_USER", "identity_id": made["identity_id"]}
        return {**whose, **upload(self.brand, self.house.clip)}

    def _own(self, creator: str) -> dict[str, str]:
        self.host.ask("POST", f"/v1/advertisers/{self.brand.id}/accounts", {"creator_id": creator})
        return self.identity("TT_USER", creator)


@pytest.fixture(scope="module")
def scene(house, host, brand, rival) -> Scene:
    return Scene(house, host, brand, rival)


@pytest.mark.parametrize(
    "creative_of",
    [
        Scene.spark_by_code,
        Scene.spark_by_account_access,
        Scene.spark_of_its_own_post,
        Scene.upload_for_ads_only,
        Scene.standard_under_a_mere_name,
    ],
    ids=lambda kind: kind.__name__.replace("_", " "),
)
def test_the_sdk_makes_changes_pauses_reads_and_deletes_the_whole_tree(scene: Scene, creative_of: Callable):
    ads, tree, who = scene.ads, scene.tree, scene.brand
    creative = creative_of(scene)

    # Made: each level is read as it was answered, and the ad runs.
    campaign = tree.create_campaign()
    group = tree.create_group(campaign["campaign_id"])
    assert tree.campaign(campaign["campaign_id"]) == [campaign]
    assert tree.group(group["adgroup_id"]) == [group]
    above = {"campaign_id": campaign["campaign_id"], "adgroup_id": group["adgroup_id"]}
    (ad,) = ads.create({"ad_name": "Été", **creative}, group=group["adgroup_id"])["creatives"]
    assert ads.read(ad["ad_id"]) == ad
    assert {name: ad[name] for name in above} == above
    assert {name: ad[name] for name in ("identity_type", "identity_id")} == {
        name: creative[name] for name in ("identity_type", "identity_id")
    }
    assert ad["secondary_status"] == RUNS
    assert (ad["tiktok_item_id"] is None) == (creative["identity_type"] == "CUSTOMIZED_USER")

    # Changed: each level takes what is sent, and keeps the rest.
    changed = sdk.CampaignUpdateBody(
        advertiser_id=who.id, campaign_id=campaign["campaign_id"], campaign_name=f"{campaign['campaign_name']} bis"
    )
    assert tree.campaigns.campaign_update(who.token, body=changed)["data"]["budget"] == campaign["budget"]
    changed = sdk.AdgroupUpdateBody(advertiser_id=who.id, adgroup_id=group["adgroup_id"], bid_price=1.2)
    assert tree.groups.adgroup_update(who.token, body=changed)["data"]["budget"] == group["budget"]
    body = sdk.AdUpdateBody(
        advertiser_id=who.id,
        adgroup_id=group["adgroup_id"],
        creatives=[sdk.AdupdateCreatives(ad_id=ad["ad_id"], ad_name="Hiver", landing_page_url=f"{PAGE}/hiver")],
        patch_update=True,
    )
    ads.api.ad_update(who.token, body=body)
    now = ads.read(ad["ad_id"])
    told = {name for name in now if now[name] != ad[name]} - {"modify_time"}
    assert told == {"campaign_name", "ad_name", "landing_page_url"}
    assert tree.group(group["adgroup_id"])[0]["bid_price"] == 1.2

    # Paused: at each level, and the ad says at which; all run again.
    for pause, why in (
        (lambda to: ads.switch(to, ad["ad_id"]), "AD_STATUS_DISABLE"),
        (lambda to: tree.switch_groups([group["adgroup_id"]], to), "AD_STATUS_ADGROUP_DISABLE"),
        (lambda to: tree.switch_campaign(campaign["campaign_id"], to), "AD_STATUS_CAMPAIGN_DISABLE"),
    ):
        pause("DISABLE")
        assert ads.status(ad["ad_id"]) == why
        pause("ENABLE")
        assert ads.status(ad["ad_id"]) == RUNS

    # Deleted: from the bottom up; each is gone from its list, and read where deleted ones are asked for.
    ads.switch("DELETE", ad["ad_id"])
    assert ads.read(ad["ad_id"]) is None
    assert ads.read(ad["ad_id"], secondary_status="AD_STATUS_ALL")["secondary_status"] == "AD_STATUS_DELETE"
    tree.switch_groups([group["adgroup_id"]], "DELETE")
    assert tree.group(group["adgroup_id"]) == []
    (gone,) = tree.group(group["adgroup_id"], secondary_status="ADGROUP_STATUS_ALL")
    assert gone["secondary_status"] == "ADGROUP_STATUS_DELETE"
    tree.switch_campaign(campaign["campaign_id"], "DELETE")
    assert tree.campaign(campaign["campaign_id"]) == []
    past = [one["verb"] for one in scene.host.ask("GET", f"/v1/ads/{ad['ad_id']}/history")["items"]]
    assert past == ["deleted", "switched_on", "switched_off", "updated", "created"]


class Wrong:
    """Right requests, to be made wrong: each call takes what is changed in it."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.ads = scene, scene.ads
        self.campaign_id = scene.tree.create_campaign()["campaign_id"]
        self.group_id = scene.tree.create_group(self.campaign_id)["adgroup_id"]
        self.spark_fields = scene.spark_by_code()
        self.standard_fields = scene.standard_under_a_mere_name()
        revoked = scene.spark_by_code()
        grant = grant_of(scene.host, revoked["tiktok_item_id"])
        scene.host.ask("POST", f"/v1/authorizations/{grant}/revoke", {"when": "now"})
        self.made = {
            "<a taken name>": scene.tree.campaign(self.campaign_id)[0]["campaign_name"],
            "<another's campaign>": Tree(scene.rival).create_campaign()["campaign_id"],
            "<a revoked post>": revoked["tiktok_item_id"],
            "<its identity>": revoked["identity_id"],
        }

    def campaign(self, **changed: Any) -> Any:
        return self.scene.tree.create_campaign(**changed)

    def adgroup(self, **changed: Any) -> Any:
        return self.scene.tree.create_group(**{"campaign_id": self.campaign_id, **changed})

    def spark(self, **changed: Any) -> Any:
        return self.ads.create({**self.spark_fields, **changed}, group=self.group_id)

    def standard(self, **changed: Any) -> Any:
        return self.ads.create({**self.standard_fields, **changed}, group=self.group_id)

    def code(self, **changed: Any) -> Any:
        who = self.scene.brand
        made = self.scene.host.ask(
            "POST", f"/v1/posts/{self.spark_fields['tiktok_item_id']}/authorizations", {"days": 30}
        )
        return who.post("tt_video/authorize", **{"advertiser_id": who.id, "auth_code": made["code"], **changed})

    def count(self) -> list[int]:
        """Return how many campaigns, ad groups and ads there are."""
        who, found = self.scene.brand, []
        for level in ("campaign", "adgroup", "ad"):
            asked = {"primary_status": "STATUS_ALL"}
            told = who.get(f"{level}/get", advertiser_id=who.id, filtering=asked, page_size=1)
            found.append(told["page_info"]["total_number"])
        return found


@pytest.fixture(scope="module")
def wrong(scene) -> Wrong:
    return Wrong(scene)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.what)
def test_a_common_mistake_is_answered_with_its_field_its_rule_and_the_next_step(wrong: Wrong, mistake: Mistake):
    changed = {
        name: wrong.made.get(value, value) if isinstance(value, str) else value
        for name, value in mistake.change.items()
    }
    before = wrong.count()
    refused = wrong.scene.brand.refused(getattr(wrong, mistake.call), **changed)
    said = " ".join(part for part in (mistake.rule, mistake.next_step) if part)
    assert (refused.code, refused.message) == (mistake.code, f"{mistake.field}: {said}" if mistake.field else said)
    assert wrong.count() == before


@pytest.mark.parametrize("call", sorted({mistake.call for mistake in MISTAKES}))
def test_the_request_of_a_mistake_is_right_without_it(wrong: Wrong, call: str):
    assert getattr(wrong, call)()


def test_twenty_mistakes_are_listed_each_once():
    assert len({mistake.what for mistake in MISTAKES}) == len(MISTAKES) == 20


def test_the_page_of_the_story_lists_the_mistakes_as_they_are_answered():
    page = (ROOT / "docs" / "stories" / "an-advertiser-launches-an-ad.md").read_text("utf-8")
    shown = [line for line in page.splitlines() if line.startswith("| ") and re.search(r"\| `4\d{4}` \|", line)]
    assert shown == [
        f"| {one.what} | `{one.code}` | {f'`{one.field}`' if one.field else ''} | {one.rule} | {one.next_step} |"
        for one in MISTAKES
    ]
