"""The first pages of advertisers and creators: figures that agree wherever they stand, and what to do next."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from attise.kernel.limits import HOUR_MS
from attise.management.posts.actions import add_comment
from attise.measurement.attribution.models import AdHour
from tests.browser.brand import Brand, a_brand
from tests.browser.town import Town
from tests.doors.native_api.conftest import Host
from tests.lived import live
from tests.reading_sheets import read_csv, read_parquet, read_workbook

pytestmark = pytest.mark.django_db
HOME, CREATION = "/ads/", "/creation/"
FIRST_VISIT, NEXT_VISIT = 110_000, 35_000
"""Bytes as they travel."""


@pytest.fixture(scope="module")
def settled(lasting) -> tuple[Brand, dict[str, int], str]:
    """A brand and a creator with eight weeks behind them, and a host's key."""
    from attise.management.accounts.actions import make_host_key

    brand = a_brand(Town(lasting, lasting.clock, has_files=False))
    return brand, live(brand), make_host_key(lasting, name="app")[1]


@pytest.fixture
def brand(settled, db, means, clock) -> Brand:
    return settled[0].later(means, clock)


@pytest.fixture
def town(brand) -> Town:
    return brand.town


@pytest.fixture
def host(settled, brand) -> Host:
    return Host(settled[2])


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def tiles(page: str) -> dict[str, str]:
    """Return the tiles of a page: the figure by its name."""
    return dict(re.findall(r'<span class="tile-name">([^<]+)</span><b>([^<]+)</b>', page))


def rows(client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_a_tile_its_days_the_file_the_table_and_the_api_are_one_number(advertiser, host, town):
    page = read(advertiser, f"{HOME}?periode=7-jours")
    told = host.get(f"/v1/advertisers/{town.advertiser.id}/overview?period=7_days").json()
    lines = rows(advertiser, f"{HOME}exporter?periode=7-jours&format=intl")
    figures, steps = told["figures"], told["steps"]
    assert len(steps) == len(lines) == 7
    for name, column in (("impressions", "Impressions"), ("results", "Results"), ("follows", "Follows")):
        counts = {sum(step["figures"][name] for step in steps), sum(int(line[column]) for line in lines)}
        assert counts == {figures[name]} != {0}
    spent = f"{figures['spent_micros'] / 1_000_000:,.2f}"
    assert tiles(page)["Spend"] == f"€{spent}"
    assert tiles(page)["Impressions"] == f"{figures['impressions']:,}"
    assert tiles(page)["Cost per result"] == f"€{figures['cost_per_result_micros'] / 1_000_000:.2f}"
    assert figures["cost_per_result_micros"] == round(figures["spent_micros"] / figures["results"])
    for step in steps:  # the two formats make up the whole
        assert step["spark"]["views"] + step["standard"]["views"] == step["figures"]["views"]
    campaigns = read(advertiser, "/ads/campagnes?periode=7-jours")
    results = re.findall(r'data-label="Results">([\d,]+)', campaigns.partition("<tfoot")[0])
    assert sum(int(one.replace(",", "")) for one in results) == figures["results"]


def test_a_table_its_totals_and_its_four_files_are_one_number(advertiser, host, town):
    page = read(advertiser, "/ads/annonces?periode=7-jours")
    in_all = page.partition("<tfoot")[2].partition("</tfoot>")[0]
    told = host.get(f"/v1/advertisers/{town.advertiser.id}/overview?period=7_days").json()["figures"]
    assert f"{told['impressions']:,} impressions" in in_all
    assert f">{told['results']:,}<" in in_all
    spent = Decimal(told["spent_micros"]).scaleb(-6)
    for door, address in (
        (advertiser, "/ads/annonces/exporter?periode=7-jours&format={}"),
        (host, f"/v1/advertisers/{town.advertiser.id}/export?level=ad&period=7_days&format={{}}"),
    ):
        words = ("fr", "intl") if door is advertiser else ("csv_fr", "csv")
        for word, separator in zip(words, ";,", strict=True):
            lines = read_csv(body(door, address.format(word)), separator)
            assert sums(lines).items() >= {"impressions": told["impressions"], "results": told["results"]}.items()
            assert abs(sums(lines)["spend"] - spent) <= Decimal("0.005") * len(lines)
        assert sums(read_workbook(body(door, address.format("xlsx"))))["impressions"] == told["impressions"]
        types, rows = read_parquet(body(door, address.format("parquet")))
        assert sum(row[list(types).index("impressions")] for row in rows) == told["impressions"]


def body(door, address: str) -> bytes:
    response = door.get(address)
    assert response.status_code == 200, response
    return b"".join(response.streaming_content)


def sums(lines: list[list[str]]) -> dict[str, Decimal]:
    """Return what the columns of figures add up to, by their technical names, whatever they are called."""
    titles = {"Impressions": "impressions", "Results": "results", "Spent in it": "spend"}
    columns = dict(zip([titles.get(one, one) for one in lines[0]], zip(*lines[1:], strict=True), strict=True))
    return {name: sum(Decimal(cell.replace(",", ".")) for cell in columns[name]) for name in titles.values()}


def test_the_days_before_are_those_that_are_compared_with(advertiser, host, town):
    week = host.get(f"/v1/advertisers/{town.advertiser.id}/overview?period=7_days").json()
    now, before, span = week["figures"]["impressions"], week["before"]["impressions"], week["span"]
    assert now > before > 0
    assert span["before_ends_at"] < span["begins_at"] < span["ends_at"]
    tile = read(advertiser, f"{HOME}?periode=7-jours").partition("Impressions</span>")[2].partition("</a>")[0]
    assert f'<span class="vh">up</span> {round(100 * (now - before) / before)}%' in tile
    assert 'class="change good"' in tile


def test_the_address_chooses_the_measure_and_a_word_that_is_none_the_usual(advertiser):
    page = read(advertiser, f"{HOME}?periode=aujourdhui&mesure=impressions")
    assert '<h2 id="course-title">Impressions</h2>' in page
    assert page.count('<g class="step">') == 24
    assert read(advertiser, f"{HOME}?periode=debut&mesure=x").count('<g class="step">') == 28
    assert "A result costs" in read(advertiser, f"{HOME}?mesure=cout-par-resultat")


def test_what_stops_ads_is_told_once_with_its_next_step(advertiser, brand):
    page = read(advertiser, HOME).partition('id="watch"')[2].partition("</section>")[0]
    assert f'href="/ads/annonces/{brand.ids["rejected"]}"' in page
    assert f'href="/ads/annonces/{brand.ids["blocked"]}"' in page
    assert page.count("La brume dans le métro</b>") == 1  # its ad says what its authorization would
    assert "Authorization ending" in page
    assert f'href="/ads/annonces/{brand.ids["off"]}"' not in page  # somebody switched it off


def test_a_brand_begins_with_steps_that_are_ticked_as_they_are_done(signed_in, town):
    town.a_rival()
    new = town.an_advertiser("Atelier Rive")
    page = read(signed_in(town.ines), f"{HOME}?compte={new.id}")
    assert page.count("step-mark") == 4
    assert "tiles" not in page
    assert page.count('class="status tick good step-mark"') == 0
    assert "step-mark" not in read(signed_in(town.ines), f"{HOME}?compte={town.advertiser.id}")


def test_a_creators_number_is_the_sum_of_its_two_parts(creator, host, town):
    page = read(creator, f"{CREATION}?periode=7-jours")
    told = host.get(f"/v1/creators/{town.creator.id}/overview?period=7_days").json()
    views = told["counters"]["views"]
    assert (
        views["total"]
        == views["organic"] + views["paid"]
        == sum(one["counters"]["views"]["total"] for one in told["steps"])
    )
    assert views["organic"] == 2 * views["paid"] > 0
    assert tiles(page)["Views"] == f"{views['total']:,}"
    acts = sum(told["counters"][name]["total"] for name in ("likes", "comments", "shares", "saves"))
    assert tiles(page)["Interactions"] == f"{acts:,}"
    assert told["in_all"]["views"]["total"] > views["total"]
    assert "Extend" in page
    assert "step-mark" not in page


def test_a_creator_without_a_post_begins_with_steps(signed_in, town):
    from attise.kernel.actor import COMMAND
    from attise.management.accounts import actions as accounts

    noe = town.a_person("noe@example.org", "Noé")
    accounts.create_creator(town.means, COMMAND, handle="noe", display_name="Noé", country="FR", person_id=noe.id)
    page = read(signed_in(noe), CREATION)
    assert page.count("step-mark") == 3
    assert "tiles" not in page


def test_what_is_not_asked_of_the_api_is_refused(host, town):
    assert host.get(f"/v1/advertisers/{town.advertiser.id}/overview?period=year").status_code == 422
    assert host.get("/v1/creators/1/overview").status_code == 404


def test_a_first_visit_and_the_next_one_are_light(advertiser, creator):
    """The page travels compressed; what it names travels as it was compressed when it was assembled."""
    for client, address in ((advertiser, HOME), (creator, CREATION)):
        page = read(client, address)
        own = len(gzip.compress(page.encode()))
        named = set(re.findall(r'(?:href|src)="/static/(attise/[^"#]+)', page)) | {"attise/vendor/inter-latin.woff2"}
        assert "attise/attise.css" in named
        assert own < NEXT_VISIT
        assert own + sum(travelling(name) for name in named) < FIRST_VISIT


def travelling(name: str) -> int:
    """Return the bytes of an assembled file as it travels."""
    folder = Path(settings.STATIC_ROOT)
    path = folder / json.loads((folder / "staticfiles.json").read_text())["paths"][name]
    small = path.with_name(f"{path.name}.br")
    return (small if small.exists() else path).stat().st_size


def test_hours_of_another_brand_are_not_told(advertiser, host, town, settled):
    AdHour.objects.create(ad_id=1, hour_ms=town.means.clock.world_ms() // HOUR_MS * HOUR_MS, impressions=10**9)
    told = host.get(f"/v1/advertisers/{town.advertiser.id}/overview").json()
    assert told["figures"]["impressions"] < 10**9


def test_the_page_of_an_ad_shows_its_post_with_both_parts_of_each_counter_and_what_is_said(advertiser, settled, town):
    ids = settled[1]
    said = {"comment_id": town.means.ids.next(), "viewer_id": 7, "follows": (), "event": b""}
    add_comment(town.means, post_id=ids["post"], text="Enfin un avis sans blabla", **said)
    page = read(advertiser, f"/ads/annonces/{ids['spark']}?periode=7-jours&mesure=impressions")
    assert "The post's counters" in page
    assert page.count('<span class="paid">') >= 6
    assert "Enfin un avis sans blabla" in page
    assert '<h3 id="course-title">Impressions</h3>' in page
    campaign = read(advertiser, f"/ads/campagnes/{settled[0].ids['mixed']}?periode=7-jours")
    assert tiles(campaign)["Impressions"] == tiles(page)["Impressions"]  # its other ads were never shown
    assert "The posts it shows" in campaign


def test_a_standard_ad_keeps_its_counters_to_itself(advertiser, settled):
    page = read(advertiser, f"/ads/annonces/{settled[1]['standard']}")
    assert "What people do on a standard ad stays on the ad." in page
    assert "Comments of the post" not in page
