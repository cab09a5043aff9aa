"""Ads that people report, original posts and copies alike: kept, limited or removed for a reason that is told."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from attise.doors.consoles.operator import reported_ads
from attise.doors.site import event_log
from attise.doors.site.forgetting import forget_viewer
from attise.doors.worker.forgetting import Forgetting
from attise.doors.worker.settling import Settlement
from attise.management.accounts.actions import make_host_key
from attise.management.campaigns.models import Ad
from attise.management.outbox.models import Notice
from attise.management.review.actions import forget_unknown, report_ad
from attise.management.review.models import AdReport, AdRuling
from attise.management.viewers import actions as viewers
from attise.management.viewers.queries import get_record
from attise.records.token import sealer_of
from tests.doors.native_api.conftest import Host, errors_of
from tests.measurement.attribution.happened import Happened, ad_claims, claims, event, open_budget

pytestmark = pytest.mark.django_db
REPORTS = "/operateur/signalements"


@pytest.fixture
def town(brand):
    return brand.town


@pytest.fixture
def host(means) -> Host:
    return Host(make_host_key(means, name="app")[1])


@pytest.fixture
def log(means):
    made = Happened(means, settings.HOUSE.folder).emptied()
    yield made
    event_log.close()
    made.emptied().close()


@pytest.fixture
def standard(brand) -> Ad:
    return Ad.objects.get(kind="standard")


@pytest.fixture
def spark(brand) -> Ad:
    return Ad.objects.filter(kind="spark", review="approved").order_by("id").first()


def a_token(means, ad: Ad, viewer: str = "ann", budget: tuple[int, ...] = ()) -> str:
    of = ad_claims(
        budget, ad_id=ad.id, advertiser_id=ad.advertiser_id, adgroup_id=ad.adgroup_id, is_spark=ad.kind == "spark"
    )
    more = {"post_id": ad.post_id, "creator_id": ad.creator_id} if ad.kind == "spark" else {}
    return sealer_of(settings.HOUSE.secrets).seal(claims(means, of, viewer=viewer, **more))


def waiting(client) -> list[str]:
    part = client.get(REPORTS).content.decode().partition('id="ads"')[2].partition('id="comments"')[0]
    return re.findall(r"<h3>(.*?) <span", part)


def test_whoever_was_shown_an_ad_reports_it_once_from_its_page(
    client, means, operator, standard, spark, log, monkeypatch
):
    for ad in (standard, spark):
        here = f"/w/{a_token(means, ad)}"
        assert f'action="{here}/signaler"' in client.get(here).content.decode()
        nothing = client.post(f"{here}/signaler", follow=True).content.decode()
        assert "Say what is wrong with it." in nothing
        for reason in ("scam", "misleading"):
            assert client.post(f"{here}/signaler", {"reason": reason}).headers["Location"] == f"{here}#report"
        page = client.get(here).content.decode()
        assert "You reported it: <b>It is a fraud</b>" in page
        assert "/signaler" not in page
    assert sorted(AdReport.objects.values_list("ad_id", "reason")) == sorted(
        (one.id, "scam") for one in (standard, spark)
    )
    assert set(waiting(operator)) == {standard.name, spark.name}
    assert "the others follow" not in operator.get(REPORTS).content.decode()
    monkeypatch.setattr(reported_ads, "SHOWN", 1)
    assert "the others follow" in operator.get(REPORTS).content.decode()
    assert len(waiting(operator)) == 1
    monkeypatch.undo()
    page = operator.get(REPORTS).content.decode()
    assert "It is a fraud (1)" in page
    assert standard.ad_text in page
    organic = sealer_of(settings.HOUSE.secrets).seal(claims(means))
    for wrong in (organic, "x", a_token(means, spark)[:-3]):
        assert client.post(f"/w/{wrong}/signaler", {"reason": "scam"}).status_code == 404


def test_an_act_of_an_app_is_a_report_too_and_the_advertiser_is_hidden(client, means, town, operator, standard, log):
    viewer, budget = viewers.viewer_of_person(means, person_id=town.lea.id), open_budget(means)
    pseudonym = get_record(viewer.id).pseudonym
    client.post(f"/w/{a_token(means, standard, pseudonym, budget)}/signaler", {"reason": "other"})
    log.append([event(means, "report", claims(means, ad_claims(budget, ad_id=standard.id), viewer="somebody"))])
    settlement = Settlement(settings.HOUSE)
    settlement.settle()
    settlement.tell_hidden()
    assert sorted(AdReport.objects.values_list("reporter", "reason")) == sorted(
        [(pseudonym, "other"), ("somebody", "unsaid")]
    )
    assert standard.advertiser_id in get_record(viewer.id).hidden_advertisers
    assert "Nothing said (1)" in operator.get(REPORTS).content.decode()
    report_ad(means, ad_id=standard.id, reporter="somebody", reason="adult")
    assert AdReport.objects.get(reporter="somebody").reason == "adult"
    forget_viewer(means, viewer_id=viewer.id)
    assert list(AdReport.objects.values_list("reporter", flat=True)) == ["somebody"]


def test_whoever_is_not_there_any_more_reports_nothing_for_long(client, means, town, standard, log):
    viewer = viewers.viewer_of_person(means, person_id=town.lea.id)
    known = get_record(viewer.id).pseudonym
    for pseudonym in (known, "erased before", ""):
        assert client.post(f"/w/{a_token(means, standard, pseudonym)}/signaler", {"reason": "scam"}).status_code == 302
    assert AdReport.objects.count() == 3
    assert Forgetting(forget_unknown).turn() == 1
    left = sorted(AdReport.objects.values_list("reporter", flat=True))
    assert [one.partition(":")[0] for one in left] == sorted([known, "decision"])


def test_an_ad_is_kept_then_limited_then_removed_and_its_advertiser_reads_why(
    means, town, operator, advertiser, standard
):
    at = f"{REPORTS}/annonces/{standard.id}"
    for person in ("a", "b"):
        report_ad(means, ad_id=standard.id, reporter=person, reason="misleading")
    assert operator.post(at, {"reports": "2", "verdict": "kept"}).headers["Location"] == f"{REPORTS}#ads"
    assert waiting(operator) == []
    assert Ad.objects.get(id=standard.id).review == "approved"
    report_ad(means, ad_id=standard.id, reporter="c", reason="scam")
    assert waiting(operator) == [standard.name]
    for wrong in ({}, {"verdict": "limited"}, {"verdict": "limited", "rule": "other"}, {"verdict": "x", "rule": "y"}):
        refused = operator.post(at, {"reports": "3", "note": "", **wrong})
        assert refused.status_code == 422
        assert f'id="error-{standard.id}"' in refused.content.decode()
    limited = {"reports": "3", "verdict": "limited", "rule": "misleading_claim", "note": "Rien ne le montre."}
    operator.post(at, limited)
    assert Ad.objects.get(id=standard.id).review == "rejected"
    assert waiting(operator) == []
    told = advertiser.get(f"/ads/annonces/{standard.id}").content.decode()
    assert "Rien ne le montre." in told
    assert f"/ads/annonces/{standard.id}/contester" in told
    assert operator.post(at, limited).status_code == 409
    operator.post(at, {**limited, "verdict": "removed", "note": "Encore."})
    assert Ad.objects.get(id=standard.id).deleted_at_ms is not None
    assert operator.post(at, limited).status_code == 404
    box = advertiser.get(f"/boite?de={town.advertiser.id}").content.decode()
    assert "was removed after reports. It promises or claims what is not shown to be true. Encore." in box
    assert [one.verdict for one in AdRuling.objects.order_by("id")] == ["kept", "limited", "removed"]
    assert Notice.objects.filter(kind="ad_ruled").count() == 3
    assert "Decided on" in operator.get("/operateur/journal?objet=reported_ad").content.decode()
    for change in (AdRuling.objects.all().delete, lambda: AdRuling.objects.update(note="")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_it_is_the_operators_alone(means, advertiser, creator, signed_in, standard):
    report_ad(means, ad_id=standard.id, reporter="a", reason="scam")
    body = {"reports": "1", "verdict": "removed", "rule": "adult_content"}
    for client in (advertiser, creator):
        assert client.post(f"{REPORTS}/annonces/{standard.id}", body).status_code == 403
        assert client.get(REPORTS).status_code == 403
    assert signed_in(None).post(f"{REPORTS}/annonces/{standard.id}", body).status_code == 302
    assert not AdRuling.objects.exists()
    assert Ad.objects.get(id=standard.id).deleted_at_ms is None


def test_hosts_report_list_and_decide_likewise(host, means, standard, spark, log):
    for ad, viewer, reason in ((standard, "a", "adult"), (standard, "b", "adult"), (spark, "a", "scam")):
        sent = host.post("/v1/ad-reports", {"token": a_token(means, ad, viewer), "reason": reason})
        assert (sent.status_code, sent.json()) == (201, {"ad_id": str(ad.id), "reason": reason})
    listed = host.get("/v1/review/reported-ads").json()["items"]
    assert [(one["ad"]["ad_id"], one["reports"], one["reasons"], one["fresh"]) for one in listed] == [
        (str(standard.id), 2, {"adult": 2}, 2),
        (str(spark.id), 1, {"scam": 1}, 1),
    ]
    for body, field in (
        ({"token": a_token(means, spark), "reason": "unsaid"}, "reason"),
        ({"token": "x", "reason": "scam"}, "token"),
        ({"token": sealer_of(settings.HOUSE.secrets).seal(claims(means)), "reason": "scam"}, "token"),
    ):
        assert [one[0] for one in errors_of(host.post("/v1/ad-reports", body))] == [field]
    at = f"/v1/review/reported-ads/{standard.id}/decide"
    assert errors_of(host.post(at, {"reports": 2, "verdict": "removed"})) == [("rule", "field_required")]
    ruled = host.post(at, {"reports": 2, "verdict": "limited", "rule": "adult_content"}).json()
    assert (ruled["verdict"], ruled["rule"], ruled["reports"]) == ("limited", "adult_content", 2)
    assert [one["ad"]["ad_id"] for one in host.get("/v1/review/reported-ads").json()["items"]] == [str(spark.id)]
    assert host.post(at.replace(str(standard.id), "1"), {"reports": 0, "verdict": "kept"}).status_code == 404
