"""Campaigns and ad groups through the dialect: what is made is told back whole, money is exact, all or in part."""

from __future__ import annotations

import json

import pytest

from attise.doors.marketing_api import adgroup_fields, campaign
from tests.doors.marketing_api.conftest import make_tenant
from tests.races import at_once

pytestmark = pytest.mark.django_db
FRANCE = "3017382"
UNKNOWN = "1790000000000000001"


def create(tenant, role="admin", **fields):
    body = {
        "advertiser_id": str(tenant.advertiser.id),
        "campaign_name": "Été",
        "objective_type": "TRAFFIC",
        "budget_mode": "BUDGET_MODE_DAY",
        "budget": 100,
    }
    return tenant.client(role).post("campaign/create", **{**body, **fields})


def create_group(tenant, of=None, role="admin", **fields):
    body = {
        "advertiser_id": str(tenant.advertiser.id),
        "campaign_id": of or create(tenant, campaign_name=f"for {len(fields)}")["data"]["campaign_id"],
        "adgroup_name": "France",
        "placements": ["PLACEMENT_TIKTOK"],
        "location_ids": [FRANCE],
        "budget_mode": "BUDGET_MODE_DAY",
        "budget": 50,
        "schedule_type": "SCHEDULE_FROM_NOW",
        "schedule_start_time": "2026-09-21 15:00:00",
        "optimization_goal": "CLICK",
        "billing_event": "CPC",
        "pacing": "PACING_MODE_SMOOTH",
    }
    return tenant.client(role).post("adgroup/create", **{**body, **fields})


def ask(tenant, path, **fields):
    method = tenant.client().get if path.endswith(("get", "quota")) else tenant.client().post
    return method(path, advertiser_id=str(tenant.advertiser.id), **fields)


def told(answer) -> tuple[int, str]:
    return answer["code"], answer["message"].partition(":")[0]


class TestCampaigns:
    """Made, listed, changed, switched."""

    def test_one_is_made_and_told_back(self, brand):
        row = create(brand, budget=100.5, special_industries=["CREDIT"], po_number="PO-7")["data"]
        assert row["campaign_id"].isdigit()
        assert row["budget"] == 100.5
        assert row["secondary_status"] == "CAMPAIGN_STATUS_ENABLE"
        assert row["create_time"] == row["modify_time"] == "2026-09-21 14:13:20"
        assert tuple(row) == campaign.FIELDS
        (listed,) = ask(brand, "campaign/get")["data"]["list"]
        assert listed == row

    def test_money_is_written_to_the_last_decimal(self, brand):
        for sent in ("100.10", "0100.1"):
            answer = brand.client().raw(
                "POST",
                "/open_api/v1.3/campaign/create/",
                json.dumps(
                    {
                        "advertiser_id": str(brand.advertiser.id),
                        "campaign_name": sent,
                        "objective_type": "REACH",
                        "budget_mode": "BUDGET_MODE_DAY",
                        "budget": sent,
                    }
                ).encode(),
            )
            assert answer["data"]["budget"] == 100.1
        raw = brand.client().client.get(
            "/open_api/v1.3/campaign/get/",
            {"advertiser_id": str(brand.advertiser.id), "fields": '["budget", "roas_bid"]', "page_size": 1},
            headers={"Access-Token": brand.tokens["admin"]},
        )
        assert b'"list":[{"budget":100.10,"roas_bid":0.00}]' in raw.content

    @pytest.mark.parametrize(
        ("sent", "rule"),
        [
            (49.99, "budget: At least 50.00 EUR per day are needed."),
            (100.001, "budget: is too large, or has more decimals than its currency."),
            (0.1 + 0.2, "budget: is too large"),
            (-100, "budget: must be a plain amount"),
            (1e11, "budget: is too large"),
            (1e22, "budget: must be a plain amount"),
            ("1e3", "budget: must be a plain amount"),
            ("", "budget: must be a plain amount"),
            (True, "budget: must be a plain amount"),
            ([100], "budget: must be a plain amount"),
            (0, "budget: A budget of this mode needs an amount: at least 50.00 EUR."),
            (None, "budget: A budget of this mode needs an amount: at least 50.00 EUR."),
        ],
    )
    def test_budgets_that_are_not(self, brand, sent, rule):
        answer = create(brand, budget=sent)
        assert answer["code"] == 40002
        assert answer["message"].startswith(rule), answer["message"]

    def test_everything_wrong_is_told_at_once_and_nothing_is_kept(self, brand):
        answer = create(brand, campaign_name="🔥", objective_type="PRODUCT_SALES", budget=1, operation_status="ON")
        assert answer["code"] == 40002
        for field in ("campaign_name:", "objective_type:", "budget:", "operation_status:"):
            assert field in answer["message"]
        assert ask(brand, "campaign/get")["data"]["page_info"]["total_number"] == 0

    @pytest.mark.parametrize(
        "asked",
        [
            {"is_search_campaign": True},
            {"catalog_enabled": True},
            {"roas_bid": 2.5},
            {"campaign_type": "IOS14_CAMPAIGN"},
            {"rf_campaign_type": "PULSE"},
        ],
    )
    def test_what_is_left_out_is_refused_by_its_name(self, brand, asked):
        assert told(create(brand, **asked)) == (40002, next(iter(asked)))

    def test_a_change_keeps_what_is_not_sent(self, brand, clock):
        made = create(brand, po_number="PO-7")["data"]
        clock.advance(seconds=5)
        row = ask(brand, "campaign/update", campaign_id=made["campaign_id"], budget=120, special_industries=[])["data"]
        assert row == {**made, "budget": 120.0, "modify_time": "2026-09-21 14:13:25"}
        assert told(
            ask(brand, "campaign/update", campaign_id=made["campaign_id"], budget_mode="BUDGET_MODE_TOTAL")
        ) == (
            40002,
            "budget_mode",
        )
        assert told(ask(brand, "campaign/update", campaign_id=UNKNOWN, campaign_name="x"))[0] == 40007

    def test_what_a_body_may_not_set_is_not_set(self, brand, rival):
        stolen = {
            "campaign_id": UNKNOWN,
            "secondary_status": "CAMPAIGN_STATUS_BUDGET_EXCEED",
            "spent_micros": 5,
            "revision": 9,
            "deleted_at_ms": 5,
            "envelope_id": 5,
            "advertiser": str(rival.advertiser.id),
            "create_time": "2020-01-01 00:00:00",
            "is_deleted": True,
        }
        plain = create(brand, campaign_name="plain")["data"]
        made = create(brand, campaign_name="made", **stolen)["data"]
        ids = ("campaign_id", "campaign_name")
        assert {**made, **{name: plain[name] for name in ids}} == plain
        changed = ask(brand, "campaign/update", **{**stolen, "campaign_id": made["campaign_id"]})["data"]
        assert changed == made
        group = create_group(brand, made["campaign_id"])["data"]
        stolen |= {"adgroup_id": UNKNOWN, "campaign_name": "x", "scheduled_budget": 900, "review": "approved"}
        other = create_group(brand, made["campaign_id"], **{**stolen, "campaign_id": made["campaign_id"]})["data"]
        assert {**other, "adgroup_id": group["adgroup_id"]} == group

    def test_a_name_that_is_taken_is_40002(self, brand):
        create(brand)
        assert told(create(brand)) == (40002, "campaign_name")

    def test_switches_are_all_or_nothing(self, brand):
        ids = [create(brand, campaign_name=name)["data"]["campaign_id"] for name in "ab"]
        assert ask(brand, "campaign/status/update", campaign_ids=[*ids, UNKNOWN], operation_status="DISABLE")[
            "code"
        ] == (40007)
        done = ask(brand, "campaign/status/update", campaign_ids=ids, operation_status="DISABLE")["data"]
        assert done == {
            "campaign_ids": ids,
            "status": "DISABLE",
            "campaign_list": [{"campaign_id": one, "status": "DISABLE"} for one in ids],
        }
        rows = ask(brand, "campaign/get")["data"]["list"]
        assert {row["secondary_status"] for row in rows} == {"CAMPAIGN_STATUS_DISABLE"}
        assert told(ask(brand, "campaign/status/update", campaign_ids=[], operation_status="ENABLE"))[0] == 40002
        assert told(ask(brand, "campaign/status/update", campaign_ids=ids, operation_status="FROZEN")) == (
            40002,
            "operation_status",
        )
        many = [str(10**18 + number) for number in range(21)]
        assert told(ask(brand, "campaign/status/update", campaign_ids=many, operation_status="ENABLE"))[0] == 40002

    def test_the_deleted_are_told_to_those_who_ask(self, brand):
        kept, gone = (create(brand, campaign_name=name)["data"]["campaign_id"] for name in "ab")
        ask(brand, "campaign/status/update", campaign_ids=[gone], operation_status="DELETE")

        def ids(**filtering) -> list[str]:
            data = ask(brand, "campaign/get", filtering=filtering, page_size=1000)["data"]
            assert data["page_info"]["total_number"] == len(data["list"])
            return [row["campaign_id"] for row in data["list"]]

        assert ids() == ids(primary_status="STATUS_NOT_DELETE") == [kept]
        assert ids(secondary_status="CAMPAIGN_STATUS_ALL") == ids(primary_status="STATUS_ALL") == [gone, kept]
        assert ids(primary_status="STATUS_DELETE") == ids(secondary_status="CAMPAIGN_STATUS_DELETE") == [gone]
        assert ids(primary_status="STATUS_DELIVERY_OK") == [kept]
        assert ids(primary_status="STATUS_RF_CLOSED") == []

    def test_filters_hold_together_and_unknown_words_are_40002(self, brand, clock):
        first = create(brand, campaign_name="Été Paris", objective_type="REACH")["data"]["campaign_id"]
        clock.advance(days=1)
        second = create(brand, campaign_name="Été Lyon")["data"]["campaign_id"]

        def ids(**filtering) -> list[str]:
            return [row["campaign_id"] for row in ask(brand, "campaign/get", filtering=filtering)["data"]["list"]]

        assert ids(campaign_name="paris") == [first]
        assert ids(objective_type="TRAFFIC", campaign_name="été") in ([second], [])  # accents fold on one database
        assert ids(campaign_ids=[first, UNKNOWN]) == [first]
        assert ids(creation_filter_start_time="2026-09-22 00:00:00") == [second]
        assert ids(creation_filter_end_time="2026-09-21 14:13:20") == [first]
        assert ids(objective_type="RF_REACH") == ids(buying_types=["RESERVATION_RF"]) == []
        assert ids(buying_types=["AUCTION"], campaign_type="REGULAR_CAMPAIGN") == [second, first]
        assert ids(is_smart_performance_campaign=True) == ids(split_test_enabled=True) == []
        for wrong in ({"objective_type": "SALES"}, {"primary_status": "ALL"}, {"secondary_status": "X"}):
            assert ask(brand, "campaign/get", filtering=wrong)["code"] == 40002
        assert ask(brand, "campaign/get", filtering={"campaign_ids": [str(10**18 + n) for n in range(101)]})[
            "code"
        ] == (40002)

    def test_fields_are_chosen_and_nulls_left_out(self, brand):
        create(brand)
        (row,) = ask(brand, "campaign/get", fields=["campaign_name", "budget"])["data"]["list"]
        assert row == {"campaign_name": "Été", "budget": 100.0}
        assert told(ask(brand, "campaign/get", fields=["campaign_name", "cost"])) == (40002, "fields")
        (row,) = ask(brand, "campaign/get", exclude_field_types_in_response=["NULL_FIELD"])["data"]["list"]
        assert None not in row.values()
        assert told(ask(brand, "campaign/get", page_size=1001)) == (40002, "page_size")


class TestAdGroups:
    """Made, listed, changed, switched, budgeted."""

    def test_one_is_made_and_told_back(self, brand):
        row = create_group(brand, bid_price=0.87, frequency=3.0, frequency_schedule=7)["data"]
        assert tuple(row) == adgroup_fields.FIELDS
        assert (row["budget"], row["bid_price"], row["conversion_bid_price"], row["deep_cpa_bid"]) == (50, 0.87, 0, 0)
        assert (row["bid_type"], row["frequency"], row["location_ids"]) == ("BID_TYPE_CUSTOM", 3, [FRANCE])
        assert (row["schedule_start_time"], row["schedule_end_time"]) == ("2026-09-21 15:00:00", "2036-09-21 15:00:00")
        assert row["dayparting"] == "1" * 336
        (listed,) = ask(brand, "adgroup/get")["data"]["list"]
        assert listed == row

    def test_what_the_official_sdk_sends_by_default_is_taken(self, brand):
        defaults = {
            "automated_keywords_enabled": False,
            "brand_safety_type": "NO_BRAND_SAFETY",
            "creative_material_mode": "CUSTOM",
            "ios14_targeting": "UNSET",
            "is_hfss": False,
            "is_lhf_compliance": False,
            "operation_status": "ENABLE",
            "placement_type": "PLACEMENT_TYPE_NORMAL",
            "share_disabled": False,
            "vbo_window": "SEVEN_DAYS",
            "page_size": 1000,
        }
        assert create_group(brand, **defaults)["code"] == 0

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"optimization_goal": "REACH", "billing_event": "CPM"}, "optimization_goal"),
            ({"billing_event": "CPM"}, "billing_event"),
            ({"bid_price": 51}, "bid_price"),
            ({"conversion_bid_price": 1}, "conversion_bid_price"),
            ({"budget": 19.99}, "budget"),
            ({"budget_mode": "BUDGET_MODE_TOTAL"}, "schedule_type"),
            ({"schedule_start_time": "2026-09-21 01:00:00"}, "schedule_start_time"),
            ({"schedule_start_time": "2026-09-21T15:00:00"}, "schedule_start_time"),
            ({"schedule_start_time": "2037-01-01 00:00:00"}, "schedule_start_time"),
            ({"schedule_type": "SCHEDULE_START_END"}, "schedule_end_time"),
            (
                {"schedule_type": "SCHEDULE_START_END", "schedule_end_time": "2026-09-21 14:00:00"},
                "schedule_end_time",
            ),
            ({"dayparting": "1" * 335}, "dayparting"),
            ({"frequency": 3}, "frequency_schedule"),
            ({"frequency": 3.5, "frequency_schedule": 7}, "frequency"),
            ({"frequency": 1001, "frequency_schedule": 7}, "frequency"),
            ({"click_attribution_window": "ONE_DAY"}, "view_attribution_window"),
            ({"placements": ["PLACEMENT_PANGLE"]}, "placements"),
            ({"location_ids": []}, "location_ids"),
            ({"location_ids": ["5"]}, "location_ids[0]"),
            ({"adgroup_name": "a\u202eb"}, "adgroup_name"),
            ({"pixel_id": "x"}, "pixel_id"),
            ({"catalog_id": "7001"}, "catalog_id"),
            ({"search_result_enabled": True}, "search_result_enabled"),
            ({"creative_material_mode": "SMART_CREATIVE"}, "creative_material_mode"),
            ({"deep_cpa_bid": 5}, "deep_cpa_bid"),
            ({"campaign_id": 5}, "campaign_id"),
        ],
    )
    def test_what_is_refused_names_its_field_and_leaves_nothing(self, brand, asked, field):
        made = create(brand)["data"]["campaign_id"]
        answer = create_group(brand, **{"campaign_id": made, **asked})
        assert told(answer) == (40002, field), answer
        assert ask(brand, "adgroup/quota")["data"]["used_adgroup_quota"] == 0

    @pytest.mark.parametrize(
        "missing",
        [
            *("campaign_id", "adgroup_name", "budget_mode", "budget", "schedule_type", "schedule_start_time"),
            *("optimization_goal", "billing_event", "pacing"),
        ],
    )
    def test_what_the_dialect_asks_for_is_required(self, brand, missing):
        made = create(brand)["data"]["campaign_id"]
        answer = create_group(brand, **{"campaign_id": made, missing: None})
        assert answer["message"].startswith(f"Missing required field(s): {missing}.")

    def test_a_change_keeps_what_is_not_sent(self, brand, clock):
        made = create_group(brand, frequency=3, frequency_schedule=7, bid_price=1)["data"]
        clock.advance(seconds=5)
        row = ask(
            brand,
            "adgroup/update",
            adgroup_id=made["adgroup_id"],
            gender="GENDER_FEMALE",
            bid_price=2,
            frequency=0,
            frequency_schedule=0,
        )["data"]
        assert row == {
            **made,
            "gender": "GENDER_FEMALE",
            "bid_price": 2.0,
            "frequency": None,
            "frequency_schedule": None,
            "modify_time": "2026-09-21 14:13:25",
        }
        same = ask(brand, "adgroup/update", **{name: row[name] for name in ("adgroup_id", "location_ids", "budget")})
        assert same["data"] == row
        for fixed in ({"billing_event": "OCPM"}, {"optimization_goal": "REACH"}, {"budget_mode": "BUDGET_MODE_TOTAL"}):
            answer = ask(brand, "adgroup/update", adgroup_id=made["adgroup_id"], **fixed)
            assert told(answer) == (40002, next(iter(fixed)))

    def test_under_a_shared_budget_the_budget_is_ignored_and_told_as_none(self, brand):
        shared = create(brand, budget_optimize_on=True)["data"]["campaign_id"]
        row = create_group(brand, shared, budget=5, pacing="PACING_MODE_FAST")["data"]
        assert (row["budget"], row["budget_mode"], row["pacing"]) == (0, "BUDGET_MODE_INFINITE", "PACING_MODE_SMOOTH")
        answer = create_group(brand, shared, bid_price=1)
        assert told(answer) == (40002, "bid_type")

    def test_switches_are_all_or_nothing_unless_partial(self, brand):
        ids = [
            create_group(brand, create(brand, campaign_name=n)["data"]["campaign_id"])["data"]["adgroup_id"]
            for n in "ab"
        ]
        asked = {"adgroup_ids": [ids[0], UNKNOWN, ids[1]], "operation_status": "DISABLE"}
        assert ask(brand, "adgroup/status/update", **asked)["code"] == 40007
        answer = ask(brand, "adgroup/status/update", **asked, allow_partial_success=True)
        assert (answer["code"], answer["message"].partition(":")[0]) == (20001, "Partial success")
        assert answer["data"]["adgroup_ids"] == ids
        (error,) = answer["data"]["error_list"]
        assert error["adgroup_id"] == UNKNOWN
        assert "does not exist" in error["error_message"]
        asked = {"adgroup_ids": ids, "operation_status": "ENABLE", "allow_partial_success": True}
        assert ask(brand, "adgroup/status/update", **asked)["data"] == {
            "adgroup_ids": ids,
            "status": "ENABLE",
            "error_list": [],
        }

    def test_budgets_are_set_now_and_from_midnight_on(self, brand):
        first, second = (
            create_group(brand, create(brand, campaign_name=n)["data"]["campaign_id"])["data"]["adgroup_id"]
            for n in "ab"
        )
        answer = ask(
            brand,
            "adgroup/budget/update",
            budget=[{"adgroup_id": first, "budget": 60.25}],
            scheduled_budget=[{"adgroup_id": second, "scheduled_budget": "70"}],
        )
        assert (answer["code"], answer["data"]) == (0, {})
        rows = {row["adgroup_id"]: row for row in ask(brand, "adgroup/get")["data"]["list"]}
        assert (rows[first]["budget"], rows[first]["scheduled_budget"]) == (60.25, 0)
        assert (rows[second]["budget"], rows[second]["scheduled_budget"]) == (50, 70)
        twice = [{"adgroup_id": first, "budget": 60}, {"adgroup_id": first, "budget": 70}]
        assert told(ask(brand, "adgroup/budget/update", budget=twice)) == (40002, "budget")
        assert told(ask(brand, "adgroup/budget/update")) == (40002, "budget")
        unknown = [{"adgroup_id": UNKNOWN, "budget": 60}]
        assert ask(brand, "adgroup/budget/update", budget=unknown)["code"] == 40007

    def test_the_quota_counts_what_is_not_deleted(self, brand):
        made = create_group(brand)["data"]
        assert ask(brand, "adgroup/quota")["data"] == {"total_adgroup_quota": 50_000, "used_adgroup_quota": 1}
        ask(brand, "campaign/status/update", campaign_ids=[made["campaign_id"]], operation_status="DELETE")
        assert ask(brand, "adgroup/quota")["data"]["used_adgroup_quota"] == 0

    def test_filters_of_ad_groups(self, brand):
        made = create_group(brand, bid_price=1)["data"]

        def count(**filtering) -> int:
            return ask(brand, "adgroup/get", filtering=filtering)["data"]["page_info"]["total_number"]

        for hit in (
            {"campaign_ids": [made["campaign_id"]]},
            {"adgroup_ids": [made["adgroup_id"]]},
            {"adgroup_name": "fran"},
            {"billing_events": ["CPC", "CPM"]},
            {"promotion_type": "WEBSITE"},
            {"bid_strategy": "BID_STRATEGY_COST_CAP"},
            {"objective_type": "TRAFFIC", "optimization_goal": "CLICK"},
            {"creative_material_mode": "CUSTOM", "primary_status": "STATUS_NOT_DELETE"},
            {"secondary_status": "ADGROUP_STATUS_BALANCE_EXCEED"},
        ):
            assert count(**hit) == 1, hit
        for miss in (
            {"campaign_ids": [UNKNOWN]},
            {"billing_events": ["GD"]},
            {"promotion_type": "GAME"},
            {"bid_strategy": "BID_STRATEGY_LOWEST_COST"},
            {"creative_material_mode": "SMART_CREATIVE"},
            {"primary_status": "STATUS_DELETE"},
        ):
            assert count(**miss) == 0, miss
        lost = ask(brand, "adgroup/get", filtering={"secondary_status": "ADGROUP_STATUS_ASSET_AUTHORIZATION_LOST"})
        assert lost["code"] == 40002


class TestRights:
    """Whose rows, and who may change them."""

    @pytest.mark.parametrize(("role", "may_edit"), [("operator", True), ("analyst", False), ("finance", False)])
    def test_whoever_may_not_edit_campaigns_changes_nothing(self, brand, role, may_edit):
        code = 0 if may_edit else 40001
        assert create(brand, role)["code"] == code
        made = create(brand, campaign_name="x")["data"]["campaign_id"]
        assert create_group(brand, made, role)["code"] == code
        client, advertiser_id = brand.client(role), str(brand.advertiser.id)
        answer = client.post(
            "campaign/status/update", advertiser_id=advertiser_id, campaign_ids=[made], operation_status="DISABLE"
        )
        assert answer["code"] == code
        reads = client.get("campaign/get", advertiser_id=advertiser_id)["code"]
        assert reads == (40001 if role == "finance" else 0)

    def test_anothers_campaign_is_told_like_one_that_does_not_exist(self, brand, rival):
        theirs = create(rival)["data"]["campaign_id"]
        for one in (theirs, UNKNOWN):
            assert ask(brand, "campaign/update", campaign_id=one, campaign_name="x")["code"] == 40007
            assert create_group(brand, one)["code"] == 40007
        foreign = brand.client().post(
            "campaign/create",
            advertiser_id=str(rival.advertiser.id),
            campaign_name="x",
            objective_type="REACH",
        )
        assert foreign["code"] == 40001


class TestOnce:
    """A client's ``request_id``."""

    def test_the_same_again_answers_the_same_to_the_letter(self, brand):
        first, second = create(brand, request_id="77"), create(brand, request_id="77")
        assert first["data"] == second["data"]
        assert told(create(brand, request_id="77", budget=200)) == (40050, "request_id")
        made = first["data"]["campaign_id"]
        groups = [create_group(brand, made, request_id="77")["data"] for _ in range(2)]
        assert groups[0] == groups[1]
        assert ask(brand, "adgroup/quota")["data"]["used_adgroup_quota"] == 1


@pytest.mark.django_db(transaction=True)
def test_race_of_a_hundred_creations_with_one_key_makes_one(means):
    brand = make_tenant(means, "Brand")
    answers = at_once([lambda: create(brand, request_id="77")] * 100)
    assert {answer["code"] for answer in answers} <= {0, 40202}
    assert len({answer["data"]["campaign_id"] for answer in answers if answer["code"] == 0}) == 1
    made = ask(brand, "campaign/get")["data"]
    assert made["page_info"]["total_number"] == 1
    one = made["list"][0]["campaign_id"]
    answers = at_once([lambda: create_group(brand, one, request_id="78")] * 100)
    assert {answer["code"] for answer in answers} <= {0, 40202}
    assert ask(brand, "adgroup/quota")["data"]["used_adgroup_quota"] == 1


@pytest.mark.django_db(transaction=True)
def test_race_of_programs_that_change_parts_of_one_audience_loses_nothing(means):
    """Whoever is told 0 finds their part in the end; the others are told to try again, and nothing else."""
    brand = make_tenant(means, "Brand")
    one = create_group(brand)["data"]["adgroup_id"]
    parts = [
        {"gender": "GENDER_FEMALE"},
        {"languages": ["fr"]},
        {"age_groups": ["AGE_18_24"]},
        {"operating_systems": ["IOS"]},
        {"device_price_ranges": [300, 10000]},
        {"interest_category_ids": ["1003"]},
    ]
    answers = at_once([lambda part=part: ask(brand, "adgroup/update", adgroup_id=one, **part) for part in parts])
    assert {answer["code"] for answer in answers} <= {0, 40202}
    (row,) = ask(brand, "adgroup/get")["data"]["list"]
    taken = [part for part, answer in zip(parts, answers, strict=True) if answer["code"] == 0]
    assert taken
    for part in taken:
        assert row == row | part
