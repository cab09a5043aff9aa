"""What holds for every page: nothing the policy refuses, nothing kept, nothing run that somebody wrote."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attise.doors.site.middleware import CSP
from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as authorizations
from attise.records.terms import Terms

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}{% now %}"
QUERIES = 31
"""At most, of a page. An overview has the most: what happened is told with its posts and people, three of them."""
HTML_BYTES = 25_000


class Elements(HTMLParser):
    """Collects every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def full(town):
    """The town with one of everything, under names that try to run."""
    for number in range(3):
        post = town.a_post(f"{HOSTILE} {number}", sound=HOSTILE[:100])
        grant, code = town.a_grant(post, days=(7, 30, 60)[number], terms=Terms(share_ppm=125_000))
        if number:
            town.applied(code)
        if number == 2:
            town.revoke(grant)
    town.loose = town.a_post(HOSTILE, visibility="private")
    accounts.update_creator(town.means, COMMAND, creator_id=town.creator.id, display_name=HOSTILE[:100])
    accounts.update_person(town.means, person_id=town.lea.id, display_name=HOSTILE[:100])
    accounts.update_person(town.means, person_id=town.ines.id, display_name=HOSTILE[:100])
    from attise.management.accounts.models import Advertiser, BusinessCenter

    BusinessCenter.objects.update(name=HOSTILE[:100], company=HOSTILE)
    Advertiser.objects.update(name=HOSTILE[:100])
    _, secret = authorizations.request_access(
        town.means, COMMAND, business_center_id=town.center.id, permissions=["existing_posts", "new_posts"]
    )
    authorizations.accept_access(town.means, Actor("person", town.lea.id), creator_id=town.creator.id, secret=secret)
    _, town.secret = authorizations.request_access(
        town.means, COMMAND, business_center_id=town.center.id, permissions=["existing_posts"]
    )
    app, _ = accounts.create_app(town.means, name=HOSTILE[:100], redirect_uris=["https://app.example.org/back"])
    town.app = app
    accounts.issue_token(
        town.means, app_id=app.id, person_id=town.ines.id, advertiser_ids=[town.advertiser.id], name=HOSTILE[:100]
    )
    accounts.make_host_key(town.means, name=HOSTILE[:100])
    _, invitation = accounts.invite_member(
        town.means,
        Actor("person", town.ines.id),
        business_center_id=town.center.id,
        email="z@example.org",
        role="ADMIN",
    )
    town.invitation = invitation
    return town


def pages(town) -> list[tuple[str, str]]:
    bound = town.a_post("one more")
    town.applied(town.a_code(bound))
    return [
        ("nobody", "/"),
        ("nobody", "/accueil"),
        ("nobody", f"/@{town.creator.handle}/p/{bound.id}"),
        ("nobody", "/connexion"),
        ("nobody", "/mot-de-passe/oubli"),
        ("nobody", f"/invitation/{town.invitation}"),
        ("nobody", town.link(town.lea, "creator")),
        ("creator", "/"),
        ("creator", "/accueil"),
        ("creator", "/compte"),
        ("creator", "/creation/"),
        ("creator", "/creation/publications"),
        ("creator", f"/creation/publications/{bound.id}"),
        ("creator", f"/creation/publications/{town.loose.id}"),
        ("creator", "/creation/publier"),
        ("creator", "/creation/autorisations"),
        ("creator", "/creation/demandes"),
        ("creator", f"/acces/{town.secret}"),
        ("advertiser", "/ads/"),
        ("advertiser", "/ads/bibliotheque"),
        ("advertiser", "/ads/bibliotheque?dialog=codes"),
        ("advertiser", "/ads/bibliotheque?source=comptes"),
        ("advertiser", f"/ads/bibliotheque/{bound.id}"),
        ("advertiser", "/ads/comptes"),
        ("advertiser", "/ads/comptes/demander"),
        ("advertiser", "/ads/membres"),
        ("advertiser", "/ads/acces-api"),
        ("advertiser", f"/portal/auth?app_id={town.app.id}&redirect_uri=https://app.example.org/back&state={HOSTILE}"),
        ("operator", "/operateur/"),
        ("operator", "/operateur/personnes"),
        ("operator", "/operateur/cles"),
        ("operator", "/operateur/journal"),
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_is_whole_light_and_runs_nothing_that_somebody_wrote(full, signed_in, language):
    people = {"nobody": None, "creator": full.lea, "advertiser": full.ines, "operator": full.olga}
    for role, address in pages(full):
        client = signed_in(people[role], language=language)
        client.get(address)  # a first visit makes the session
        with CaptureQueriesContext(
            connection,
        ) as made:
            answer = client.get(address)
        text = answer.content.decode()
        assert answer.status_code == 200, address
        assert f'<html lang="{language}"' in text, address
        assert answer.headers["Cache-Control"] == "no-store", address
        policy = answer.headers["Content-Security-Policy"]
        assert policy == CSP or address.startswith("/portal/auth"), address
        assert "frame-ancestors 'none'" in policy
        assert len(gzip.compress(answer.content)) <= HTML_BYTES, address
        assert len(made) <= QUERIES, (address, len(made), [one["sql"][:120] for one in made])
        assert "<script>alert" not in text, address
        assert "<img src=x" not in text, address
        assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(\S{0,4})", text), address
        seen: set[str] = set()
        for tag, attributes in Elements(text).found:
            told = (address, tag, attributes)
            assert "style" not in attributes, told
            assert not [name for name in attributes if name.startswith("on")], told
            assert not (tag == "script" and "src" not in attributes), told
            if "id" in attributes:
                assert attributes["id"] not in seen, told
                seen.add(attributes["id"])
            for name in ("src", "href", "action"):
                value = attributes.get(name) or ""
                assert value.startswith(("/", "#", "?", "mailto:")) or value == "", told


def test_every_link_of_every_page_leads_somewhere(full, signed_in):
    people = {"nobody": None, "creator": full.lea, "advertiser": full.ines, "operator": full.olga}
    asked: set[tuple[str, str]] = set()
    for role, address in pages(full):
        client = signed_in(people[role])
        for tag, attributes in Elements(client.get(address).content.decode()).found:
            href = attributes.get("href") or ""
            if tag != "a" or href.startswith(("#", "mailto:")):
                continue
            target = address.partition("?")[0] + href if href.startswith("?") else href
            if (role, target) in asked:
                continue
            asked.add((role, target))
            assert client.get(target).status_code == 200, (address, target)
    assert len(asked) > 40


def test_lists_cost_the_same_whatever_their_length(town, creator, advertiser, operator):
    def cost(client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as made:
            assert client.get(address).status_code == 200
        return len(made)

    def fill(count: int) -> None:
        for number in range(count):
            post = town.a_post(f"Post {number}")
            town.applied(town.a_code(post))
            someone = town.a_member(f"m{post.id}@example.org", f"M {number}", "analyst")
            accounts.sign_in_link(town.means, person_id=someone.id, console="viewer", by=Actor("person", someone.id))

    fill(2)
    few = [
        cost(creator, "/creation/publications"),
        cost(creator, "/creation/autorisations"),
        cost(advertiser, "/ads/bibliotheque"),
        cost(operator, "/operateur/personnes"),
        cost(operator, "/operateur/journal"),
    ]
    fill(10)
    many = [
        cost(creator, "/creation/publications"),
        cost(creator, "/creation/autorisations"),
        cost(advertiser, "/ads/bibliotheque"),
        cost(operator, "/operateur/personnes"),
        cost(operator, "/operateur/journal"),
    ]
    assert few == many
    assert max(many) <= 13
