"""A creator says yes or no to an ad on their post, and takes it back."""

from __future__ import annotations

import re

import pytest

from attise.kernel.actor import COMMAND
from attise.management.campaigns import actions, queries
from tests.browser.brand import an_asking_brand

pytestmark = pytest.mark.django_db

PAGE = "/creation/autorisations"


@pytest.fixture
def brand(town):
    return an_asking_brand(town)


def word_of(town, ad_id: int) -> str:
    return queries.get_ad(town.means, advertiser_id=town.advertiser.id, ad_id=ad_id).creator_word


def say(client, ad_id: int, verdict: str, version: int = 1, **more: str):
    return client.post(f"/creation/annonces/{ad_id}/accord", {"verdict": verdict, "version": version, **more})


def test_ads_that_wait_say_who_shows_what_and_where_it_leads_and_never_what_it_costs(brand, creator):
    page = creator.get(PAGE).content.decode()
    waiting = page.partition('id="accord"')[2].partition("</section>")[0]
    assert len(re.findall(r"<h3>Maison Aubrée</h3>", waiting)) == 2
    assert "Sérum C, un mois après, sans filtre" in waiting
    assert "shop.example" in waiting
    assert 'rel="noopener noreferrer nofollow"' in waiting
    assert "button “Learn more”" in waiting
    assert "€" not in waiting
    assert "2 ads wait for your word" in creator.get("/creation/").content.decode()


def test_a_word_is_kept_and_may_be_taken_back(brand, creator, town):
    done = say(creator, brand.ids["waiting"], "approved", retour=f"/creation/publications/{brand.ids['post']}")
    assert done.headers["Location"] == f"/creation/publications/{brand.ids['post']}"
    assert word_of(town, brand.ids["waiting"]) == "approved"
    page = creator.get(f"/creation/publications/{brand.ids['post']}").content.decode()
    assert 'value="refused"' in page
    assert 'value="approved"' not in page
    assert say(creator, brand.ids["waiting"], "refused").headers["Location"] == PAGE
    assert word_of(town, brand.ids["waiting"]) == "refused"
    assert "Refused by you" in creator.get(f"/creation/publications/{brand.ids['post']}").content.decode()


def test_an_ad_that_changed_since_it_was_shown_is_looked_at_again(brand, creator, town):
    refused = say(creator, brand.ids["waiting"], "approved", version=9)
    assert refused.status_code == 409
    assert "This ad was changed after it was shown to you." in refused.content.decode()
    assert word_of(town, brand.ids["waiting"]) == "pending"


def test_a_word_that_is_none_changes_nothing(brand, creator, town):
    assert say(creator, brand.ids["waiting"], "maybe").status_code == 422
    assert word_of(town, brand.ids["waiting"]) == "pending"


def test_a_deleted_ad_asks_for_nothing(brand, creator, town):
    ids = {"advertiser_id": town.advertiser.id, "ad_ids": [brand.ids["waiting"]]}
    actions.switch_ads(town.means, COMMAND, **ids, to="DELETE")
    assert say(creator, brand.ids["waiting"], "approved").status_code == 404
    assert 'id="ads-title"' not in creator.get(f"/creation/publications/{brand.ids['post']}").content.decode()


def test_a_form_leads_back_to_pages_of_ours_alone(brand, creator):
    done = say(creator, brand.ids["waiting"], "approved", retour="//evil.example")
    assert done.headers["Location"] == PAGE
