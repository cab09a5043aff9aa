"""Many at once for the last places that an advertiser has: each limit holds, on SQLite and on PostgreSQL."""

from __future__ import annotations

import importlib

import pytest

from attise.management.campaigns.actions import create_adgroup, create_campaign
from attise.management.campaigns.models import Ad, AdGroup, Campaign
from attise.management.library.actions import create_portfolio
from attise.management.library.models import Portfolio
from attise.management.library.rules import PortfolioItem
from attise.management.pixels.actions import create_pixel, register_app
from attise.management.pixels.models import MobileApp, Pixel
from tests.campaign_rows import a_group_of
from tests.management.campaigns.asked import TOKEN, campaign_draft, group_draft
from tests.management.campaigns.town import HOST, Town
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROOM = "attise.management."


@pytest.fixture
def town(means, tmp_path) -> Town:
    return Town(means, tmp_path)


def a_campaign(town, number):
    draft = campaign_draft(name=f"Campaign {number}")
    return create_campaign(town.means, TOKEN, advertiser_id=town.brand.id, draft=draft)


def an_adgroup(town, number):
    """Ask in campaigns of their own, so that no campaign is what makes them wait for each other."""
    campaign = Campaign.objects.filter(advertiser_id=town.brand.id).order_by("id")[number]
    return create_adgroup(
        town.means,
        TOKEN,
        advertiser_id=town.brand.id,
        campaign_id=campaign.id,
        draft=group_draft(name=f"Group {number}"),
    )


def a_pixel(town, number):
    return create_pixel(town.means, HOST, advertiser_id=town.brand.id, name=f"Pixel {number}")


def an_app(town, number):
    url = f"https://apps.apple.com/fr/app/soin/id{1_000_000 + number}"
    return register_app(town.means, HOST, advertiser_id=town.brand.id, download_url=url)


def a_set(town, number):
    contents = [PortfolioItem(f"Set {number}", (3019,))]
    return create_portfolio(town.means, HOST, advertiser_id=town.brand.id, contents=contents)


@pytest.mark.parametrize(
    ("act", "table", "limit", "code"),
    [
        (a_campaign, Campaign, "campaigns.actions.create_campaign:CAMPAIGNS_PER_ADVERTISER", "quota_reached"),
        (an_adgroup, AdGroup, "campaigns.actions.create_adgroup:ADGROUPS_PER_ADVERTISER", "quota_reached"),
        (a_pixel, Pixel, "pixels.actions.pixel:PIXELS", "pixels_too_many"),
        (an_app, MobileApp, "pixels.actions.app:MOBILE_APPS", "mobile_apps_too_many"),
        (a_set, Portfolio, "library.actions.portfolio:PORTFOLIOS", "portfolios_too_many"),
    ],
)
def test_race_for_the_last_places_of_an_advertiser(town, monkeypatch, act, table, limit, code):
    module, name = limit.split(":")
    for number in range(8):
        a_campaign(town, f"before {number}")
    most = table.objects.filter(advertiser_id=town.brand.id).count() + 2
    monkeypatch.setattr(importlib.import_module(ROOM + module), name, most)
    answers = at_once([lambda number=number: act(town, number) for number in range(8)])
    assert answers.count(code) == 6
    assert table.objects.filter(advertiser_id=town.brand.id).count() == most


def test_race_for_the_last_places_of_an_identity(town, monkeypatch):
    monkeypatch.setattr(importlib.import_module(ROOM + "campaigns.actions.ad_drafts"), "ADS_PER_IDENTITY", 2)
    creative = town.spark(**town.by_code())
    groups = [a_group_of(town.means, town.brand) for _ in range(6)]
    answers = at_once([lambda group=group: town.make(creative, group=group) for group in groups])
    assert answers.count("too_many_ads_of_identity") == 4
    assert Ad.objects.count() == 2
