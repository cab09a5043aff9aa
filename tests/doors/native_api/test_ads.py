"""A program launches ads over HTTP: what is in the way is told all at once, each with what to do."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.campaigns import fund
from tests.doors.native_api.conftest import advertiser_of, errors_of
from tests.doors.native_api.shops import done, made
from tests.doors.native_api.shops import shop as shop  # noqa: PLC0414 - a fixture
from tests.doors.native_api.specimens import a_campaign, an_adgroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def funded(shop) -> None:
    """The brand can pay."""
    fund(shop.means, int(shop.brand))


def test_a_spark_ad_is_made_read_changed_and_deleted(shop):
    host, ad = shop.host, shop.ad(utm_params=[{"key": "utm_source", "value": "attise"}])
    path = f"/v1/ads/{ad['ad_id']}"
    assert ad == done(host.get(path))
    assert (ad["kind"], ad["post_id"], ad["ad_text"]) == ("spark", shop.post_id, "One pan, ten minutes")
    assert (ad["adgroup_id"], ad["campaign_id"], ad["advertiser_id"]) == (shop.adgroup_id, shop.campaign_id, shop.brand)
    assert ad["utm_params"] == [{"key": "utm_source", "value": "attise"}]
    assert (ad["review"]["state"], ad["creator_word"], ad["revision"]) == ("pending", "not_needed", 1)
    changed = done(host.patch(path, {"name": "Léa, again", "revision": 1}))
    assert (changed["name"], changed["revision"], changed["creative_version"]) == ("Léa, again", 2, 1)
    again = done(host.patch(path, {"landing_page_url": "https://shop.example/stews"}))
    assert (again["landing_page_url"], again["creative_version"]) == ("https://shop.example/stews", 2)
    assert host.patch(path, {"name": "Late", "revision": 1}).status_code == 409
    history = done(host.get(f"{path}/history"))["items"]
    assert [one["verb"] for one in history] == ["updated", "updated", "created"]
    assert (history[1]["before"]["name"], history[1]["after"]["name"]) == ("Léa", "Léa, again")
    assert done(host.delete(path)) == {"removed": True}
    assert done(host.get(path))["deleted"] is True


def test_all_that_is_in_the_way_is_told_at_once_and_nothing_is_changed(shop):
    """No money, a schedule that is over: both are the advertiser's to mend, and both are told with the rest."""
    host, ad = shop.host, shop.ad(operation_status="DISABLE")
    path = f"/v1/ads/{ad['ad_id']}"
    host.post(f"/v1/posts/{shop.post_id}/moderation", {"state": "hidden", "reason": "looked at"})
    refused = host.post(f"{path}/launch", {})
    assert refused.status_code == 422
    assert [code for _, code in errors_of(refused)] == [
        "video_unavailable",
        "review_pending",
        "balance_empty",
        "ad_off",
    ]
    told = refused.json()["error"]["errors"]
    assert all(one["message"] and one["next"] for one in told)
    french = host.post(f"{path}/launch", accept_language="fr").json()["error"]["errors"]
    assert [one["code"] for one in french] == [one["code"] for one in told]
    assert {one["message"] for one in french}.isdisjoint(one["message"] for one in told)
    assert shop.codes(ad) == {
        "video_unavailable": "creation",
        "review_pending": "delivery",
        "balance_empty": "launch",
        "ad_off": "delivery",
        "authorization_ending": "warning",
    }
    unchanged = done(host.get(path))
    assert (unchanged["operation_status"], unchanged["revision"]) == ("DISABLE", 1)


def test_a_launched_ad_may_wait_and_says_for_what(shop, funded):
    ad = shop.ad(operation_status="DISABLE")
    shop.host.post(f"/v1/campaigns/{shop.campaign_id}/switch", {"operation_status": "DISABLE"})
    launched = done(shop.host.post(f"/v1/ads/{ad['ad_id']}/launch"))
    assert launched["operation_status"] == "ENABLE"
    assert [one["code"] for one in launched["blockers"]] == ["review_pending", "campaign_off"]
    assert {one["stops"] for one in launched["blockers"]} == {"delivery"}


def test_a_launch_of_what_was_changed_meanwhile_is_refused(shop, funded):
    ad = shop.ad(operation_status="DISABLE")
    path = f"/v1/ads/{ad['ad_id']}"
    shop.host.patch(path, {"name": "Other"})
    refused = shop.host.post(f"{path}/launch", {"revision": 1})
    assert (refused.status_code, errors_of(refused)[0][1]) == (409, "edited_meanwhile")
    assert done(shop.host.post(f"{path}/launch", {"revision": 2}))["operation_status"] == "ENABLE"


def test_a_launch_takes_a_body_or_none_and_refuses_any_other(shop):
    path = f"/v1/ads/{shop.ad()['ad_id']}/launch"
    for body, status in ((b"{", 400), (b"[]", 422), ({"revision": "1"}, 422), ({"force": True}, 422), (b"{}", 422)):
        assert shop.host.post(path, body).status_code == status, body
    assert shop.host.post(path, b"x", kind="text/plain").status_code == 415


def test_switching_on_is_refused_by_what_can_never_run_and_off_never_is(shop):
    ad = shop.ad(operation_status="DISABLE")
    path = f"/v1/ads/{ad['ad_id']}/switch"
    assert done(shop.host.post(path, {"operation_status": "ENABLE"}))["operation_status"] == "ENABLE"
    shop.host.delete(f"/v1/posts/{shop.post_id}")
    assert done(shop.host.post(path, {"operation_status": "DISABLE"}))["operation_status"] == "DISABLE"
    refused = shop.host.post(path, {"operation_status": "ENABLE"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "video_unavailable")


def test_everything_wrong_with_an_ad_is_told_under_the_names_of_one_ad(shop):
    body = shop.draft(
        ad_text="Not its caption",
        video_id="v1",
        call_to_action="CLICK_ME",
        landing_page_url="http://shop.example",
        utm_params=[{"key": "a", "value": "1"}, {"key": "a", "value": "2"}],
        bc_id="5",
    )
    refused = shop.host.post(f"/v1/adgroups/{shop.adgroup_id}/ads", body)
    assert refused.status_code == 422
    fields = {field for field, _ in errors_of(refused)}
    assert {"video_id", "call_to_action", "landing_page_url", "utm_params[1].key"} <= fields
    assert not any(field.startswith("creatives") for field in fields)
    assert done(shop.host.get(f"/v1/adgroups/{shop.adgroup_id}/ads"))["items"] == []


def test_a_post_that_another_advertisers_code_opened_is_not_found(shop):
    other = advertiser_of(shop.host, "Another brand")[1]
    campaign = made(shop.host.post(f"/v1/advertisers/{other}/campaigns", a_campaign()))["campaign_id"]
    adgroup = made(shop.host.post(f"/v1/campaigns/{campaign}/adgroups", an_adgroup()))["adgroup_id"]
    refused = shop.host.post(f"/v1/adgroups/{adgroup}/ads", shop.draft())
    assert refused.status_code in {404, 422}
    assert errors_of(refused)[0][0] == "identity_id"
    assert done(shop.host.get(f"/v1/advertisers/{other}/ads"))["items"] == []


def test_ads_are_listed_by_ad_group_and_by_advertiser_and_narrowed(shop):
    host = shop.host
    first, second = shop.ad(name="Soup"), shop.ad(name="Stew")
    host.post(f"/v1/ads/{first['ad_id']}/switch", {"operation_status": "DISABLE"})

    def names(path: str) -> list[str]:
        return [one["name"] for one in done(host.get(path))["items"]]

    ours = f"/v1/advertisers/{shop.brand}/ads"
    assert names(f"/v1/adgroups/{shop.adgroup_id}/ads") == names(ours) == ["Stew", "Soup"]
    assert names(f"{ours}?name=sou") == names(f"{ours}?status=STATUS_DISABLE") == ["Soup"]
    assert names(f"{ours}?campaign_id={shop.campaign_id}&adgroup_id={shop.adgroup_id}") == ["Stew", "Soup"]
    page = done(host.get(f"{ours}?limit=1"))
    assert names(f"{ours}?limit=1&cursor={page['next_cursor']}") == ["Soup"]
    host.delete(f"/v1/ads/{second['ad_id']}")
    assert names(ours) == ["Soup"]
    assert names(f"{ours}?status=STATUS_DELETE") == ["Stew"]


def test_what_is_deleted_once_more_is_removed_at_every_level(shop):
    ad = shop.ad()
    for path in (f"ads/{ad['ad_id']}", f"adgroups/{shop.adgroup_id}", f"campaigns/{shop.campaign_id}"):
        first, again = (done(shop.host.delete(f"/v1/{path}")) for _ in range(2))
        assert first == again == {"removed": True}


def test_an_ad_is_made_once_for_a_key_and_a_refused_one_leaves_the_key_free(shop):
    path = f"/v1/adgroups/{shop.adgroup_id}/ads"
    assert shop.host.post(path, shop.draft(call_to_action=None), idempotency_key="a").status_code == 422
    first = shop.host.post(path, shop.draft(), idempotency_key="a")
    again = shop.host.post(path, shop.draft(), idempotency_key="a")
    assert (first.status_code, again.content) == (201, first.content)
    assert len(done(shop.host.get(path))["items"]) == 1


def test_a_list_of_ads_costs_the_same_queries_whatever_its_length(shop):
    path = f"/v1/advertisers/{shop.brand}/ads?limit=100"

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            done(shop.host.get(path))
        return len(seen)

    shop.ad()
    few = cost()
    for number in range(10):
        shop.ad(name=f"Ad {number}")
    assert cost() == few <= 12
