"""Posts that viewers reported: the operator decides, the creator is told why, and a new report asks again."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, transaction

from attise.doors.site.delivering import get_delivery
from attise.kernel.actor import COMMAND
from attise.management.accounts.actions import make_host_key
from attise.management.posts.actions import delete_post
from attise.management.posts.queries import get_post
from attise.management.review.models import Ruling
from attise.measurement.counters.models import Subject
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from tests.doors.native_api.conftest import Host

pytestmark = pytest.mark.django_db
REPORTS = "/operateur/signalements"


def report(post, organic: int, *, paid: int = 0, views: int = 1_000) -> None:
    for is_paid, reports in ((False, organic), (True, paid)):
        Subject.objects.update_or_create(
            subject_id=post.id,
            is_paid=is_paid,
            defaults={"kind": "post", "creator_id": post.creator_id, "reports": reports, "views": views},
        )


@pytest.fixture
def host(means) -> Host:
    _, key = make_host_key(means, name="app")
    return Host(key)


def names(client) -> list[str]:
    page = client.get(REPORTS).content.decode()
    return re.findall(r'<a class="row-link" href="/operateur/publications/\d+">([^<]+)</a>', page)


def test_the_most_reported_comes_first_and_goes_once_it_is_decided_until_the_next_report(town, operator, creator, host):
    few, many, none = town.a_post("Few"), town.a_post("Many"), town.a_post("None")
    report(few, 2)
    report(many, 3, paid=4)
    report(none, 0)
    assert names(operator) == ["Many", "Few"]
    assert "2 posts" in operator.get("/operateur/").content.decode()
    page = operator.get(f"/operateur/publications/{many.id}").content.decode()
    assert 'name="reports" value="7"' in page
    assert "Organic, paid, earned" in page
    answer = operator.post(
        f"/operateur/publications/{many.id}/decision", {"reports": "7", "verdict": "hidden", "note": "Burns the skin."}
    )
    assert answer.headers["Location"] == REPORTS
    assert names(operator) == ["Few"]
    assert (get_post(many.id).state, get_post(many.id).state_reason) == ("hidden", "Burns the skin.")
    assert "Burns the skin." in creator.get("/creation/").content.decode()
    assert "Reported post" in operator.get("/operateur/journal").content.decode()

    report(many, 3, paid=5)
    (first, second) = host.get("/v1/review/posts").json()["items"]
    assert [first["post"]["post_id"], second["post"]["post_id"]] == [str(few.id), str(many.id)]
    assert (second["reports"], second["fresh"], second["organic"], second["paid"]) == (8, 1, 3, 5)
    assert second["last"]["verdict"] == "hidden"
    kept = host.post(f"/v1/review/posts/{many.id}/decide", {"reports": 8, "verdict": "kept"})
    assert kept.status_code == 200, kept.content
    assert get_post(many.id).state == "live"
    told = host.get(f"/v1/posts/{many.id}/rulings").json()["items"]
    assert [one["verdict"] for one in told] == ["kept", "hidden"]
    assert names(operator) == ["Few"]


def test_a_post_that_its_creator_deleted_is_neither_listed_nor_counted(town, operator, settings):
    kept, gone = town.a_post("Kept"), town.a_post("Gone")
    report(kept, 1)
    report(gone, 3)
    delete_post(town.means, COMMAND, house=settings.HOUSE, creator_id=town.creator.id, post_id=gone.id)
    assert names(operator) == ["Kept"]
    page = operator.get("/operateur/").content.decode()
    assert "1 post" in page
    assert "2 posts" not in page


def test_what_does_not_stay_needs_a_reason_and_the_form_keeps_what_was_said(town, operator, host):
    post = town.a_post("Doubtful")
    report(post, 1)
    refused = operator.post(f"/operateur/publications/{post.id}/decision", {"reports": "1", "verdict": "removed"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert 'value="removed" id="verdict_removed" checked' in page
    assert 'id="note-error">This field is required.' in page
    odd = operator.post(f"/operateur/publications/{post.id}/decision", {"reports": "x", "verdict": "burnt"})
    assert odd.status_code == 422
    assert get_post(post.id).state == "live"
    error = host.post(f"/v1/review/posts/{post.id}/decide", {"reports": 1, "verdict": "removed"}).json()["error"]
    assert (error["code"], error["field"]) == ("field_required", "note")
    assert host.post("/v1/review/posts/12/decide", {"reports": 1, "verdict": "kept"}).status_code == 404
    assert operator.get("/operateur/publications/12").status_code == 404


def test_a_decision_is_never_changed(town, operator):
    post = town.a_post("Kept")
    report(post, 1)
    operator.post(f"/operateur/publications/{post.id}/decision", {"reports": "1", "verdict": "kept"})
    for change in (lambda: Ruling.objects.update(note="x"), lambda: Ruling.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_delivery_says_what_waits_and_who_does_not_run(operator, host, means, clock, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(settings.HOUSE, "folder", tmp_path)  # a log of its own
    log = SqliteLog(tmp_path, may_write=True)
    log.append([Entry(EntryKind.EVENT, 0, b"")], at_ms=clock.wire_ms() - 31_000)
    log.close()
    found = get_delivery(means, settings.HOUSE)
    assert 31_000 <= found.unsettled_ms < 40_000
    told = host.get("/v1/delivery").json()
    assert told["unsettled_ms"] >= 31_000
    assert told["slots"] == told["filled"] == told["span_ms"] == 0
    page = operator.get("/operateur/diffusion").content.decode()
    assert "Not running: edge, site, settle, worker." in page
    assert re.search(r"Settling is \d+ seconds behind", page)
    assert "No slot was decided in the last five minutes." in page
