"""Reports as files: whose they are, how many at once, what a killed writer leaves, and what goes after a day."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from django.conf import settings

from attise.doors.site.report_files import write_csv
from attise.kernel.limits import REPORT_LIFE_MS, REPORT_TASKS
from attise.measurement.reports.actions import tasks
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.models import Task
from tests.doors.marketing_api.reporting import Ads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ads(means, tmp_path, monkeypatch):
    made = Ads(means, tmp_path)
    monkeypatch.setattr(settings.HOUSE, "folder", tmp_path)
    yield made
    made.happened.close()


def asked_for(ads: Ads, **said: Any) -> dict[str, Any]:
    body = {
        "report_type": "BASIC",
        "advertiser_id": ads.mine.names["advertiser_id"],
        "data_level": "AUCTION_AD",
        "dimensions": ["ad_id"],
        "query_lifetime": True,
        "enable_report_title_translation": False,
        **said,
    }
    return ads.mine.tenant.client("analyst").post("report/task/create", **body)


def checked(ads: Ads, task_id: str) -> str:
    client = ads.mine.tenant.client()
    answer = client.get("report/task/check", task_id=task_id, advertiser_id=ads.mine.names["advertiser_id"])
    return answer["data"]["status"]


def test_a_report_is_its_owners_and_what_cannot_be_told_is_refused_before_it_waits(ads):
    task_id = asked_for(ads)["data"]["task_id"]
    theirs = {"task_id": task_id, "advertiser_id": ads.other.names["advertiser_id"]}
    client = ads.other.tenant.client()
    for method, path in (("get", "check"), ("get", "download"), ("post", "cancel")):
        assert getattr(client, method)(f"report/task/{path}", **theirs)["code"] == 40007
        assert getattr(ads.mine.tenant.client(), method)(f"report/task/{path}", **theirs)["code"] == 40001
    assert checked(ads, task_id) == "QUEUING"
    assert asked_for(ads, metrics=["nothing"])["code"] == asked_for(ads, output_format="XLSX_STRING")["code"] == 40002
    assert Task.objects.filter(state=Task.WAITING).count() == 1


def test_a_report_on_several_is_given_to_those_alone_who_reach_each_of_them(ads):
    mine, other = (int(one.names["advertiser_id"]) for one in (ads.mine, ads.other))
    ads.live(ads.other, "impression")
    ads.roll_up()
    ids = []
    for named in ((mine, other), (mine,)):
        asked = Asked(level="AUCTION_AD", advertiser_ids=named, dimensions=("ad_id",), is_lifetime=True)
        ids.append(tasks.ask_for(ads.means, asked, advertiser_id=mine, has_titles=False, file_name=""))
        assert tasks.write_next(ads.means, settings.HOUSE, write_csv)
    assert ads.other.names["ad_id"] in tasks.path_of(settings.HOUSE, ids[0]).read_text()
    client, said = ads.mine.tenant.client(), {"advertiser_id": str(mine)}
    assert client.get("report/task/download", task_id=str(ids[0]), **said)["code"] == 40001
    assert client.get("report/task/download", task_id=str(ids[1]), **said)["data"] == "ad_id,spend,impressions\r\n"


def test_one_that_cannot_be_written_has_failed_and_those_behind_it_are_written(ads):
    ads.live(ads.mine, "impression")
    ads.roll_up()
    older, broken, sound = (asked_for(ads)["data"]["task_id"] for _ in range(3))
    row = Task.objects.get(id=older)
    row.asked = row.asked.replace('"impressions"', '"of_another_release"')
    row.save()

    def stumbles(asked, has_titles, path, is_wanted):
        raise ZeroDivisionError

    assert tasks.write_next(ads.means, settings.HOUSE, write_csv)
    with pytest.raises(ZeroDivisionError):
        tasks.write_next(ads.means, settings.HOUSE, stumbles)
    assert tasks.write_next(ads.means, settings.HOUSE, write_csv)
    assert [checked(ads, one) for one in (older, broken, sound)] == ["FAILED", "FAILED", "SUCCESS"]


def test_so_many_may_wait_and_no_more(ads):
    assert {asked_for(ads)["code"] for _ in range(REPORT_TASKS)} == {0}
    assert asked_for(ads)["code"] == 40100
    assert tasks.write_next(ads.means, settings.HOUSE, write_csv)
    assert asked_for(ads)["code"] == 0


def test_a_writer_who_is_killed_leaves_it_to_the_next_and_a_name_never_computes(ads, clock):
    ads.live(ads.mine, "impression")
    ads.roll_up()
    from attise.management.campaigns.models import Ad

    Ad.objects.update(name='=HYPERLINK("http://bad")')
    task_id = asked_for(ads, metrics=["ad_name", "cpc", "spend"])["data"]["task_id"]

    def killed(asked, has_titles, path, is_wanted):
        path.write_text("half a li")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tasks.write_next(ads.means, settings.HOUSE, killed)
    assert checked(ads, task_id) == "PROCESSING"
    assert tasks.write_next(ads.means, settings.HOUSE, write_csv)
    assert checked(ads, task_id) == "SUCCESS"
    path = tasks.path_of(settings.HOUSE, int(task_id))
    assert list(csv.reader(path.read_text().splitlines())) == [
        ["ad_id", "ad_name", "cpc", "spend"],
        [ads.mine.names["ad_id"], '\'=HYPERLINK("http://bad")', "-", "0.12"],
    ]
    assert tasks.sweep(ads.means, settings.HOUSE) == 0
    assert path.exists()
    clock.advance(seconds=REPORT_LIFE_MS // 1_000 + 1)
    assert tasks.sweep(ads.means, settings.HOUSE) > 0
    assert not path.exists()


def test_one_that_is_called_off_while_it_is_written_is_not_kept(ads):
    task_id = asked_for(ads)["data"]["task_id"]

    def cancelled_meanwhile(asked, has_titles, path, is_wanted):
        assert is_wanted()
        body = {"task_id": task_id, "advertiser_id": ads.mine.names["advertiser_id"]}
        assert ads.mine.tenant.client().post("report/task/cancel", **body)["data"] == {"status": "CANCELED"}
        assert not is_wanted()
        return write_csv(asked, has_titles, path, is_wanted)

    assert tasks.write_next(ads.means, settings.HOUSE, cancelled_meanwhile)
    assert checked(ads, task_id) == "CANCELED"
    assert not tasks.path_of(settings.HOUSE, int(task_id)).exists()
