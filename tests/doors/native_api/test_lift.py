"""A host reads what a campaign changed: with a holdout the arms and their ends, without one what a share could tell."""

from __future__ import annotations

import pytest
from django.conf import settings

from attise.kernel.actor import COMMAND
from attise.management.campaigns.actions import update_campaign
from attise.measurement.conversions import actions
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaigns import a_campaign
from tests.measurement.conversions.builders import conversion, digest, touch
from tests.measurement.lift.trial import Trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(means):
    advertiser = an_advertiser(means)
    return a_campaign(means, advertiser.id, holdout_ppm=200_000)


@pytest.fixture
def trial(means, campaign):
    creator = a_creator(means)
    post = a_post(means, creator)
    made = Trial(means, settings.HOUSE.folder).emptied()
    yield made.opened(campaign=campaign.id, post=post.id, creator=creator.id)
    made.emptied().close()


def live(trial, *, people: int = 210) -> None:
    """Every fifth is held out; of those shown two of three visit the profile through the ad, of the others nobody."""
    told = []
    for number in range(people):
        person, is_held = f"v{number:03}", number % 5 == 0
        of = trial.contest(person, is_held=is_held)
        if not is_held:
            told.append(trial.does(person, "impression", of=of, after_s=2))
            if number % 3:
                told.append(trial.does(person, "profile_visit", of=of, after_s=9))
    trial.happens(told)


def test_both_arms_are_told_with_the_ends_of_what_they_differ_by(host, trial, campaign):
    live(trial)
    answer = host.get(f"/v1/campaigns/{campaign.id}/lift")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert (found["holdout_ppm"], found["compared_holdout_ppm"]) == (200_000, 200_000)
    assert found["viewers"] == {"shown": 168, "seen": 168, "held_out": 42}
    assert found["balance"] == {"expected": 0.2, "found": 0.2, "p_value": 1.0, "is_right": True}
    told = {one["signal"]: one for one in found["outcomes"]}
    visits = told["profile_visits"]
    assert (visits["verdict"], visits["shown"]["did"], visits["held_out"]["did"]) == ("more", 112, 0)
    assert visits["difference"]["low"] < visits["difference"]["value"] < 1
    assert visits["difference"]["value"] == pytest.approx(2 / 3)
    assert visits["difference"]["low"] > 0
    assert visits["relative"] is None
    cost = visits["cost_of_one_more"]
    assert cost["low_micros"] < cost["value_micros"] == round(12_345 * 168 / 112) < cost["high_micros"]
    assert visits["earned"]["value"] == 0
    follows = told["follows"]
    assert (follows["verdict"], follows["difference"]["value"]) == ("too_little", 0)
    assert follows["more_viewers_of_each_arm"] >= 1
    assert found["planned_by"] == "own_reach"
    assert found["plans"][0]["viewers"] == 168


def shop(campaign, *, people: int = 210) -> None:
    """The shop knew everybody by a click of before; of those shown three of four buy, of the others a quarter."""
    own = {"advertiser_id": campaign.advertiser_id}
    told, touches = [], []
    for number in range(people):
        name = {"emails": (digest(f"v{number:03}"),), **own}
        touches.append(touch(number + 1, f"v{number:03}", clicked=3, **own))
        told.append(
            conversion(1_000 + number, "Pageview", ago=3, event_id=f"p{number}", decision_id=number + 1, **name)
        )
        if (number // 5) % 4 < (1 if number % 5 == 0 else 3):
            told.append(conversion(3_000 + number, ago=-0.2, event_id=f"b{number}", **name))
    actions.settle(told, touches, results_of=lambda groups: dict.fromkeys(groups, "SHOPPING"))


def test_purchases_are_told_of_those_whom_the_shop_knew_before(host, trial, campaign):
    live(trial)
    nobody = host.get(f"/v1/campaigns/{campaign.id}/lift").json()["purchases"]
    assert (nobody["known_part"], nobody["verdict"]) == (0.0, "too_little")
    shop(campaign)
    found = host.get(f"/v1/campaigns/{campaign.id}/lift").json()["purchases"]
    assert (found["known_part"], found["verdict"]) == (1.0, "more")
    assert (found["shown"]["viewers"], found["held_out"]["viewers"]) == (168, 42)
    assert found["difference"]["value"] == pytest.approx(0.5, abs=0.03)
    assert 0 < found["difference"]["low"] < found["difference"]["high"] < 1
    assert found["cost_of_one_more"]["low_micros"] > 0
    assert found["covariate"] == {"explained": 0.0, "is_used": False}  # nobody bought before


def test_without_a_holdout_it_is_said_what_a_share_could_tell(host, means, campaign):
    update_campaign(means, COMMAND, advertiser_id=campaign.advertiser_id, campaign_id=campaign.id, holdout_ppm=0)
    found = host.get(f"/v1/campaigns/{campaign.id}/lift").json()
    assert (found["compared_holdout_ppm"], found["outcomes"], found["balance"]) == (None, [], None)
    assert found["planned_by"] == "example"
    effects = [one["detectable"] for one in found["plans"]]
    assert effects == sorted(effects, reverse=True)
    assert [one["holdout_ppm"] for one in found["plans"]] == [50_000, 100_000, 200_000, 500_000]


def test_a_share_that_was_taken_back_leaves_what_it_told(host, means, trial, campaign):
    live(trial)
    update_campaign(means, COMMAND, advertiser_id=campaign.advertiser_id, campaign_id=campaign.id, holdout_ppm=0)
    found = host.get(f"/v1/campaigns/{campaign.id}/lift").json()
    assert (found["holdout_ppm"], found["compared_holdout_ppm"]) == (0, 200_000)
    assert found["viewers"]["held_out"] == 42


def test_a_campaign_that_is_not_there_has_no_lift(host):
    assert host.get("/v1/campaigns/1234567890123456789/lift").status_code == 404
    assert host.get("/v1/campaigns/nothing/lift").status_code == 404
