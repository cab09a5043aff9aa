"""Recommendations of a campaign: the same through both doors, and each button does what it says."""

from __future__ import annotations

import re

import msgspec
import pytest
from django.conf import settings

from attise.doors.site import advice_facts, advised, reach
from attise.kernel.actor import COMMAND
from attise.kernel.errors import Refusal
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.management.accounts.actions import make_host_key
from attise.management.campaigns import actions, queries
from attise.management.campaigns.models import Ad as Declared
from attise.management.viewers.actions import create_viewer
from attise.management.viewers.queries import find_record
from attise.measurement.attribution.models import Ad, AdHour
from attise.measurement.reports.compared import Newcomers
from attise.measurement.scout.models import Standing
from attise.records.lookups import interests
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


def test_the_overview_shows_the_most_useful_of_all_campaigns_and_its_buttons_do_it(spent, advertiser, means):
    host = Host(make_host_key(means, name="app")[1])
    over = host.get(f"/v1/advertisers/{spent.town.advertiser.id}/recommendations").json()["items"]
    assert 0 < len(over) <= 5
    [one] = [item for item in over if (item["kind"], item["level"]) == ("raise_budget", "campaign")]
    assert (one["campaign_id"], one["is_done_here"]) == (str(spent.ids["mixed"]), True)
    part = advertiser.get("/ads/").content.decode().partition('id="conseils"')[2].partition("</section>")[0]
    assert part.count('name="conseil"') == sum(item["is_done_here"] for item in over)
    assert f'action="/ads/campagnes/{one["campaign_id"]}/conseils"' in part
    sent = {"conseil": one["key"], "retour": "/ads/"}
    at = f"/ads/campagnes/{one['campaign_id']}/conseils"
    done = advertiser.post(at, sent)
    assert done["Location"] == "/ads/#conseils"
    assert "The budget is €72/day now." in advertiser.get("/ads/").content.decode()
    strange = advertiser.post(
        f"/ads/campagnes/{one['campaign_id']}/conseils", {**sent, "retour": "//elsewhere.example"}
    )
    assert strange["Location"].startswith("/ads/campagnes/")


def rising(means, town, ad) -> dict:
    """A post of the ad's creator that the scout would boost now, and that may be used; returns the advice to add it."""
    post = town.a_post("Deux mois de sérum")
    _grant, code = town.a_grant(post, days=60)
    town.applied(code)
    now_ms = means.clock.world_ms()
    Standing.objects.create(
        post_id=post.id,
        creator_id=town.creator.id,
        at_ms=now_ms,
        published_at_ms=now_ms,
        score=81.6,
        low=70,
        high=90,
        verdict="boost_now",
        until_ms=now_ms + DAY_MS,
        views=900,
        body={"growth": [1, 1, 1], "organic_per_paid": [1, 1, 1], "grows": 1, "signals": {}, "reasons": []},
    )
    host = Host(make_host_key(means, name="scout")[1])
    told = host.get(f"/v1/campaigns/{ad.campaign_id}/recommendations").json()
    [one] = [item for item in told["items"] if item["kind"] == "add_post"]
    assert (one["post_id"], one["score"], one["level"]) == (str(post.id), 82, "adgroup")
    return one


def test_a_rising_post_of_a_creator_in_the_campaign_is_added_by_its_button_as_an_ad_like_theirs(spent, ad, means, town):
    one = rising(means, town, ad)
    host = Host(make_host_key(means, name="app")[1])
    address = f"/v1/campaigns/{ad.campaign_id}/recommendations"
    assert host.post(f"{address}/take", {"key": one["key"]}).status_code == 200
    mine = {"advertiser_id": town.advertiser.id, "wish": queries.AdWish(adgroup_ids=[int(one["object_id"])])}
    ads = queries.list_ads(means, **mine).items
    [made] = [each for each in ads if each.post and str(each.post.id) == one["post_id"]]
    assert (made.landing_page_url, made.call_to_action) == (ad.landing_page_url, ad.call_to_action)
    assert one["key"] not in {item["key"] for item in host.get(address).json()["items"]}, "it is in the campaign now"


def test_a_post_is_added_once_by_two_who_press_at_once(spent, ad, means, town, monkeypatch):
    one = rising(means, town, ad)
    view = queries.get_campaign(means, advertiser_id=town.advertiser.id, campaign_id=ad.campaign_id)
    seen = advised.gather(means, settings.HOUSE, [view], town.advertiser.id)
    monkeypatch.setattr(advised, "gather", lambda *_args, **_facts: seen)
    asked = (means, settings.HOUSE, COMMAND, view, one["key"])
    assert advised.take(*asked).advice.post_id == int(one["post_id"])
    with pytest.raises(Refusal, match="not_found"):
        advised.take(*asked)
    assert Declared.objects.filter(post_id=int(one["post_id"])).count() == 1


def test_an_audience_that_is_used_up_is_widened_by_its_button(spent, ad, means, monkeypatch):
    """Facts tell that hardly anybody is new, and the ad group spends next to nothing."""
    mine = {"advertiser_id": spent.town.advertiser.id, "adgroup_id": ad.adgroup_id}
    group = queries.get_adgroup(means, **mine)
    narrow = msgspec.structs.replace(group.targeting, interests=(interests.all()[0].id,))
    actions.update_adgroup(means, COMMAND, **mine, targeting=narrow)
    AdHour.objects.update(spent_micros=EURO)
    monkeypatch.setattr(advice_facts, "newcomers_of", lambda _house, ids, **_: {one: Newcomers(400, 20) for one in ids})
    host = Host(make_host_key(means, name="app")[1])
    address = f"/v1/campaigns/{ad.campaign_id}/recommendations"
    told = {item["object_id"]: item for item in host.get(address).json()["items"] if item["kind"] == "audience_used_up"}
    one = told[str(ad.adgroup_id)]
    assert (one["reached"], one["newly_reached"], one["is_done_here"]) == (400, 20, True)
    assert host.post(f"{address}/take", {"key": one["key"]}).status_code == 200
    assert queries.get_adgroup(means, **mine).targeting == msgspec.structs.replace(narrow, interests=())
    again = {item["object_id"]: item for item in host.get(address).json()["items"]}[str(ad.adgroup_id)]
    assert again["is_done_here"] is False, "there is nothing left that can be left out"
    assert host.post(f"{address}/take", {"key": again["key"]}).status_code == 404


def test_an_audience_of_fewer_than_a_thousand_is_widened_by_its_button(spent, ad, means, advertiser, monkeypatch):
    """Of three thousand adults in France nobody is known to be interested in anything."""
    mine = {"advertiser_id": spent.town.advertiser.id, "adgroup_id": ad.adgroup_id}
    group = queries.get_adgroup(means, **mine)
    narrow = msgspec.structs.replace(group.targeting, interests=(interests.all()[0].id,))
    actions.update_adgroup(means, COMMAND, **mine, targeting=narrow)
    record = find_record(create_viewer(means, country="FR", birth_date="1996-05-01").id)
    monkeypatch.setattr(reach, "sample_records", lambda most: ([record] * most, 3_000))
    host = Host(make_host_key(means, name="app")[1])
    address = f"/v1/campaigns/{ad.campaign_id}/recommendations"
    [one] = [item for item in host.get(address).json()["items"] if item["kind"] == "widen_audience"]
    assert (one["object_id"], one["people"], one["wider_people"]) == (str(ad.adgroup_id), 1_000, 3_000)
    page = advertiser.get(f"/ads/campagnes/{ad.campaign_id}").content.decode()
    assert "It is meant for fewer than 1,000 people; without its interests" in page
    assert host.post(f"{address}/take", {"key": one["key"]}).status_code == 200
    assert queries.get_adgroup(means, **mine).targeting.interests == ()
    assert "widen_audience" not in {item["kind"] for item in host.get(address).json()["items"]}
