"""The official SDK reads reports, its host alone changed: what it adds up is what ``attise verify reports`` counts."""

from __future__ import annotations

import csv
import itertools
import json
import urllib.request
from typing import Any

import business_api_client as sdk
import pytest
from django.conf import settings

from attise.doors.site.report_files import write
from attise.kernel.clock import to_datetime
from attise.management.accounts.payer import payer_of
from attise.measurement.reports.actions import tasks
from attise.measurement.reports.recount import recount
from tests.doors.marketing_api.reporting import PRICE, Ads
from tests.measurement.reports.facing import VIEWERS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ads(means, tmp_path, monkeypatch):
    made = Ads(means, tmp_path)
    monkeypatch.setattr(settings.HOUSE, "folder", tmp_path)
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


def test_the_sdk_has_a_report_written_and_takes_it(ads, live_server, means):
    for viewer in ("ann", "bob", ""):
        ads.live(ads.mine, "impression", "click", viewer=viewer)
        ads.live(ads.other, "impression", viewer=viewer)
    ads.roll_up()
    configuration = sdk.Configuration()
    configuration.host = live_server.url
    api, token = sdk.ReportingApi(sdk.ApiClient(configuration)), ads.mine.tenant.tokens["analyst"]
    mine = ads.mine.names["advertiser_id"]
    asked = {"report_type": "AUDIENCE", "data_level": "AUCTION_AD", "dimensions": ["ad_id", "stat_time_day", "age"]}
    asked |= {"metrics": ["ad_name", "spend", "impressions", "reach", "cpc", "conversion_rate"]}
    day = f"{to_datetime(means.clock.world_ms()):%Y-%m-%d}"
    span = {"start_date": day, "end_date": day}

    def download(task_id: str) -> tuple[str, str]:
        address = f"{live_server.url}/open_api/v1.3/report/task/download/?task_id={task_id}&advertiser_id={mine}"
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Access-Token": token})) as answer:
            return answer.headers["Content-Type"], answer.read().decode()

    # 1. It is asked for, and waits for the worker; nobody can take it yet.
    body = sdk.ReportTaskCreateBody(advertiser_id=mine, **asked, **span)
    task_id = api.report_task_create(token, body=body)["data"]["task_id"]
    assert api.report_task_check(task_id, mine, token)["data"] == {"status": "QUEUING", "message": ""}
    assert json.loads(download(task_id)[1])["code"] == 40201

    # 2. The worker writes it; it says the same as the report that is answered at once.
    assert tasks.write_next(means, settings.HOUSE, write)
    assert not tasks.write_next(means, settings.HOUSE, write)
    assert api.report_task_check(task_id, mine, token)["data"]["status"] == "SUCCESS"
    content_type, text = download(task_id)
    header, *rows = csv.reader(text.splitlines())
    assert content_type == "text/csv; charset=utf-8"
    assert header == ["Ad ID", "By Day", "Age", "Ad Name", "Spend", "Impressions", "Reach", "CPC", "Conversion Rate"]
    told = api.report_integrated_get(access_token=token, advertiser_id=mine, **asked, **span)["data"]["list"]
    assert rows == [[*row["dimensions"].values(), *row["metrics"].values()] for row in told]
    assert rows[0][3:] == ["Ad of Brand", "0.37", "3", "3", "0.12", "0.00"]

    # 3. Another one is called off before its turn, and is never written.
    body = sdk.ReportTaskCreateBody(advertiser_id=mine, **asked, **span, enable_report_title_translation=False)
    other = api.report_task_create(token, body=body)["data"]["task_id"]
    cancelled = sdk.TaskCancelBody(task_id=other, advertiser_id=mine)
    assert api.report_task_cancel(token, body=cancelled)["data"] == {"status": "CANCELED"}
    assert not tasks.write_next(means, settings.HOUSE, write)
    assert json.loads(download(other)[1])["code"] == 40002
