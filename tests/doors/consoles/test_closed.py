"""Who may open what: every address against every sort of person, and against another's objects."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as authorizations
from attise.management.authorizations import queries as authorizations_queries
from attise.management.campaigns.actions import create_split
from attise.management.campaigns.rules.splitting import SplitDraft
from attise.management.pixels.actions import create_pixel
from tests.browser.town import Town, session_of
from tests.campaigns import a_campaign, an_ad, an_adgroup
from tests.doors.consoles.addresses import KINDS, ROLES, kind_of, methods_of, named
from tests.earning import a_payout, an_invoice
from tests.lots import a_lot

pytestmark = pytest.mark.django_db


def test_every_address_is_in_the_table_once():
    sorted_out = [name for names in KINDS.values() for name in names]
    assert sorted(sorted_out) == sorted(named())


def a_client(town: Town, role: str) -> Client:
    people = {"creator": town.lea, "operator": town.olga, "admin": town.ines}
    client = Client(raise_request_exception=False)
    if role == "nobody":
        return client
    person = people.get(role)
    if role == "person":
        person = town.a_person("plain@example.org", "Plain")
    if person is None:
        person = town.a_member(f"{role}@example.org", role.title(), role)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person.id)
    return client


@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_open_to_those_it_is_for_and_closed_to_the_others(town, role):
    client = a_client(town, role)
    for name, address in named().items():
        for method in methods_of(name):
            asked = address.format(house_id=1234567890123456789, str="unknown", slug="audience", int=3)
            status = getattr(client, method)(asked).status_code
            told = (role, method, asked, status)
            if kind_of(name, method) in ROLES[role]:
                assert status not in {401, 403, 405, 500}, told
            else:
                assert status == (302 if role == "nobody" else 403), told


def test_a_role_too_low_is_told_who_can(town, signed_in):
    analyst = signed_in(town.a_member("ana@example.org", "Ana", "analyst"))
    refused = analyst.post("/ads/bibliotheque/codes", {"codes": town.a_code()})
    assert refused.status_code == 403
    assert "Inès Roy, who administers Maison Aubrée" in refused.content.decode()
    page = analyst.get("/ads/bibliotheque").content.decode()
    assert re.search(r'disabled aria-describedby="reserved-request"', page)
    assert "Reserved to administrators and campaign operators of the Business Center" in page


def test_whoever_lacks_a_console_is_told_who_opens_it(town, signed_in):
    plain = signed_in(town.a_person("plain@example.org", "Plain"))
    assert "the operator of this installation" in plain.get("/creation/").content.decode()
    assert "by an invitation" in plain.get("/ads/").content.decode()


# ---- another's objects are nobody's


@pytest.fixture
def stranger(town) -> Town:
    """Another creator and another brand, with one of everything."""
    lea, creator, center, advertiser, ines = town.lea, town.creator, town.center, town.advertiser, town.ines
    town.lea = town.a_person("mara@example.org", "Mara")
    town.creator = accounts.create_creator(
        town.means, COMMAND, handle="mara", display_name="Mara", person_id=town.lea.id
    )
    town.advertiser = town.a_rival()
    town.post = town.a_post("Foreign caption")
    town.grant, code = town.a_grant(town.post)
    town.applied(code)
    town.question, secret = authorizations.request_access(
        town.means, COMMAND, business_center_id=town.advertiser.business_center_id, permissions=["existing_posts"]
    )
    _, secret = authorizations.request_access(
        town.means, COMMAND, business_center_id=town.advertiser.business_center_id, permissions=["existing_posts"]
    )
    town.access = authorizations.accept_access(
        town.means, Actor("person", town.lea.id), creator_id=town.creator.id, secret=secret
    )
    app, _ = accounts.create_app(town.means, name="Foreign")
    town.token, _ = accounts.issue_token(town.means, app_id=app.id, person_id=None, advertiser_ids=[town.advertiser.id])
    town.invitation, _ = accounts.invite_member(
        town.means, COMMAND, business_center_id=town.advertiser.business_center_id, email="z@example.org", role="ADMIN"
    )
    campaign = a_campaign(town.means, town.advertiser.id, "Foreign campaign")
    adgroup = an_adgroup(town.means, campaign, "Foreign group")
    bound = authorizations_queries.find_bound_post(town.means, advertiser_id=town.advertiser.id, post_id=town.post.id)
    town.tree = (campaign, adgroup, an_ad(town.means, adgroup, bound.identity_id, town.post.id, "Foreign ad"))
    sides = {"first_id": adgroup.id, "second_id": an_adgroup(town.means, campaign, "Other").id}
    draft = SplitDraft(name="Foreign test", level="adgroup", **sides)
    town.split = create_split(town.means, COMMAND, advertiser_id=town.advertiser.id, draft=draft)
    town.lot = a_lot(town.means, town.advertiser.id, [town.a_post() for _ in range(2)])
    town.payout, town.invoice = a_payout(town.means, town.creator), an_invoice(town.means, town.advertiser)
    town.pixel = create_pixel(town.means, COMMAND, advertiser_id=town.advertiser.id, name="Foreign")
    town.foreign = (town.lea, town.creator, town.advertiser)
    town.lea, town.creator, town.center, town.advertiser, town.ines = lea, creator, center, advertiser, ines
    return town


def test_what_is_anothers_is_answered_as_what_does_not_exist(stranger, creator, advertiser):
    town = stranger
    mara, mara_creator, rival = town.foreign
    campaign, adgroup, ad = town.tree
    nowhere = 1234567890123456789
    days = {f"days_{town.grant.id}": "30", f"days_{nowhere}": "30"}
    asked = [
        (creator, "get", "/creation/publications/{}", town.post.id, {}),
        (creator, "get", "/creation/publications/{}/conseils", town.post.id, {}),
        (creator, "post", "/creation/publications/{}/legende", town.post.id, {"caption": "mine"}),
        (creator, "post", "/creation/publications/{}/visibilite", town.post.id, {"visibility": "private"}),
        (creator, "post", "/creation/publications/{}/commentaires/5", town.post.id, {"state": "hidden"}),
        (creator, "post", "/creation/publications/{}/supprimer", town.post.id, {}),
        (creator, "post", "/creation/publications/{}/autoriser", town.post.id, {"days": "30"}),
        (creator, "post", "/creation/autorisations/{}/prolonger", town.grant.id, days),
        (creator, "post", "/creation/autorisations/{}/revoquer", town.grant.id, {"when": "now"}),
        (advertiser, "get", "/ads/bibliotheque/{}", town.post.id, {}),
        (advertiser, "post", "/ads/bibliotheque/{}/retirer", town.post.id, {}),
        (advertiser, "get", "/ads/comptes/demandes/{}", town.question.id, {}),
        (advertiser, "get", "/ads/comptes/demandes/{}/etat", town.question.id, {}),
        (advertiser, "post", "/ads/comptes/demandes/{}/renouveler", town.question.id, {}),
        (advertiser, "post", "/ads/comptes/acces/{}/terminer", town.access.id, {}),
        (advertiser, "post", "/ads/comptes/{}/attribuer", mara_creator.id, {"act": "assign"}),
        (advertiser, "post", "/ads/membres/{}/role", mara.id, {"role": "analyst"}),
        (advertiser, "post", "/ads/membres/{}/retirer", mara.id, {}),
        (advertiser, "post", "/ads/membres/invitations/{}/retirer", town.invitation.id, {}),
        (advertiser, "post", "/ads/acces-api/{}/retirer", town.token.id, {}),
        (advertiser, "get", "/ads/evenements?pixel={}", town.pixel.id, {}),
        (advertiser, "get", "/ads/evenements/{}/direct", town.pixel.id, {}),
        (advertiser, "get", "/ads/evenements/{}/exporter", town.pixel.id, {}),
        (advertiser, "post", "/ads/evenements/{}/nom", town.pixel.id, {"name": "Mine"}),
        (advertiser, "post", "/ads/evenements/{}/pause", town.pixel.id, {"pause": "oui"}),
        (advertiser, "post", "/ads/evenements/{}/essai", town.pixel.id, {"evenement": "Purchase"}),
        (advertiser, "get", "/ads/?compte={}", rival.id, {}),
        (creator, "post", "/creation/revenus/versements/{}/retirer", town.payout.id, {}),
        (advertiser, "get", "/ads/facturation/factures/{}", town.invoice.id, {}),
        (advertiser, "get", "/ads/facturation/factures/{}/pdf", town.invoice.id, {}),
        *(
            (who, "get", f"{place}/releves/2026-09/autorisations/{{}}{file}", town.grant.id, {})
            for who, place in ((creator, "/creation/revenus"), (advertiser, "/ads/facturation"))
            for file in ("", "/exporter")
        ),
        (advertiser, "get", "/ads/comparaison/{}", town.split.id, {}),
        (advertiser, "get", "/ads/comparaison/{}/exporter", town.split.id, {}),
        *(
            (advertiser, "post", f"/ads/comparaison/{{}}/{act}", town.split.id, {})
            for act in ("lancer", "terminer", "abandonner")
        ),
        (advertiser, "get", "/ads/a-booster/tirages/{}", town.lot.id, {}),
        (advertiser, "get", "/ads/a-booster/tirages/{}/exporter", town.lot.id, {}),
        (advertiser, "post", "/ads/a-booster/tirages/{}/tirer", town.lot.id, {}),
        (advertiser, "post", "/ads/a-booster/tirages/{}/abandonner", town.lot.id, {}),
        (creator, "post", "/creation/annonces/{}/accord", ad.id, {"verdict": "refused"}),
        (advertiser, "get", "/ads/groupes?campagne={}", campaign.id, {}),
        (advertiser, "get", "/ads/annonces?groupe={}", adgroup.id, {}),
        (advertiser, "get", "/ads/groupes/exporter?campagne={}", campaign.id, {}),
        (advertiser, "post", "/ads/campagnes/{}/temoin", campaign.id, {"holdout": "10", "revision": "1"}),
        (advertiser, "post", "/ads/campagnes/{}/temoin", campaign.id, {"holdout": "much", "revision": "1"}),
        (advertiser, "post", "/ads/campagnes/{}/conseils", campaign.id, {"conseil": "pause_tired.1"}),
        (advertiser, "post", "/ads/annonces/{}/lancer", ad.id, {}),
        (advertiser, "post", "/ads/annonces/{}/contester", ad.id, {"note": "No."}),
        *(
            one
            for place, foreign in (("campagnes", campaign), ("groupes", adgroup), ("annonces", ad))
            for one in (
                (advertiser, "get", f"/ads/{place}/{{}}", foreign.id, {}),
                (advertiser, "post", f"/ads/{place}/{{}}/diffusion", foreign.id, {"operation_status": "DISABLE"}),
                (advertiser, "post", f"/ads/{place}/{{}}/diffusion", foreign.id, {"operation_status": "ENABLE"}),
            )
        ),
        *(
            (advertiser, method, f"/ads/{place}/{{}}/budget", foreign.id, {"budget": "90", "revision": "1"})
            for place, foreign in (("campagnes", campaign), ("groupes", adgroup))
            for method in ("get", "post")
        ),
    ]  # fmt: skip
    for client, method, address, foreign, body in asked:
        answers = [getattr(client, method)(address.format(one), body) for one in (foreign, nowhere)]
        assert [answer.status_code for answer in answers] == [404, 404], address
        bodies = [re.sub(r"<code>[\w-]+</code>|value=\"[^\"]*\"", "", one.content.decode()) for one in answers]
        assert bodies[0] == bodies[1], address
        assert "Foreign" not in bodies[0]
    town.post.refresh_from_db()
    assert (town.post.caption, town.post.visibility, town.post.state) == ("Foreign caption", "public", "live")


def test_a_form_acts_for_the_advertiser_it_was_opened_for_whatever_another_tab_chose(town, advertiser):
    second = town.an_advertiser("Maison Aubrée Belgique")
    assert "Maison Aubrée Belgique" in advertiser.get(f"/ads/?compte={second.id}").content.decode()
    code = town.a_code()
    advertiser.post("/ads/bibliotheque/codes", {"compte": town.advertiser.id, "act": "confirm", "good": code})
    from attise.management.authorizations import queries

    totals = [queries.list_bound_posts(town.means, advertiser_id=one.id).total for one in (town.advertiser, second)]
    assert totals == [1, 0]
