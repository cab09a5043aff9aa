"""Reports as files: whose they are, how many at once, what a killed writer leaves, and what goes after a day."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings

from attise.doors.site.report_files import write
from attise.doors.site.sheets import workbook
from attise.kernel.clock import to_datetime
from attise.kernel.errors import Outage
from attise.kernel.limits import REPORT_LIFE_MS, REPORT_LINK_LIFE_MS, REPORT_TASKS
from attise.measurement.reports.actions import tasks
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.models import Task
from tests.doors.marketing_api.reporting import Ads
from tests.races import at_once

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
        assert tasks.write_next(ads.means, settings.HOUSE, write)
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

    def stumbles(ordered, path, is_wanted):
        raise ZeroDivisionError

    assert tasks.write_next(ads.means, settings.HOUSE, write)
    with pytest.raises(ZeroDivisionError):
        tasks.write_next(ads.means, settings.HOUSE, stumbles)
    assert tasks.write_next(ads.means, settings.HOUSE, write)
    assert [checked(ads, one) for one in (older, broken, sound)] == ["FAILED", "FAILED", "SUCCESS"]


def test_one_of_more_rows_than_a_workbook_holds_has_failed_and_is_no_bug(ads, monkeypatch):
    ads.live(ads.mine, "impression")
    ads.roll_up()
    long = asked_for(ads, output_format="XLSX_DOWNLOAD")["data"]["task_id"]
    monkeypatch.setattr(workbook, "MOST_ROWS", 0)
    assert tasks.write_next(ads.means, settings.HOUSE, write)
    assert checked(ads, long) == "FAILED"


def test_one_that_needs_more_than_there_is_holds_up_nobody_and_is_given_up_after_a_day(ads, clock):
    ads.live(ads.mine, "impression")
    ads.roll_up()
    heavy, light = (asked_for(ads)["data"]["task_id"] for _ in range(2))

    def writes(ordered, path, is_wanted):
        if checked(ads, heavy) == "PROCESSING" and checked(ads, light) != "PROCESSING":
            raise Outage("facts: out of memory")
        return write(ordered, path, is_wanted)

    with pytest.raises(Outage):
        tasks.write_next(ads.means, settings.HOUSE, writes)
    assert tasks.write_next(ads.means, settings.HOUSE, writes)
    assert [checked(ads, one) for one in (heavy, light)] == ["PROCESSING", "SUCCESS"]
    clock.advance(seconds=REPORT_LIFE_MS // 1_000 + 1)
    with pytest.raises(Outage):
        tasks.write_next(ads.means, settings.HOUSE, writes)
    assert checked(ads, heavy) == "FAILED"
    assert not tasks.write_next(ads.means, settings.HOUSE, writes)


@pytest.mark.parametrize(
    ("asked", "called"),
    [
        ("../../etc/x", "-..-etc-x.csv"),
        ("a\\b\r\nc", "a-b-c.csv"),
        ("vsc.\u202exslx", "vsc.-xslx.csv"),
        ("Été 1", "Été 1.csv"),
    ],
)
def test_a_file_is_never_called_so_that_it_lies_elsewhere(ads, asked, called):
    ads.live(ads.mine, "impression")
    ads.roll_up()
    task_id = asked_for(ads, file_name=asked, output_format="CSV_DOWNLOAD")["data"]["task_id"]
    assert tasks.write_next(ads.means, settings.HOUSE, write)
    named = {"task_id": task_id, "advertiser_id": ads.mine.names["advertiser_id"]}
    assert ads.mine.tenant.client().get("report/task/download", **named)["data"]["file_name"] == called


def test_so_many_may_wait_and_no_more(ads):
    assert {asked_for(ads)["code"] for _ in range(REPORT_TASKS)} == {0}
    assert asked_for(ads)["code"] == 40100
    assert tasks.write_next(ads.means, settings.HOUSE, write)
    assert asked_for(ads)["code"] == 0


def test_race_so_many_may_wait_however_many_ask_at_once(ads):
    answers = at_once([lambda: asked_for(ads)["code"] for _ in range(REPORT_TASKS + 8)])
    assert answers.count(0) == REPORT_TASKS
    assert Task.objects.filter(state=Task.WAITING).count() == REPORT_TASKS


def test_a_writer_who_is_killed_leaves_it_to_the_next_and_a_name_never_computes(ads, clock):
    ads.live(ads.mine, "impression")
    ads.roll_up()
    from attise.management.campaigns.models import Ad

    Ad.objects.update(name='=HYPERLINK("http://bad")')
    task_id = asked_for(ads, metrics=["ad_name", "cpc", "spend"])["data"]["task_id"]

    def killed(ordered, path, is_wanted):
        path.write_text("half a li")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tasks.write_next(ads.means, settings.HOUSE, killed)
    assert checked(ads, task_id) == "PROCESSING"
    assert tasks.write_next(ads.means, settings.HOUSE, write)
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

    def cancelled_meanwhile(ordered, path, is_wanted):
        assert is_wanted()
        body = {"task_id": task_id, "advertiser_id": ads.mine.names["advertiser_id"]}
        assert ads.mine.tenant.client().post("report/task/cancel", **body)["data"] == {"status": "CANCELED"}
        assert not is_wanted()
        return write(ordered, path, is_wanted)

    assert tasks.write_next(ads.means, settings.HOUSE, cancelled_meanwhile)
    assert checked(ads, task_id) == "CANCELED"
    assert not tasks.path_of(settings.HOUSE, int(task_id)).exists()


def opened(content: bytes) -> tuple[list[list[Any]], str]:
    """Return the cells of a workbook's one page, read back from its parts, and that page's XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    space = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    rows = ET.fromstring(page).iterfind(".//s:row", space)

    def value(cell: ET.Element) -> Any:
        text = "".join(part.text or "" for part in cell.iter() if part.tag.endswith(("}t", "}v")))
        return text if cell.get("t") else float(text)

    return [[value(cell) for cell in row] for row in rows], page


def test_a_workbook_is_taken_by_a_link_of_an_hour_and_its_figures_are_numbers(ads, clock, client):
    from attise.management.campaigns.models import Ad

    ads.live(ads.mine, "impression", "click")
    ads.roll_up()
    Ad.objects.update(name="=1+1")
    said = {"dimensions": ["ad_id", "stat_time_day"], "metrics": ["ad_name", "spend", "ctr", "clicks", "cost_per_like"]}
    assert asked_for(ads, **said, output_format="XLSX_DOWNLOAD")["code"] == 40002  # there is no such metric
    said |= {"metrics": ["ad_name", "spend", "ctr", "clicks", "cost_per_follow"], "query_lifetime": False}
    day = f"{to_datetime(clock.world_ms()):%Y-%m-%d}"
    said |= {"start_date": day, "end_date": day}
    task_id = asked_for(ads, **said, output_format="XLSX_DOWNLOAD", file_name="Été")["data"]["task_id"]
    assert tasks.write_next(ads.means, settings.HOUSE, write)
    api, mine = ads.mine.tenant.client(), {"advertiser_id": ads.mine.names["advertiser_id"], "task_id": task_id}
    given = api.get("report/task/download", **mine)["data"]
    assert (given["output_format"], given["file_name"]) == ("XLSX_DOWNLOAD", "Été.xlsx")
    path = given["download_url"].removeprefix("http://testserver")
    answer = client.get(path)
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    rows, page = opened(b"".join(answer.streaming_content))
    assert rows == [
        ["ad_id", "stat_time_day", "ad_name", "spend", "ctr", "clicks", "cost_per_follow"],
        [ads.mine.names["ad_id"], f"{day} 00:00:00", "=1+1", 0.12, 100.0, 1.0],
    ]
    assert "<f>" not in page
    head, _, signature = path.rpartition(".")
    other = f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    assert {client.get(one).status_code for one in (other, path + "0", "/rapports/fichiers/x")} == {404}
    assert client.post(path).status_code == 405
    clock.advance(seconds=REPORT_LINK_LIFE_MS // 1_000)
    assert client.get(path).status_code == 404


def test_a_csv_by_a_link_is_the_csv_that_is_taken_as_it_is(ads, client):
    ads.live(ads.mine, "impression")
    ads.roll_up()
    mine = {"advertiser_id": ads.mine.names["advertiser_id"]}
    ids = [asked_for(ads, output_format=one)["data"]["task_id"] for one in ("CSV_STRING", "CSV_DOWNLOAD")]
    while tasks.write_next(ads.means, settings.HOUSE, write):
        pass
    plain, linked = (ads.mine.tenant.client().get("report/task/download", **mine, task_id=one) for one in ids)
    found = client.get(linked["data"]["download_url"].removeprefix("http://testserver"))
    assert b"".join(found.streaming_content).decode() == plain["data"]
