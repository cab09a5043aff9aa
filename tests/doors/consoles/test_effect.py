"""What a campaign changed, as its advertiser reads it on its page: both arms with their ends, or how to have them."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from attise.doors.consoles.advertiser.tree import effect
from attise.kernel.actor import COMMAND
from attise.kernel.errors import Outage
from attise.management.campaigns.actions import update_campaign
from tests.browser.town import Town
from tests.measurement.lift.trial import Trial

pytestmark = pytest.mark.django_db
CAMPAIGNS = "/ads/campagnes"


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    page = response.content.decode()
    return re.sub(r"\s+", " ", page.partition('aria-labelledby="effet"')[2].partition("</section>")[0])


@pytest.fixture
def town(brand) -> Town:
    return brand.town


@pytest.fixture
def campaign(brand) -> int:
    return brand.ids["running"]


@pytest.fixture
def compared(brand, campaign, means):
    """Every fifth is held out; of those shown two of three visit the profile through the ad, of the others nobody."""
    update_campaign(means, COMMAND, advertiser_id=brand.town.advertiser.id, campaign_id=campaign, holdout_ppm=200_000)
    trial = Trial(means, settings.HOUSE.folder).emptied().opened(campaign=campaign)
    told = []
    for number in range(210):
        person, is_held = f"v{number:03}", number % 5 == 0
        of = trial.contest(person, is_held=is_held)
        if not is_held:
            told.append(trial.does(person, "impression", of=of, after_s=2))
            if number % 3:
                told.append(trial.does(person, "profile_visit", of=of, after_s=9))
    trial.happens(told)
    yield trial
    trial.emptied().close()


def test_without_a_holdout_it_says_how_to_have_one_and_what_it_could_tell(advertiser, campaign):
    page = read(advertiser, f"{CAMPAIGNS}/{campaign}")
    assert "Nobody is held out of this campaign" in page
    assert 'href="#temoin"' in page
    assert "An example: with 10,000 viewers, of whom 1.0% follow" in page
    assert page.count(" held out</dt>") == 4
    assert "<table" not in page


def test_both_arms_are_told_with_an_interval_that_is_drawn(advertiser, compared, campaign):
    page = read(advertiser, f"{CAMPAIGNS}/{campaign}")
    row = page.partition("Visited the profile")[2].partition("</tr>")[0]
    assert "More than without" in row
    assert 'data-label="Shown">66.7%<' in row
    assert 'data-label="Held out">0.0%<' in row
    assert re.search(r'class="interval more" role="img" aria-label="\+66\.7.pts, between', row)
    assert re.search(r'data-label="Viewers brought">\+112<small>\+\d+ to \+\d+<', row)
    assert re.search(r'data-label="One more costs">€0\.02 \(€0\.0\d to €0\.0\d\)', row)
    other = page.partition("Followed the creator")[2].partition("</tr>")[0]
    assert "Not enough data yet" in other
    assert "more viewers" not in other, "nobody did it, so no number of viewers tells it from nothing"
    assert "20% held out" in page
    assert "168 <small>168 had it on screen" in page


def test_it_speaks_french(signed_in, brand, compared, campaign):
    page = read(signed_in(brand.town.ines, language="fr"), f"{CAMPAIGNS}/{campaign}")
    assert "Ont visité le profil" in page
    assert "Plus que sans" in page
    assert "66,7" in page


def test_facts_that_cannot_be_read_leave_the_rest_of_the_page(advertiser, campaign, monkeypatch):
    def away(*_given, **_said):
        raise Outage("facts")

    monkeypatch.setattr(effect, "lift_of", away)
    assert "cannot be read at the moment" in read(advertiser, f"{CAMPAIGNS}/{campaign}")
