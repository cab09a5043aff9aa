"""The official SDK reads reports, its host alone changed: what it adds up is what ``attise verify reports`` counts."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import business_api_client as sdk
import pytest

from attise.kernel.clock import to_datetime
from attise.management.accounts.payer import payer_of
from attise.measurement.reports.recount import recount
from tests.doors.marketing_api.reporting import PRICE, Ads
from tests.measurement.reports.facing import VIEWERS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ads(means, tmp_path, monkeypatch):
    made = Ads(means, tmp_path)
    monkeypatch.setattr("attise.doors.marketing_api.report.settings", SimpleNamespace(HOUSE=made.house))
    yield made
    made.happened.close()


def test_the_sdk_adds_up_to_what_was_charged(ads, live_server, clock):
    # 1. Two brands' ads are met by several people over two days; one of the brands asks.
    for number, (who, viewer) in enumerate(itertools.product(VIEWERS, ("ann", "bob", ""))):
        ads.live(ads.mine, "impression", *(("click", "like") if number % 3 else ()), who=who, viewer=viewer)
        ads.live(ads.other, "impression", who=who, viewer=viewer)
        clock.advance(seconds=4 * 3_600)
    ads.roll_up()
    configuration = sdk.Configuration()
    configuration.host = live_server.url
    api = sdk.ReportingApi(sdk.ApiClient(configuration))
    token = ads.mine.tenant.tokens["analyst"]

    def read(**asked: Any) -> dict[str, Any]:
        said = {"report_type": "BASIC", "data_level": "AUCTION_AD", "advertiser_id": ads.mine.names["advertiser_id"]}
        metrics = ["spend", "spend_micros", "impressions", "clicks", "likes", "reach"]
        said |= {"metrics": metrics, "page_size": 4, **asked}
        return api.report_integrated_get(access_token=token, **said)["data"]

    # 2. In all, page by page by day, and by who was reached: the same sums.
    whole = read(dimensions=["ad_id"], query_lifetime=True, enable_total_metrics=True)
    assert whole["list"][0]["metrics"] == whole["total_metrics"]
    assert {**whole["total_metrics"]} == {
        "spend": f"{9 * PRICE / 1e6:.2f}",
        "spend_micros": str(9 * PRICE),
        "impressions": "9",
        "clicks": "6",
        "likes": "6",
        "reach": "5",
    }
    span = {"start_date": f"{to_datetime(clock.world_ms() - 3 * 86_400_000):%Y-%m-%d}"}
    span["end_date"] = f"{to_datetime(clock.world_ms() + 86_400_000):%Y-%m-%d}"
    for report_type, dimensions in (
        ("BASIC", ["ad_id", "stat_time_day"]),
        ("AUDIENCE", ["ad_id", "gender", "age", "stat_time_day"]),
        ("AUDIENCE", ["ad_id", "country_code"]),
    ):
        rows: list[dict[str, Any]] = []
        for page in itertools.count(1):
            data = read(report_type=report_type, dimensions=dimensions, page=page, order_field="spend", **span)
            rows += data["list"]
            if len(rows) >= data["page_info"]["total_number"]:
                break
        for name in ("spend_micros", "impressions", "clicks", "likes"):
            added = sum(int(row["metrics"][name]) for row in rows)
            assert added == int(whole["total_metrics"][name]), (dimensions, name)

    # 3. Both brands together are what is charged, and what the ledger holds.
    theirs = {"advertiser_id": ads.other.names["advertiser_id"]}
    token = ads.other.tenant.tokens["analyst"]
    other = read(dimensions=["ad_id"], query_lifetime=True, **theirs)["list"][0]["metrics"]
    verdict = recount(ads.house, payer_of=payer_of)
    assert verdict.difference is None
    told = [int(metrics["spend_micros"]) for metrics in (whole["total_metrics"], other)]
    assert verdict.spent_micros == sum(told) == 18 * PRICE
