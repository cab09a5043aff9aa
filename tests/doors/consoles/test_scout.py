"""To boost: the list that the scout makes, the boost in three clicks, and the creator's card."""

from __future__ import annotations

import re

import pytest

from attise.doors.consoles.advertiser.boost_form import GOALS
from attise.doors.worker.scouting import scout
from attise.kernel.actor import COMMAND
from attise.kernel.limits import HOUR_MS
from attise.management.authorizations.actions import ask_for_post
from attise.management.authorizations.models import Authorization, PostRequest
from attise.management.campaigns.models import Ad, AdGroup, WaitingBoost
from attise.management.pixels import actions as pixels
from attise.management.posts.models import Post
from attise.measurement.scout.models import Standing
from tests.measurement.scout.counting import count

pytestmark = pytest.mark.django_db
LINK = "https://shop.example/soin"
FORM = {
    "goal": "TRAFFIC:CLICK", "landing_page_url": LINK, "budget": "50", "days": "7", "call_to_action": "LEARN_MORE",
}  # fmt: skip


@pytest.fixture
def scouted(town):
    """Five public posts of thirty hours, ranked; the advertiser may use the first."""
    found = [town.a_post() for _ in range(5)]
    town.applied(town.a_grant(found[0])[1])
    now_ms = town.means.clock.world_ms()
    Post.objects.filter(id__in=[one.id for one in found]).update(published_at_ms=now_ms - 30 * HOUR_MS)
    for place, one in enumerate(found):
        for hour in range(1, 30):
            count(one.id, now_ms - (30 - hour) * HOUR_MS, views=int(40 * (1 + (5 - place) * hour / 10)), shares=hour)
    scout()
    return found


def test_the_list_says_verdict_interval_reasons_and_what_to_do(town, signed_in, scouted):
    page = signed_in(town.ines).get("/ads/a-booster", headers={"Accept-Language": "fr"})
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("À booster maintenant") >= 2
    assert re.search(r"<b>\d+</b> <span class=\"muted\">\[\d+–\d+\]", text)
    assert "Vues par heure, depuis six heures" in text
    assert f"/ads/a-booster/{scouted[0].id}" in text
    assert "Les premiers choix sont jugés deux jours après" in text
    kept = signed_in(town.ines).get("/ads/a-booster?avis=too_late").content.decode()
    assert f"/ads/a-booster/{scouted[0].id}" not in kept


def test_what_comes_too_early_says_from_when_and_the_others_until_when(town, signed_in, scouted):
    Post.objects.filter(id=scouted[1].id).update(published_at_ms=town.means.clock.world_ms() - 9 * HOUR_MS)
    town.clock.advance(seconds=3_600)
    scout()
    page = signed_in(town.ines, language="fr").get("/ads/a-booster").content.decode()
    early = page.partition(f"/ads/a-booster/{scouted[1].id}")[0].rpartition("<li><div")[2]
    assert re.search(r"Trop tôt.*à partir du \d", early, re.DOTALL)
    assert "avant le" not in early
    assert re.search(r"avant le \d", page)


def test_before_the_first_analysis_the_page_says_so(town, signed_in):
    assert "The first analysis is under way." in signed_in(town.ines).get("/ads/a-booster").content.decode()


def test_a_post_is_boosted_in_three_clicks(town, signed_in, scouted):
    client, address = signed_in(town.ines), f"/ads/a-booster/{scouted[0].id}"
    sheet = client.get(address).content.decode()
    assert 'value="50"' in sheet
    form = {**FORM, "compte": str(town.advertiser.id)}
    recap = client.post(address, {**form, "act": "recap"}).content.decode()
    assert re.search(r"Launch, €350(\.00)? at most", recap)
    assert not Ad.objects.exists()
    done = client.post(address, {**form, "act": "lancer"})
    ad = Ad.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, f"/ads/annonces/{ad.id}")
    assert ad.post_id == scouted[0].id
    group = AdGroup.objects.get()
    assert group.budget_micros == 50_000_000
    assert group.ends_at_ms - group.starts_at_ms == 7 * 24 * HOUR_MS


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"landing_page_url": ""}, "landing_page_url"),
        ({"landing_page_url": "http://192.168.0.1/"}, "landing_page_url"),
        ({"budget": "10"}, "budget"),
        ({"budget": "much"}, "budget"),
        ({"days": "5"}, "days"),
        ({"call_to_action": "EAT"}, "call_to_action"),
        ({"goal": "LEAD_GENERATION:LEAD_GENERATION"}, "goal"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_made(town, signed_in, scouted, changed, field):
    form = {**FORM, "act": "lancer", "compte": str(town.advertiser.id), **changed}
    answer = signed_in(town.ines).post(f"/ads/a-booster/{scouted[0].id}", form)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Ad.objects.exists()


def test_a_post_without_authorization_is_asked_for_and_launched_in_one_click_once_its_creator_agrees(
    town, signed_in, scouted
):
    brand, post = signed_in(town.ines), scouted[1]
    address, form = f"/ads/a-booster/{post.id}", {**FORM, "compte": str(town.advertiser.id)}
    assert "they are asked, and the boost is kept" in brand.get(address).content.decode()
    assert "Send the request" in brand.post(address, {**form, "act": "recap"}).content.decode()
    assert brand.post(address, {**form, "act": "lancer"}).headers["Location"] == "/ads/a-booster"
    page = brand.get("/ads/a-booster").content.decode()
    assert "Waits for the creator" in page
    boost = WaitingBoost.objects.get()
    launch = f"/ads/a-booster/attentes/{boost.id}/lancer"
    brand.post(launch, {"compte": form["compte"]})
    assert not Ad.objects.exists(), "nothing runs without the creator's word"

    creator, request = signed_in(town.lea), PostRequest.objects.get()
    assert "Maison Aubrée" in creator.get("/creation/demandes").content.decode()
    answer = f"/creation/demandes/publications/{request.id}"
    assert 'value="30"' in creator.get(answer).content.decode()
    creator.post(answer, {"answer": "accept", "days": "60", "pay": "share", "share": "10"})
    assert Authorization.objects.get(post_id=post.id).terms["share_ppm"] == 100_000
    assert creator.post(answer, {"answer": "refuse"}).status_code == 409

    assert "The creator agreed" in brand.get("/ads/a-booster").content.decode()
    assert 'value="50"' in brand.get(address).content.decode()
    done = brand.post(launch, {"compte": form["compte"]})
    ad = Ad.objects.get()
    assert (done.headers["Location"], ad.post_id) == (f"/ads/annonces/{ad.id}", post.id)
    assert not WaitingBoost.objects.exists()
    brand.post(launch, {"compte": form["compte"]})
    assert Ad.objects.count() == 1


@pytest.mark.parametrize("days", ["²", "9" * 5_000, "-7", "", "8"])
def test_days_that_are_none_are_told_to_the_creator_beside_the_field(town, signed_in, scouted, days):
    asked = ask_for_post(town.means, COMMAND, advertiser_id=town.advertiser.id, post_id=scouted[1].id, days=60)
    creator, form = signed_in(town.lea), {"answer": "accept", "days": days, "pay": "none"}
    for address in (
        f"/creation/demandes/publications/{asked.id}",
        f"/creation/publications/{scouted[1].id}/autoriser",
    ):
        told = creator.post(address, form)
        assert told.status_code == 422
        assert 'id="days_error">Choose one of these durations.' in told.content.decode()
    assert PostRequest.objects.get().state == "pending"


def test_a_request_that_was_taken_back_says_so(town, signed_in, scouted):
    brand, form = signed_in(town.ines), {**FORM, "compte": str(town.advertiser.id)}
    brand.post(f"/ads/a-booster/{scouted[1].id}", {**form, "act": "lancer"})
    brand.post(f"/ads/a-booster/attentes/{WaitingBoost.objects.get().id}/abandonner", form)
    answer = f"/creation/demandes/publications/{PostRequest.objects.get().id}"
    page = signed_in(town.lea).get(answer, follow=True).content.decode()
    assert "Maison Aubrée took this request back." in page


def test_a_boost_that_comes_too_late_asks_once_more(town, signed_in, scouted):
    brand, post = signed_in(town.ines), scouted[1]
    form = {**FORM, "compte": str(town.advertiser.id)}
    brand.post(f"/ads/a-booster/{post.id}", {**form, "act": "lancer"})
    town.applied(town.a_code(post))
    Standing.objects.filter(post_id=post.id).update(verdict="too_late")
    launch = f"/ads/a-booster/attentes/{WaitingBoost.objects.get().id}/lancer"
    assert brand.post(launch, {"compte": form["compte"]}).headers["Location"] == f"/ads/a-booster/{post.id}"
    assert not Ad.objects.exists()
    brand.post(f"/ads/a-booster/{post.id}", {**form, "act": "lancer"})
    assert Ad.objects.get().post_id == post.id
    assert not WaitingBoost.objects.exists(), "what was boosted otherwise does not wait"


@pytest.mark.parametrize("goal", [f"{objective}:{one.name}" for objective, one in GOALS if not one.needs_event])
def test_every_goal_can_be_boosted(town, signed_in, scouted, goal):
    form = {**FORM, "goal": goal, "compte": str(town.advertiser.id), "act": "lancer"}
    done = signed_in(town.ines).post(f"/ads/a-booster/{scouted[0].id}", form)
    assert done.status_code == 302
    assert AdGroup.objects.get().optimization_goal == goal.partition(":")[2]


def test_conversions_can_be_boosted_with_a_pixel_that_lists_no_events(town, signed_in, scouted):
    client, address = signed_in(town.ines), f"/ads/a-booster/{scouted[0].id}"
    assert "WEB_CONVERSIONS:CONVERT" not in client.get(address).content.decode(), "there is no pixel"
    pixel = pixels.create_pixel(town.means, COMMAND, advertiser_id=town.advertiser.id, name="Boutique")
    assert '<optgroup label="Boutique">' in client.get(address).content.decode()
    form = {**FORM, "goal": "WEB_CONVERSIONS:CONVERT", "event": f"{pixel.id}:SHOPPING", "act": "lancer"}
    done = client.post(address, {**form, "compte": str(town.advertiser.id)})
    assert done.status_code == 302, done.content.decode()
    group = AdGroup.objects.get()
    assert (group.pixel_id, group.optimization_event) == (pixel.id, "SHOPPING")


def test_the_creator_sees_the_same_of_their_own_post(town, signed_in, scouted):
    page = signed_in(town.lea).get(f"/creation/publications/{scouted[0].id}").content.decode()
    assert "Its momentum" in page
    assert "views in 48 hours" in page
