"""Recommendations of a campaign: the same through both doors, and each button does what it says."""

from __future__ import annotations

import re

import pytest

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.management.accounts.actions import make_host_key
from attise.management.campaigns import queries
from attise.measurement.attribution.models import Ad, AdHour
from tests.browser.town import Town
from tests.doors.native_api.conftest import Host

pytestmark = pytest.mark.django_db
EURO = 1_000_000


@pytest.fixture
def town(brand) -> Town:
    return brand.town


@pytest.fixture
def spent(brand, ad, clock):
    """A campaign that spent all but a euro of its sixty on each of the last days."""
    town = brand.town
    Ad.objects.create(
        ad_id=ad.id,
        adgroup_id=ad.adgroup_id,
        campaign_id=ad.campaign_id,
        advertiser_id=town.advertiser.id,
        post_id=ad.post.id,
        creator_id=town.creator.id,
        currency="EUR",
        envelope_id=0,
    )
    clock.advance(seconds=5 * 86_400)
    now_ms = clock.world_ms()
    for day in range(1, 5):
        at_ms = now_ms - now_ms % HOUR_MS - day * DAY_MS
        AdHour.objects.create(ad_id=ad.id, hour_ms=at_ms, impressions=9_000, completions=900, spent_micros=59 * EURO)
    return brand


def test_what_the_page_advises_the_api_does_and_the_page_does_it_too(spent, advertiser, means):
    campaign_id = spent.ids["mixed"]
    host = Host(make_host_key(means, name="app")[1])
    address = f"/v1/campaigns/{campaign_id}/recommendations"
    limited = [item for item in host.get(address).json()["items"] if item["kind"] == "raise_budget"]
    [one] = [item for item in limited if item["level"] == "campaign"]  # its ad group's own holds it back too
    assert (one["spent_micros"], one["beside_micros"], one["to_micros"]) == (177 * EURO, 180 * EURO, 72 * EURO)

    page = advertiser.get(f"/ads/campagnes/{campaign_id}").content.decode()
    part = page.partition('id="conseils"')[2].partition("</section>")[0]
    assert "It spent €177.00 of €180.00 over the last 3 whole days: its budget holds it back." in part
    assert "Raise to €72/day" in part
    assert re.search(rf'name="conseil" value="{one["key"]}"', part)

    done = advertiser.post(f"/ads/campagnes/{campaign_id}/conseils", {"conseil": one["key"]}, follow=True)
    assert "The budget is €72/day now." in done.content.decode()
    mine = {"advertiser_id": spent.town.advertiser.id}
    assert queries.get_campaign(means, campaign_id=campaign_id, **mine).budget_micros == 72 * EURO
    again = advertiser.post(f"/ads/campagnes/{campaign_id}/conseils", {"conseil": one["key"]}, follow=True)
    assert "This is not advised any more" in again.content.decode()
    assert host.post(f"{address}/take", {"key": one["key"]}).status_code == 404
    assert one["object_id"] not in {item["object_id"] for item in host.get(address).json()["items"]}


def test_an_ad_is_paused_by_its_advice_through_the_api(spent, ad, means):
    """Far fewer watch it to the end than the week before, and its group has another ad."""
    now_ms = means.clock.world_ms()
    at_ms = now_ms - now_ms % HOUR_MS - 9 * DAY_MS
    AdHour.objects.create(ad_id=ad.id, hour_ms=at_ms, impressions=9_000, completions=4_500, spent_micros=EURO)
    host = Host(make_host_key(means, name="app")[1])
    address = f"/v1/campaigns/{spent.ids['mixed']}/recommendations"
    [one] = [item for item in host.get(address).json()["items"] if item["kind"] == "pause_tired"]
    assert (one["object_id"], one["completed_ppm"], one["completed_before_ppm"]) == (str(ad.id), 100_000, 500_000)
    assert host.post(f"{address}/take", {"key": one["key"]}).status_code == 200
    view = queries.get_ad(means, advertiser_id=spent.town.advertiser.id, ad_id=ad.id)
    assert view.operation_status == "DISABLE"
