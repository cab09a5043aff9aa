"""The feed's own answers: who watches, what of items is told to whom, and acts without a script."""

from __future__ import annotations

import msgspec
import pytest
from django.test import Client

from attise.doors.consoles.viewer.watching import COOKIE
from attise.kernel.limits import NEW_VIEWERS_PER_MINUTE
from attise.management.viewers import actions as viewers
from attise.management.viewers.models import Viewer
from attise.records.ticket import PURPOSE, Tickets
from attise.records.token import sealer_of
from attise.serving.delivery.decide import claims_of
from tests.browser.shown_ad import a_shown_ad
from tests.browser.town import Town
from tests.doors.consoles.event_log import end_of_log, events_since

pytestmark = pytest.mark.django_db


def opened(town: Town, text: str) -> int:
    found = Tickets(town.means.secrets.key(PURPOSE)).open(text, now_ms=town.clock.wire_ms())
    assert found is not None
    return found.viewer_id


def test_looking_at_the_feed_makes_nobody(town, signed_in):
    town.a_post()
    assert signed_in(None).get("/").status_code == 200
    assert Viewer.objects.count() == 0


def test_whoever_acts_for_two_brands_finds_one_ads_manager_beside_the_feed(town, signed_in):
    town.an_advertiser("Maison Deux")
    page = signed_in(town.ines).get("/").content.decode()
    aside, rest = page.split("</aside>")
    assert (aside.count("Ads Manager"), rest.count("Ads Manager")) == (1, 1), "at its side, and in a phone's menu"


def test_a_browser_is_one_anonymous_viewer_without_facts_and_a_person_their_own(town, signed_in):
    client = signed_in(None)
    one, again = client.post("/fil/billet").json(), client.post("/fil/billet").json()
    assert opened(town, one["ticket"]) == opened(town, again["ticket"])
    assert 0 < one["for_ms"] <= 15 * 60_000
    row = Viewer.objects.get()
    assert (row.person_id, row.country, row.language, row.profiling_consent, row.birth_date) == (
        None,
        "",
        "",
        False,
        None,
    )
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert opened(town, signed_in(None).post("/fil/billet").json()["ticket"]) != row.id
    person = signed_in(town.lea)
    mine = opened(town, person.post("/fil/billet").json()["ticket"])
    assert Viewer.objects.get(id=mine).person_id == town.lea.id
    assert COOKIE not in person.cookies


def test_a_cookie_that_is_changed_or_of_an_erased_viewer_is_nobody(town, signed_in):
    client = signed_in(None)
    number = opened(town, client.post("/fil/billet").json()["ticket"])
    viewers.erase_viewer(town.means, viewer_id=number)
    assert opened(town, client.post("/fil/billet").json()["ticket"]) != number
    client.cookies[COOKIE] = "1234567890123456789:forged"
    assert client.post("/fil/billet").status_code == 200


def test_one_address_becomes_no_more_viewers_than_an_office_has(town, signed_in):
    for _ in range(NEW_VIEWERS_PER_MINUTE):
        assert signed_in(None).post("/fil/billet").status_code == 200
    refused = signed_in(None).post("/fil/billet")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("path", ["/fil/billet", "/fil/cartes", "/p/1234567890123456789/acte"])
def test_nothing_is_done_for_another_site(means, path):
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403


def test_a_card_is_told_to_the_viewer_of_its_token_alone(town, signed_in):
    client = signed_in(None)
    number = opened(town, client.post("/fil/billet").json()["ticket"])
    from attise.records.feed import ViewerContext

    pseudonym = Viewer.objects.get(id=number).pseudonym
    context = ViewerContext(pseudonym=pseudonym, age=30, gender="female", country="FR", language="fr")
    claims = claims_of(a_shown_ad(town, context))
    token = sealer_of(town.means.secrets).seal(claims)
    mine, broken = client.post("/fil/cartes", {"token": [token, token[:-2] + "AA", "nonsense"]}).json()["cards"][0::2]
    assert mine["url"] == f"/@lea.peau/p/{claims.post_id}"
    assert (mine["likes"], mine["liked"], mine["followed"]) == (0, False, False)
    assert broken is None
    stranger = signed_in(None)
    stranger.post("/fil/billet")
    assert stranger.post("/fil/cartes", {"token": [token]}).json() == {"cards": [None]}
    standard = sealer_of(town.means.secrets).seal(msgspec.structs.replace(claims, post_id=0, creator_id=0))
    assert client.post("/fil/cartes", {"token": [standard]}).json()["cards"][0]["url"] == ""


def test_an_act_without_a_script_is_an_event_of_the_post(town, signed_in):
    post = town.a_post()
    client, end = signed_in(None), end_of_log()
    answer = client.post(f"/p/{post.id}/acte", {"act": "like", "back": "/?avant=5"}, headers={"User-Agent": "Firefox"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/?avant=5")
    (event,) = events_since(end)
    assert (event.type, event.post_id, event.doubt) == ("like", post.id, "")
    assert event.person == Viewer.objects.get().pseudonym
    away = client.post(f"/p/{post.id}/acte", {"act": "save", "back": "https://evil.example/"})
    assert away.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("fields", "act"), [({"visibility": "private"}, "like"), ({"ads_only": True}, "like"), ({}, "impression"), ({}, "")]
)
def test_what_is_not_public_or_no_act_does_not_exist(town, signed_in, fields, act):
    post = town.a_post(**fields)
    assert signed_in(None).post(f"/p/{post.id}/acte", {"act": act}).status_code == 404


def test_the_page_of_a_post_has_one_address_and_is_gone_with_it(town, signed_in):
    post = town.a_post("Sérum C")
    client = signed_in(None)
    assert client.get(f"/@other/p/{post.id}").headers["Location"] == f"/@lea.peau/p/{post.id}"
    assert "Sérum C" in client.get(f"/@lea.peau/p/{post.id}").content.decode()
    hidden = town.a_post("Secret", visibility="private")
    gone = client.get(f"/@lea.peau/p/{hidden.id}")
    assert gone.status_code == 404
    assert "Secret" not in gone.content.decode()


def test_the_plain_list_has_public_posts_alone_newest_first_and_older_ones_a_link_away(town, signed_in):
    names = [town.a_post(f"post {number}") for number in range(8)]
    town.a_post("never", visibility="private")
    page = signed_in(None).get("/").content.decode()
    assert "never" not in page
    assert page.index("post 7") < page.index("post 2")
    assert "post 1" not in page
    assert f"?avant={names[2].id}" in page
    assert "post 1" in signed_in(None).get(f"/?avant={names[2].id}").content.decode()


def test_a_comment_bears_the_name_of_who_is_signed_in(town, signed_in):
    post = town.a_post()
    address = f"/@lea.peau/p/{post.id}"
    assert "Sign in to comment" in signed_in(None).get(address).content.decode()
    assert signed_in(None).post(f"/p/{post.id}/commentaire", {"text": "Hi"}).status_code == 302
    client = signed_in(town.ines)
    answer = client.post(f"/p/{post.id}/commentaire", {"text": "So soft <b>", "token": "over"})
    assert answer.headers["Location"] == f"{address}#comments"
    page = client.get(address).content.decode()
    assert "So soft &lt;b&gt;" in page
    assert "Inès Roy" in page
    assert "Inès Roy" in signed_in(None).get(address).content.decode()


def test_a_comment_that_is_refused_keeps_its_text_and_says_why(town, signed_in):
    post = town.a_post()
    client = signed_in(town.ines)
    refused = client.post(f"/p/{post.id}/commentaire", {"text": "x" * 151})
    assert refused.status_code == 422
    assert "x" * 151 in refused.content.decode()
    closed = town.a_post(allow_comments=False)
    assert client.post(f"/p/{closed.id}/commentaire", {"text": "Hi"}).status_code in {409, 422}
    assert "takes no comments" in client.get(f"/@lea.peau/p/{closed.id}").content.decode()
    hidden = town.a_post(visibility="private")
    assert client.post(f"/p/{hidden.id}/commentaire", {"text": "Hi"}).status_code == 404
