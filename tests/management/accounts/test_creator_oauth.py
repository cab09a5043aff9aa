"""An app is agreed to by a creator, keeps its token fresh, and loses it."""

from __future__ import annotations

import pytest

from attise.kernel.actor import COMMAND
from attise.kernel.errors import Refusal
from attise.management.accounts import actions, queries
from tests.builders import a_creator

pytestmark = pytest.mark.django_db
BACK = "https://app.example.org/back"


@pytest.fixture
def creator(means):
    return a_creator(means)


@pytest.fixture
def app(means):
    return actions.create_app(means, name="App", redirect_uris=[BACK])


@pytest.fixture
def agree(means, app, creator):
    return lambda **more: actions.agree_creator(
        means, **{"app_id": app[0].id, "creator_id": creator.id, "redirect_uri": BACK, **more}
    )


@pytest.fixture
def exchange(means, app):
    return lambda code, **more: actions.exchange_creator(
        means, **{"app_id": app[0].id, "secret": app[1], "auth_code": code, "redirect_uri": BACK, **more}
    )


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_an_agreement_becomes_tokens_once(agree, exchange, creator, app):
    code = agree()
    made = exchange(code)
    grant = queries.find_creator_token(made.access_token)
    assert (grant.creator_id, grant.app_id) == (creator.id, app[0].id)
    assert grant.expires_at_ms < grant.refresh_expires_at_ms
    assert refused(exchange, code) == "oauth_code_dead"


def test_a_code_is_for_one_hour_one_app_and_one_address(means, clock, agree, exchange):
    other, secret = actions.create_app(means, name="Other", redirect_uris=[BACK])
    code = agree()
    assert refused(exchange, code, app_id=other.id, secret=secret) == "app_mismatch"
    assert refused(exchange, code, redirect_uri="https://app.example.org/else") == "oauth_code_dead"
    clock.advance(seconds=3600)
    assert refused(exchange, code) == "oauth_code_dead"


@pytest.mark.parametrize("code", ["", "x", "acc_" + "0" * 40, "aac_" + "0" * 40, "\0", "\udcff", "a" * 10_000])
def test_a_code_that_was_never_given(exchange, code):
    assert refused(exchange, code) == "oauth_code_dead"


def test_what_cannot_be_agreed_to(means, agree, creator):
    assert refused(agree, redirect_uri="https://elsewhere.example.org") == "redirect_uri_unknown"
    assert refused(agree, scopes=["everything"]) == "scope_unknown"
    assert refused(agree, scopes=[]) == "scope_unknown"
    actions.retire_creator(means, COMMAND, creator_id=creator.id)
    assert refused(agree) == "creator_gone"


def test_a_refresh_may_be_repeated_and_stops_the_token_before(means, clock, agree, exchange, app):
    first = exchange(agree())
    clock.advance(days=1)
    assert queries.find_creator_token(first.access_token).expires_at_ms <= means.clock.wire_ms()
    proof = {"app_id": app[0].id, "secret": app[1], "refresh_token": first.refresh_token}
    second = actions.refresh_creator(means, **proof)
    third = actions.refresh_creator(means, **proof)
    assert queries.find_creator_token(first.access_token) is None
    assert queries.find_creator_token(second.access_token) is None
    assert queries.find_creator_token(third.access_token).expires_at_ms > means.clock.wire_ms()
    clock.advance(days=364)
    assert refused(actions.refresh_creator, means, **proof) == "refresh_token_expired"
    assert refused(actions.refresh_creator, means, **{**proof, "refresh_token": "x"}) == "refresh_token_dead"


def test_a_token_dies_by_its_apps_word_or_with_its_creator(means, agree, exchange, app, creator):
    proof = {"app_id": app[0].id, "secret": app[1]}
    one, two = exchange(agree()), exchange(agree())
    assert actions.revoke_creator_token(means, **proof, access_token=one.access_token)
    assert not actions.revoke_creator_token(means, **proof, access_token=one.access_token)
    assert queries.find_creator_token(one.access_token) is None
    assert refused(actions.refresh_creator, means, **proof, refresh_token=one.refresh_token) == "refresh_token_dead"
    actions.retire_creator(means, COMMAND, creator_id=creator.id)
    assert queries.find_creator_token(two.access_token) is None


def test_codes_are_swept_a_day_after_their_end(means, clock, agree):
    agree()
    clock.advance(days=1, seconds=3_599)
    assert actions.sweep(means) == 0
    clock.advance(seconds=3)
    assert actions.sweep(means) == 1
