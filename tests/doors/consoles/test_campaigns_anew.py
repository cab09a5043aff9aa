"""The tables of campaigns, ad groups and ads of a brand that has none, or those that a test gives it."""

from __future__ import annotations

import gzip
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attise.management.campaigns import queries
from tests.browser.brand import a_brand
from tests.campaigns import a_campaign, an_adgroup
from tests.doors.consoles.tables import CAMPAIGNS, names_in, read, rows_of

pytestmark = pytest.mark.django_db


def test_fifty_rows_are_a_page_and_the_state_of_the_table_goes_along(town, advertiser):
    for number in range(51):
        a_campaign(town.means, town.advertiser.id, f"Soup {number}")
    first = read(advertiser, f"{CAMPAIGNS}?q=soup")
    assert len(names_in(first)) == 50
    assert f"{CAMPAIGNS}?q=soup&amp;page=2" in first
    assert "1 to 50 of 51" in first
    assert names_in(read(advertiser, f"{CAMPAIGNS}?q=soup&page=2")) == ["Soup 0"]


def test_a_page_costs_the_same_queries_whatever_its_length(town, advertiser):
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            read(advertiser, CAMPAIGNS)
        return len(seen)

    an_adgroup(town.means, a_campaign(town.means, town.advertiser.id))
    few = cost()
    for number in range(20):
        an_adgroup(town.means, a_campaign(town.means, town.advertiser.id, f"Soup {number}"))
    assert cost() == few <= 24


def test_with_nothing_there_the_page_says_how_a_first_campaign_is_made(town, advertiser):
    page = read(advertiser, CAMPAIGNS)
    assert "No campaign yet" in page
    assert 'href="/ads/acces-api"' in page
    assert str(town.advertiser.id) in page
    assert "/open_api/v1.3/campaign/create/" in page
    assert "Part of the name" not in page


def test_an_empty_account_is_said_on_every_ad(town, advertiser):
    brand = a_brand(town, euros=0)
    page = read(advertiser, f"/ads/annonces/{brand.ids['off']}")
    assert "The account has no balance left." in page


def test_what_has_no_budget_of_its_own_says_whose_it_is(town, advertiser):
    shared = a_campaign(town.means, town.advertiser.id, "Shared", budget_optimize_on=True)
    an_adgroup(town.means, shared, "Sharing", budget_mode=None, budget_micros=None)
    a_campaign(town.means, town.advertiser.id, "Each its own", budget_mode=None, budget_micros=None)
    assert "Set by ad group" in read(advertiser, CAMPAIGNS)
    assert "Shared by the campaign" in read(advertiser, "/ads/groupes")
    group = queries.list_adgroups(town.means, advertiser_id=town.advertiser.id).items[0]
    refused = advertiser.post(f"/ads/groupes/{group.id}/budget", {"budget": "90", "revision": "1"})
    assert refused.status_code == 404


def test_no_cell_of_a_file_is_taken_for_a_formula(town, advertiser):
    for name in ('=HYPERLINK("http://evil.example")', "+1", "-1+2", "@x"):  # a plain number below zero is none
        a_campaign(town.means, town.advertiser.id, name)
    rows = rows_of(advertiser.get(f"{CAMPAIGNS}/exporter?format=intl"), ",")
    assert all(row[1][0] == "'" for row in rows[1:])


def test_a_full_page_stays_light(town, advertiser):
    brand = a_brand(town)
    group = queries.get_adgroup(town.means, advertiser_id=town.advertiser.id, adgroup_id=brand.ids["group"])
    for number in range(42):
        campaign = a_campaign(town.means, town.advertiser.id, f"Soup of the day, number {number}")
        an_adgroup(town.means, campaign, group.name)
    page = read(advertiser, CAMPAIGNS)
    assert len(names_in(page)) == 50
    assert len(re.findall(r"<[a-z]", page)) <= 2_500
    assert len(gzip.compress(page.encode())) <= 25_000
