"""An app gets its token, learns what it may act for, and gives it back."""

from __future__ import annotations

import pytest

from attise.management.accounts import actions as accounts
from tests.doors.marketing_api.conftest import Dialect

pytestmark = pytest.mark.django_db
BACK = "https://app.example.org/back"


@pytest.fixture
def code(means, brand) -> str:
    return accounts.agree_oauth(
        means,
        app_id=brand.app_id,
        person_id=brand.people["operator"].id,
        advertiser_ids=[brand.advertiser.id],
        redirect_uri=BACK,
        scopes=[1, 4, 6],
    )


@pytest.fixture
def proof(brand) -> dict[str, str]:
    return {"app_id": str(brand.app_id), "secret": brand.app_secret}


def test_a_code_becomes_a_token_once(brand, proof, code):
    answer = Dialect().post("oauth2/access_token", **proof, auth_code=code)
    assert answer["code"] == 0
    data = answer["data"]
    assert data.keys() == {"access_token", "advertiser_ids", "scope"}
    assert (data["advertiser_ids"], data["scope"]) == ([str(brand.advertiser.id)], [1, 4, 6])
    assert Dialect(data["access_token"]).get("user/info")["data"]["display_name"] == "Brand operator"
    again = Dialect().post("oauth2/access_token", **proof, auth_code=code)
    assert (again["code"], again["data"]) == (40110, {})


def test_the_ids_are_left_out_when_they_are_not_wanted(proof, code):
    answer = Dialect().post("oauth2/access_token", **proof, auth_code=code, return_advertiser_ids=False)
    assert answer["data"].keys() == {"access_token", "scope"}


def test_what_does_not_fit_has_its_own_code(means, brand, rival, proof, code):
    post = Dialect().post
    assert post("oauth2/access_token", **{**proof, "secret": "x"}, auth_code=code)["code"] == 40101
    assert post("oauth2/access_token", **{**proof, "app_id": "12"}, auth_code=code)["code"] == 40113
    other = {"app_id": str(rival.app_id), "secret": rival.app_secret}
    assert post("oauth2/access_token", **other, auth_code=code)["code"] == 40113
    assert post("oauth2/access_token", **proof, auth_code="nonsense")["code"] == 40110
    assert post("oauth2/access_token", **proof)["code"] == 40002
    assert post("oauth2/access_token", **proof, auth_code=code)["code"] == 0


def test_a_code_lives_an_hour(clock, proof, code):
    clock.advance(seconds=3600)
    assert Dialect().post("oauth2/access_token", **proof, auth_code=code)["code"] == 40110


def test_the_plain_form_lays_its_fields_beside_the_envelopes_own(brand, code):
    answer = Dialect().post(
        "oauth2/token",
        client_id=str(brand.app_id),
        client_secret=brand.app_secret,
        code=code,
        grant_type="authorization_code",
    )
    assert (answer["code"], answer["message"], answer["data"]) == (0, "OK", {})
    assert answer["access_token"]
    assert answer["advertiser_ids"] == [str(brand.advertiser.id)]
    wrong = Dialect().post(
        "oauth2/token", client_id=str(brand.app_id), client_secret="x", code=code, grant_type="password"
    )
    assert wrong["code"] == 40108


def test_every_advertiser_of_the_token_is_listed_unpaged(means, brand, proof):
    ids = [brand.advertiser.id]
    for number in range(12):
        made = brand.client().post(
            "bc/advertiser/create",
            bc_id=str(brand.center.id),
            advertiser_info={"name": f"A{number}", "currency": "EUR", "timezone": "Europe/Paris"},
            customer_info={"company": "Brand SA"},
        )
        ids.append(int(made["data"]["advertiser_id"]))
    answer = brand.client().get("oauth2/advertiser/get", **proof)
    assert [int(row["advertiser_id"]) for row in answer["data"]["list"]] == ids
    assert answer["data"]["list"][0]["advertiser_name"] == "Brand Ads"


def test_the_app_must_be_the_tokens(brand, rival, proof):
    assert rival.client().get("oauth2/advertiser/get", **proof)["code"] == 40113
    assert brand.client().get("oauth2/advertiser/get", **{**proof, "secret": "x"})["code"] == 40101
    assert Dialect().get("oauth2/advertiser/get", **proof)["code"] == 40104


def test_a_token_is_given_back(brand, rival, proof):
    token = brand.tokens["analyst"]
    other = {"app_id": str(rival.app_id), "secret": rival.app_secret}
    assert Dialect().post("oauth2/revoke_token", **other, access_token=token)["code"] == 40113
    answer = Dialect().post("oauth2/revoke_token", **proof, access_token=token)
    assert answer["data"] == {"app_id": str(brand.app_id), "advertiser_ids": [str(brand.advertiser.id)]}
    assert Dialect(token).get("user/info")["code"] == 40105
    assert Dialect().post("oauth2/revoke_token", **proof, access_token=token)["code"] == 40105


def test_who_granted_the_token_is_told_with_a_masked_address(brand):
    data = brand.client().get("user/info")["data"]
    assert data == {
        "display_name": "Brand admin",
        "email": "a***@***",
        "core_user_id": str(brand.people["admin"].id),
        "create_time": brand.people["admin"].created_at_ms // 1000,
        "avatar_url": "",
    }


def test_a_token_of_the_command_line_is_the_operators(means, brand):
    _, token = accounts.issue_token(means, app_id=brand.app_id, person_id=None, advertiser_ids=[brand.advertiser.id])
    assert Dialect(token).get("user/info")["data"]["display_name"] == "Brand app"
    accounts.create_person(means, email="op@example.org", display_name="Olga", is_operator=True)
    assert Dialect(token).get("user/info")["data"]["display_name"] == "Olga"
