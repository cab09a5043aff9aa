"""Reports of programs: kept, run part by part with the totals of all, given as files, each refusal naming its field."""

from __future__ import annotations

import csv
import io

import pytest
from django.conf import settings

from attise.doors.site.own_reports import files
from attise.doors.site.report_files import write
from attise.kernel.limits import REPORT_TASKS
from attise.management.accounts import actions as accounts
from attise.management.saved_reports.models import Report
from attise.measurement.reports.actions import tasks
from tests.doors.marketing_api.reporting import PRICE, Ads
from tests.doors.native_api.conftest import Host
from tests.measurement.reports.facing import VIEWERS

pytestmark = pytest.mark.django_db(transaction=True)
WRITTEN = "/v1/advertisers/{advertiser_id}/reports/{report_id}/files"
PLAN = {
    "level": "ad",
    "dimensions": ["country_code"],
    "metrics": ["spend_micros", "impressions", "ctr"],
    "period": "7_days",
}


@pytest.fixture
def ads(means, tmp_path, monkeypatch):
    made = Ads(means, tmp_path)
    for number, who in enumerate(VIEWERS):
        made.live(made.mine, "impression", who=who, viewer=f"v{number}")
    made.roll_up()
    monkeypatch.setattr(settings.HOUSE, "folder", tmp_path)
    yield made
    made.happened.close()


def test_a_program_keeps_runs_changes_and_deletes_a_report(ads, monkeypatch):
    host = Host(accounts.make_host_key(ads.means, name="app")[1])
    here = f"/v1/advertisers/{ads.mine.tenant.advertiser.id}/reports"
    other = f"/v1/advertisers/{ads.other.tenant.advertiser.id}/reports"
    made = host.post(here, {"name": "Countries", "plan": PLAN})
    assert made.status_code == 201, made.content
    one = f"{here}/{made.json()['report_id']}"
    assert host.get(one).json() == made.json() == host.get(here).json()["items"][0]
    assert host.get(f"{other}/{made.json()['report_id']}").status_code == 404
    seen, cursor, totals = [], None, None
    while True:
        part = host.get(f"{one}/rows?limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
        seen, cursor = [*seen, *part["items"]], part["next_cursor"]
        totals = part["totals"]
        if cursor is None:
            break
    assert len(seen) == part["rows"] == len({row["dimensions"]["country_code"] for row in seen})
    assert sum(int(row["metrics"]["impressions"]) for row in seen) == int(totals["impressions"]) == len(VIEWERS)
    assert "ad_name" in seen[0]["metrics"]
    assert "ad_name" not in totals, "a name is not added up"
    assert int(totals["spend_micros"]) == PRICE * len(VIEWERS)
    for form in ("csv", "csv_fr", "xlsx", "parquet"):
        assert host.get(f"{one}/file?format={form}").status_code == 200
    lines = csv.DictReader(io.StringIO(b"".join(host.get(f"{one}/file").streaming_content).decode("utf-8-sig")))
    assert sum(int(line["impressions"]) for line in lines) == len(VIEWERS)
    monkeypatch.setattr(files, "ROWS_AT_ONCE_CSV", 0)
    long = host.get(f"{one}/file")
    assert (long.status_code, long.json()["error"]["code"]) == (422, "report_file_long")
    asked = host.post(f"{one}/files", {"format": "csv"}).json()
    where = f"{here.removesuffix('reports')}report-files/{asked['report_file_id']}"
    early = host.get(f"{where}/content")
    assert (asked["state"], early.status_code) == ("waiting", 422)
    assert (early.json()["error"]["code"], early.json()["error"]["field"]) == (
        "report_file_not_written",
        "report_file_id",
    )
    for end in ("", "/content"):
        strange = host.get(f"{other.removesuffix('reports')}report-files/{asked['report_file_id']}{end}")
        assert (strange.status_code, strange.json()["error"]["field"]) == (404, "report_file_id")
    while tasks.write_next(ads.means, settings.HOUSE, write):
        pass
    assert host.get(where).json()["state"] == "done"
    written = csv.DictReader(io.StringIO(b"".join(host.get(f"{where}/content").streaming_content).decode("utf-8-sig")))
    assert sum(int(line["impressions"]) for line in written) == len(VIEWERS)
    changed = host.patch(one, {"name": "All", "plan": {**PLAN, "countries": ["FR"]}})
    assert (changed.json()["name"], changed.json()["plan"]["countries"]) == ("All", ["FR"])
    assert host.delete(one).json() == {"removed": True}
    assert host.get(one).status_code == 404


def test_so_many_files_are_written_at_a_time_and_more_are_told_to_come_later(ads):
    host = Host(accounts.make_host_key(ads.means, name="app")[1])
    here = f"/v1/advertisers/{ads.mine.tenant.advertiser.id}/reports"
    one = f"{here}/{host.post(here, {'name': 'Countries', 'plan': PLAN}).json()['report_id']}/files"
    assert {host.post(one, {}).status_code for _ in range(REPORT_TASKS)} == {201}
    more = host.post(one, {})
    assert (more.status_code, more.json()["error"]["code"]) == (429, "report_tasks")
    assert int(more.headers["Retry-After"]) > 0
    assert "429" in host.get("/v1/openapi.json").json()["paths"][WRITTEN]["post"]["responses"]


def test_what_cannot_be_told_names_its_field(ads):
    host = Host(accounts.make_host_key(ads.means, name="app")[1])
    here = f"/v1/advertisers/{ads.mine.tenant.advertiser.id}/reports"
    for wrong, field, status in (
        ({"metrics": ["nothing_of_ours"]}, "plan.metrics", 422),
        ({"metrics": []}, "plan.metrics", 422),
        ({"metrics": ["spend"] * 3, "dimensions": ["stat_time_hour", "age"]}, "plan.dimensions", 422),
        ({"dimensions": ["ad_id"]}, "plan.dimensions", 422),
        ({"period": "dates", "start_date": "2016-01-01", "end_date": "2026-01-01"}, "plan.end_date", 422),
        ({"period": "dates", "start_date": "2026-01-02", "end_date": "2026-01-01"}, "plan.end_date", 422),
        ({"period": "dates", "end_date": "2026-01-01"}, "plan.start_date", 422),
        ({"period": "ever"}, "plan.period", 422),
        ({"level": "planet"}, "plan.level", 422),
        ({"campaign_ids": [ads.other.names["campaign_id"]]}, "plan.campaign_ids", 404),
        ({"countries": ["ZZ"]}, "plan.countries", 422),
        ({"order_field": "likes"}, "plan.order_field", 422),
    ):
        answer = host.post(here, {"name": "Wrong", "plan": {**PLAN, **wrong}})
        assert (answer.status_code, answer.json()["error"]["field"]) == (status, field), wrong
    assert host.get(here).json()["items"] == []


def test_on_behalf_of_a_member_a_program_changes_what_that_member_may(ads):
    host = Host(accounts.make_host_key(ads.means, name="app")[1])
    people = ads.mine.tenant.people
    here = f"/v1/advertisers/{ads.mine.tenant.advertiser.id}/reports"
    author, other = (str(people[role].id) for role in ("operator", "analyst"))
    made = host.post(here, {"name": "Countries", "plan": PLAN, "person_id": author}).json()
    assert made["made_by"] == f"person:{author}"
    one = f"{here}/{made['report_id']}"
    for refused in (
        host.patch(one, {"name": "Mine", "person_id": other}),
        host.delete(f"{one}?person_id={other}"),
    ):
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "saved_report_of_another")
    finance = host.patch(one, {"name": "Mine", "person_id": str(people["finance"].id)})
    assert (finance.status_code, finance.json()["error"]["field"]) == (422, "person_id")
    stranger = host.patch(one, {"name": "Mine", "person_id": str(ads.other.tenant.people["admin"].id)})
    assert stranger.status_code == 404
    own = host.post(here, {"name": "Own", "plan": PLAN, "person_id": other}).json()["report_id"]
    assert host.patch(f"{here}/{own}", {"name": "Still own", "person_id": other}).status_code == 200
    for person_id in (author, str(people["admin"].id), None):
        assert host.patch(one, {"name": f"By {person_id}", "person_id": person_id}).status_code == 200
    assert host.delete(f"{one}?person_id={author}").status_code == 200


def test_a_plan_that_cannot_be_read_is_told_and_leaves_the_list_whole(ads):
    host = Host(accounts.make_host_key(ads.means, name="app")[1])
    here = f"/v1/advertisers/{ads.mine.tenant.advertiser.id}/reports"
    lost, whole = (host.post(here, {"name": name, "plan": PLAN}).json() for name in ("Lost", "Whole"))
    Report.objects.filter(id=lost["report_id"]).update(plan="{")
    told = {one["name"]: one["plan"] for one in host.get(here).json()["items"]}
    assert (told["Lost"], told["Whole"]) == (None, whole["plan"])
    one = f"{here}/{lost['report_id']}"
    assert host.get(one).json()["plan"] is None
    for answer in (host.get(f"{one}/rows"), host.get(f"{one}/file"), host.post(f"{one}/files", {"format": "csv"})):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "saved_report_unreadable")
        assert answer.json()["error"]["field"] == "plan"
    assert host.patch(one, {"name": "Still lost"}).json()["plan"] is None
    assert host.patch(one, {"plan": PLAN}).json()["plan"] == whole["plan"]
