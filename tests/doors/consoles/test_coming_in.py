"""Coming in: by password within limits, by links that work once, by invitations, and going out."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import actions as accounts
from attise.management.accounts import queries
from tests.browser.town import PASSWORD, session_of

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str, **more):
    return client.post("/connexion", {"email": email, "password": password, **more})


def bare(page: str) -> str:
    """Return a page without what differs by itself: the keys of its forms and what was typed."""
    return re.sub(r'value="[^"]*"', "", page)


def who(client: Client) -> str:
    return client.get("/compte").content.decode()


# ---- by password


def test_a_stranger_and_a_wrong_password_are_one_answer(town, signed_in):
    client = signed_in(None)
    known = sign_in(client, "lea@example.org", "not hers at all")
    unknown = sign_in(client, "nobody@example.org", "not hers at all")
    assert known.status_code == unknown.status_code == 422
    assert bare(known.content.decode()) == bare(unknown.content.decode())
    assert 'value="lea@example.org"' in known.content.decode()
    assert "not hers at all" not in known.content.decode()


def test_after_ten_failures_even_the_right_password_waits_and_the_page_says_how_long(town, clock, signed_in):
    client = signed_in(None, language="fr")
    for _ in range(10):
        assert sign_in(client, "lea@example.org", "wrong wrong wrong").status_code == 422
    refused = sign_in(client, "lea@example.org", PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Nouvel essai possible dans" in refused.content.decode()
    clock.advance(seconds=int(refused.headers["Retry-After"]))
    assert sign_in(client, "lea@example.org", PASSWORD).status_code == 302


def test_signing_in_gives_the_session_a_new_key_and_leaves_the_old_one_dead(town, signed_in):
    client = signed_in(town.ines)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/deconnexion")
    assert not Session.objects.filter(session_key=before).exists()
    sign_in(client, "lea@example.org", PASSWORD)
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after not in {before, ""}
    assert "Léa Peau" in who(client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "///x",
    ],
)
def test_the_way_back_never_leads_to_another_site(town, signed_in, elsewhere):
    answer = sign_in(signed_in(None), "lea@example.org", PASSWORD, suite=elsewhere)
    assert answer.headers["Location"] == "/creation/"


def test_the_way_back_leads_to_the_page_that_was_asked_for(town, signed_in):
    client = signed_in(None)
    asked = client.get("/creation/autorisations?etat=en-cours")
    assert asked.headers["Location"] == "/connexion?suite=%2Fcreation%2Fautorisations%3Fetat%3Den-cours"
    answer = sign_in(client, "lea@example.org", PASSWORD, suite="/creation/autorisations?etat=en-cours")
    assert answer.headers["Location"] == "/creation/autorisations?etat=en-cours"


def test_whoever_has_one_console_lands_on_it_and_whoever_has_several_chooses(town, signed_in):
    assert sign_in(signed_in(None), "ines@example.org", PASSWORD).headers["Location"] == "/ads/"
    accounts.create_creator(town.means, COMMAND, handle="ines", display_name="Inès", person_id=town.ines.id)
    assert sign_in(signed_in(None), "ines@example.org", PASSWORD).headers["Location"] == "/accueil"
    page = signed_in(town.ines).get("/accueil").content.decode()
    assert "Creator tools" in page
    assert "Ads Manager" in page


def test_a_form_from_another_site_changes_nothing(town, signed_in):
    client = signed_in(town.lea, enforce_csrf_checks=True)
    assert client.post("/deconnexion").status_code == 403
    assert client.get("/deconnexion").status_code == 302
    assert "Léa Peau" in who(client)


# ---- by links


def test_looking_at_a_link_uses_nothing_and_following_it_uses_it_up(town, signed_in):
    link = town.link(town.lea, "creator")
    client = signed_in(None)
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    answer = client.post(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/creation/")
    assert signed_in(None).get(link).status_code == 410
    assert signed_in(None).post(link).status_code == 410


@pytest.mark.parametrize("secret", ["alk_" + "0" * 40, "x", "é", "alk_" + "0" * 4000])
def test_a_link_that_never_was_is_a_dead_link(db, means, signed_in, secret):
    for path in ("connexion/lien", "mot-de-passe/lien", "invitation"):
        assert signed_in(None).get(f"/{path}/{secret}").status_code == 410
        assert signed_in(None).post(f"/{path}/{secret}").status_code == 410


def test_a_link_does_only_what_it_was_made_for(town, signed_in):
    reset = accounts.make_reset_link(town.means, COMMAND, person_id=town.lea.id)
    assert signed_in(None).post(f"/connexion/lien/{reset}").status_code == 410
    assert signed_in(None).get(f"/mot-de-passe/lien/{reset}").status_code == 200
    link = town.link(town.lea, "creator").rpartition("/")[2]
    assert signed_in(None).post(f"/mot-de-passe/lien/{link}", {"password": "x" * 12}).status_code == 410
    assert signed_in(None).get(f"/connexion/lien/{link}").status_code == 200


def test_a_link_of_fifteen_minutes_is_dead_after_them(town, clock, signed_in):
    link = town.link(town.lea, "creator")
    clock.advance(seconds=15 * 60 + 1)
    assert signed_in(None).get(link).status_code == 410


# ---- passwords


def test_asking_for_a_password_says_nothing_and_tells_the_operator(town, signed_in, operator):
    answers = [
        signed_in(None).post("/mot-de-passe/oubli", {"email": email}).content.decode().replace(email, "")
        for email in ("lea@example.org", "nobody@example.org")
    ]
    assert bare(answers[0]) == bare(answers[1])
    page = operator.get("/operateur/").content.decode()
    assert "lea@example.org" in page
    assert "nobody@example.org" not in page
    answer = operator.post(f"/operateur/personnes/{town.lea.id}/lien", {"kind": "password"}, follow=True)
    link = re.search(r'value="(http://testserver/mot-de-passe/lien/[^"]+)"', answer.content.decode())[1]
    assert "forgot" not in operator.get("/operateur/").content.decode().split("Lately")[0]
    client, elsewhere = signed_in(None), signed_in(town.lea)
    short = client.post(link, {"password": "short"})
    assert short.status_code == 422
    assert "at least 10" in short.content.decode()
    assert client.post(link, {"password": "a much longer one"}).status_code == 302
    assert "Léa Peau" in who(client)
    assert elsewhere.get("/compte").status_code == 302, "every other session ends with the password before"
    assert sign_in(signed_in(None), "lea@example.org", "a much longer one").status_code == 302


def test_a_link_to_hand_over_is_shown_once_and_never_kept_readable(town, operator):
    made = operator.post(f"/operateur/personnes/{town.lea.id}/lien", {"kind": "creator"}, follow=True).content.decode()
    secret = re.search(r"alk_[0-9a-f]{40}", made)[0]
    again = operator.get("/operateur/personnes").content.decode()
    assert secret not in again
    assert all(secret not in str(session.get_decoded()) for session in Session.objects.all())


def test_links_for_others_bear_the_public_address_whatever_host_was_asked(town, operator, monkeypatch):
    import dataclasses

    public = dataclasses.replace(settings.HOUSE.settings, public_url="https://ads.example.org")
    monkeypatch.setattr(settings.HOUSE, "settings", public)
    page = operator.post(
        f"/operateur/personnes/{town.lea.id}/lien",
        {"kind": "password"},
        follow=True,
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    ).content.decode()
    assert "https://ads.example.org/mot-de-passe/lien/" in page
    assert "evil.example" not in page


def test_another_password_asks_for_the_one_before_and_ends_other_sessions(town, signed_in):
    client, elsewhere = signed_in(town.lea), signed_in(town.lea)
    wrong = client.post("/compte", {"what": "password", "current": "no", "password": "another long one"})
    assert wrong.status_code == 422
    right = client.post("/compte", {"what": "password", "current": PASSWORD, "password": "another long one"})
    assert right.status_code == 302
    assert client.get("/compte").status_code == 200
    assert elsewhere.get("/compte").status_code == 302


def test_another_address_asks_for_the_password_and_must_be_free(town, signed_in):
    client = signed_in(town.lea)

    def change(email: str, password: str):
        return client.post("/compte", {"what": "email", "email": email, "current_password": password})

    assert change("new@example.org", "no").status_code == 422
    assert change("ines@example.org", PASSWORD).status_code == 409
    assert change("new@example.org", PASSWORD).status_code == 302
    assert queries.get_person(town.lea.id).email == "new@example.org"


def test_the_first_address_and_password_come_together_or_not_at_all(town, signed_in):
    first = accounts.create_person(town.means, email="operator@attise.invalid", display_name="Attise")
    client = signed_in(first)
    assert "attise.invalid" not in client.get("/compte").content.decode()
    refused = client.post("/compte", {"what": "first", "email": "lea@example.org", "password": "a long enough one"})
    assert refused.status_code == 409
    assert not queries.get_person(first.id).has_password
    both = client.post("/compte", {"what": "first", "email": "no address", "password": "short"}).content.decode()
    assert "2 points to correct" in both
    assert (
        client.post(
            "/compte", {"what": "first", "email": "me@example.org", "password": "a long enough one"}
        ).status_code
        == 302
    )
    assert client.get("/compte").status_code == 200
    taken = client.post("/compte", {"what": "first", "email": "x@example.org", "password": "a long enough one"})
    assert taken.status_code == 200, "the form of the first time is gone"
    assert queries.get_person(first.id).email == "me@example.org"


# ---- invitations


def invite(town, email: str) -> str:
    _, secret = accounts.invite_member(
        town.means,
        Actor("person", town.ines.id),
        business_center_id=town.center.id,
        email=email,
        role="STANDARD",
        advertiser_role="ANALYST",
    )
    return f"/invitation/{secret}"


def test_a_newcomer_makes_their_account_and_is_in(town, signed_in):
    link, client = invite(town, "new@example.org"), signed_in(None)
    page = client.get(link).content.decode()
    assert "Maison Aubrée" in page
    assert "Analyst" in page
    assert "Inès Roy" in page
    assert client.post(link, {"display_name": "Nora", "password": "short"}).status_code == 422
    answer = client.post(link, {"display_name": "Nora", "password": "long enough for me"})
    assert answer.headers["Location"] == "/ads/"
    assert "Nora" in client.get("/ads/membres").content.decode()
    assert signed_in(None).get(link).status_code == 410


def test_an_invitation_for_a_known_address_asks_to_sign_in_and_for_another_person_says_so(town, signed_in):
    link = invite(town, "lea@example.org")
    page = signed_in(None).get(link).content.decode()
    assert f"/connexion?suite={link.replace('/', '%2F')}" in page
    assert "<input" not in page.split("</main>")[0].split("<main")[1]
    other = signed_in(town.olga)
    assert "another address" in other.get(link).content.decode()
    assert other.post(link).status_code == 409
    assert signed_in(town.lea).post(link).headers["Location"] == "/ads/"
    assert queries.roles_in(town.lea.id, town.center.id) is not None


def test_a_session_of_somebody_who_was_closed_opens_nothing(town, signed_in):
    from attise.management.accounts.models import Person

    key = session_of(town.lea.id)
    Person.objects.filter(id=town.lea.id).update(is_active=False)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/creation/").status_code == 302
