"""An advertiser's program makes, changes, switches and reads campaigns and ad groups over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attise.management.accounts.actions import make_host_key
from tests.doors.native_api.conftest import Host, advertiser_of, errors_of
from tests.doors.native_api.specimens import a_campaign, an_adgroup

pytestmark = pytest.mark.django_db
EURO = 1_000_000


@pytest.fixture
def brand(host) -> str:
    return advertiser_of(host)[1]


def made(response: Any) -> dict[str, Any]:
    assert response.status_code == 201, response.content
    return response.json()


def done(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.content
    return response.json()


def campaign_of(host: Host, brand: str, **more: Any) -> dict[str, Any]:
    return made(host.post(f"/v1/advertisers/{brand}/campaigns", a_campaign(**more)))


def adgroup_of(host: Host, campaign: dict[str, Any], **more: Any) -> dict[str, Any]:
    return made(host.post(f"/v1/campaigns/{campaign['campaign_id']}/adgroups", an_adgroup(**more)))


def daily(euros: int = 50, **more: Any) -> dict[str, Any]:
    return {"budget_mode": "BUDGET_MODE_DAY", "budget_micros": euros * EURO, **more}


# ---- campaigns


def test_a_campaign_is_made_read_changed_and_deleted(host, brand):
    campaign = campaign_of(host, brand, **daily(), po_number="PO-1", special_industries=["HOUSING"])
    path = f"/v1/campaigns/{campaign['campaign_id']}"
    assert campaign == done(host.get(path))
    assert (campaign["budget_micros"], campaign["currency"], campaign["spent_micros"]) == (50 * EURO, "EUR", 0)
    assert (campaign["revision"], campaign["deleted"], campaign["po_number"]) == (1, False, "PO-1")
    changed = done(host.patch(path, {"name": "Winter", "budget_micros": 80 * EURO, "special_industries": []}))
    assert (changed["name"], changed["budget_micros"], changed["revision"]) == ("Winter", 80 * EURO, 2)
    assert (changed["po_number"], changed["special_industries"]) == ("PO-1", [])
    assert done(host.delete(path)) == {"removed": True}
    gone = done(host.get(path))
    assert (gone["deleted"], gone["status"]) == (True, "STATUS_DELETE")
    assert done(host.delete(path)) == {"removed": True}
    refused = host.patch(path, {"name": "Spring"})
    assert (refused.status_code, errors_of(refused)) == (409, [("campaign_id", "campaign_deleted")])


def test_a_share_of_the_viewers_is_held_out_of_a_campaign(host, brand):
    campaign = campaign_of(host, brand, holdout_ppm=100_000)
    path = f"/v1/campaigns/{campaign['campaign_id']}"
    assert campaign["holdout_ppm"] == 100_000
    assert done(host.patch(path, {"holdout_ppm": 500_000, "revision": 1}))["holdout_ppm"] == 500_000
    assert done(host.patch(path, {"name": "Winter"}))["holdout_ppm"] == 500_000
    for wrong in (500_001, -1, 0.5, "100000", True):
        refused = host.patch(path, {"holdout_ppm": wrong})
        assert (refused.status_code, [field for field, _ in errors_of(refused)]) == (422, ["holdout_ppm"])
        refused = host.post(f"/v1/advertisers/{brand}/campaigns", a_campaign(name="Other", holdout_ppm=wrong))
        assert (refused.status_code, [field for field, _ in errors_of(refused)]) == (422, ["holdout_ppm"])
    assert done(host.patch(path, {"holdout_ppm": 0}))["holdout_ppm"] == 0
    assert campaign_of(host, brand, name="Spring")["holdout_ppm"] == 0
    changes = done(host.get(f"{path}/history"))["items"]
    assert (changes[0]["before"], changes[0]["after"]) == ({"holdout_ppm": 500_000}, {"holdout_ppm": 0})


def test_the_minimum_of_a_budget_is_named_with_its_currency(host, brand):
    refused = host.post(f"/v1/advertisers/{brand}/campaigns", a_campaign(**daily(49)))
    assert refused.status_code == 422
    error = refused.json()["error"]
    assert (error["code"], error["field"]) == ("budget_too_low_per_day", "budget_micros")
    assert error["message"] == "At least 50.00 EUR per day are needed."
    french = host.post(f"/v1/advertisers/{brand}/campaigns", a_campaign(**daily(49)), accept_language="fr")
    assert "50.00 EUR" in french.json()["error"]["message"]
    assert french.json()["error"]["message"] != error["message"]


def test_everything_wrong_with_a_campaign_is_told_at_once_each_with_its_next_step(host, brand):
    body = {"name": "Soup 🍲", "objective_type": "SHOP", "budget_mode": "BUDGET_MODE_DAY", "operation_status": "PAUSE"}
    refused = host.post(f"/v1/advertisers/{brand}/campaigns", body)
    assert refused.status_code == 422
    assert [code for _, code in errors_of(refused)] == [
        "name_emoji", "choice_unknown", "budget_required", "choice_unknown",
    ]  # fmt: skip
    assert all(one["next"] for one in refused.json()["error"]["errors"])


def test_a_name_is_an_advertisers_own_and_free_again_once_deleted(host, brand):
    first = campaign_of(host, brand)
    refused = host.post(f"/v1/advertisers/{brand}/campaigns", a_campaign())
    assert (refused.status_code, errors_of(refused)) == (409, [("name", "campaign_name_taken")])
    host.delete(f"/v1/campaigns/{first['campaign_id']}")
    campaign_of(host, brand)
    campaign_of(host, advertiser_of(host, "Another brand")[1])


def test_what_is_fixed_cannot_be_sent_in_a_change(host, brand):
    path = f"/v1/campaigns/{campaign_of(host, brand, **daily())['campaign_id']}"
    for field in ("objective_type", "budget_mode", "operation_status", "advertiser_id"):
        assert errors_of(host.patch(path, {field: "x"})) == [(field, "field_unknown")]


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused_with_their_name(means, host, brand):
    campaign = campaign_of(host, brand)
    path = f"/v1/campaigns/{campaign['campaign_id']}"
    other = Host(make_host_key(means, name="evening job")[1])
    done(other.patch(path, {"name": "Theirs", "revision": 1}))
    refused = host.patch(path, {"name": "Mine", "revision": 1})
    assert (refused.status_code, errors_of(refused)) == (409, [("revision", "edited_meanwhile")])
    assert "evening job" in refused.json()["error"]["message"]
    assert done(host.get(path))["name"] == "Theirs"
    assert done(host.patch(path, {"name": "Mine", "revision": 2}))["revision"] == 3
    assert done(host.patch(path, {"name": "Mine again"}))["revision"] == 4


def test_a_switch_asks_for_no_revision_and_says_what_follows(host, brand):
    campaign = campaign_of(host, brand)
    path = f"/v1/campaigns/{campaign['campaign_id']}"
    off = done(host.post(f"{path}/switch", {"operation_status": "DISABLE"}))
    assert (off["operation_status"], off["status"], off["secondary_status"]) == (
        "DISABLE", "STATUS_DISABLE", "CAMPAIGN_STATUS_DISABLE",
    )  # fmt: skip
    assert done(host.post(f"{path}/switch", {"operation_status": "DISABLE"}))["revision"] == off["revision"]
    assert done(host.post(f"{path}/switch", {"operation_status": "ENABLE"}))["status"] == "STATUS_DELIVERY_OK"
    refused = host.post(f"{path}/switch", {"operation_status": "DELETE"})
    assert refused.status_code == 422
    host.delete(path)
    assert host.post(f"{path}/switch", {"operation_status": "ENABLE"}).status_code == 409


def test_a_list_is_narrowed_by_name_status_and_objective_and_goes_on_by_cursor(host, brand):
    for number in range(5):
        campaign_of(host, brand, name=f"Soup {number}")
    reach = campaign_of(host, brand, name="Reach", objective_type="REACH")
    host.post(f"/v1/campaigns/{reach['campaign_id']}/switch", {"operation_status": "DISABLE"})
    path = f"/v1/advertisers/{brand}/campaigns"

    def names(query: str) -> list[str]:
        return [one["name"] for one in done(host.get(path + query))["items"]]

    assert names("") == ["Reach", "Soup 4", "Soup 3", "Soup 2", "Soup 1", "Soup 0"]
    assert names("?name=SOUP%201") == ["Soup 1"]
    assert names("?objective_type=REACH") == names("?status=STATUS_DISABLE") == ["Reach"]
    assert names("?status=STATUS_DELETE") == []
    first = done(host.get(path + "?name=soup&limit=3"))
    assert len(first["items"]) == 3
    rest = done(host.get(path + f"?name=soup&limit=3&cursor={first['next_cursor']}"))
    assert ([one["name"] for one in rest["items"]], rest["next_cursor"]) == (["Soup 1", "Soup 0"], None)
    refused = host.get(path + f"?name=other&cursor={first['next_cursor']}")
    assert errors_of(refused) == [("cursor", "cursor_invalid")]
    for query in ("?status=PAUSED", "?objective_type=shop"):
        assert host.get(path + query).status_code == 422


def test_a_history_has_who_when_before_and_after(host, brand, clock):
    campaign = campaign_of(host, brand, **daily())
    path = f"/v1/campaigns/{campaign['campaign_id']}"
    clock.advance(seconds=60)
    host.patch(path, {"budget_micros": 80 * EURO})
    host.post(f"{path}/switch", {"operation_status": "DISABLE"})
    entries = done(host.get(f"{path}/history"))["items"]
    assert [one["verb"] for one in entries] == ["switched", "updated", "created"]
    assert entries[1]["before"] == {"budget_micros": 50 * EURO}
    assert entries[1]["after"] == {"budget_micros": 80 * EURO}
    assert entries[1]["actor"].startswith("host:")
    assert entries[1]["at"] > entries[2]["at"]
    first = done(host.get(f"{path}/history?limit=1"))
    assert len(first["items"]) == 1
    assert done(host.get(f"{path}/history?limit=2&cursor={first['next_cursor']}"))["next_cursor"] is None


def test_a_campaign_is_made_once_for_a_key(host, brand):
    path = f"/v1/advertisers/{brand}/campaigns"
    first = host.post(path, a_campaign(), idempotency_key="autumn")
    again = host.post(path, a_campaign(), idempotency_key="autumn")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert len(done(host.get(path))["items"]) == 1


# ---- ad groups


def test_an_ad_group_takes_what_is_said_and_the_houses_usual_values_for_the_rest(host, brand):
    campaign = campaign_of(host, brand)
    adgroup = adgroup_of(
        host,
        campaign,
        bid_micros=400_000,
        starts_at="2026-11-01T09:00:00Z",
        ends_at="2026-12-01T09:00:00+01:00",
        schedule_type="SCHEDULE_START_END",
        frequency=3,
        frequency_days=7,
        targeting={"locations": ["FR"], "age_groups": ["18-24"], "interests": ["food_drink"], "gender": "female"},
    )
    assert adgroup == done(host.get(f"/v1/adgroups/{adgroup['adgroup_id']}"))
    assert (adgroup["billing_event"], adgroup["bid_type"], adgroup["bid_micros"]) == ("CPC", "BID_TYPE_CUSTOM", 400_000)
    assert (adgroup["starts_at"], adgroup["ends_at"]) == ("2026-11-01T09:00:00Z", "2026-12-01T08:00:00Z")
    assert (adgroup["click_window"], adgroup["view_window"], adgroup["pacing"]) == (
        "SEVEN_DAYS", "ONE_DAY", "PACING_MODE_SMOOTH",
    )  # fmt: skip
    assert adgroup["targeting"]["interests"] == ["food_drink"]
    assert (adgroup["targeting"]["gender"], adgroup["targeting"]["os"]) == ("female", None)
    assert (adgroup["campaign_name"], adgroup["secondary_status"]) == ("Autumn", "ADGROUP_STATUS_BALANCE_EXCEED")


def test_a_change_leaves_alone_what_it_does_not_name_and_takes_away_by_null(host, brand):
    adgroup = adgroup_of(host, campaign_of(host, brand), bid_micros=400_000, frequency=3, frequency_days=7)
    path = f"/v1/adgroups/{adgroup['adgroup_id']}"
    renamed = done(host.patch(path, {"name": "Belgium", "targeting": {"locations": ["BE"]}, "pacing": None}))
    assert (renamed["name"], renamed["targeting"]["locations"]) == ("Belgium", ["BE"])
    assert (renamed["bid_micros"], renamed["frequency"], renamed["pacing"]) == (400_000, 3, "PACING_MODE_SMOOTH")
    bare = done(
        host.patch(path, {"bid_micros": None, "bid_type": "BID_TYPE_NO_BID", "frequency": None, "frequency_days": None})
    )
    assert (bare["bid_micros"], bare["bid_type"], bare["frequency"]) == (None, "BID_TYPE_NO_BID", None)
    same = done(host.patch(path, {}))
    assert same["revision"] == bare["revision"]


def test_everything_wrong_with_an_ad_group_is_told_at_once_under_the_names_of_this_door(host, brand):
    campaign = campaign_of(host, brand)
    body = an_adgroup(
        optimization_goal="REACH",
        budget_micros=19 * EURO,
        schedule_type="SCHEDULE_START_END",
        starts_at="2027-01-02T00:00:00Z",
        ends_at="2027-01-01T00:00:00Z",
    )
    refused = host.post(f"/v1/campaigns/{campaign['campaign_id']}/adgroups", body)
    assert refused.status_code == 422
    assert errors_of(refused) == [
        ("optimization_goal", "goal_mismatch"),
        ("ends_at", "schedule_invalid"),
        ("budget_micros", "budget_too_low_per_day"),
    ]
    places = an_adgroup(targeting={"locations": ["FR", "XX"]})
    refused = host.post(f"/v1/campaigns/{campaign['campaign_id']}/adgroups", places)
    assert refused.status_code == 422
    assert [field for field, _ in errors_of(refused)] == ["targeting.locations[1]"]


def test_a_budget_begins_at_the_next_local_midnight_or_is_forgotten(host, brand, clock):
    adgroup = adgroup_of(host, campaign_of(host, brand))
    path = f"/v1/adgroups/{adgroup['adgroup_id']}/scheduled-budget"
    later = done(host.post(path, {"scheduled_budget_micros": 90 * EURO}))
    assert (later["budget_micros"], later["scheduled_budget_micros"]) == (50 * EURO, 90 * EURO)
    assert later["scheduled_from"].endswith(("T22:00:00Z", "T23:00:00Z"))
    forgotten = done(host.post(path, {"scheduled_budget_micros": None}))
    assert (forgotten["scheduled_budget_micros"], forgotten["scheduled_from"]) == (None, None)
    assert errors_of(host.post(path, {})) == [("scheduled_budget_micros", "field_required")]
    refused = host.post(path, {"scheduled_budget_micros": 1 * EURO})
    assert errors_of(refused) == [("scheduled_budget_micros", "budget_too_low_per_day")]


def test_a_budget_that_the_campaign_shares_out_is_none_of_its_ad_groups(host, brand):
    campaign = campaign_of(host, brand, **daily(), budget_optimize_on=True)
    body = {name: value for name, value in an_adgroup().items() if not name.startswith("budget")}
    adgroup = made(host.post(f"/v1/campaigns/{campaign['campaign_id']}/adgroups", body))
    assert (adgroup["budget_mode"], adgroup["budget_micros"]) == ("BUDGET_MODE_INFINITE", None)


def test_ad_groups_are_listed_by_campaign_and_by_advertiser_and_go_with_their_campaign(host, brand):
    autumn, winter = campaign_of(host, brand), campaign_of(host, brand, name="Winter")
    first, second = adgroup_of(host, autumn), adgroup_of(host, winter, name="Wide")

    def ids(path: str) -> list[str]:
        return [one["adgroup_id"] for one in done(host.get(path))["items"]]

    assert ids(f"/v1/campaigns/{autumn['campaign_id']}/adgroups") == [first["adgroup_id"]]
    assert ids(f"/v1/advertisers/{brand}/adgroups") == [second["adgroup_id"], first["adgroup_id"]]
    assert ids(f"/v1/advertisers/{brand}/adgroups?campaign_id={winter['campaign_id']}") == [second["adgroup_id"]]
    assert ids(f"/v1/advertisers/{brand}/adgroups?name=wide&optimization_goal=CLICK") == [second["adgroup_id"]]
    assert ids(f"/v1/advertisers/{brand}/adgroups?optimization_goal=REACH") == []
    host.delete(f"/v1/campaigns/{autumn['campaign_id']}")
    assert ids(f"/v1/advertisers/{brand}/adgroups") == [second["adgroup_id"]]
    assert ids(f"/v1/advertisers/{brand}/adgroups?status=STATUS_DELETE") == [first["adgroup_id"]]
    host.delete(f"/v1/adgroups/{second['adgroup_id']}")
    assert ids(f"/v1/advertisers/{brand}/adgroups") == []


def test_a_campaign_of_another_advertiser_is_nowhere_for_a_filter(host, brand):
    campaign = campaign_of(host, brand)
    other = advertiser_of(host, "Another brand")[1]
    refused = host.get(f"/v1/advertisers/{other}/adgroups?campaign_id={campaign['campaign_id']}")
    assert (refused.status_code, errors_of(refused)) == (404, [("campaign_id", "not_found")])


def test_lists_cost_the_same_queries_whatever_their_length(host, brand):
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            done(host.get(path))
        return len(seen)

    paths = [f"/v1/advertisers/{brand}/{kind}?limit=100" for kind in ("campaigns", "adgroups")]
    adgroup_of(host, campaign_of(host, brand))
    few = [cost(path) for path in paths]
    for number in range(20):
        adgroup_of(host, campaign_of(host, brand, name=f"Soup {number}"))
    assert [cost(path) for path in paths] == few
    assert max(few) <= 10
