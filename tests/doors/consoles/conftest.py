"""Browsers without a browser: clients signed in as people of the town."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from attise.management.accounts.views import PersonView
from attise.management.campaigns.queries import AdWish, page_ads
from attise.management.campaigns.views import AdView
from tests.browser.brand import Brand, a_brand
from tests.browser.town import Town, session_of


@pytest.fixture
def town(db, means, clock) -> Town:
    return Town(means, clock, has_files=False)


@pytest.fixture(scope="module")
def settled(lasting) -> Brand:
    """A brand that all tests of a module begin with; one that asks for it has ``town`` be the brand's."""
    return a_brand(Town(lasting, lasting.clock, has_files=False))


@pytest.fixture
def brand(settled, db, means, clock) -> Brand:
    return settled.later(means, clock)


@pytest.fixture
def ad(brand) -> AdView:
    """An ad of the brand's on a creator's post."""
    town = brand.town
    wish = AdWish(campaign_ids=[brand.ids["mixed"]], name="geste")
    return page_ads(town.means, advertiser_id=town.advertiser.id, wish=wish, limit=1).items[0]


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """Return a client whose browser holds a session of a person."""

    def make(person: PersonView | None, *, language: str = "en", **options) -> Client:
        client = Client(headers={"Accept-Language": language}, **options)
        if person is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person.id)
        return client

    return make


@pytest.fixture
def creator(signed_in, town) -> Client:
    return signed_in(town.lea)


@pytest.fixture
def advertiser(signed_in, town) -> Client:
    return signed_in(town.ines)


@pytest.fixture
def operator(signed_in, town) -> Client:
    return signed_in(town.olga)
