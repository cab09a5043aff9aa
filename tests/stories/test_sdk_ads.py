"""An advertiser launches an ad: the official SDK, only its host changed, makes every kind of ad over a served house.

The steps are those of ``docs/stories``. Reviews are automatic in a sandbox, so an ad runs with the answer.
"""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from tests.stories.sdk_ads import PAGE, RUNS, Ads, by_code, grant_of, upload
from tests.stories.sdk_house import Host, House

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def ads(brand) -> Ads:
    return Ads(brand)


@pytest.fixture
def creator(host: Host) -> str:
    body = {"handle": f"ads.lea{next(numbers)}", "display_name": "Léa"}
    return host.ask("POST", "/v1/creators", body)["creator_id"]


@pytest.fixture
def post(host: Host, house: House, creator: str) -> str:
    made = host.publish(
        house.clip, creator_id=creator, caption="Ma crème, un mois après", format="video", visibility="public"
    )
    return made["post_id"]


def test_a_spark_ad_by_code_shows_the_post(ads, host, brand, post):
    row = ads.made(ad_name="Été", **by_code(host, brand, post))
    assert (row["tiktok_item_id"], row["ad_text"], row["video_id"]) == (post, "Ma crème, un mois après", None)
    assert row["secondary_status"] == RUNS
    assert ads.read(row["ad_id"]) == row


def test_a_spark_ad_by_account_access_needs_no_code(ads, host, brand, creator, post):
    asked = host.ask(
        "POST", "/v1/access-requests", {"bc_id": brand.bc_id, "permissions": ["existing_posts", "new_posts"]}
    )
    host.ask("POST", f"/v1/access-requests/{asked['request_id']}/accept", {"creator_id": creator})
    found = brand.get("identity/get", advertiser_id=brand.id, identity_type="BC_AUTH_TT", page_size=100)
    identity = next(row for row in found["identity_list"] if row["username"].startswith("ads.lea"))
    row = ads.made(
        identity_type="BC_AUTH_TT",
        identity_id=identity["identity_id"],
        identity_authorized_bc_id=brand.bc_id,
        tiktok_item_id=post,
        call_to_action="LEARN_MORE",
        landing_page_url=PAGE,
    )
    assert row["secondary_status"] == RUNS
    locked = host.ask("PATCH", f"/v1/posts/{post}", {"caption": "Autre"}, status=422)
    assert locked["error"]["code"] == "caption_locked"


def test_ones_own_post_and_an_upload_for_ads_only(ads, host, house, brand, creator, post):
    host.ask("POST", f"/v1/advertisers/{brand.id}/accounts", {"creator_id": creator})
    found = brand.get("identity/get", advertiser_id=brand.id, identity_type="TT_USER", page_size=100)
    own = {"identity_type": "TT_USER", "identity_id": found["identity_list"][0]["identity_id"]}
    pulled = ads.made(**own, tiktok_item_id=post, call_to_action="LEARN_MORE", landing_page_url=PAGE)
    assert pulled["secondary_status"] == RUNS
    pushed = ads.made(**own, **upload(brand, house.clip))
    item = pushed["tiktok_item_id"]
    seen = host.ask("GET", f"/v1/posts/{item}")
    assert (seen["creator"]["creator_id"], seen["caption"]) == (creator, "Un soin pour l’hiver.")
    assert seen["ads_only"] is True
    assert pushed["secondary_status"] == RUNS
    public = ads.made(**own, **upload(brand, house.clip), dark_post_status="OFF")
    assert host.ask("GET", f"/v1/posts/{public['tiktok_item_id']}")["visibility"] == "public"


def test_a_standard_ad_stands_under_a_mere_name(ads, house, brand):
    made = brand.post("identity/create", advertiser_id=brand.id, display_name="Maison Aubrée")
    row = ads.made(identity_type="CUSTOMIZED_USER", identity_id=made["identity_id"], **upload(brand, house.clip))
    assert (row["display_name"], row["tiktok_item_id"]) == ("Maison Aubrée", None)
    assert row["secondary_status"] == RUNS


def test_a_revocation_stops_the_ad_and_a_new_code_revives_it(ads, host, brand, post):
    creative = by_code(host, brand, post)
    row = ads.made(**creative)
    host.ask("POST", f"/v1/authorizations/{grant_of(host, post)}/revoke", {"when": "now"})
    assert ads.status(row["ad_id"]) == "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED"
    for call in (
        lambda: ads.made(**creative),
        lambda: ads.update({"ad_id": row["ad_id"], "ad_name": "Autre"}, patch_update=True),
    ):
        refused = brand.refused(call)
        assert (refused.code, refused.message.split(":")[0]) == (40002, "auth_code_revoked")
    by_code(host, brand, post)
    assert ads.status(row["ad_id"]) == RUNS


def test_a_deleted_post_stops_its_ads_and_takes_no_new_ones(ads, host, brand, post):
    creative = by_code(host, brand, post)
    row = ads.made(**creative)
    host.ask("DELETE", f"/v1/posts/{post}")
    assert ads.status(row["ad_id"]) == "AD_STATUS_ASSET_AUTHORIZATION_LOST"
    refused = brand.refused(ads.made, **creative)
    assert (refused.code, refused.message.split(":")[0]) == (40002, "video_unavailable")


def test_a_private_post_stops_its_ads_until_it_is_public_again(ads, host, brand, post):
    row = ads.made(**by_code(host, brand, post))
    host.ask("PATCH", f"/v1/posts/{post}", {"visibility": "private"})
    assert ads.status(row["ad_id"]) == "AD_STATUS_ASSET_AUTHORIZATION_LOST"
    ads.switch("DISABLE", row["ad_id"])
    refused = brand.refused(ads.switch, "ENABLE", row["ad_id"])
    assert (refused.code, refused.message.split(":")[0]) == (40002, "not_public_video")
    host.ask("PATCH", f"/v1/posts/{post}", {"visibility": "public"})
    ads.switch("ENABLE", row["ad_id"])
    assert ads.status(row["ad_id"]) == RUNS


def test_an_ad_is_changed_switched_and_deleted(ads, host, brand, post):
    row = ads.made(**by_code(host, brand, post))
    changed = ads.update({"ad_id": row["ad_id"], "ad_name": "Hiver"}, patch_update=True)["creatives"][0]
    assert (changed["ad_name"], changed["landing_page_url"]) == ("Hiver", PAGE)
    assert ads.switch("DISABLE", row["ad_id"])["status"] == "DISABLE"
    assert ads.status(row["ad_id"]) == "AD_STATUS_DISABLE"
    ads.switch("DELETE", row["ad_id"])
    assert ads.read(row["ad_id"]) is None
    assert ads.read(row["ad_id"], primary_status="STATUS_DELETE")["secondary_status"] == "AD_STATUS_DELETE"


def test_terms_are_told_by_the_field_they_stand_against(ads, host, brand, post):
    creative = by_code(host, brand, post, terms={"refused_objectives": ["TRAFFIC"]})
    refused = brand.refused(ads.made, **creative)
    assert (refused.code, refused.message.split(":")[0]) == (40002, "creatives[0].tiktok_item_id")
    belgium = by_code(host, brand, post, terms={"countries": ["BE"]})
    refused = brand.refused(ads.made, **belgium)
    assert (refused.code, refused.message.split(":")[0]) == (40002, "adgroup_id")
    assert ads.made(**belgium, operation_status="DISABLE")["operation_status"] == "DISABLE"


def test_another_advertisers_identity_and_post_do_not_exist(host, brand, rival, post):
    mine = by_code(host, brand, post)
    refused = rival.refused(Ads(rival).made, **mine)
    assert refused.code == 40007


def test_a_boost_in_one_step(host, brand, post):
    creative = by_code(host, brand, post)
    made = brand.post(
        "business/spark_ad/create",
        advertiser_id=brand.id,
        objective_type="TRAFFIC",
        optimization_goal="CLICK",
        budget_mode="BUDGET_MODE_DAY",
        budget=50,
        location_ids=["3017382"],
        schedule_type="SCHEDULE_FROM_NOW",
        schedule_start_time=f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S}",
        bid_type="BID_TYPE_NO_BID",
        **creative,
    )
    rows = brand.get("ad/get", advertiser_id=brand.id, filtering={"ad_ids": [made["ad_id"]]})["list"]
    assert rows[0]["campaign_id"] == made["campaign_id"]
    assert rows[0]["secondary_status"] == RUNS
