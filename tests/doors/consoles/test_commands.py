"""The command menu finds what a login may open, and nothing else; keys of one letter can be switched off."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(brand):
    return brand.town


def found(client: Client, text: str) -> set[str]:
    """Return where what a text finds leads, without the account that is asked for."""
    answer = client.get("/commandes", {"q": text}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    return {address.partition("?")[0] for address in re.findall(r'<a [^>]*href="([^"]*)"', page)}


def test_pages_acts_and_things_are_found_by_words_whatever_their_accents(brand, advertiser, creator, operator):
    mixed = f"/ads/campagnes/{brand.ids['mixed']}"
    assert found(advertiser, "brume visage") == {mixed}
    assert found(advertiser, "create campaign aubree") == {"/ads/creer"}
    assert "/ads/facturation" in found(advertiser, "BILLING")
    assert any(one.startswith("/creation/publications/") for one in found(creator, "serum c"))
    assert found(creator, "publish") == {"/creation/publier"}
    assert "/operateur/personnes" in found(operator, "Inès")


def test_nothing_is_found_that_the_login_may_not_open(brand, town, signed_in):
    analyst = signed_in(town.a_member("ana@example.org", "Ana Lyst", "analyst"))
    assert found(analyst, "brume visage") == {f"/ads/campagnes/{brand.ids['mixed']}"}
    assert found(analyst, "create campaign") == set()
    assert found(analyst, "apply video codes") == set()
    for stranger in (signed_in(town.olga), signed_in(town.a_person("zoe@example.org", "Zoé"))):
        assert found(stranger, "brume") == set()
    assert not any(one.startswith("/operateur") for one in found(analyst, "Inès") | found(analyst, "journal"))


@pytest.mark.parametrize("text", ["\x00", "%", "'; --", "🎬" * 300, "a" * 5_000])
def test_any_text_is_looked_for(advertiser, text):
    found(advertiser, text)


def test_keys_of_one_letter_are_switched_off_and_on(advertiser):
    assert "data-letters-off" not in advertiser.get("/clavier").content.decode()
    advertiser.post("/preferences", {"letters": "off", "next": "/clavier"})
    assert "data-letters-off" in advertiser.get("/clavier").content.decode()
    advertiser.post("/preferences", {"letters": "on", "next": "/clavier"})
    assert "data-letters-off" not in advertiser.get("/clavier").content.decode()
