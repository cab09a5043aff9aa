"""Reports that members make: built in an address, kept under a name, taken as files whose sums are the page's."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from attise.doors.site.own_reports import files
from attise.doors.site.report_files import write
from attise.doors.worker import exporting
from attise.doors.worker.exporting import tell_written
from attise.kernel.errors import Outage
from attise.management.outbox.queries import list_notices
from attise.management.saved_reports.models import Report
from attise.measurement.reports.actions import tasks
from attise.measurement.reports.columnar import Table, read_tables
from attise.measurement.reports.models import Task
from tests.browser.town import session_of
from tests.doors.marketing_api.reporting import PRICE, Ads
from tests.measurement.reports.facing import VIEWERS

pytestmark = pytest.mark.django_db(transaction=True)
EVERY = {"niveau": "annonce", "par": ["jour", "pays"], "mesures": ["spend", "impressions", "ctr"], "periode": "7-jours"}


@pytest.fixture
def ads(means, tmp_path, monkeypatch):
    made = Ads(means, tmp_path)
    monkeypatch.setattr(settings.HOUSE, "folder", tmp_path)
    yield made
    made.happened.close()


@pytest.fixture
def lived(ads, clock):
    for number, who in enumerate(VIEWERS):
        ads.live(ads.mine, "impression", *(("click",) if number % 2 else ()), who=who, viewer=f"v{number}")
        ads.live(ads.other, "impression", who=who, viewer=f"v{number}")
        clock.advance(seconds=9 * 3_600)
    ads.roll_up()
    return ads


def member(world: Any, role: str = "analyst") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(world.tenant.people[role].id)
    return client


def at(path: str, asked: dict[str, Any], **more: Any) -> str:
    return f"/ads/rapports{path}?{urlencode({**asked, **more}, doseq=True)}"


def table(page: str) -> tuple[list[str], list[list[str]], list[str]]:
    """Return the heads, the rows and the totals of the page's table, in text."""
    (found,) = re.findall(r'<table class="table cards report-table".*?</table>', page, re.DOTALL)

    def cells(row: str) -> list[str]:
        texts = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        return [unescape(re.sub(r"<small>.*?</small>|<[^>]+>", "", text)).strip() for text in texts]

    first, *others = (cells(row) for row in re.findall(r"<tr.*?</tr>", found, re.DOTALL))
    return first, others[:-1], others[-1]


def test_a_report_is_in_its_address_and_its_totals_are_of_sums(lived):
    client = member(lived.mine)
    page = client.get(at("/nouveau", EVERY)).content.decode()
    heads, rows, totals = table(page)
    assert heads == ["Ad", "Day", "Country", "Spend", "Impressions", "Click-through rate"]
    many = len(VIEWERS)
    assert sum(int(row[4]) for row in rows) == int(totals[4]) == many
    assert totals[3] == f"€{many * PRICE / 1e6:.2f}"
    assert totals[5] == f"{100 * (many // 2) / many:.2f}%"
    assert "The most on" in page, "by the day there is a chart"
    by_country = {**EVERY, "niveau": "compte", "par": ["pays"], "tri": "impressions", "sens": "montant"}
    heads, rows, _ = table(client.get(at("/nouveau", by_country)).content.decode())
    assert heads[0] == "Country"
    assert [int(row[2]) for row in rows] == sorted(int(row[2]) for row in rows)
    french = client.get(at("/nouveau", by_country), headers={"accept-language": "fr"}).content.decode()
    assert "Dépense" in french


def test_what_cannot_be_told_names_its_field_and_is_never_an_error_of_ours(lived):
    client, other = member(lived.mine), lived.other.names["campaign_id"]
    for wrong, said, status in (
        ({"mesures": ["of_another_world"]}, "of_another_world is not a metric of reports.", 422),
        ({"mesures": []}, "A report counts at least one thing.", 422),
        ({"par": ["heure", "age"]}, "Hour does not go with Age.", 422),
        ({"par": ["couleur"]}, "couleur is not a dimension that is told here.", 422),
        (
            {"periode": "dates", "du": "2016-01-01", "au": "2026-01-01"},
            "Too many days at once: the most here is 92.",
            422,
        ),
        ({"periode": "dates", "du": "2026-02-01", "au": "2026-01-01"}, "The last day comes before the first.", 422),
        ({"periode": "dates", "du": "never", "au": "2026-01-01"}, "A report has a first and a last day", 422),
        ({"periode": "toujours"}, "toujours is not a period that is known here.", 422),
        ({"niveau": "monde"}, "monde is not what rows of a report can be of.", 422),
        ({"campagnes": [other]}, "does not exist", 404),
        ({"campagnes": ["x"]}, "does not exist", 404),
        ({"pays": "France, Atlantis"}, "Atlantis is not a country that is known here.", 422),
        ({"tri": "likes"}, "Likes is neither", 422),
    ):
        for path in ("/nouveau", "/exporter"):
            answer = client.get(at(path, {**EVERY, **wrong}))
            assert (answer.status_code, said in unescape(answer.content.decode())) == (status, True), (wrong, path)
    assert client.get(at("/nouveau", {**EVERY, "pays": "FR, belgique"})).status_code == 200


def test_a_report_is_kept_renamed_changed_and_deleted_by_its_own_advertiser_alone(lived):
    client, rival = member(lived.mine), member(lived.other, "admin")
    asked = urlencode(EVERY, doseq=True)
    assert client.post("/ads/rapports/enregistrer", {"demande": asked, "nom": " "}).status_code == 422
    made = client.post("/ads/rapports/enregistrer", {"demande": asked, "nom": "Every week"})
    twice = client.post("/ads/rapports/enregistrer", {"demande": asked, "nom": "Every week"})
    assert (made.status_code, twice.status_code) == (302, 409)
    assert "Every week" in client.get("/ads/rapports").content.decode()
    page = client.get(made["Location"]).content.decode()
    assert table(page)[0] == ["Ad", "Day", "Country", "Spend", "Impressions", "Click-through rate"]
    other = urlencode({**EVERY, "par": "age"}, doseq=True)
    wrong = client.post(f"{made['Location']}/enregistrer", {"demande": "niveau=x", "nom": "Ages"})
    changed = client.post(f"{made['Location']}/enregistrer", {"demande": other, "nom": "Ages"})
    assert (wrong.status_code, changed.status_code) == (422, 302)
    page = client.get(made["Location"]).content.decode()
    assert "<h1>Ages</h1>" in page
    assert table(page)[0][1] == "Age"
    assert "Ages" not in rival.get("/ads/rapports").content.decode()
    for path in ("", "/enregistrer", "/supprimer"):
        answer = rival.post(made["Location"] + path, {"demande": other, "nom": "Mine"}) if path else None
        assert (answer or rival.get(made["Location"])).status_code == 404
    assert client.post(f"{made['Location']}/supprimer").status_code == 302
    assert client.get(made["Location"]).status_code == 404
    assert not Report.objects.exists()


def test_each_file_has_the_rows_and_the_sums_of_the_page(lived, tmp_path):
    client = member(lived.mine)
    _, rows, totals = table(client.get(at("/nouveau", EVERY)).content.decode())
    french, plain, book, columns = (
        b"".join(client.get(at("/exporter", EVERY, format=one)).streaming_content)
        for one in ("fr", "intl", "xlsx", "parquet")
    )
    lines = list(csv.DictReader(io.StringIO(plain.decode("utf-8-sig"))))
    assert len(lines) == len(rows)
    assert list(lines[0]) == [
        *("Ad id", "Day", "Country", "Ad", "Ad group", "Campaign", "Spend", "Impressions", "Click-through rate"),
        "Currency",
    ]
    assert sum(int(line["Impressions"]) for line in lines) == int(totals[4])
    spent = Decimal(len(VIEWERS) * PRICE) / 1_000_000
    assert sum(Decimal(line["Spend"]) for line in lines) == spent, "parts of a cent are not lost row by row"
    assert totals[3] == f"€{spent:.2f}" != f"€{len(VIEWERS) * round(PRICE / 1e6, 2):.2f}"
    with_commas = csv.DictReader(io.StringIO(french.decode("utf-8-sig")), delimiter=";")
    assert [line["Spend"].replace(",", ".") for line in with_commas] == [line["Spend"] for line in lines]
    assert book.startswith(b"PK")
    (tmp_path / "x.parquet").write_bytes(columns)
    kept = Table("kept", {"impressions": int, "ctr": float, "spend": str}, [tmp_path / "x.parquet"])
    told = read_tables(
        "SELECT sum(impressions) AS many, max(ctr) AS rate, sum(spend::DECIMAL(38, 6))::VARCHAR AS spent FROM kept",
        kept,
    )
    assert Decimal(told["spent"][0]) == spent
    assert int(told["many"][0]) == int(totals[4])
    assert float(told["rate"][0]) == 1.0


def test_a_long_file_is_written_by_the_worker_and_the_inbox_says_so(lived, monkeypatch):
    client, rival = member(lived.mine), member(lived.other)
    monkeypatch.setattr(files, "ROWS_AT_ONCE_CSV", 1)
    shown = client.get(at("/exporter", EVERY, format="fr"), headers={"accept-language": "fr"}).content.decode()
    assert "Have it written" in client.get(at("/exporter", EVERY, format="fr")).content.decode()
    assert 'action="/ads/rapports/fichiers"' in shown
    said = {"demande": urlencode(EVERY, doseq=True), "format": "fr"}
    assert client.post("/ads/rapports/fichiers", said, headers={"accept-language": "fr"}).status_code == 302
    task = Task.objects.exclude(person_id=0).get()
    where = f"/ads/rapports/fichiers/{task.id}"
    assert client.get(where).status_code == 422
    tell_written()
    mine = ("advertiser", lived.mine.tenant.advertiser.id)
    assert not [one for one in list_notices(*mine, limit=20).items if one.kind.startswith("report")]
    while tasks.write_next(lived.means, settings.HOUSE, write):
        pass
    tell_written()
    tell_written()
    (told,) = [one for one in list_notices(*mine, limit=20).items if one.kind.startswith("report")]
    assert (told.kind, told.body["name"]) == ("report_written", f"{task.file_name}.csv")
    written = b"".join(client.get(where).streaming_content)
    monkeypatch.undo()
    monkeypatch.setattr(settings.HOUSE, "folder", lived.house.folder)
    once = client.get(at("/exporter", EVERY, format="fr"), headers={"accept-language": "fr"})
    assert written == b"".join(once.streaming_content)
    assert where in client.get("/ads/rapports").content.decode()
    assert rival.get(where).status_code == 404
    assert member(lived.mine, "finance").get("/ads/rapports").status_code == 403


def test_files_that_are_there_are_told_of_though_one_stumbles(lived, monkeypatch):
    client, said = member(lived.mine), {"demande": urlencode(EVERY, doseq=True), "format": "fr"}
    for _ in range(2):
        assert client.post("/ads/rapports/fichiers", said).status_code == 302
    heavy, light = Task.objects.exclude(person_id=0).order_by("id").values_list("id", flat=True)

    def writes(ordered, path, is_wanted):
        if Task.objects.filter(id=light, state="running").exists():
            return write(ordered, path, is_wanted)
        raise Outage("facts: out of memory")

    Task.objects.filter(id=heavy).update(state="running")  # it stumbled before: those that wait go first
    monkeypatch.setattr(exporting, "write", writes)
    with pytest.raises(Outage):
        exporting.Exporting(settings.HOUSE).write_reports()
    told = list_notices("advertiser", lived.mine.tenant.advertiser.id, limit=20).items
    assert [one.object_id for one in told if one.kind == "report_written"] == [light]


def test_a_report_is_changed_by_its_author_an_admin_or_a_campaign_operator_and_read_by_all(lived):
    author, other = member(lived.mine, "operator"), member(lived.mine)
    asked = urlencode(EVERY, doseq=True)
    at_it = author.post("/ads/rapports/enregistrer", {"demande": asked, "nom": "Every week"})["Location"]
    assert "made by" not in author.get(at_it).content.decode()
    page = other.get(at_it).content.decode()
    assert "made by" in page
    assert "Reserved to its author, administrators and campaign operators" in page
    assert f'action="{at_it}/enregistrer"' not in page, "what others made is saved as one's own"
    changed = other.post(f"{at_it}/enregistrer", {"demande": asked, "nom": "Mine"})
    assert changed.status_code == 403
    assert "Somebody else made this report" in unescape(changed.content.decode())
    assert other.post(f"{at_it}/supprimer").status_code == 403
    assert [one.name for one in Report.objects.all()] == ["Every week"]
    own = other.post("/ads/rapports/enregistrer", {"demande": asked, "nom": "My own"})["Location"]
    assert other.post(f"{own}/enregistrer", {"demande": asked, "nom": "Still mine"}).status_code == 302
    assert author.post(f"{own}/enregistrer", {"demande": asked, "nom": "Ours"}).status_code == 302
    assert author.post(f"{at_it}/enregistrer", {"demande": asked, "nom": "Mine again"}).status_code == 302
    for each in (own, at_it):
        assert member(lived.mine, "admin").post(f"{each}/supprimer").status_code == 302
    assert not Report.objects.exists()


def test_a_report_that_another_release_kept_leaves_the_others_and_is_asked_anew(lived):
    client = member(lived.mine)
    asked = urlencode(EVERY, doseq=True)
    at_it = client.post("/ads/rapports/enregistrer", {"demande": asked, "nom": "Old"})["Location"]
    client.post("/ads/rapports/enregistrer", {"demande": asked, "nom": "New"})
    Report.objects.filter(name="Old").update(plan='{"metrics": 1}')
    page = client.get("/ads/rapports").content.decode()
    assert "New" in page
    assert "It cannot be read any more" in page
    shown = client.get(at_it)
    assert (shown.status_code, "cannot be read any more" in shown.content.decode()) == (200, True)
    assert client.post(f"{at_it}/enregistrer", {"demande": asked, "nom": "Old"}).status_code == 302
    assert "cannot be read any more" not in client.get(at_it).content.decode()
