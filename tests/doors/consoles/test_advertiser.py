"""The advertiser's side, where a browser adds nothing: parts of pages, limits, removing, members, keys, links."""

from __future__ import annotations

import html
import re

import pytest
from django.contrib.sessions.models import Session

from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import actions as accounts
from attise.management.accounts import queries as people
from attise.management.accounts.rules import CAMPAIGN_OPERATOR
from attise.management.authorizations import actions as authorizations
from attise.management.authorizations import queries

pytestmark = pytest.mark.django_db

CODES = "/ads/bibliotheque/codes"
BY_SCRIPT = {"HX-Request": "true"}


def total(town) -> int:
    return queries.list_bound_posts(town.means, advertiser_id=town.advertiser.id).total


def grant_access(town, *permissions: str):
    _, secret = authorizations.request_access(
        town.means,
        COMMAND,
        business_center_id=town.center.id,
        permissions=list(permissions) or ["existing_posts"],
    )
    return authorizations.accept_access(
        town.means, Actor("person", town.lea.id), creator_id=town.creator.id, secret=secret
    )


# ---- codes


def test_a_script_gets_the_form_alone_and_a_browser_the_whole_page(town, advertiser):
    code = town.a_code()
    part = advertiser.post(CODES, {"codes": code, "act": "search"}, headers=BY_SCRIPT).content.decode()
    assert part.startswith("<form")
    whole = advertiser.post(CODES, {"codes": code, "act": "search"}).content.decode()
    assert whole.startswith("<!doctype html>")
    assert '<dialog class="dialog wide" id="request-codes" aria-labelledby="request-title" open>' in whole
    done = advertiser.post(CODES, {"good": code, "act": "confirm"}, headers=BY_SCRIPT)
    assert (done.status_code, done.headers["HX-Redirect"].split("=")[0]) == (204, "/ads/bibliotheque?ajout")


@pytest.mark.parametrize(
    ("language", "hint"),
    [
        ("en", "A code begins with #. Copy it whole, with that first sign."),
        ("fr", "Un code commence par #. Copiez-le en entier, avec ce premier signe."),
    ],
)
def test_a_code_without_its_first_sign_is_told_so_and_no_other(town, signed_in, language, hint):
    client, code = signed_in(town.ines, language=language), town.a_code()

    def answer(pasted: str) -> str:
        return html.unescape(client.post("/ads/bibliotheque/codes", {"codes": pasted}).content.decode())

    assert hint in answer(code.removeprefix("#"))
    assert hint in answer("hello")
    for pasted in (code[:-3], code.swapcase(), code):
        assert hint not in answer(pasted)


def test_looking_up_applies_nothing(town, advertiser):
    advertiser.post(CODES, {"codes": town.a_code(), "act": "search"})
    assert total(town) == 0


def test_a_code_that_dies_between_the_look_and_the_yes_does_not_hold_the_others_back(town, advertiser):
    good, grant = town.a_code(), town.a_grant(town.a_post("dies"))
    town.revoke(grant[0])
    answer = advertiser.post(CODES, {"good": [good, grant[1]], "act": "confirm"})
    page = answer.content.decode()
    assert "Added to your library" in page
    assert "The creator revoked this authorization." in page
    assert total(town) == 1


def test_a_paste_of_many_wrong_codes_counts_as_one_guess_and_confirming_is_no_way_around(town, advertiser):
    twenty = "\n".join(f"#A{number}" for number in range(20))
    for _ in range(5):
        assert advertiser.post(CODES, {"codes": twenty, "act": "search"}).status_code == 200
        assert advertiser.post(CODES, {"good": "#A", "act": "confirm"}).status_code == 200
    refused = advertiser.post(CODES, {"good": town.a_code(), "act": "confirm"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert total(town) == 0


def test_nothing_pasted_and_far_too_much_pasted_are_said(town, advertiser):
    assert "Paste at least one code." in advertiser.post(CODES, {"codes": " \n ", "act": "search"}).content.decode()
    answer = advertiser.post(CODES, {"codes": ",".join(f"#A{n}" for n in range(90_000)), "act": "search"})
    assert answer.status_code == 422
    assert len(answer.content) < 60_000


def test_a_code_never_comes_back_readable_but_to_whoever_pasted_it(town, advertiser):
    code = town.a_code()
    town.applied(code)
    for address in ("/ads/bibliotheque", f"/ads/bibliotheque/{_post_of(town)}"):
        assert code not in advertiser.get(address).content.decode()


def _post_of(town) -> int:
    return queries.list_bound_posts(town.means, advertiser_id=town.advertiser.id).items[0].post.id


# ---- the library


def test_words_find_a_caption_or_a_creator(town, advertiser):
    for caption in ("Red shoes", "Blue hat"):
        town.applied(town.a_code(town.a_post(caption)))
    page = advertiser.get("/ads/bibliotheque?q=red").content.decode()
    assert "Red shoes" in page
    assert "Blue hat" not in page
    assert "Blue hat" in advertiser.get("/ads/bibliotheque?q=lea.peau").content.decode()
    assert "No post found" in advertiser.get("/ads/bibliotheque?q=zzz").content.decode()


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=99999999999999999999", "apres=x", "de=x", "ajout=x,,1"]
)
def test_an_address_that_was_tampered_with_shows_a_page_all_the_same(town, advertiser, query):
    town.applied(town.a_code())
    for source in ("", "&source=comptes"):
        assert advertiser.get(f"/ads/bibliotheque?{query}{source}").status_code == 200


def test_a_post_is_removed_only_when_its_authorization_is_over(town, advertiser, clock):
    town.applied(town.a_code(days=7))
    post_id = _post_of(town)
    early = advertiser.post(f"/ads/bibliotheque/{post_id}/retirer")
    assert early.status_code == 409
    assert "still authorized until 28 Sep 2026" in early.content.decode()
    clock.advance(days=8)
    page = advertiser.get(f"/ads/bibliotheque/{post_id}").content.decode()
    assert "Authorization expired" in page
    assert advertiser.post(f"/ads/bibliotheque/{post_id}/retirer").status_code == 302
    assert advertiser.get(f"/ads/bibliotheque/{post_id}").status_code == 404


def test_days_are_those_of_the_advertiser_s_own_zone(town, advertiser, clock):
    clock.advance(seconds=8 * 3600)  # 22:13 in London, already tomorrow in Paris
    town.applied(town.a_code(days=7))
    assert "until 29 Sep 2026" in advertiser.get("/ads/bibliotheque").content.decode()


def test_an_open_account_shows_its_public_posts_and_no_others(town, advertiser):
    town.a_post("For all")
    hidden = [
        town.a_post("Private one", visibility="private"),
        town.a_post("For followers", visibility="followers"),
        town.a_post("Another brand's ad", ads_only=True),
    ]
    grant_access(town)
    page = advertiser.get("/ads/bibliotheque?source=comptes").content.decode()
    assert "For all" in page
    for post in hidden:
        assert post.caption not in page
        assert advertiser.get(f"/ads/bibliotheque/{post.id}").status_code == 404


# ---- accounts


def test_a_question_s_link_is_shown_to_whoever_asked_alone(town, advertiser, signed_in):
    answer = advertiser.post("/ads/comptes/demander", {"permissions": "existing_posts"})
    address = answer.headers["Location"]
    link = re.search(r'value="(http://testserver/acces/[^"]+)"', advertiser.get(address).content.decode())[1]
    assert link in advertiser.get(address).content.decode(), "a reload keeps it while it waits"
    colleague = signed_in(town.a_member("col@example.org", "Col", "campaign_operator"))
    assert "/acces/" not in colleague.get(address).content.decode()
    assert all("acces/" not in str(one.get_decoded()) for one in Session.objects.all())


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"permissions": "existing_posts"}, ("existing_posts",)),
        ({"new": "1", "new_kind": "new_posts"}, ("new_posts",)),
        (
            {"permissions": "existing_posts", "new": "1", "new_kind": "new_posts_ads_only"},
            ("existing_posts", "new_posts_ads_only"),
        ),
        ({"permissions": "existing_posts", "new_kind": "new_posts"}, ("existing_posts",)),
        ({}, None),
        ({"permissions": "everything"}, None),
        ({"new": "1", "new_kind": "all"}, None),
    ],
)
def test_what_is_asked_is_exactly_what_was_ticked(town, advertiser, given, asked):
    answer = advertiser.post("/ads/comptes/demander", given)
    if asked is None:
        assert answer.status_code == 422
        return
    request_id = int(answer.headers["Location"].rpartition("/")[2])
    assert queries.get_access_request(town.means, request_id=request_id).permissions == asked


def test_the_page_s_own_question_answers_nothing_until_something_happened(town, advertiser, creator):
    address = advertiser.post("/ads/comptes/demander", {"permissions": "existing_posts"}).headers["Location"]
    link = re.search(r"/acces/[^\"]+", advertiser.get(address).content.decode())[0]
    assert advertiser.get(f"{address}/etat").status_code == 204
    assert creator.post(link, {"answer": "perhaps"}).status_code == 422
    assert creator.post(link, {"answer": "refuse"}).status_code == 302
    assert "@lea.peau refused" in advertiser.get(f"{address}/etat").content.decode()
    again = creator.post(link, {"answer": "accept"})
    assert again.status_code == 409
    assert "has its answer already" in again.content.decode()


def test_only_a_creator_answers_and_only_in_their_own_session(town, advertiser, signed_in):
    address = advertiser.post("/ads/comptes/demander", {"permissions": "existing_posts"}).headers["Location"]
    link = re.search(r"/acces/[^\"]+", advertiser.get(address).content.decode())[0]
    assert advertiser.get(link).status_code == 403
    nobody = signed_in(None).get(link)
    assert nobody.headers["Location"].startswith("/connexion?suite=%2Facces%2F")
    assert signed_in(None).post(link, {"answer": "accept"}).headers["Location"] == "/connexion"
    assert signed_in(town.lea, enforce_csrf_checks=True).post(link, {"answer": "accept"}).status_code == 403


def test_an_access_is_taken_back_from_one_advertiser_and_ended_for_all(town, advertiser):
    access = grant_access(town)
    assert advertiser.post(f"/ads/comptes/{town.creator.id}/attribuer", {"act": "unassign"}).status_code == 302
    assert "Used by no advertiser" in advertiser.get("/ads/comptes").content.decode()
    assert advertiser.post(f"/ads/comptes/{town.creator.id}/attribuer", {"act": "assign"}).status_code == 302
    assert "Used by Maison Aubrée" in advertiser.get("/ads/comptes").content.decode()
    assert advertiser.post(f"/ads/comptes/acces/{access.id}/terminer").status_code == 302
    assert "No linked account" in advertiser.get("/ads/comptes").content.decode()


def test_a_person_who_holds_both_sides_links_them_without_a_question(town, signed_in):
    accounts.create_creator(town.means, COMMAND, handle="ines.roy", display_name="Inès", person_id=town.ines.id)
    client = signed_in(town.ines)
    assert "Link my account" in client.get("/ads/comptes").content.decode()
    client.post("/ads/comptes/lier")
    page = client.get("/ads/comptes").content.decode()
    assert "Link my account" not in page
    assert "@ines.roy" in page
    assert "Your own advertiser" in client.get("/creation/demandes").content.decode()


# ---- members and keys


def test_roles_are_changed_by_their_names_and_the_last_administrator_stays(town, advertiser):
    ana = town.a_member("ana@example.org", "Ana", "analyst")
    assert advertiser.post(f"/ads/membres/{ana.id}/role", {"role": "campaign_operator"}).status_code == 302
    assert people.roles_in(ana.id, town.center.id) == CAMPAIGN_OPERATOR
    assert advertiser.post(f"/ads/membres/{ana.id}/role", {"role": "emperor"}).status_code == 422
    page = advertiser.get("/ads/membres").content.decode()
    assert "The only administrator" in page
    refused = advertiser.post(f"/ads/membres/{town.ines.id}/retirer")
    assert refused.status_code == 409
    assert "The last administrator" in refused.content.decode()
    assert advertiser.post(f"/ads/membres/{ana.id}/retirer").status_code == 302
    assert people.roles_in(ana.id, town.center.id) is None


def test_a_member_may_leave_by_themselves(town, signed_in):
    ana = town.a_member("ana@example.org", "Ana", "analyst")
    client = signed_in(ana)
    assert client.post(f"/ads/membres/{ana.id}/retirer").headers["Location"] == "/accueil"
    assert client.get("/ads/").status_code == 403


def test_an_invitation_is_a_link_shown_once_and_can_be_withdrawn(town, advertiser, signed_in):
    page = advertiser.post("/ads/membres/inviter", {"email": "new@example.org", "role": "finance"}, follow=True)
    link = re.search(r'value="(http://testserver/invitation/[^"]+)"', page.content.decode())[1]
    again = advertiser.get("/ads/membres").content.decode()
    assert link not in again
    assert "new@example.org" in again
    withdraw = re.search(r"/ads/membres/invitations/\d+/retirer", again)[0]
    advertiser.post(withdraw)
    assert signed_in(None).get(link).status_code == 410
    twice = advertiser.post("/ads/membres/inviter", {"email": "ines@example.org", "role": "finance"})
    assert twice.status_code == 409


def test_a_key_is_shown_once_acts_as_its_maker_and_is_withdrawn_by_an_administrator(town, advertiser, signed_in):
    ana = town.a_member("ana@example.org", "Ana", "analyst")
    maker = signed_in(ana)
    made = maker.post("/ads/acces-api/creer", {"name": "Monday", "advertisers": [town.advertiser.id]}, follow=True)
    text = re.search(r"aat_[0-9a-f]{40}", made.content.decode())[0]
    assert text not in maker.get("/ads/acces-api").content.decode()
    grant = people.find_token(text)
    assert grant.roles[town.center.id].advertiser_role == "ANALYST"
    other = signed_in(town.a_member("bob@example.org", "Bob", "analyst"))
    assert "Monday" not in other.get("/ads/acces-api").content.decode()
    assert other.post(f"/ads/acces-api/{grant.token_id}/retirer").status_code == 404
    assert "Monday" in advertiser.get("/ads/acces-api").content.decode()
    advertiser.post(f"/ads/acces-api/{grant.token_id}/retirer")
    assert people.find_token(text) is None


def test_a_key_is_for_advertisers_of_this_business_center_alone(town, advertiser):
    rival = town.a_rival()
    refused = advertiser.post("/ads/acces-api/creer", {"name": "x", "advertisers": [rival.id]})
    assert refused.status_code == 422
    assert people.list_tokens_of_business_center(rival.business_center_id) == []


# ---- the agreement of an app


@pytest.mark.parametrize(
    "query",
    [
        "app_id=1&redirect_uri=https://app.example.org/back",
        "app_id=APP&redirect_uri=https://app.example.org/back/",
        "app_id=APP&redirect_uri=https://evil.example/",
        "app_id=APP",
        "",
        "app_id=APP&redirect_uri=https://app.example.org/back&state=" + "x" * 2_001,
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_is_sent_to_an_address_that_the_app_did_not_enter(town, advertiser, query, method):
    app, _ = accounts.create_app(town.means, name="Monday", redirect_uris=["https://app.example.org/back"])
    given = dict(pair.split("=", 1) for pair in query.replace("APP", str(app.id)).split("&") if pair)
    answer = getattr(advertiser, method)("/portal/auth", {**given, "answer": "refuse"})
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_only_the_advertisers_chosen_and_one_s_own_are_agreed_for(town, advertiser):
    rival = town.a_rival()
    second = town.an_advertiser("Maison Aubrée Belgique")
    app, secret = accounts.create_app(town.means, name="Monday", redirect_uris=["https://app.example.org/back"])
    body = {"app_id": app.id, "redirect_uri": "https://app.example.org/back", "answer": "agree"}
    nothing = advertiser.post("/portal/auth", {**body, "advertiser": [rival.id]})
    assert nothing.status_code == 422
    assert "Choose at least one advertiser." in nothing.content.decode()
    answer = advertiser.post("/portal/auth", {**body, "advertiser": [second.id, rival.id]})
    assert answer.status_code == 302
    code = re.fullmatch(r"https://app\.example\.org/back\?auth_code=(aac_\w+)", answer.headers["Location"])[1]
    token, _ = accounts.exchange_oauth(town.means, app_id=app.id, secret=secret, auth_code=code)
    assert token.advertiser_ids == (second.id,)
