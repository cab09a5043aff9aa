"""A creator's page, whom a viewer follows, and what is found by a word: public posts alone, and follows that count."""

from __future__ import annotations

import pytest

from attise.management.accounts import actions as accounts
from attise.measurement.counters.models import State
from tests.doors.consoles.event_log import end_of_log, events_since

pytestmark = pytest.mark.django_db


def test_a_profile_shows_what_is_for_everybody_and_no_ads_only_video(town, signed_in):
    town.a_post("Sérum C, un mois après")
    town.a_post("Brouillon privé", visibility="private")
    town.a_post("Pour une marque seulement", ads_only=True)
    page = signed_in(None).get("/@lea.peau").content.decode()
    assert "Sérum C, un mois après" in page
    assert "Brouillon" not in page
    assert "Pour une marque" not in page
    assert "Follow" in page
    own = signed_in(town.lea).get("/@lea.peau").content.decode()
    assert "/creation/publier" in own
    assert "/@lea.peau/suivre" not in own


def test_a_handle_has_one_spelling_and_one_that_is_nobodys_says_so(town, signed_in):
    client = signed_in(None)
    assert client.get("/@LEA.Peau").headers["Location"] == "/@lea.peau"
    gone = client.get("/@personne")
    assert gone.status_code == 404
    assert "does not exist" in gone.content.decode()
    accounts.retire_creator(town.means, town_actor(town), creator_id=town.creator.id)
    assert client.get("/@lea.peau").status_code == 404


def town_actor(town):
    from attise.kernel.actor import Actor

    return Actor("person", town.lea.id)


def test_a_follow_without_a_script_is_an_event_on_the_creator(town, signed_in):
    end, client = end_of_log(), signed_in(None)
    answer = client.post("/@lea.peau/suivre", {"act": "follow"})
    assert answer.headers["Location"] == "/@lea.peau"
    (event,) = events_since(end)
    assert (event.type, event.post_id, event.creator_id, event.doubt) == ("follow", 0, town.creator.id, "")
    assert client.post("/@lea.peau/suivre", {"act": "boost"}).status_code == 404
    assert client.post("/@personne/suivre", {"act": "follow"}).status_code == 404


def test_following_fills_with_the_creators_that_are_followed(town, signed_in):
    town.a_post("Sérum C, un mois après")
    client = signed_in(None)
    for address in ("/abonnements", "/abonnements/comptes"):
        assert "Follow creators to fill this feed." in client.get(address).content.decode()
    client.post("/fil/billet")
    from attise.management.viewers.models import Viewer

    person = Viewer.objects.get().pseudonym
    State.objects.create(person=person, kind="follow", object_id=town.creator.id, is_on=True, body=b"")
    for address in ("/abonnements", "/abonnements/comptes"):
        page = client.get(address).content.decode()
        assert "Sérum C, un mois après" in page
        assert 'href="/@lea.peau' in page
        assert "Follow creators to fill this feed." not in page
    feed = client.get("/abonnements").content.decode()
    assert "data-followed-only" in feed
    assert 'href="/abonnements/comptes"' in feed
    assert "data-followed-only" not in client.get("/").content.decode()
    assert 'aria-pressed="true"' in client.get("/@lea.peau").content.decode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lea", "@lea.peau"),
        ("Sérum", "un mois après"),
        ("#peau", "un mois après"),
        ("lea.paeu", "Did you mean @lea.peau?"),
        ("100%_", "Nothing found for “100%_”."),
        ("<script>", "Nothing found for “&lt;script&gt;”."),
        ("#personne", "Nothing found"),
    ],
)
def test_search_finds_accounts_words_and_tags_or_the_nearest_spelling(town, signed_in, text, found):
    town.a_post("Sérum C, un mois après #peau")
    town.a_post("Brouillon Sérum", visibility="private")
    page = signed_in(None).get("/recherche", {"q": text}).content.decode()
    assert found in page
    assert "Brouillon" not in page


def test_search_takes_anything(signed_in, town):
    for text in ("", " ", "\x00", "x" * 5_000, "#", "@"):
        assert signed_in(None).get("/recherche", {"q": text, "avant": "abc"}).status_code == 200
