"""The operator's settings and the switch of all ads, as pages."""

from __future__ import annotations

import pytest

from attise.management.policy import queries
from attise.management.policy.rules import DEFAULTS

pytestmark = pytest.mark.django_db
SETTINGS, DELIVERY, SWITCH = "/operateur/reglages", "/operateur/diffusion", "/operateur/diffusion/publicites"


def typed(**changes):
    values = {"least_budget": "50", "fee": "0", "grant_days": ["7", "30", "60", "365"], "languages": ["fr", "en"]}
    return {**values, "review": "by_mode", "note": "Tarifs de janvier.", "seen": "0", **changes}


def test_what_is_typed_is_set_and_its_history_says_who_and_why(operator, town):
    answer = operator.post(SETTINGS, typed(least_budget="20 €", fee="12,5", grant_days=["7", "30"]))
    assert answer.headers["Location"] == SETTINGS
    policy = queries.get_policy()
    assert (policy.least_budget_micros, policy.fee_ppm, policy.grant_days) == (20_000_000, 125_000, (7, 30))
    page = operator.get(SETTINGS, HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert "Tarifs de janvier." in page
    assert "Olga" in page
    assert 'value="12,5"' in page
    assert "12,5\u00a0%" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"note": " "}, "Say why"),
        ({"least_budget": "cheap"}, "Type an amount"),
        ({"least_budget": "0.50"}, "whole euros"),
        ({"fee": "60"}, "half of a charge"),
        ({"fee": "-"}, "Type a percentage"),
        ({"grant_days": []}, "Choose at least one."),
        ({"languages": ["xx"]}, "xx"),
        ({}, "Nothing differs"),
        ({"fee": "5", "seen": "3"}, "changed the settings meanwhile"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_set(operator, changes, said):
    answer = operator.post(SETTINGS, typed(**changes))
    assert answer.status_code in {409, 422}
    assert said in answer.content.decode()
    assert queries.get_policy() == DEFAULTS


def test_a_language_that_is_not_offered_is_nobodys_page(operator, client):
    assert 'lang="en"' in client.get("/connexion", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    operator.post(SETTINGS, typed(languages=["fr"]))
    page = client.get("/connexion", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert '<html lang="fr"' in page
    assert 'name="language"' not in page
    client.post("/preferences", {"language": "en", "next": "/connexion"})
    assert '<html lang="fr"' in client.get("/connexion").content.decode()


def test_stopping_every_ad_needs_a_reason_and_the_word(operator):
    assert "Stop every ad" in operator.get(DELIVERY).content.decode()
    for given, said in (
        ({"note": "Why", "word": "yes"}, "to confirm"),
        ({"note": "", "word": "stop"}, "This field is required."),
    ):
        answer = operator.post(SWITCH, {"stopped": "yes", **given})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not queries.get_policy().ads_stopped
    answer = operator.post(SWITCH, {"stopped": "yes", "note": "Wrong prices.", "word": "STOP"})
    assert answer.headers["Location"] == DELIVERY
    page = operator.get(DELIVERY).content.decode()
    assert "No ad is shown: stopped by Olga" in page
    assert "Wrong prices." in page
    operator.post(SWITCH, {"stopped": "no", "note": "Mended."})
    page = operator.get(DELIVERY).content.decode()
    assert "No ad is shown" not in page
    assert "Mended." in page
