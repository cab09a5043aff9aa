"""Read-only clients in the wild: each asks in its own shape, and loops and casts as its own code does."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import business_api_client as sdk
import pytest
from django.conf import settings

from attise.doors.site.report_files import write
from attise.kernel.clock import to_datetime
from attise.management.posts.models import Comment
from attise.management.posts.queries import get_post
from attise.measurement.reports.actions import tasks
from attise.measurement.reports.models import Task
from tests.doors.marketing_api.conftest import Dialect
from tests.doors.marketing_api.reporting import PRICE, Ads
from tests.doors.marketing_api.worlds import a_comment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ads(means, tmp_path, monkeypatch):
    made = Ads(means, tmp_path)
    monkeypatch.setattr(settings.HOUSE, "folder", tmp_path)
    made.live(made.mine, "impression", "click", "view_6s")
    made.live(made.mine, "impression", viewer="bob")
    made.live(made.other, "impression")
    made.roll_up()
    yield made
    made.happened.close()


def test_read_only_clients_get_what_they_ask_for(ads, means, live_server):
    """One house for all of them: it is what takes time."""
    client, mine = ads.mine.tenant.client("analyst"), ads.mine.names
    _an_elt_source_reads_every_stream(client, mine, means)
    _a_tap_reads_until_it_has_what_was_promised(client, mine, means)
    _a_wrapper_takes_identities_posts_and_a_report_as_a_file(ads, client, mine, means)
    _an_assistant_reads_accounts_centers_and_what_is_said_under_posts(ads, client, mine, means)
    _every_type_of_report_answers(ads, client, mine, means)
    _the_sdk_has_its_own_calls_for_these(ads, mine, live_server)


def day_of(means: Any, before: int = 0) -> str:
    return f"{to_datetime(means.clock.world_ms() - before * 86_400_000):%Y-%m-%d}"


def _an_elt_source_reads_every_stream(client, mine, means):
    """It counts pages from 1 and sends none at first, leaves lists bare, adds names of its own, and casts ids."""

    def stream(path: str, *, inside: str = "list", size: int | None = None, **said: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        paged = {} if size is None else {"page_size": size}
        page: dict[str, int] = {}
        while True:
            answer = client.get(path, **{"advertiser_id": mine["advertiser_id"], **paged, **page, **said})
            assert answer["code"] == 0, (path, answer)
            got = answer["data"][inside]
            rows += got
            if size is None or len(got) < size:
                return rows
            page = {"page": page.get("page", 1) + 1}

    levels = {"CAMPAIGN": "campaign", "ADGROUP": "adgroup", "AD": "ad"}
    for word, path in levels.items():
        wish = {"secondary_status": f"{word}_STATUS_ALL"}
        (row,) = stream(f"{path}/get", size=1000, filtering=wish, filters="{}", lifetime="true")
        assert int(row[f"{path}_id"]) == int(mine[f"{path}_id"])
        assert row["create_time"] <= row["modify_time"]  # what it reads on from
    (account,) = stream("advertiser/info", size=100, advertiser_ids=[mine["advertiser_id"]])
    assert int(account["advertiser_id"]) > 0
    (video,) = stream("file/video/ad/search", size=100)
    (image,) = stream("file/image/ad/search", size=100)
    assert (video["video_id"], image["image_id"]) == (mine["video_id"], mine["image_ids"])
    (post,) = stream("tt_video/list", size=50)
    assert post["item_info"]["item_id"] == mine["item_id"]
    (pixel,) = stream("pixel/list", inside="pixels", size=20)
    assert pixel["pixel_id"] == mine["pixel_id"]
    days = f'{{"start_date":{day_of(means, 20)},"end_date":{day_of(means)}}}'  # not quite JSON, as it sends them
    (counted,) = stream("pixel/event/stats", pixel_ids=mine["pixel_id"], date_range=days)
    assert counted == {"pixel_id": mine["pixel_id"], "statistics": []}
    for path, inside in (
        ("pixel/instant_page/event", "list"),
        ("dmp/custom_audience/list", "list"),
        ("creative/portfolio/list", "creative_portfolios"),
        ("file/music/get", "musics"),
    ):
        assert stream(path, inside=inside, size=100) == []
    span = {"start_date": day_of(means, 29), "end_date": day_of(means)}
    for level, word in (("ADVERTISER", "advertiser"), ("AD", "ad")):
        for kind, more, asked in (
            ("BASIC", ["stat_time_day"], span),
            ("BASIC", ["stat_time_hour"], {**span, "start_date": span["end_date"]}),
            ("BASIC", [], {"query_lifetime": "true"}),
            ("BASIC", ["country_code"], span),
            ("AUDIENCE", ["gender", "age"], span),
            ("AUDIENCE", ["country_code"], span),
            ("AUDIENCE", ["platform"], span),
            ("AUDIENCE", ["province_id"], span),
        ):
            rows = stream(
                "report/integrated/get",
                size=1000,
                report_type=kind,
                data_level=f"AUCTION_{level}",
                dimensions=[f"{word}_id", *more],
                metrics=["spend", "impressions", "result", "real_time_result", "secondary_goal_result"],
                filtering=[{"field_name": f"{word}_status", "filter_type": "IN", "filter_value": '["STATUS_ALL"]'}]
                if word != "advertiser"
                else [],
                service_type="AUCTION",
                **asked,
            )
            assert sum(int(row["metrics"]["impressions"]) for row in rows) == 2, (level, kind, more)


def _a_tap_reads_until_it_has_what_was_promised(client, mine, means):
    """It calls without a slash first, prints its JSON, adds metrics to dimensions, and loops by ``total_number``."""
    whole = client.whole(client.client.get("/open_api/v1.3/user/info", headers=client.headers()))
    assert (whole["message"], whole["code"]) == ("OK", 0)
    for path in ("campaign", "adgroup", "ad"):
        for said, many in (({"page_size": 1}, 1), ({"filtering": {"primary_status": "STATUS_DELETE"}}, 0)):
            answer = client.get(f"{path}/get", advertiser_id=mine["advertiser_id"], **said)
            assert answer["data"]["page_info"]["total_number"] == many
    printed = quote(json.dumps([mine["advertiser_id"]], indent=2))
    answer = client.raw("GET", f"/open_api/v1.3/advertiser/info/?advertiser_ids={printed}")
    assert answer["data"]["list"][0]["advertiser_id"] == mine["advertiser_id"]
    records: list[dict[str, str]] = []
    for page in range(1, 100):
        data = client.get(
            "report/integrated/get",
            advertiser_id=mine["advertiser_id"],
            report_type="BASIC",
            service_type="AUCTION",
            data_level="AUCTION_AD",
            lifetime="false",
            dimensions=["ad_id", "stat_time_day"],
            metrics=["advertiser_id", "campaign_id", "adgroup_id", "spend", "tt_app_id", "vta_conversion"],
            start_date=day_of(means, 29),
            end_date=day_of(means),
            page=page,
            page_size=1000,
        )["data"]
        records += [{**row["metrics"], **row["dimensions"]} for row in data["list"]]
        if len(records) >= data["page_info"]["total_number"]:
            break
    (record,) = sorted(records, key=lambda one: one["stat_time_day"])
    names = ("advertiser_id", "campaign_id", "adgroup_id", "ad_id")
    assert {name: record[name] for name in names} == {name: mine[name] for name in names}
    assert float(record["spend"]) == round(2 * PRICE / 1e6, 2)


def _a_wrapper_takes_identities_posts_and_a_report_as_a_file(ads, client, mine, means):
    found = client.get("identity/get", advertiser_id=mine["advertiser_id"], page_size=100)["data"]["identity_list"]
    (granted,) = [one for one in found if one["identity_type"] == "AUTH_CODE"]
    named = {
        "advertiser_id": mine["advertiser_id"],
        "identity_id": granted["identity_id"],
        "identity_type": "AUTH_CODE",
    }
    (post,) = client.get("identity/video/get", **named, count=20)["data"]["video_list"]
    told = client.get("identity/video/info", **named, item_id=post["item_id"])["data"]["video_detail"]
    assert told["item_id"] == post["item_id"] == mine["item_id"]
    manager = ads.mine.tenant.client()
    of = {"advertiser_id": mine["advertiser_id"]}
    task = manager.post(
        "report/task/create",
        **of,
        report_type="BASIC",
        data_level="AUCTION_AD",
        dimensions=["ad_id"],
        metrics=["spend", "clicks"],
        query_lifetime=True,
        output_format="CSV_STRING",
        file_name=" ",
    )["data"]
    assert manager.get("report/task/check", **of, **task)["data"]["status"] in ("QUEUING", "SUCCESS")
    Task.objects.exclude(id=task["task_id"]).delete()
    assert tasks.write_next(means, settings.HOUSE, write)
    assert manager.get("report/task/check", **of, **task)["data"]["status"] == "SUCCESS"
    text = manager.get("report/task/download", **of, **task)["data"]
    assert text.splitlines()[1].split(",") == [mine["ad_id"], "0.25", "1"]


def _an_assistant_reads_accounts_centers_and_what_is_said_under_posts(ads, client, mine, means):
    tenant = ads.mine.tenant
    known = client.get("oauth2/advertiser/get", app_id=tenant.app_id, secret=tenant.app_secret)["data"]["list"]
    assert [one["advertiser_id"] for one in known] == [mine["advertiser_id"]]
    (center,) = client.get("bc/get")["data"]["list"]
    assert center["bc_info"]["bc_id"] == mine["bc_id"]
    owned = tenant.client().get("bc/asset/get", bc_id=mine["bc_id"], asset_type="ADVERTISER")["data"]["list"]
    assert [one["asset_id"] for one in owned] == [mine["advertiser_id"]]
    post = get_post(int(mine["item_id"]))
    Comment.objects.filter(post_id=post.id).delete()
    said = [
        a_comment(means, post.id, f"Comment {number}", state="hidden" if number == 1 else "shown")
        for number in range(5)
    ]
    app = Dialect(ads.mine.creator_token)
    of = {"business_id": post.creator_id, "video_id": post.id}
    read: list[dict[str, Any]] = []
    cursor, more = 0, True
    while more:
        data = app.get(
            "business/comment/list", **of, max_count=2, cursor=cursor, sort_field="create_time", sort_order="desc"
        )["data"]
        read, cursor, more = [*read, *data["comments"]], data["cursor"], data["has_more"]
    assert [one["comment_id"] for one in read] == [str(one.id) for one in reversed(said)]
    assert [one["status"] for one in read].count("HIDDEN") == 1
    rising = app.get("business/comment/list", **of, status="PUBLIC", sort_order="asc", max_count=30)["data"]
    assert [one["text"] for one in rising["comments"]] == ["Comment 0", "Comment 2", "Comment 3", "Comment 4"]
    picked = app.get("business/comment/list", **of, comment_ids=[said[1].id, 1], include_replies="true")["data"]
    assert [one["comment_id"] for one in picked["comments"]] == [str(said[1].id)]
    replies = app.get("business/comment/reply/list", **of, comment_id=said[0].id)["data"]
    assert replies == {"comments": [], "cursor": 0, "has_more": False}
    for wrong, code in (
        ({"video_id": ads.other.names["item_id"]}, 40007),
        ({"business_id": ads.other.names["business_id"]}, 40001),
        ({"max_count": 31}, 40002),
        ({"status": "SECRET"}, 40002),
        ({"cursor": -1}, 40002),
    ):
        assert app.get("business/comment/list", **{**of, **wrong})["code"] == code, wrong
    assert app.get("business/comment/reply/list", **of, comment_id=1)["code"] == 40007


def _every_type_of_report_answers(ads, client, mine, means):
    """Of a whole Business Center from what was delivered; of products that are left out nothing, in the usual shape."""
    span = {"start_date": day_of(means, 2), "end_date": day_of(means)}
    of_center = {"report_type": "BC", "bc_id": mine["bc_id"], **span}
    metrics = ["spend_micros", "currency", "timezone", "advertiser_name"]
    data = client.get("report/integrated/get", **of_center, dimensions=["advertiser_id"], metrics=metrics)["data"]
    (row,) = data["list"]
    assert row["metrics"] == {
        "spend_micros": str(2 * PRICE),
        "currency": "EUR",
        "timezone": "Europe/Paris",
        "advertiser_name": "Brand Ads",
    }
    by_day = client.get("report/integrated/get", **of_center, dimensions=["stat_time_day", "country_code"])["data"]
    assert sum(int(row["metrics"]["impressions"]) for row in by_day["list"]) == 2
    assert (
        client.get(
            "report/integrated/get", **{**of_center, "bc_id": ads.other.names["bc_id"]}, dimensions=["advertiser_id"]
        )["code"]
        == 40001
    )
    missing = client.get("report/integrated/get", report_type="BC", **span, dimensions=["advertiser_id"])
    assert (missing["code"], missing["message"][:33]) == (40002, "Missing required field(s): bc_id.")
    of = {"advertiser_id": mine["advertiser_id"], **span}
    for kind, dimensions in (
        ("PLAYABLE_MATERIAL", ["playable_id", "country_code"]),
        ("CATALOG", ["catalog_id", "stat_time_day"]),
        ("TT_SHOP", ["store_id", "campaign_id"]),
    ):
        asked = {**of, "report_type": kind, "dimensions": dimensions, "metrics": ["spend", "gross_revenue"]}
        answer = client.get("report/integrated/get", **asked, data_level="AUCTION_CAMPAIGN", page=2)
        assert answer["data"]["list"] == [], answer
        assert answer["data"]["page_info"] == {"page": 2, "page_size": 10, "total_number": 0, "total_page": 0}
        for wrong in ({"dimensions": ["gender"]}, {"metrics": ["'; DROP TABLE ads; --"]}, {"end_date": "2020-01-01"}):
            assert (
                client.get("report/integrated/get", **{**asked, **wrong}, data_level="AUCTION_CAMPAIGN")["code"]
                == 40002
            )


def _the_sdk_has_its_own_calls_for_these(ads, mine, live_server):
    configuration = sdk.Configuration()
    configuration.host = live_server.url
    program, token = sdk.ApiClient(configuration), ads.mine.tenant.tokens["analyst"]
    audiences = sdk.AudienceApi(program)
    found = audiences.dmp_custom_audience_list(mine["advertiser_id"], token, page=1, page_size=100)["data"]
    assert found == {"list": [], "page_info": {"page": 1, "page_size": 100, "total_number": 0, "total_page": 0}}
    assert audiences.dmp_custom_audience_get(mine["advertiser_id"], ["1"], token)["data"] == {"list": []}
    reports = sdk.ReportingApi(program)
    rows = reports.report_integrated_get(
        access_token=token,
        report_type="BC",
        bc_id=mine["bc_id"],
        dimensions=["advertiser_id"],
        metrics=["spend_micros"],
        query_lifetime=False,
        start_date="2026-01-01",
        end_date="2026-12-31",
    )["data"]["list"]
    assert [row["metrics"] for row in rows] == [{"spend_micros": str(2 * PRICE)}]
