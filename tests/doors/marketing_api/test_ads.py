"""Ads through the dialect: of a post by code or by account, of an upload; their shapes and refusals."""

from __future__ import annotations

import pytest
from django.conf import settings

from attise.doors.marketing_api import ad_fields
from attise.doors.worker.scouting import scout
from attise.kernel.house import Mode
from attise.kernel.limits import HOUR_MS
from attise.management.accounts.models import Advertiser
from attise.management.authorizations import actions as grants
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.actions import set_review
from attise.management.campaigns.queries import get_ad
from attise.management.library import actions as library
from attise.management.outbox.models import Change
from attise.management.posts.models import Post
from attise.records.lookups import call_to_actions
from attise.records.terms import Terms
from tests.builders import a_creator, a_post
from tests.doors.marketing_api.conftest import Dialect
from tests.doors.marketing_api.worlds import HOST, World, a_world, adgroup_of, campaign_of
from tests.management.campaigns.town import Town
from tests.measurement.scout.counting import count

pytestmark = pytest.mark.django_db
PAGE = "https://www.example.org/soin"
UNKNOWN = "1790000000000000001"


class Ads:
    """One tenant's ads: its own tree, a creator with posts, and the calls of the family."""

    def __init__(self, means, folder, world: World) -> None:
        self.means = means
        self.world = world
        self.tenant = world.tenant
        self.api: Dialect = self.tenant.client()
        self.id = str(self.tenant.advertiser.id)
        self.town = Town(means, folder)
        self.town.__dict__["brand"] = Advertiser.objects.get(id=self.tenant.advertiser.id)
        self.adgroup_id = self.group()

    def group(self, objective: str = "TRAFFIC", **fields) -> str:
        name = f"{objective} {len(fields)} {self.means.ids.next()}"
        budget = {"budget_mode": "BUDGET_MODE_DAY", "budget_micros": 50_000_000}
        draft = campaign_of(name).__class__(name=name, objective_type=objective, **budget)
        call = {"advertiser_id": self.tenant.advertiser.id}
        made = campaigns.create_campaign(self.means, HOST, draft=draft, **call)
        draft = adgroup_of(name)
        draft = draft.__class__(**{**{f: getattr(draft, f) for f in draft.__slots__}, **fields})
        return str(campaigns.create_adgroup(self.means, HOST, campaign_id=made.id, draft=draft, **call).id)

    def spark(self, **fields):
        names = self.world.names
        return {
            "identity_type": "AUTH_CODE",
            "identity_id": names["identity_id"],
            "tiktok_item_id": names["item_id"],
            "ad_format": "SINGLE_VIDEO",
            "ad_name": "Été",
            "call_to_action": "LEARN_MORE",
            "landing_page_url": PAGE,
            **fields,
        }

    def by_code(self, post: Post, terms: Terms | None = None) -> dict[str, str]:
        _, code = grants.grant_post(self.means, HOST, creator_id=post.creator_id, post_id=post.id, days=30, terms=terms)
        bound = grants.redeem(self.means, HOST, advertiser_id=self.tenant.advertiser.id, code=code)
        return {"identity_id": bound.identity_id, "tiktok_item_id": str(post.id)}

    def create(self, *creatives, group: str | None = None, **fields):
        body = {"advertiser_id": self.id, "adgroup_id": group or self.adgroup_id, "creatives": list(creatives)}
        return self.api.post("ad/create", **{**body, **fields})

    def made(self, *creatives, **fields):
        answer = self.create(*(creatives or [self.spark()]), **fields)
        assert answer["code"] == 0, answer
        return answer["data"]["creatives"][0]

    def update(self, *creatives, **fields):
        body = {"advertiser_id": self.id, "adgroup_id": self.adgroup_id, "creatives": list(creatives)}
        return self.api.post("ad/update", **{**body, **fields})

    def switch(self, to: str, *ids: str):
        return self.api.post("ad/status/update", advertiser_id=self.id, ad_ids=list(ids), operation_status=to)

    def listed(self, **filtering):
        answer = self.api.get("ad/get", advertiser_id=self.id, filtering=filtering, page_size=100)
        assert answer["code"] == 0, answer
        return answer["data"]["list"]


@pytest.fixture(scope="module")
def settled(lasting) -> World:
    return a_world(lasting, "Brand", "lea")


@pytest.fixture
def ads(settled, means, tmp_path) -> Ads:
    return Ads(means, tmp_path, settled)


@pytest.fixture
def automatic(monkeypatch, tmp_path):
    """Reviews are automatic, as in a sandbox."""
    monkeypatch.setattr(settings.HOUSE, "mode", Mode.SANDBOX)
    monkeypatch.setattr(settings.HOUSE, "media", tmp_path)


def told(answer) -> tuple[int, str]:
    return answer["code"], answer["message"].partition(":")[0]


# What is made is told back -------------------------------------------------------------------------------------------


def test_a_spark_ad_is_made_and_told_back(ads):
    answer = ads.create(ads.spark())
    data = answer["data"]
    (row,) = data["creatives"]
    assert data["ad_ids"] == [row["ad_id"]]
    assert data["need_audit"] is True
    assert tuple(row) == ad_fields.FIELDS
    assert (row["tiktok_item_id"], row["video_id"], row["image_ids"]) == (ads.world.names["item_id"], None, [])
    assert (row["ad_text"], row["display_name"]) == ("Secret of Brand", "Lea")
    assert (row["ad_name"], row["operation_status"], row["secondary_status"]) == ("Été", "ENABLE", "AD_STATUS_AUDIT")
    assert (row["is_aco"], row["is_new_structure"], row["tracking_pixel_id"]) == (False, True, 0)
    assert row["create_time"] == row["modify_time"] == "2026-09-21 14:13:20"
    assert ads.listed(ad_ids=[row["ad_id"]]) == [row]


def test_an_empty_name_is_the_ads_id(ads):
    row = ads.made(ads.spark(ad_name=""))
    assert row["ad_name"] == row["ad_id"]


def test_the_defaults_of_the_official_sdk_are_taken(ads):
    row = ads.made(
        ads.spark(
            aigc_disclosure_type="NOT_DECLARED",
            creative_authorized=False,
            deeplink_type="NORMAL",
            operation_status="ENABLE",
            promotional_music_disabled=True,
            shopping_ads_deeplink_type="NONE",
            vast_moat_enabled=False,
            page_size=1000,
        )
    )
    assert (row["deeplink_type"], row["promotional_music_disabled"]) == ("NORMAL", True)


def test_what_is_left_out_here_may_come_but_empty(ads):
    assert ads.create(ads.spark(playable_url="", card_id="", ad_texts=[], page_id=0, music_id=None))["code"] == 0
    for name, value in (("card_id", "12"), ("page_id", 12), ("catalog_id", "1"), ("ad_texts", ["a"])):
        answer = ads.create(ads.spark(**{name: value}))
        assert told(answer) == (40002, f"creatives[0].{name}"), answer


def test_an_ad_may_choose_its_button_from_a_portfolio(ads):
    ids = [str(call_to_actions.get(code).id) for code in ("SHOP_NOW", "LEARN_MORE")]
    call = {"advertiser_id": ads.id, "creative_portfolio_type": "CTA"}
    buttons = {"portfolio_content": [{"asset_content": "", "asset_ids": ids}]}
    portfolio = ads.api.post("creative/portfolio/create", **call, **buttons)["data"]["creative_portfolio_id"]
    (row,) = ads.create(ads.spark(call_to_action_id=portfolio))["data"]["creatives"]
    assert (row["call_to_action"], row["call_to_action_id"]) == (None, portfolio)
    view = get_ad(ads.means, advertiser_id=int(ads.id), ad_id=int(row["ad_id"]))
    assert view.calls == ("SHOP_NOW", "LEARN_MORE")
    call = {"advertiser_id": ads.id, "adgroup_id": ads.adgroup_id, "patch_update": True}
    one = {"ad_id": row["ad_id"], "call_to_action": "SHOP_NOW"}
    (row,) = ads.api.post("ad/update", **call, creatives=[one])["data"]["creatives"]
    assert (row["call_to_action"], row["call_to_action_id"]) == ("SHOP_NOW", None)
    assert ads.create(ads.spark(call_to_action_id="12"))["code"] == 40007


def test_a_row_that_was_read_may_be_sent_back_whole(ads, automatic):
    access = ads.town.lea
    town = ads.town
    push = {**town.by_own(), "video_id": town.video(), "ad_text": "Un soin.", "call_to_action": "SHOP_NOW"}
    push |= {"landing_page_url": PAGE, "image_ids": [f"{push['video_id']}-1.1"]}
    standard = {**push, **town.by_name()}
    rows = ads.create(ads.spark(), push, standard)["data"]["creatives"]
    assert [row["tiktok_item_id"] is None for row in rows] == [False, False, True], access
    answer = ads.update(*rows)
    assert answer["code"] == 0, answer
    assert answer["data"]["creatives"] == rows
    assert answer["data"]["ad_ids"] == [row["ad_id"] for row in rows]


def test_a_request_id_makes_ads_once(ads):
    first = ads.create(ads.spark(), request_id="77")
    assert ads.create(ads.spark(), request_id="77")["data"] == first["data"]
    assert told(ads.create(ads.spark(ad_name="Autre"), request_id="77")) == (40050, "request_id")


# Uploads -------------------------------------------------------------------------------------------------------------


def test_a_push_has_its_item_once_it_is_reviewed(ads, means, tmp_path):
    town = ads.town
    video = town.video()
    creative = {
        **town.by_own(),
        "video_id": video,
        "image_ids": [town.image()],
        "ad_text": "Un soin pour l’hiver.",
        "call_to_action": "SHOP_NOW",
        "landing_page_url": PAGE,
    }
    row = ads.made(creative)
    assert (row["tiktok_item_id"], row["dark_post_status"], row["video_id"]) == (None, "ON", video)
    set_review(means, HOST, house=town.live, ad_id=int(row["ad_id"]), creative_version=1, verdict="approved")
    (after,) = ads.listed(ad_ids=[row["ad_id"]])
    post = Post.objects.get(id=int(after["tiktok_item_id"]))
    assert (post.ads_only, post.caption, after["ad_text"]) == (True, "Un soin pour l’hiver.", "Un soin pour l’hiver.")


def test_a_standard_ad_has_a_name_and_no_item(ads):
    town = ads.town
    video = town.video()
    row = ads.made(
        {
            **town.by_name("Maison Aubrée"),
            "video_id": video,
            "image_ids": [town.image()],
            "ad_text": "Un soin pour l’hiver.",
            "call_to_action": "SHOP_NOW",
            "landing_page_url": PAGE,
        }
    )
    assert (row["identity_type"], row["display_name"], row["tiktok_item_id"]) == (
        "CUSTOMIZED_USER",
        "Maison Aubrée",
        None,
    )


# The commonest mistakes ----------------------------------------------------------------------------------------------

MISTAKES = [
    ({"identity_id": None}, 40002, "creatives[0].identity_id"),
    ({"identity_type": None}, 40002, "creatives[0].identity_type"),
    ({"identity_type": "TIKTOK_USER"}, 40002, "creatives[0].identity_type"),
    ({"identity_id": "nobody"}, 40007, None),
    ({"identity_type": "TT_USER"}, 40007, None),
    ({"identity_type": "BC_AUTH_TT"}, 40002, "creatives[0].identity_authorized_bc_id"),
    ({"tiktok_item_id": None}, 40002, "creatives[0].tiktok_item_id"),
    ({"tiktok_item_id": UNKNOWN}, 40007, None),
    ({"tiktok_item_id": 7507931062747136000}, 40002, "creatives[0].tiktok_item_id"),
    ({"video_id": "v10033"}, 40002, "creatives[0].video_id"),
    ({"image_ids": ["i10033"]}, 40002, "creatives[0].image_ids"),
    ({"ad_text": "Autre légende"}, 40002, "creatives[0].ad_text"),
    ({"call_to_action": None}, 40002, "creatives[0].call_to_action"),
    ({"call_to_action": "BUY"}, 40002, "creatives[0].call_to_action"),
    ({"landing_page_url": None}, 40002, "creatives[0].landing_page_url"),
    ({"landing_page_url": "www.example.org"}, 40002, "creatives[0].landing_page_url"),
    ({"landing_page_url": "javascript:alert(1)"}, 40002, "creatives[0].landing_page_url"),
    ({"deeplink": "data:text/html,x"}, 40002, "creatives[0].deeplink"),
    ({"ad_format": "SPARK_ADS"}, 40002, "creatives[0].ad_format"),
    ({"ad_name": "Été 🌞"}, 40002, "creatives[0].ad_name"),
    ({"dark_post_status": True}, 40002, "creatives[0].dark_post_status"),
    ({"operation_status": "DELETE"}, 40002, "creatives[0].operation_status"),
    ({"tracking_pixel_id": 12}, 40007, None),
    ({"click_tracking_url": "http://example.org/c"}, 40002, "creatives[0].click_tracking_url"),
    ({"utm_params": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}, 40002, "creatives[0].utm_params[1].key"),
]


@pytest.mark.parametrize(("change", "code", "field"), MISTAKES)
def test_each_common_mistake_names_its_field_and_its_rule(ads, change, code, field):
    creative = {name: value for name, value in ads.spark(**change).items() if value is not None}
    answer = ads.create(creative)
    assert answer["code"] == code, answer
    if field is not None:
        assert field in answer["message"].partition(". ")[0], answer
    assert answer["data"] == {}
    assert len(ads.listed()) == 1, "the world's own"


def test_several_mistakes_are_told_at_once(ads):
    answer = ads.create(ads.spark(call_to_action="", landing_page_url=""), ads.spark(deeplink="file:///x"))
    for field in ("creatives[0].call_to_action", "creatives[0].landing_page_url", "creatives[1].deeplink"):
        assert field in answer["message"]


def test_more_than_twenty_ads_in_a_group_are_too_many(ads):
    assert ads.create(*[ads.spark()] * 20)["code"] == 0
    assert told(ads.create(ads.spark())) == (40502, "creatives")
    assert told(ads.create(*[ads.spark()] * 21)) == (40002, "creatives")


def test_the_ad_group_is_ones_own(ads, means):
    other = a_world(means, "Rival", "zoe")
    for group in (other.names["adgroup_id"], UNKNOWN):
        answer = ads.create(ads.spark(), group=group)
        assert answer["code"] == 40007
    answer = other.tenant.client().post(
        "ad/create", advertiser_id=ads.id, adgroup_id=ads.adgroup_id, creatives=[ads.spark()]
    )
    assert answer["code"] == 40001


# The names of a Spark code where the reference has them --------------------------------------------------------------


def _expire(ads, post):
    ads.means.clock.advance(days=30)


def _revoke(ads, post):
    from attise.management.authorizations import queries

    for grant in queries.list_authorizations(ads.means, post_id=post.id).items:
        grants.revoke(ads.means, HOST, creator_id=post.creator_id, authorization_id=grant.id, when="now")


def _delete(ads, post):
    Post.objects.filter(id=post.id).update(state="deleted")


def _hide(ads, post):
    Post.objects.filter(id=post.id).update(visibility="private")


def _story(ads, post):
    Post.objects.filter(id=post.id).update(format="story")


CAUSES = [
    (_expire, "auth_code_expired", 4025),
    (_revoke, "auth_code_revoked", None),
    (_delete, "video_unavailable", 4002),
    (_hide, "not_public_video", None),
    (_story, "carousel_duet_not_supported", 4042),
]


@pytest.mark.parametrize(("cause", "name", "number"), CAUSES)
def test_a_grant_or_a_post_that_is_lost_is_told_by_its_name_at_every_door(ads, means, automatic, cause, name, number):
    post = a_post(means, a_creator(means, "noe.teste"))
    row = ads.made(ads.spark(**ads.by_code(post)))
    off = ads.made(ads.spark(**ads.by_code(post), operation_status="DISABLE"))
    cause(ads, post)
    boost = {
        "advertiser_id": ads.id,
        "objective_type": "TRAFFIC",
        "optimization_goal": "CLICK",
        "budget_mode": "BUDGET_MODE_DAY",
        "budget": 50,
        "location_ids": ["3017382"],
        **ads.spark(identity_id=row["identity_id"], tiktok_item_id=row["tiktok_item_id"]),
    }
    answers = [
        ads.create(ads.spark(identity_id=row["identity_id"], tiktok_item_id=row["tiktok_item_id"])),
        ads.update({"ad_id": row["ad_id"], "ad_name": "Autre"}, patch_update=True),
        ads.switch("ENABLE", off["ad_id"]),
        ads.api.post("business/spark_ad/create", **boost),
    ]
    shown = ["creatives[0].tiktok_item_id", "creatives[0].tiktok_item_id", "ad_ids[0]", None]
    for answer, field in zip(answers, shown, strict=True):
        assert told(answer) == (40002, name), answer
        named = {"error_name": name, "spark_error_code": number}
        assert answer["data"] == (named if field is None else {**named, "field": field})
    (after,) = ads.listed(ad_ids=[row["ad_id"]])
    lost = "CREATOR_AUTHORIZATION_REVOKED" if "auth_code" in name else "ASSET_AUTHORIZATION_LOST"
    assert after["secondary_status"] == f"AD_STATUS_{lost}"


def test_a_fresh_code_for_the_same_post_revives_the_ad(ads, means, automatic):
    post = a_post(means, a_creator(means, "noe.teste"))
    row = ads.made(ads.spark(**ads.by_code(post)))
    means.clock.advance(days=30)
    ads.by_code(post)
    (after,) = ads.listed(ad_ids=[row["ad_id"]])
    assert after["secondary_status"] == "AD_STATUS_DELIVERY_OK"


# Changes and switches ------------------------------------------------------------------------------------------------


def test_a_patch_changes_what_is_sent_and_a_whole_update_all(ads):
    row = ads.made(ads.spark(deeplink="myapp://home", utm_params=[{"key": "utm_source", "value": "attise"}]))
    patched = ads.update({"ad_id": row["ad_id"], "ad_name": "Hiver"}, patch_update=True)["data"]["creatives"][0]
    assert (patched["ad_name"], patched["deeplink"], patched["utm_params"]) == (
        "Hiver",
        "myapp://home",
        [{"key": "utm_source", "value": "attise"}],
    )
    whole = ads.update({"ad_id": row["ad_id"], **ads.spark()})["data"]["creatives"][0]
    assert (whole["ad_name"], whole["deeplink"], whole["utm_params"]) == ("Été", "", [])
    assert told(ads.update({"ad_id": row["ad_id"], "ad_name": "Rien"})) == (40002, "creatives[0].identity_type")


def test_switching_is_all_or_nothing_and_deleting_is_final(ads):
    first, second = (ads.made(ads.spark())["ad_id"] for _ in range(2))
    assert ads.switch("DISABLE", first, UNKNOWN)["code"] == 40007
    assert ads.switch("DISABLE", first, second)["data"] == {
        "ad_ids": [first, second],
        "aco_ad_ids": [],
        "status": "DISABLE",
    }
    assert ads.switch("DELETE", first)["code"] == 0
    assert told(ads.switch("ENABLE", first)) == (40002, "ad_ids[0]")
    assert ads.switch("DELETE", first)["code"] == 0
    assert {row["ad_id"] for row in ads.listed()} >= {second}
    assert [row["ad_id"] for row in ads.listed(primary_status="STATUS_DELETE")] == [first]
    assert first in {row["ad_id"] for row in ads.listed(secondary_status="AD_STATUS_ALL")}


def test_a_switch_needs_ads(ads):
    answer = ads.api.post("ad/status/update", advertiser_id=ads.id, operation_status="ENABLE")
    assert (answer["code"], "ad_ids" in answer["message"]) == (40002, True)
    assert told(ads.switch("ENABLE", *["1"] * 21)) == (40002, "ad_ids")


@pytest.mark.parametrize(("role", "code"), [("operator", 0), ("analyst", 40001), ("finance", 40001)])
def test_only_who_edits_campaigns_makes_ads(ads, role, code):
    api = ads.tenant.client(role)
    body = {"advertiser_id": ads.id, "adgroup_id": ads.adgroup_id, "creatives": [ads.spark()]}
    assert api.post("ad/create", **body)["code"] == code


# Lists ---------------------------------------------------------------------------------------------------------------


def test_lists_are_asked_by_the_dialects_words(ads, means):
    first = ads.made(ads.spark(ad_name="Rouge"))
    means.clock.advance(seconds=90)
    second = ads.made(ads.spark(ad_name="Bleu"))
    pick = {"ad_ids": [first["ad_id"], second["ad_id"]]}

    def names(**filtering):
        return [row["ad_name"] for row in ads.listed(**{**pick, **filtering})]

    assert names() == ["Bleu", "Rouge"]
    assert names(ad_name="ROU") == ["Rouge"]
    assert names(modified_after="2026-09-21 14:13:21") == ["Bleu"]
    assert names(creation_filter_end_time="2026-09-21 14:13:20") == ["Rouge"]
    assert names(objective_type="TRAFFIC", optimization_goal="CLICK", buying_types=["AUCTION"]) == ["Bleu", "Rouge"]
    assert names(secondary_status="AD_STATUS_AUDIT", primary_status="STATUS_NOT_DELETE") == ["Bleu", "Rouge"]
    for nothing in (
        {"objective_type": "REACH"},
        {"creative_material_mode": "SMART_CREATIVE"},
        {"buying_types": ["RESERVATION_RF"]},
        {"campaign_system_origins": ["PROMOTE"]},
        {"secondary_status": "AD_STATUS_DELIVERY_OK"},
    ):
        assert names(**nothing) == [], nothing
    for wrong in ({"secondary_status": "AD_STATUS_FINE"}, {"primary_status": "FINE"}, {"modified_after": "hier"}):
        answer = ads.api.get("ad/get", advertiser_id=ads.id, filtering=wrong)
        assert answer["code"] == 40002, wrong


def test_fields_and_pages_are_chosen(ads):
    ads.made(ads.spark(), ads.spark(), ads.spark())
    answer = ads.api.get("ad/get", advertiser_id=ads.id, fields=["ad_id", "ad_name"], page=2, page_size=3)
    assert [list(row) for row in answer["data"]["list"]] == [["ad_id", "ad_name"]]
    assert answer["data"]["page_info"] == {"page": 2, "page_size": 3, "total_number": 4, "total_page": 2}
    assert ads.api.get("ad/get", advertiser_id=ads.id, fields=["colour"])["code"] == 40002
    without = ads.api.get("ad/get", advertiser_id=ads.id, exclude_field_types_in_response=["NULL_FIELD"])
    assert "video_id" not in without["data"]["list"][0]


# The one-step boost --------------------------------------------------------------------------------------------------


def boosted(ads, **fields):
    body = {
        "advertiser_id": ads.id,
        "objective_type": "TRAFFIC",
        "optimization_goal": "CLICK",
        "budget_mode": "BUDGET_MODE_DAY",
        "budget": 50,
        "bid_type": "BID_TYPE_NO_BID",
        "location_ids": ["3017382"],
        "gender": "GENDER_UNLIMITED",
        "age_groups": ["AGE_18_24"],
        "schedule_type": "SCHEDULE_FROM_NOW",
        **ads.spark(),
    }
    return ads.api.post("business/spark_ad/create", **{**body, **fields})


def test_a_boost_makes_the_three_in_one_step(ads):
    data = boosted(ads)["data"]
    (row,) = ads.listed(ad_ids=[data["ad_id"]])
    assert (row["campaign_id"], row["adgroup_id"]) == (data["campaign_id"], data["adgroup_id"])
    groups = ads.api.get("adgroup/get", advertiser_id=ads.id, filtering={"adgroup_ids": [data["adgroup_id"]]})
    (group,) = groups["data"]["list"]
    assert (group["billing_event"], group["budget"], group["age_groups"]) == ("CPC", 50, ["AGE_18_24"])


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"budget": 20}, 40002, "budget"),
        ({"optimization_goal": "REACH"}, 40002, "optimization_goal"),
        ({"objective_type": "LEAD_GENERATION"}, 40002, "objective_type"),
        ({"tiktok_item_id": UNKNOWN}, 40007, None),
        ({"landing_page_url": ""}, 40002, "landing_page_url"),
        ({"campaign_name": "Été 🌞"}, 40002, "campaign_name"),
        ({"location_ids": []}, 40002, "location_ids"),
    ],
)
def test_a_boost_that_is_refused_makes_nothing(ads, change, code, field):
    before = Change.objects.count()
    answer = boosted(ads, **change)
    assert answer["code"] == code, answer
    if field is not None:
        assert answer["message"].startswith(f"{field}:"), answer
    campaigns_there = ads.api.get("campaign/get", advertiser_id=ads.id)["data"]["page_info"]["total_number"]
    assert (campaigns_there, Change.objects.count()) == (2, before)


def test_a_boost_with_a_request_id_is_made_once(ads):
    assert boosted(ads, request_id="5")["data"] == boosted(ads, request_id="5")["data"]


def test_terms_refuse_a_boost_before_anything_is_made(ads, means):
    post = a_post(means, a_creator(means, "noe.teste"))
    answer = boosted(ads, **ads.by_code(post, Terms(refused_objectives=("TRAFFIC",))))
    assert told(answer) == (40002, "tiktok_item_id")
    belgium = ads.by_code(post, Terms(countries=("BE",)))
    assert told(boosted(ads, **belgium)) == (40002, "adgroup_id")


def test_recommendations_have_their_shape(ads):
    assert ads.api.get("spark_ad/recommend", tcm_account_id="7")["data"] == {"videos": []}
    creator = Dialect(ads.world.creator_token)
    answer = creator.get("business/video/recommend", business_id=ads.world.names["business_id"], time="PAST_72_HOURS")
    assert answer["data"] == {"videos": []}


def test_what_the_scout_says_is_recommended(ads, means):
    post = Post.objects.get(id=int(ads.spark()["tiktok_item_id"]))
    Post.objects.filter(id=post.id).update(published_at_ms=means.clock.world_ms() - 30 * HOUR_MS)
    for hour in range(1, 30):
        count(post.id, means.clock.world_ms() - (30 - hour) * HOUR_MS, views=40 * hour, likes=4 * hour)
    assert scout() >= 1
    (told,) = ads.api.get("spark_ad/recommend", tcm_account_id="7", video_ids=[str(post.id)])["data"]["videos"]
    assert told["item_id"] == str(post.id)
    assert told["recommendation_level"] in {"HIGH", "MEDIUM", "LOW"}
    assert told["reasons"]
    assert "video_views" not in told
    left_out = ads.api.get("spark_ad/recommend", tcm_account_id="7", exclude_video_ids=[str(post.id)])["data"]["videos"]
    assert str(post.id) not in [one["item_id"] for one in left_out]
    creator = Dialect(ads.world.creator_token)
    own = creator.get("business/video/recommend", business_id=ads.world.names["business_id"])["data"]["videos"]
    assert [one["video_views"] for one in own if one["item_id"] == str(post.id)] in ([], [40 * 435])


def test_an_identity_that_was_deleted_takes_no_new_ad(ads):
    town = ads.town
    name = town.by_name()
    library.delete_identity(ads.means, HOST, advertiser_id=town.brand.id, identity_id=name["identity_id"])
    video = town.video()
    upload = {**name, "video_id": video, "image_ids": [f"{video}-1.1"], "ad_text": "Un soin."}
    assert ads.create({**ads.spark(), **upload, "tiktok_item_id": ""})["code"] in (40002, 40007)
