"""Reports in the dialect: rows as connectors read them, by the account's clock, of one's own ads alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings

from attise.kernel.clock import to_datetime
from attise.measurement.reports.asking.metrics import METRICS
from tests.doors.marketing_api.reporting import PRICE, Ads
from tests.measurement.reports.facing import VIEWERS

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTOR = (
    *("campaign_name", "campaign_id", "adgroup_name", "adgroup_id", "ad_name", "ad_text", "currency", "objective_type"),
    *("spend", "cpc", "cpm", "impressions", "clicks", "ctr", "reach", "cost_per_1000_reached", "frequency"),
    *("conversion", "cost_per_conversion", "conversion_rate", "real_time_conversion", "result", "cost_per_result"),
    *("real_time_app_install", "app_install", "real_time_app_install_cost", "video_play_actions", "video_watched_2s"),
    *("video_watched_6s", "average_video_play", "video_views_p100", "profile_visits", "likes", "comments", "shares"),
    *("follows", "clicks_on_music_disc", "secondary_goal_result", "total_complete_payment_rate", "complete_payment"),
    *("onsite_shopping", "value_per_complete_payment", "vta_conversion", "cta_purchase", "tt_app_name", "split_test"),
)
"""What a connector asks for at once."""


@pytest.fixture
def ads(means, tmp_path, monkeypatch):
    made = Ads(means, tmp_path)
    monkeypatch.setattr(settings.HOUSE, "folder", tmp_path)
    yield made
    made.happened.close()


def test_rows_are_strings_as_a_connector_reads_them(ads):
    ads.live(ads.mine, "impression", "click", "like", "view_6s")
    ads.live(ads.mine, "impression", viewer="bob")
    ads.live(ads.other, "impression")
    ads.roll_up()
    answer = ads.report(metrics=[*CONNECTOR, "spend_micros"])
    assert (answer["code"], answer["data"]["page_info"]["total_number"]) == (0, 1)
    (row,) = answer["data"]["list"]
    assert row["dimensions"] == {"ad_id": ads.mine.names["ad_id"]}
    told = row["metrics"]
    assert list(told) == [*CONNECTOR, "spend_micros"]
    assert all(isinstance(value, str) for value in told.values())
    expected = {
        "campaign_name": "Campaign of Brand",
        "adgroup_name": "Ad group of Brand",
        "ad_name": "Ad of Brand",
        "campaign_id": ads.mine.names["campaign_id"],
        "objective_type": "TRAFFIC",
        "currency": "EUR",
        "spend": "0.25",
        "spend_micros": str(2 * PRICE),
        "impressions": "2",
        "clicks": "1",
        "ctr": "50.00",
        "cpm": "123.46",
        "reach": "2",
        "frequency": "1.00",
        "likes": "1",
        "result": "1",
        "conversion": "0",
        "cost_per_conversion": "-",
        "secondary_goal_result": "-",
        "onsite_shopping": "0",
        "tt_app_name": "-",
    }
    assert {name: told[name] for name in expected} == expected
    assert answer["data"]["revision"] > 0


def test_every_metric_is_told_at_every_level_and_with_totals(ads):
    ads.live(ads.mine, "impression", "click")
    ads.roll_up()
    for level, name in (
        ("AUCTION_ADVERTISER", "advertiser_id"),
        ("AUCTION_CAMPAIGN", "campaign_id"),
        ("AUCTION_ADGROUP", "adgroup_id"),
        ("AUCTION_AD", "ad_id"),
    ):
        answer = ads.report(
            data_level=level,
            dimensions=[name],
            metrics=list(METRICS),
            enable_total_metrics="True",
            query_lifetime="True",
        )
        (row,) = answer["data"]["list"]
        assert row["dimensions"] == {name: ads.mine.names[name]}
        assert set(row["metrics"]) == set(answer["data"]["total_metrics"]) == set(METRICS)
        assert answer["data"]["total_metrics"]["spend_micros"] == row["metrics"]["spend_micros"] == str(PRICE)


def test_days_and_hours_are_the_accounts_and_utcs_where_that_is_asked(ads, means):
    late_ms = means.clock.world_ms() // 86_400_000 * 86_400_000 + 23 * 3_600_000
    ads.live(ads.mine, "impression", decided_at_ms=late_ms)
    ads.roll_up()
    utc, paris = f"{to_datetime(late_ms):%Y-%m-%d}", f"{to_datetime(late_ms + 7_200_000):%Y-%m-%d}"
    assert utc < paris
    by_day = {"dimensions": ["ad_id", "stat_time_day"], "query_lifetime": False}
    (row,) = ads.report(**by_day, start_date=paris, end_date=paris)["data"]["list"]
    assert row["dimensions"]["stat_time_day"] == f"{paris} 00:00:00"
    assert ads.report(**by_day, start_date=utc, end_date=utc)["data"]["list"] == []
    by_hour = {**by_day, "dimensions": ["ad_id", "stat_time_hour"], "start_date": paris, "end_date": paris}
    (row,) = ads.report(**by_hour)["data"]["list"]
    assert row["dimensions"]["stat_time_hour"] == f"{paris} 01:00:00"
    in_utc = {**by_hour, "start_date": utc, "end_date": utc, "multi_adv_report_in_utc_time": "true"}
    (row,) = ads.report(**in_utc)["data"]["list"]
    assert row["dimensions"]["stat_time_hour"] == f"{utc} 23:00:00"


def test_an_audience_is_told_with_the_metrics_of_the_rest(ads, means):
    for number, who in enumerate(VIEWERS):
        ads.live(ads.mine, "impression", who=who, viewer=f"p{number}")
    ads.roll_up()
    today = f"{to_datetime(means.clock.world_ms()):%Y-%m-%d}"
    asked = {"report_type": "AUDIENCE", "query_lifetime": False, "start_date": today, "end_date": today}
    asked |= {"metrics": list(CONNECTOR), "order_field": "gender", "order_type": "ASC"}
    rows = ads.report(**asked, dimensions=["ad_id", "gender", "age"])["data"]["list"]
    assert [(row["dimensions"]["gender"], row["dimensions"]["age"], row["metrics"]["reach"]) for row in rows] == [
        ("FEMALE", "AGE_25_34", "1"),
        ("MALE", "AGE_18_24", "1"),
        ("NONE", "NONE", "1"),
    ]
    asked["order_field"] = ""
    for name, expected in (
        ("platform", {"ANDROID", "IPHONE", "PC"}),
        ("country_code", {"FR", "BE", "NONE"}),
        ("province_id", {"3012874", "-1"}),
    ):
        rows = ads.report(**asked, dimensions=["ad_id", name, "stat_time_day"])["data"]["list"]
        assert {row["dimensions"][name] for row in rows} == expected


def test_filters_keep_what_they_name_and_what_is_deleted_is_left_out(ads):
    ads.live(ads.mine, "impression")
    ads.roll_up()
    ad_id = ads.mine.names["ad_id"]

    def many(*filters: tuple[str, Any]) -> int:
        said = [{"field_name": name, "filter_type": "IN", "filter_value": json.dumps(value)} for name, value in filters]
        answer = ads.report(filtering=said)
        assert answer["code"] == 0, answer
        return answer["data"]["page_info"]["total_number"]

    assert (
        many() == many(("ad_ids", [ad_id])) == many(("ad_ids", [int(ad_id)]), ("campaign_status", ["STATUS_ALL"])) == 1
    )
    assert many(("ad_ids", [ads.other.names["ad_id"]])) == many(("adgroup_ids", ["1"])) == 0
    assert many(("objective_type", ["TRAFFIC"])) == many(("buying_type", ["AUCTION"])) == 1
    assert many(("objective_type", ["REACH"])) == many(("country_code", ["DE"])) == 0
    assert many(("country_code", ["FR", "DE"])) == 1
    gone = {"campaign_ids": [ads.mine.names["campaign_id"]], "operation_status": "DELETE"}
    client = ads.mine.tenant.client()
    assert client.post("campaign/status/update", advertiser_id=ads.mine.names["advertiser_id"], **gone)["code"] == 0
    assert many() == many(("ad_status", ["STATUS_NOT_DELETE"])) == many(("ad_status", ["STATUS_DELIVERY_OK"])) == 0
    assert many(("ad_status", ["STATUS_ALL"])) == many(("ad_status", ["STATUS_DELETE"])) == 1


def test_another_tenants_ads_are_told_to_nobody_else(ads):
    ads.live(ads.mine, "impression")
    ads.live(ads.other, "impression", "click")
    ads.roll_up()
    theirs = ads.other.names["advertiser_id"]
    for named in ({"advertiser_id": theirs}, {"advertiser_ids": [ads.mine.names["advertiser_id"], theirs]}):
        assert ads.report(**named)["code"] == 40001
    assert ads.report(bc_id=ads.other.names["bc_id"])["code"] == 40001
    for level, name in (("AUCTION_CAMPAIGN", "campaign_id"), ("AUCTION_AD", "ad_id")):
        said = [{"field_name": f"{name}s", "filter_type": "IN", "filter_value": json.dumps([ads.other.names[name]])}]
        answer = ads.report(filtering=said, data_level=level, dimensions=[name], enable_total_metrics="true")
        assert (answer["data"]["list"], answer["data"]["total_metrics"]) == ([], {})
    assert ads.report(ads.other, advertiser_id=theirs)["data"]["list"][0]["metrics"]["spend"] == "0.12"


def test_what_cannot_be_told_is_40002_and_names_the_field_or_the_pair(ads):
    ids = {"field_name": "ad_ids", "filter_type": "IN", "filter_value": "[1]"}
    days = {"query_lifetime": False, "start_date": "2026-09-01", "end_date": "2026-09-30"}
    by_day = {**days, "dimensions": ["ad_id", "stat_time_day"]}
    assert ads.report(**by_day)["code"] == 0
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("Missing required field(s): advertiser_id", {"advertiser_id": None}),
        ("Missing required field(s): data_level", {"data_level": None}),
        ("report_type: must be one of BASIC, AUDIENCE", {"report_type": "SORCERY"}),
        ("metrics: spent is not a metric", {"metrics": ["spend", "spent"]}),
        ("metrics: '; DROP TABLE ads; -- is not a metric", {"metrics": ["'; DROP TABLE ads; --"]}),
        ("dimensions: gender is not a dimension", {"dimensions": ["ad_id", "gender"]}),
        ("dimensions: campaign_id is not told at the level AUCTION_AD", {"dimensions": ["campaign_id"]}),
        ("end_date: too many days at once: the most here is 30.", {**by_day, "end_date": "2026-10-01"}),
        ("end_date: too many days at once: the most here is 365.", {**days, "end_date": "2036-09-30"}),
        ("end_date: the last day comes before", {**days, "end_date": "2026-08-31"}),
        ("start_date: a report has a first", {"query_lifetime": False}),
        ("query_lifetime: query_lifetime does not go with stat_time_day", {"dimensions": ["ad_id", "stat_time_day"]}),
        ("order_field: rows are ordered by", {"order_field": "1; SELECT 1"}),
        (
            "filtering[0].field_name: Reports are not filtered by colour",
            {"filtering": [{**ids, "field_name": "colour"}]},
        ),
        (
            "filtering[1].filter_value: must be a string that holds",
            {"filtering": [ids, {**ids, "filter_value": "[[1]]"}]},
        ),
        ("filtering[0].filter_value: must be an identifier", {"filtering": [{**ids, "filter_value": '["1 OR 1"]'}]}),
        (
            "Missing required field(s): filtering[0].filter_value",
            {"filtering": [{"field_name": "x", "filter_type": "IN"}]},
        ),
        ("page: must be a whole number from 1", {"page": 0}),
        ("page_size: must be a whole number from 1 to 1000", {"page_size": 1001}),
    ]
    for words, said in wrong:
        answer = ads.report(**said)
        assert answer["code"] == 40002, (said, answer)
        assert words in answer["message"], (words, answer["message"])


def test_a_house_where_nothing_happened_has_empty_reports(ads):
    answer = ads.report(dimensions=["ad_id"], enable_total_metrics="true", page=3)
    assert answer["data"]["list"] == []
    assert answer["data"]["page_info"] == {"page": 3, "page_size": 10, "total_number": 0, "total_page": 0}
