"""Reports by e-mail: at their hour, once, with the figures of the page, to whoever may read them still."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from attise.doors.worker import sending
from attise.doors.worker.sending import send_reports
from attise.kernel.actor import COMMAND
from attise.kernel.errors import Outage
from attise.management.accounts import actions as accounts
from attise.management.accounts.rules import LOGIN
from attise.management.saved_reports.models import Report, Schedule
from tests.browser.town import session_of
from tests.doors.marketing_api.reporting import Ads
from tests.doors.native_api.conftest import Host
from tests.measurement.reports.facing import VIEWERS

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"niveau": "annonce", "par": ["jour", "pays"], "mesures": ["spend", "impressions"], "periode": "7-jours"}
HOUR_S = 3_600


@pytest.fixture
def ads(means, tmp_path, monkeypatch):
    made = Ads(means, tmp_path)
    for number, who in enumerate(VIEWERS):
        made.live(made.mine, "impression", who=who, viewer=f"v{number}")
    made.roll_up()
    monkeypatch.setattr(settings.HOUSE, "folder", tmp_path)
    given = replace(settings.HOUSE.settings, email_url="file:///tmp/none", public_url="https://ads.example.org")
    monkeypatch.setattr(settings.HOUSE, "settings", given)
    yield made
    made.happened.close()


def member(ads: Ads, role: str = "analyst") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(ads.mine.tenant.people[role].id)
    return client


def kept(client: Client, name: str = "Every morning", **asked: Any) -> str:
    made = client.post("/ads/rapports/enregistrer", {"demande": urlencode({**ASKED, **asked}, doseq=True), "nom": name})
    return made["Location"]


def too_much(count, house, asked):
    """Count the rows of a report, where it is not one of ads: those need more memory than there is."""
    if asked.level == "AUCTION_AD":
        raise Outage("facts: out of memory")
    return count(house, asked)


def test_a_report_is_sent_once_at_its_hour_with_the_figures_of_the_page(ads, clock):
    client = member(ads)
    page = kept(client)
    assert client.post(f"{page}/envoi", {"rythme": "jour", "heure": "9", "envoi_format": "intl"}).status_code == 302
    due_ms = Schedule.objects.get().next_at_ms
    assert send_reports(ads.means, settings.HOUSE) == 0
    clock.advance(seconds=(due_ms - clock.world_ms()) // 1_000 + 1)
    assert send_reports(ads.means, settings.HOUSE) == 1
    assert send_reports(ads.means, settings.HOUSE) == 0, "once"
    (sent,) = mail.outbox
    assert sent.to == ["analyst@brand.example"]
    assert sent.subject == "Every morning – Brand Ads"
    assert f"https://ads.example.org{page}?compte={ads.mine.tenant.advertiser.id}" in sent.body
    ((name, content, _type),) = sent.attachments
    assert name.startswith("attise-every-morning-")
    text = content.decode() if isinstance(content, bytes) else content
    lines = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert sum(int(line["Impressions"]) for line in lines) == len(VIEWERS)
    clock.advance(days=5)
    assert send_reports(ads.means, settings.HOUSE) == 1, "days that passed are not made up for"
    assert client.post(f"{page}/envoi", {"acte": "arreter"}).status_code == 302
    clock.advance(days=2)
    assert send_reports(ads.means, settings.HOUSE) == 0


def test_one_that_is_long_comes_as_a_link_and_a_server_that_is_away_costs_one(ads, clock, monkeypatch):
    client = member(ads)
    page = kept(client)
    client.post(f"{page}/envoi", {"rythme": "semaine", "jour_semaine": "1", "heure": "8", "envoi_format": "xlsx"})
    monkeypatch.setattr(sending, "ATTACHED_ROWS", -1)
    clock.advance(days=7)
    assert send_reports(ads.means, settings.HOUSE) == 1
    assert mail.outbox[0].attachments == []
    assert "It is too long for an e-mail." in mail.outbox[0].body
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda _self: (_ for _ in ()).throw(OSError("away")))
    clock.advance(days=7)
    assert send_reports(ads.means, settings.HOUSE) == 0
    monkeypatch.undo()
    assert Schedule.objects.get().next_at_ms > clock.world_ms(), "it was noted before it was handed over"


def test_one_that_cannot_be_told_says_so_and_one_that_stumbles_costs_that_one(ads, clock, monkeypatch):
    client = member(ads)
    page = kept(client)
    client.post(f"{page}/envoi", {"rythme": "jour", "heure": "9", "envoi_format": "intl"})
    Report.objects.update(plan='{"metrics": 1}')
    clock.advance(days=1)
    assert send_reports(ads.means, settings.HOUSE) == 1
    assert "What it asks cannot be told any more." in mail.outbox[0].body
    monkeypatch.setattr(sending.plans, "read", lambda _text: 1 / 0)
    clock.advance(days=1)
    with pytest.raises(ZeroDivisionError):
        send_reports(ads.means, settings.HOUSE)
    assert send_reports(ads.means, settings.HOUSE) == 0, "it keeps nobody behind it waiting"
    assert Schedule.objects.get().next_at_ms > clock.world_ms()


def test_one_that_needs_more_than_there_is_keeps_nobody_else_from_theirs(ads, clock, monkeypatch):
    heavy, own = kept(member(ads)), kept(member(ads, "operator"), "My own", niveau="compte")
    for page, who, hour in ((heavy, "analyst", 8), (own, "operator", 9)):
        member(ads, who).post(f"{page}/envoi", {"rythme": "jour", "heure": str(hour), "envoi_format": "intl"})
    count = sending.count

    monkeypatch.setattr(sending, "count", lambda house, asked: too_much(count, house, asked))
    clock.advance(days=2)
    with pytest.raises(Outage):
        send_reports(ads.means, settings.HOUSE)
    assert [one.to for one in mail.outbox] == [["operator@brand.example"]]


def test_as_many_as_one_look_takes_that_need_too_much_keep_nobody_else_from_theirs(ads, clock, monkeypatch):
    heavy = [kept(member(ads), f"Heavy {number}") for number in range(21)]
    own = kept(member(ads, "operator"), "My own", niveau="compte")
    for page in heavy:
        member(ads).post(f"{page}/envoi", {"rythme": "jour", "heure": "8", "envoi_format": "intl"})
    member(ads, "operator").post(f"{own}/envoi", {"rythme": "jour", "heure": "9", "envoi_format": "intl"})
    count = sending.count
    monkeypatch.setattr(sending, "count", lambda house, asked: too_much(count, house, asked))
    clock.advance(days=2)
    for _turn in range(2):
        with pytest.raises(Outage):
            send_reports(ads.means, settings.HOUSE)
    assert [one.to for one in mail.outbox] == [["operator@brand.example"]]


def test_whose_right_ends_while_figures_are_gathered_is_sent_nothing(ads, clock, monkeypatch):
    person, page = ads.mine.tenant.people["analyst"], kept(member(ads))
    member(ads).post(f"{page}/envoi", {"rythme": "jour", "heure": "9", "envoi_format": "fr"})
    count = sending.count

    def counted(house, asked):
        accounts.remove_member(ads.means, COMMAND, business_center_id=ads.mine.tenant.center.id, person_id=person.id)
        return count(house, asked)

    monkeypatch.setattr(sending, "count", counted)
    clock.advance(days=2)
    assert send_reports(ads.means, settings.HOUSE) == 0
    assert not mail.outbox


def test_whoever_may_not_read_any_more_is_sent_nothing_and_it_ends(ads, clock):
    client, person = member(ads), ads.mine.tenant.people["analyst"]
    page = kept(client)
    client.post(f"{page}/envoi", {"rythme": "jour", "heure": "9", "envoi_format": "fr"})
    accounts.remove_member(ads.means, COMMAND, business_center_id=ads.mine.tenant.center.id, person_id=person.id)
    clock.advance(days=2)
    assert send_reports(ads.means, settings.HOUSE) == 0
    assert not mail.outbox
    assert not Schedule.objects.exists()


def test_whose_login_is_suspended_is_sent_nothing_until_it_is_restored(ads, clock):
    person = ads.mine.tenant.people["analyst"]
    page = kept(member(ads))
    member(ads).post(f"{page}/envoi", {"rythme": "jour", "heure": "9", "envoi_format": "fr"})
    login = {"subject": LOGIN, "subject_id": person.id, "reason": "It was stolen."}
    accounts.suspend_account(ads.means, COMMAND, **login)
    clock.advance(days=2)
    assert send_reports(ads.means, settings.HOUSE) == 0
    assert not mail.outbox
    waits = Schedule.objects.get()
    assert (waits.next_at_ms > clock.world_ms(), waits.sent_at_ms) == (True, None)
    accounts.restore_account(ads.means, COMMAND, **login)
    clock.advance(days=1)
    assert send_reports(ads.means, settings.HOUSE) == 1


def test_bad_rhythms_name_their_field_and_programs_do_the_same(ads, clock):
    client = member(ads)
    page = kept(client)
    for wrong in ({"rythme": "siecle"}, {"rythme": "mois", "jour_mois": "31"}, {"rythme": "jour", "heure": "x"}, {}):
        assert client.post(f"{page}/envoi", {"heure": "8", **wrong}).status_code == 422
    host = Host(accounts.make_host_key(ads.means, name="app")[1])
    advertiser, people = ads.mine.tenant.advertiser.id, ads.mine.tenant.people
    here = f"/v1/advertisers/{advertiser}/reports/{page.rpartition('/')[2]}"
    made = host.put(f"{here}/readers/{people['operator'].id}", {"every": "month", "day": 28, "hour": 7})
    assert (made.status_code, made.json()["format"]) == (200, "csv")
    assert host.get(f"{here}/readers").json()["items"] == [made.json()]
    wrong = host.put(f"{here}/readers/{people['operator'].id}", {"every": "month", "day": 29})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "day")
    closed = host.put(f"{here}/readers/{people['finance'].id}", {"every": "day"})
    assert (closed.status_code, closed.json()["error"]["code"]) == (422, "report_reader")
    stranger = ads.other.tenant.people["admin"].id
    assert host.put(f"{here}/readers/{stranger}", {"every": "day"}).status_code == 404
    assert host.delete(f"{here}/readers/{people['operator'].id}").json() == {"removed": True}
    assert host.delete(f"{here}/readers/{people['operator'].id}").status_code == 404
