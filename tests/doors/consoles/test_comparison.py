"""An advertiser compares two formats of a video on the pages: drafts it in one dialog, launches it, reads, ends it."""

from __future__ import annotations

import csv
import re

import pytest

from attise.management.campaigns import queries
from tests.browser.brand import Brand
from tests.browser.compared_pages import DAYS, SAID, drafted, launched
from tests.browser.town import forget_files
from tests.campaigns import fund

pytestmark = pytest.mark.django_db
PAGE = "/ads/comparaison"


@pytest.fixture(autouse=True)
def _nothing_is_left():
    """What these stories add up is gone after them: ids come again."""
    yield
    forget_files()


def read(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:300]
    return re.sub(r"\s+", " ", response.content.decode())


def test_where_there_is_no_test_the_page_says_what_to_do(town, advertiser):
    page = read(advertiser, PAGE)
    assert "Launch a test: same video, two formats." in page
    assert "You have no Spark ad yet" in read(advertiser, f"{PAGE}?dialog=formats")


def test_the_same_video_in_two_formats_is_drafted_by_a_dialog(town, advertiser):
    fund(town.means, town.advertiser.id)
    brand = Brand(town)
    spark, _ = brand.spark(brand.group(brand.campaign("Sérum")), "Un mois de sérum")
    brand.standard(brand.group(brand.campaign("Studio")), "Studio")
    page = read(advertiser, f"{PAGE}?dialog=formats")
    video = re.search(r'value="(v10033g50000[a-z0-9]+)"', page)[1]
    sent = {"ad": str(spark.id), "video": "", "display_name": "Aubrée", "days": "14"}
    refused = advertiser.post(f"{PAGE}/formats", sent)
    assert refused.status_code == 422
    assert "Choose the video in your library" in refused.content.decode()
    answer = advertiser.post(f"{PAGE}/formats", {**sent, "video": video})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    (split,) = queries.page_splits(advertiser_id=town.advertiser.id).items
    assert answer["Location"] == f"{PAGE}/{split.id}"
    assert (split.days, [one.kinds for one in split.sides]) == (14, [("spark",), ("standard",)])
    drawn = read(advertiser, answer["Location"])
    assert "What it could tell" in drawn
    assert "Launch the test" in drawn


def test_two_ad_groups_are_drafted_and_a_group_beside_a_campaign_is_not(town, advertiser):
    brand = Brand(town)
    campaign = brand.campaign("Sérum")
    one, other = brand.group(campaign, "One"), brand.group(campaign, "Other")
    sent = {"name": "Two", "first": f"adgroup:{one.id}", "second": f"campaign:{campaign.id}", "days": "28"}
    refused = advertiser.post(f"{PAGE}/deux-cotes", sent)
    assert refused.status_code == 422
    assert "Compare two ad groups, or two campaigns." in refused.content.decode()
    same = advertiser.post(f"{PAGE}/deux-cotes", {**sent, "second": sent["first"]})
    assert (same.status_code, "Both sides of the test are the same." in same.content.decode()) == (422, True)
    made = advertiser.post(f"{PAGE}/deux-cotes", {**sent, "second": f"adgroup:{other.id}"})
    assert made.status_code == 302
    told = advertiser.post(f"{made['Location']}/lancer", follow=True).content.decode()
    assert "has no ad that may run" in told
    assert advertiser.post(f"{made['Location']}/abandonner").status_code == 302
    assert queries.page_splits(advertiser_id=town.advertiser.id).items == []


def test_a_test_that_runs_says_what_differs_or_how_much_more_it_takes_and_is_ended(town, advertiser):
    split = launched(town, people=240)
    at = f"{PAGE}/{split.id}"
    page = read(advertiser, at)
    assert "Not enough data yet: about 100 more adds to cart on one side." in page
    assert "Cited, not measured" in page
    assert "about 4,88" in page or "about 4,8" in page  # impressions that a side lacks of 5,000
    assert "Watched to the end, day by day" in page
    assert page.count('class="band ') == 2, "both sides have their intervals"
    assert all(text in page for text in SAID)
    assert "they are worked out now and then" in page
    assert "A standard ad has no post: nobody can comment it." in page
    drawn = read(advertiser, f"{at}?mesure=taux-de-clic")
    assert "Click-through rate, day by day" in drawn
    by_day = csv.DictReader(
        b"".join(advertiser.get(f"{at}/exporter?format=intl&par=jour").streaming_content)
        .decode("utf-8-sig")
        .splitlines()
    )
    days = list(by_day)
    assert len(days) == 2 * DAYS
    assert sum(int(one["Impressions"]) for one in days) == 240
    file = advertiser.get(f"{at}/exporter?format=intl")
    lines = list(csv.reader(b"".join(file.streaming_content).decode("utf-8-sig").splitlines()))
    assert lines[0][:3] == ["Measure", "First side", "Second side"]
    assert lines[1][0] == "Watched to the end"
    assert "Running" in read(advertiser, PAGE)
    home = read(advertiser, "/ads/")
    assert "Spark against Standard" in home
    assert "Not enough data yet: about" in home.partition('id="compared"')[2].partition("</section>")[0]
    assert advertiser.post(f"{at}/terminer").status_code == 302
    assert "Over" in read(advertiser, at)
    again = advertiser.post(f"{at}/terminer", follow=True).content.decode()
    assert "This test does not run." in again


def test_a_draft_has_no_file_and_whoever_only_reads_acts_on_nothing(town, advertiser, signed_in):
    split = drafted(town)
    assert advertiser.get(f"{PAGE}/{split.id}/exporter").status_code == 409
    analyst = signed_in(town.a_member("ana@example.org", "Ana", "analyst"))
    assert "Reserved to administrators" in read(analyst, f"{PAGE}/{split.id}")
    assert analyst.post(f"{PAGE}/{split.id}/lancer").status_code == 403
