"""The campaign table broken down, beside the days before, and looked through without accents: page and file agree."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from attise.management.campaigns.models import Campaign
from tests.browser.town import session_of
from tests.doors.marketing_api.reporting import PRICE, Ads
from tests.measurement.reports.facing import VIEWERS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ads(means, tmp_path, monkeypatch):
    made = Ads(means, tmp_path)
    monkeypatch.setattr(settings.HOUSE, "folder", tmp_path)
    yield made
    made.happened.close()


@pytest.fixture
def client(ads) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(ads.mine.tenant.people["operator"].id)
    return client


def page(client: Client, level: str = "campagnes", **asked: Any) -> str:
    answer = client.get(f"/ads/{level}?{urlencode(asked)}")
    assert answer.status_code == 200, answer.content[:400]
    return answer.content.decode()


def lines(text: str) -> list[list[str]]:
    """Return the cells of the lines beneath rows, in text."""
    found = re.findall(r'<tr role="row" class="part">(.*?)</tr>', text, re.DOTALL)
    return [
        [unescape(re.sub(r"<span class=\"vh\">.*?</span>|<[^>]+>", "", cell)).strip() for cell in cells]
        for cells in (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", one, re.DOTALL) for one in found)
    ]


def test_lines_beneath_a_row_add_up_to_it_and_to_the_file(ads, client, clock):
    for number, who in enumerate(VIEWERS):
        ads.live(
            ads.mine, "impression", *(("click",) if number % 2 else ()), who=who, viewer=f"v{number}", goal="CLICK"
        )
        ads.live(ads.other, "impression", who=who, viewer=f"v{number}")
        clock.advance(seconds=10 * 3_600)
    ads.roll_up()
    for word, level in (("pays", "campagnes"), ("jour", "groupes"), ("age", "annonces"), ("sexe", "campagnes")):
        found = lines(page(client, level, ventilation=word))
        assert len(found) > 1, word
        counted = [re.search(r"€([\d.]+) · (\d+) impressions · (\d+) clicks", " ".join(cells)) for cells in found]
        assert sum(int(one[2]) for one in counted) == len(VIEWERS), word
        assert sum(int(one[3]) for one in counted) == len(VIEWERS) // 2, word
        assert sum(int(cells[-3]) for cells in found) == len(VIEWERS) // 2, "results are those of the goal"
        answer = client.get(f"/ads/{level}/exporter?{urlencode({'ventilation': word, 'format': 'intl'})}")
        told = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert len(told) == len(found), word
        assert sum(int(one["Impressions"]) for one in told) == len(VIEWERS)
        assert "Their value" not in told[0]
        spent = sum(float(one["Spent in it"]) for one in told)
        assert abs(spent - len(VIEWERS) * PRICE / 1e6) < 0.005 * len(told), "to the rounding of each line"
    assert lines(page(client)) == lines(page(client, ventilation="couleur")) == []
    assert "in a report" not in page(client, ventilation="pays", periode="debut")


def test_the_days_before_stand_beside_results_and_in_the_file(ads, client, clock):
    ads.live(ads.mine, "impression", "click", viewer="ann", goal="CLICK")
    clock.advance(days=7)
    for number in range(3):
        ads.live(ads.mine, "impression", "click", viewer=f"v{number}", goal="CLICK")
    ads.roll_up()
    asked = {"periode": "7-jours", "comparer": "avant"}
    text = page(client, **asked)
    assert text.count('<small class="change good"') == 2, "of the row and of all: more results; a result costs the same"
    assert "200%" in unescape(text)
    assert 'class="change' not in page(client, periode="7-jours")
    assert "no days before" in page(client, periode="debut", comparer="avant")
    answer = client.get(f"/ads/campagnes/exporter?{urlencode({**asked, 'format': 'intl'})}")
    (told,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (told["Impressions"], told["Impressions, days before"]) == ("3", "1")
    campaign = ads.mine.names["campaign_id"]
    again = client.post(
        f"/ads/campagnes/{campaign}/diffusion",
        {"retour": f"?{urlencode(asked)}", "compte": str(ads.mine.tenant.advertiser.id), "operation_status": "DISABLE"},
        headers={"hx-request": "true"},
    )
    assert 'class="change good"' in again.content.decode(), "a row that is replaced keeps what stands beside it"


def test_a_name_is_found_whatever_case_and_accents(ads, client):
    Campaign.objects.filter(advertiser_id=ads.mine.tenant.advertiser.id).update(name="Été à la Façon de ŒUVRE 100%_x")
    for text in ("ete", "ÉTÉ A LA", "facon", "façon", "100%_x", "œuvre"):
        assert "Été à la Façon" in page(client, q=text), text
    for text in ("etes", "100_%", "%", "_", "\\"):
        found = page(client, q=text)
        assert ("Été à la Façon" in found) == (text in ("%", "_")), text
