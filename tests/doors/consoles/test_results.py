"""What ads brought, as their advertiser reads it: in the tables, on the pages of one, in files."""

from __future__ import annotations

import csv
import io

import pytest

from attise.management.campaigns.rules.objectives import result_of
from tests.browser.town import Town
from tests.converting import Converting

pytestmark = pytest.mark.django_db
CAMPAIGNS = "/ads/campagnes"


@pytest.fixture
def town(brand) -> Town:
    return brand.town


@pytest.fixture
def sold(brand, town, ad, clock, tmp_path) -> Converting:
    """Two clicks of 0.02 euros each; somebody bought for 42 euros, and put two things into the cart."""
    told = Converting(town.means, tmp_path, town.advertiser)
    first = told.click(ad, post_id=ad.post.id)
    told.click(ad, post_id=ad.post.id, person="bob")
    clock.advance(seconds=1_800)
    told.tell(first, "AddToCart", value_micros=42_000_000, currency="EUR")
    told.tell(first, "AddToCart", value_micros=9_000_000, currency="USD")
    told.tell(first, value_micros=42_000_000, currency="EUR")
    yield told
    told.close()


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def cell(page: str, label: str) -> str:
    return page.partition(f'data-label="{label}">')[2].partition("</td>")[0]


def tile(page: str, label: str) -> str:
    return page.partition(f'<span class="tile-name">{label}</span><b>')[2].partition("</b>")[0]


def figure(page: str, label: str) -> str:
    return page.partition(f"<dt>{label}</dt><dd>")[2].partition("</dd>")[0]


@pytest.mark.parametrize("place", [f"{CAMPAIGNS}?q=brume", "/ads/groupes?q=Belgique", "/ads/annonces?q=geste"])
def test_each_level_tells_what_it_brought_and_what_that_cost(sold, advertiser, place):
    page = read(advertiser, place)
    assert cell(page, "Results") == "1<small>€42.00</small>"
    assert cell(page, "Cost per result") == "€0.04<small>cart: €0.02</small>"


def test_and_of_the_days_that_are_asked(sold, brand, advertiser, clock):
    clock.advance(days=10)
    assert cell(read(advertiser, f"{CAMPAIGNS}?q=brume&periode=7-jours"), "Results") == "0"
    assert cell(read(advertiser, f"{CAMPAIGNS}?q=brume&periode=nonsense"), "Results").startswith("1")
    assert cell(read(advertiser, f"{CAMPAIGNS}?q=brume&periode=debut"), "Results").startswith("1")
    page = read(advertiser, f"{CAMPAIGNS}/{brand.ids['mixed']}?periode=7-jours")
    assert tile(page, "Results") == "0"
    assert tile(read(advertiser, f"{CAMPAIGNS}/{brand.ids['mixed']}?periode=debut"), "Results") == "1"


def test_a_row_that_is_switched_keeps_its_figures(sold, brand, town, advertiser):
    answer = advertiser.post(
        f"{CAMPAIGNS}/{brand.ids['mixed']}/diffusion",
        {"operation_status": "DISABLE", "retour": "?q=brume", "avertisseur": town.advertiser.id},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert cell(answer.content.decode(), "Results").startswith("1")


def test_the_page_of_an_ad_tells_each_kind_the_goal_first(sold, ad, advertiser):
    page = read(advertiser, f"/ads/annonces/{ad.id}")
    assert (tile(page, "Results"), figure(page, "Conversions per click"), figure(page, "Adds to cart")) == (
        "1",
        "50.0%",
        "2",
    )
    assert (tile(page, "Spend"), figure(page, "Their value")) == ("€0.04", "€42.00")
    table = page.partition('aria-label="What it brought, by event"')[2].partition("</table>")[0]
    assert table.index("Purchase") < table.index("Added to cart")
    assert "Goal" in table.partition("Added to cart")[0]
    assert "€51" not in table  # dollars are no euros


def test_files_say_the_same_and_over_which_days(sold, advertiser):
    response = advertiser.get(f"{CAMPAIGNS}/exporter?format=intl&q=brume&periode=7-jours")
    rows = csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
    told = dict(zip(*rows, strict=True))
    assert (told["Results over"], told["Results"], told["Their value"]) == ("7 days", "1", "42.00")
    assert (told["Spent in it"], told["Cost per result"], told["Adds to cart"]) == ("0.04", "0.04", "2")


def test_what_an_ad_group_is_there_for():
    assert result_of("CONVERT", "ON_WEB_CART") == "ON_WEB_CART"
    assert result_of("LEAD_GENERATION", "") == "FORM"
    assert result_of("TRAFFIC_LANDING_PAGE_VIEW", "") == "PAGE_VIEW"
    assert result_of("VIDEO_VIEW", "") == "SHOPPING"
    assert result_of("FOLLOWERS", "") == "follow"
