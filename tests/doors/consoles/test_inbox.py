"""The inbox: each role reads its own, says that it has read, and may have a digest of the rest by e-mail."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.core import mail

from attise.doors.site.settings import mail as mail_settings
from attise.doors.worker.mailing import mail_digests
from attise.kernel.actor import COMMAND
from attise.kernel.house import HouseError
from attise.management.accounts.actions import make_host_key
from attise.management.authorizations.actions import ask_for_post, refuse_request
from attise.management.inbox.actions import want_mail
from attise.management.posts.actions import moderate_comment
from attise.management.viewers import actions as viewers
from attise.management.viewers.queries import find_record
from attise.measurement.counters.models import Hour, State
from tests.campaigns import fund
from tests.doors.native_api.conftest import Host

pytestmark = pytest.mark.django_db
HOUR_MS = 3_600_000


@pytest.fixture
def host(means) -> Host:
    _, key = make_host_key(means, name="app")
    return Host(key)


def rows(client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    found = re.search(r'<div class="card-body"><ul class="lines">(.*?)</ul>', answer.content.decode(), re.DOTALL)
    lines = re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL) if found else []
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in lines]


def unread(client, address: str) -> str:
    found = re.search(r'href="/boite[^"]*"[^>]*>.*?Inbox(.*?)</a>', client.get(address).content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def test_a_creator_reads_what_a_brand_did_and_the_count_goes(town, creator, host):
    town.applied(town.a_code())
    (first, *_rest) = rows(creator, "/boite?de=creator")
    assert first.startswith("Maison Aubrée can show your video as an ad until")
    assert "New" in first
    assert unread(creator, "/creation/") == "1"
    page = creator.get("/boite?de=creator").content.decode()
    upto = re.search(r'name="upto" value="(\d+)"', page)[1]
    assert creator.post("/boite?de=creator", {"what": "read", "upto": upto}).status_code == 302
    assert unread(creator, "/creation/") == ""
    assert "New" not in rows(creator, "/boite?de=creator")[0]
    creator.post("/boite?de=creator", {"what": "read", "upto": "1"})
    assert unread(creator, "/creation/") == "", "an older place does not take the newer one back"
    told = host.get(f"/v1/creators/{town.creator.id}/notices").json()["items"]
    assert (told[0]["kind"], told[0]["notice_id"]) == ("code_redeemed", upto)
    assert first.startswith(told[0]["sentence"])


def test_an_advertiser_reads_its_own_and_its_business_centers_together_and_nobody_elses(town, advertiser, host):
    grant, code = town.a_grant(town.a_post())
    town.applied(code)
    town.revoke(grant)
    (first, *_rest) = rows(advertiser, f"/boite?de={town.advertiser.id}")
    assert f"by @{town.creator.handle} was revoked on" in first
    assert grant.post_id is not None
    page = advertiser.get(f"/boite?de={town.advertiser.id}").content.decode()
    assert f"/ads/bibliotheque/{grant.post_id}?" in page, "it leads to the post that it is about"
    assert host.get(f"/v1/advertisers/{town.advertiser.id}/notices").json()["items"][0]["kind"].startswith("auth")
    assert host.get(f"/v1/business-centers/{town.center.id}/notices").status_code == 200
    for other in (town.a_rival().id, "operator", "creator", "x", 12):
        assert advertiser.get(f"/boite?de={other}").status_code == 404
    assert advertiser.post(f"/boite?de={town.advertiser.id}", {"what": "burn"}).status_code == 404


def test_a_viewer_reads_what_those_they_follow_published_and_what_became_of_a_comment(town, advertiser, host):
    post = town.a_post("Mon sac de sport")
    viewer = viewers.viewer_of_person(town.means, person_id=town.ines.id)
    record = find_record(viewer.id)
    assert rows(advertiser, "/boite") == []
    State.objects.create(person=record.pseudonym, kind="follow", object_id=town.creator.id, is_on=True, body=b"")
    said = town.a_comment(post, "Lien en bio", viewer_id=viewer.id)
    moderate_comment(town.means, COMMAND, post_id=post.id, comment_id=said.id, is_hidden=True)
    found = rows(advertiser, "/boite")
    assert any("@lea.peau published “Mon sac de sport”." in one for one in found)
    assert any("Your comment “Lien en bio” under a post of @lea.peau was hidden." in one for one in found)
    kinds = {one["kind"] for one in host.get(f"/v1/viewers/{viewer.id}/inbox").json()["items"]}
    assert kinds == {"published", "comment_hidden"}
    town.means.clock.advance(days=15)
    assert rows(advertiser, "/boite") == []


def test_a_creator_who_watches_reads_likes_by_the_hour_and_every_comment_but_their_own(town, creator):
    post = town.a_post("Sérum C")
    viewer = viewers.viewer_of_person(town.means, person_id=town.lea.id)
    town.a_comment(post, "Enfin un avis sans blabla")
    town.a_comment(post, "Merci", viewer_id=viewer.id)
    hour_ms = town.means.clock.world_ms() // HOUR_MS * HOUR_MS
    Hour.objects.create(subject_id=post.id, hour_ms=hour_ms, is_paid=False, likes=5, follows=1)
    Hour.objects.create(subject_id=post.id, hour_ms=hour_ms, is_paid=True, likes=2)
    Hour.objects.create(subject_id=post.id, hour_ms=hour_ms - HOUR_MS, is_paid=False, likes=-1)
    found = rows(creator, "/boite")
    assert any("7 people liked “Sérum C”." in one for one in found)
    assert any("1 person follows you now." in one for one in found)
    assert [one for one in found if "said under your post" in one] == [
        next(one for one in found if "Enfin un avis sans blabla" in one)
    ]


def test_a_digest_is_asked_for_sent_once_an_hour_and_says_nothing_twice(town, creator, means, clock, settings):
    town.applied(town.a_code())
    assert "By e-mail too" not in creator.get("/boite").content.decode(), "a house that sends no mail offers none"
    house = settings.HOUSE
    given = replace(house.settings, email_url="file:///tmp/none", public_url="https://ads.example.org")
    house.settings = given
    try:
        clock.advance(seconds=3_600)
        assert mail_digests(means, house) == 0, "nobody asked"
        assert "Send me a digest" in creator.get("/boite").content.decode()
        creator.post("/boite", {"what": "mail"})
        assert mail_digests(means, house) == 0, "an hour after it was asked for"
        clock.advance(seconds=3_600)
        assert mail_digests(means, house) == 1
        (sent,) = mail.outbox
        assert sent.to == ["lea@example.org"]
        assert "Maison Aubrée can show your video as an ad until" in sent.body
        assert "https://ads.example.org/boite" in sent.body
        clock.advance(seconds=3_600)
        assert mail_digests(means, house) == 0, "all of it was told"
        town.applied(town.a_code(town.a_post("Deux")))
        creator.post("/boite", {"what": "no_mail"})
        clock.advance(seconds=3_600)
        assert mail_digests(means, house) == 0
        assert len(mail.outbox) == 1
    finally:
        house.settings = replace(given, email_url="", public_url=None)


def test_an_accountant_is_told_of_money_alone_in_the_inbox_and_by_mail(town, signed_in, means, clock, settings):
    payer = town.a_member("fin@example.org", "Fin Ance", "finance")
    client = signed_in(payer)
    grant, code = town.a_grant(town.a_post())
    town.applied(code)
    town.revoke(grant)
    address = f"/boite?de={town.advertiser.id}"
    assert rows(client, address) == [], "what creators and brands do is not for accountants"
    assert unread(client, "/ads/") == ""
    fund(means, town.advertiser.id, 300)
    (told,) = rows(client, address)
    assert "300" in told
    assert "added to the balance" in told
    main = client.get(address).content.decode().partition("<main")[2]
    assert f'href="/ads/facturation?compte={town.advertiser.id}"' in main
    assert client.get(f"/ads/facturation?compte={town.advertiser.id}").status_code == 200
    assert unread(client, "/ads/") == "1"
    assert f'href="/boite?de={town.advertiser.id}"' in client.get("/ads/").content.decode()
    assert client.get(f"/boite?de={town.a_rival().id}").status_code == 404
    both = " ".join(rows(signed_in(town.ines), address))
    assert "added to the balance" in both
    assert "was revoked on" in both
    house = settings.HOUSE
    given = replace(house.settings, email_url="file:///tmp/none")
    house.settings = given
    try:
        for person in (payer, town.ines):
            want_mail(means, person_id=person.id, wants=True)
        grant, code = town.a_grant(town.a_post("Deux"))
        town.applied(code)
        town.revoke(grant)
        clock.advance(seconds=3_600)
        assert mail_digests(means, house) == 2
        sent = {one.to[0]: one.body for one in mail.outbox}
        assert "added to the balance" in sent[payer.email]
        assert "revoked" not in sent[payer.email]
        assert "revoked" in sent[town.ines.email]
        clock.advance(seconds=3_600)
        assert mail_digests(means, house) == 0
    finally:
        house.settings = replace(given, email_url="")


def test_a_request_for_a_post_leads_to_its_answer_and_the_answer_to_the_boosts(town, creator, advertiser, means):
    post = town.a_post()
    asked = ask_for_post(means, COMMAND, advertiser_id=town.advertiser.id, post_id=post.id, days=30)
    assert f'href="/creation/demandes/publications/{asked.id}"' in creator.get("/boite?de=creator").content.decode()
    refuse_request(means, COMMAND, creator_id=town.creator.id, request_id=asked.id)
    address = f"/boite?de={town.advertiser.id}"
    assert "refused a post" in rows(advertiser, address)[0]
    main = advertiser.get(address).content.decode().partition("<main")[2]
    assert f'href="/ads/a-booster?compte={town.advertiser.id}"' in main


@pytest.mark.parametrize("url", ["mail.example.org", "smtp://mail.example.org", "http://a@b?from=a@b.c", "file:here"])
def test_an_address_of_a_mail_server_that_is_none_is_refused(url):
    with pytest.raises(HouseError, match="ATTISE_EMAIL_URL"):
        mail_settings(url)


def test_addresses_of_mail_servers_become_djangos_settings():
    told = mail_settings("smtps://an%40b:p%3A@mail.example.org?from=ads@example.org")
    assert (told["EMAIL_PORT"], told["EMAIL_USE_SSL"], told["EMAIL_USE_TLS"]) == (465, True, False)
    assert (told["EMAIL_HOST_USER"], told["EMAIL_HOST_PASSWORD"]) == ("an@b", "p:")
    assert mail_settings("file:///var/spool")["EMAIL_FILE_PATH"] == "/var/spool"
    assert "dummy" in str(mail_settings("")["EMAIL_BACKEND"])
