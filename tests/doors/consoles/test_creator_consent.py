"""A creator agrees that an app acts for their account, and the dialect's token endpoint takes the code."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from attise.management.accounts import actions as accounts
from tests.builders import a_creator, a_person

pytestmark = pytest.mark.django_db
BACK = "https://app.example.org/back"


@pytest.fixture
def app(means):
    return accounts.create_app(means, name="Planner", redirect_uris=[BACK])


@pytest.fixture
def browser(means):
    person = a_person(means)
    a_creator(means, person=person)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def ask(app, **fields):
    return {"client_key": str(app.id), "redirect_uri": BACK, "response_type": "code", "state": "s1", **fields}


def test_agreeing_gives_a_code_that_the_token_endpoint_takes(browser, app):
    app, secret = app
    page = browser.get("/v2/auth/authorize?" + urlencode(ask(app, scope="video.list,biz.spark.auth")))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Planner asks to act for your account" in text
    assert "See your posts" in text
    assert "See your name" not in text
    answer = browser.post("/v2/auth/authorize", ask(app, scope="video.list,biz.spark.auth", answer="agree"))
    assert answer.status_code == 302
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    given = parse_qs(back.query)
    assert given["state"] == ["s1"]
    body = {
        "client_id": str(app.id),
        "client_secret": secret,
        "grant_type": "authorization_code",
        "auth_code": given["code"][0],
        "redirect_uri": BACK,
    }
    token = Client().post("/open_api/v1.3/tt_user/oauth2/token/", json.dumps(body), content_type="application/json")
    data = token.json()["data"]
    assert data["token_type"] == "Bearer"
    assert data["scope"] == "video.list,biz.spark.auth"


def test_refusing_says_so_and_gives_nothing(browser, app):
    answer = browser.post("/v2/auth/authorize", ask(app[0], answer="refuse"))
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"error": ["access_denied"], "state": ["s1"]}


@pytest.mark.parametrize(
    "fields",
    [
        {"redirect_uri": "https://evil.example.org/back"},
        {"redirect_uri": BACK + "/"},
        {"client_key": "1"},
        {"state": "s" * 3000},
    ],
)
def test_what_is_wrong_is_said_here_never_there(browser, app, fields):
    for send in (browser.get, browser.post):
        answer = send("/v2/auth/authorize", ask(app[0], answer="agree", **fields))
        assert answer.status_code == 400
        assert "Location" not in answer.headers


def test_only_a_creator_in_their_own_session_may_agree(means, app):
    assert Client().get("/v2/auth/authorize", ask(app[0])).status_code == 302
    stranger = Client()
    stranger.force_login(a_person(means, "no.creator@example.org"))
    assert stranger.post("/v2/auth/authorize", ask(app[0], answer="agree")).status_code == 403
