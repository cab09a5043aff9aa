"""An app asks, a person agrees, the app gets a token: once, within the hour, for itself."""

import pytest

from attise.kernel.actor import COMMAND
from attise.management.accounts import queries
from attise.management.accounts.actions import (
    agree_oauth,
    change_app,
    check_redirect,
    create_app,
    exchange_oauth,
    remove_member,
    renew_app_secret,
    sweep,
)
from attise.management.accounts.errors import APP_MISMATCH, APP_SECRET_WRONG, APP_UNKNOWN, OAUTH_CODE_DEAD
from attise.management.accounts.models import AccessToken, OAuthCode
from attise.management.accounts.rules import CAMPAIGN_OPERATOR
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
BACK = "https://outil.example.org/retour?etape=2"


@pytest.fixture
def app(means):
    made, secret = create_app(means, name="Outil", redirect_uris=[BACK, "http://127.0.0.1:53682/"])
    return {"app_id": made.id, "secret": secret}


@pytest.fixture
def paul(town, center):
    paul = town.person("paul")
    town.join(center, paul, "STANDARD", "OPERATOR")
    return paul


@pytest.fixture
def agree(means, app, paul, advertiser):
    def agreed(**changes):
        values = {
            "app_id": app["app_id"],
            "person_id": paul.id,
            "advertiser_ids": [advertiser.id],
            "redirect_uri": BACK,
            **changes,
        }
        return agree_oauth(means, **values)

    return agreed


def test_an_agreement_becomes_a_token_with_the_person_s_role(means, app, agree, paul, advertiser):
    code = agree(scopes=[2, 6])
    view, text = exchange_oauth(means, **app, auth_code=code)
    assert (view.person_id, view.advertiser_ids, view.scopes) == (paul.id, (advertiser.id,), (2, 6))
    grant = queries.find_token(text)
    assert grant.roles == {advertiser.business_center_id: CAMPAIGN_OPERATOR}
    assert str([*OAuthCode.objects.values(), *AccessToken.objects.values()]).count(code) == 0


def test_a_code_works_once(means, app, agree):
    code = agree()
    _, text = exchange_oauth(means, **app, auth_code=code)
    assert refusals_of(exchange_oauth, means, **app, auth_code=code) == [("auth_code", "oauth_code_dead")]
    assert queries.find_token(text) is not None
    assert AccessToken.objects.count() == 1


def test_a_code_lives_an_hour_of_real_waiting_not_of_world_time(means, app, agree, clock):
    code, late = agree(), agree()
    clock.offset_ms += 30 * 86_400_000
    assert exchange_oauth(means, **app, auth_code=code)
    clock.advance(seconds=3_600)
    assert refusals_of(exchange_oauth, means, **app, auth_code=late) == [("auth_code", "oauth_code_dead")]


@pytest.mark.parametrize("code", ["", "x", "aac_" + "0" * 40, "aat_" + "0" * 40, "\0", "\udcff", "a" * 10_000])
def test_a_code_that_was_never_given_is_dead(means, app, code):
    assert refusals_of(exchange_oauth, means, **app, auth_code=code) == [("auth_code", "oauth_code_dead")]


def test_an_app_proves_itself_first(means, app, agree):
    code = agree()
    for secret in ("", "wrong", app["secret"].upper(), app["secret"] + " ", "\udcff"):
        assert refusals_of(exchange_oauth, means, app_id=app["app_id"], secret=secret, auth_code=code) == [
            ("secret", "app_secret_wrong")
        ]
    assert refusals_of(exchange_oauth, means, app_id=1, secret=app["secret"], auth_code=code) == [
        ("app_id", "app_unknown")
    ]
    assert exchange_oauth(means, **app, auth_code=code)  # none of that used the code up


def test_another_app_does_not_get_the_agreement(means, app, agree):
    other, secret = create_app(means, name="Autre")
    code = agree()
    assert refusals_of(exchange_oauth, means, app_id=other.id, secret=secret, auth_code=code) == [
        ("app_id", "app_mismatch")
    ]
    assert exchange_oauth(means, **app, auth_code=code)


def test_refusals_carry_the_dialect_s_numbers():
    numbers = [reason.number for reason in (APP_SECRET_WRONG, OAUTH_CODE_DEAD, APP_MISMATCH, APP_UNKNOWN)]
    assert numbers == [40101, 40110, 40113, 40113]


@pytest.mark.parametrize(
    "uri",
    [
        "https://outil.example.org/retour",
        BACK + "&x=1",
        BACK + "/",
        BACK + "#",
        BACK.upper(),
        " " + BACK,
        "https://outil.example.org/retour?etape=%32",
        "https://outil.example.org:443/retour?etape=2",
        "http://127.0.0.1:53683/",
        "https://evil.example/",
        "",
    ],
)
def test_people_are_sent_back_to_the_app_s_own_addresses_letter_by_letter(app, agree, uri):
    assert refusals_of(agree, redirect_uri=uri) == [("redirect_uri", "redirect_uri_unknown")]
    assert refusals_of(check_redirect, app["app_id"], uri) == [("redirect_uri", "redirect_uri_unknown")]


def test_the_page_may_ask_before_it_shows_anything(app):
    assert check_redirect(app["app_id"], BACK).name == "Outil"
    assert refusals_of(check_redirect, 1, BACK) == [("app_id", "app_unknown")]


def test_nobody_agrees_for_an_advertiser_that_is_not_theirs(town, agree, advertiser, ines):
    foreign = town.advertiser(town.center(ines, name="Studio"), "Film")
    unknown = refusals_of(agree, advertiser_ids=[advertiser.id, 5])
    assert (
        refusals_of(agree, advertiser_ids=[advertiser.id, foreign.id]) == unknown == [("advertiser_ids", "not_found")]
    )
    assert not OAuthCode.objects.exists()


def test_a_member_for_finance_has_nothing_to_lend_an_app(town, center, agree):
    zoe = town.person("zoe")
    town.join(center, zoe, "STANDARD", "", "MANAGER")
    assert refusals_of(agree, person_id=zoe.id) == [("advertiser_ids", "role_too_low")]


def test_what_an_agreement_cannot_be_is_told_at_once(agree):
    assert refusals_of(agree, advertiser_ids=[], scopes=[12]) == [
        ("advertiser_ids", "list_length"),
        ("scopes", "scope_unknown"),
    ]
    assert refusals_of(agree, app_id=1) == [("app_id", "app_unknown")]


def test_who_left_before_the_exchange_lends_nothing(means, app, agree, town, center, paul):
    code = agree()
    remove_member(means, COMMAND, business_center_id=center.id, person_id=paul.id)
    assert refusals_of(exchange_oauth, means, **app, auth_code=code) == [("auth_code", "oauth_code_dead")]
    town.join(center, paul, "STANDARD", "OPERATOR")
    assert refusals_of(exchange_oauth, means, **app, auth_code=code) == [("auth_code", "oauth_code_dead")]
    assert not AccessToken.objects.exists()


def test_an_app_changes_its_addresses_and_its_secret(means, app, agree):
    made = change_app(means, app_id=app["app_id"], redirect_uris=["https://outil.example.org/autre"])
    assert made.redirect_uris == ("https://outil.example.org/autre",)
    assert refusals_of(agree) == [("redirect_uri", "redirect_uri_unknown")]
    secret = renew_app_secret(means, app_id=app["app_id"])
    assert refusals_of(queries.check_app, **app) == [("secret", "app_secret_wrong")]
    assert queries.check_app(app["app_id"], secret).name == "Outil"
    assert change_app(means, app_id=app["app_id"], name="Outil 2").name == "Outil 2"
    for verb in (change_app, renew_app_secret):
        assert refusals_of(verb, means, app_id=1) == [("app_id", "app_unknown")]


def test_an_app_tells_all_that_is_wrong(means, ines):
    assert refusals_of(create_app, means, name="", redirect_uris=["http://example.org"]) == [
        ("name", "field_required"),
        ("redirect_uris", "url_scheme"),
    ]
    many = [f"https://example.org/{number}" for number in range(11)]
    assert refusals_of(create_app, means, name="Outil", redirect_uris=many) == [("redirect_uris", "list_length")]
    made, _ = create_app(means, name="Outil", redirect_uris=many[:10] + many[:1], owner_id=ines.id)
    assert len(made.redirect_uris) == 10
    assert queries.list_apps(ines.id) == [made]
    assert refusals_of(queries.get_app, 1) == [("app_id", "app_unknown")]


def test_codes_past_their_end_are_thrown_away(means, agree, clock):
    agree()
    clock.advance(days=1)
    assert sweep(means) == 0
    clock.advance(days=1)
    agree()
    assert sweep(means) == 1
    assert OAuthCode.objects.count() == 1
