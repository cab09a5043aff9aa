"""What a campaign changed, from its records: who is compared, what counts, and what is found of what is true."""

from __future__ import annotations

import random

import pytest

from attise.measurement.lift.actions import forget_people, forget_unknown, sweep
from attise.measurement.lift.acts import SIGNALS
from attise.measurement.lift.campaign import effects_of, people_of, plans
from attise.measurement.lift.models import Act, Exposure, Place
from attise.measurement.lift.queries import find_experiment, list_acts, list_people, list_targets
from attise.measurement.lift.study import Verdict
from attise.measurement.reports.compared import brought_by, reach_of
from attise.records.event import Doubt
from tests.measurement.attribution.happened import event
from tests.measurement.lift.trial import CAMPAIGN, SHARE_PPM, Trial

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trial(means, tmp_path):
    made = Trial(means, tmp_path).opened()
    yield made
    made.close()


def effects(trial) -> dict:
    found = find_experiment(CAMPAIGN, SHARE_PPM)
    targets = list_targets(CAMPAIGN)
    brought = brought_by(
        trial.house,
        campaign_id=CAMPAIGN,
        posts={one.post_id for one in targets},
        creators={one.creator_id for one in targets},
        since_ms=found.since_ms,
    )
    people = people_of(list_people(CAMPAIGN, SHARE_PPM), list_acts(CAMPAIGN), brought)
    return {one.signal: one for one in effects_of(people, held_part=SHARE_PPM / 1e6)}


def test_a_win_and_a_win_that_was_not_shown_make_the_two_arms(trial):
    trial.contest("ann", is_held=False)
    trial.means.clock.advance(seconds=60)
    trial.contest("ann", is_held=False)
    trial.contest("bob", is_held=True)
    trial.contest("", is_held=False)
    trial.happens([])
    assert [(one.person, one.is_held) for one in list_people(CAMPAIGN, SHARE_PPM)] == [("ann", False), ("bob", True)]
    assert Exposure.objects.get(person="ann").wins == 2
    assert Exposure.objects.get(person="ann").first_at_ms < Exposure.objects.get(person="ann").last_at_ms
    assert [(one.post_id, one.creator_id) for one in list_targets(CAMPAIGN)] == [(trial.post, trial.creator)]


def test_contests_of_a_campaign_without_a_holdout_compare_nobody(trial):
    trial.share_ppm = 0
    trial.contest("ann", is_held=False)
    trial.happens([trial.does("ann", "follow")])
    assert (Exposure.objects.count(), Act.objects.count()) == (0, 0)
    assert find_experiment(CAMPAIGN, 0) is None


def test_what_people_do_counts_from_their_first_win_on_once_and_where_it_is_believed(trial):
    for person in ("ann", "bob"):
        trial.does(person, "follow")
    early = trial.does("ann", "profile_visit", after_s=-600)
    trial.contest("ann", is_held=False)
    trial.contest("bob", is_held=True)
    visit = trial.does("bob", "profile_visit")
    doubted = trial.does("bob", "share", doubt=Doubt.DECLARED_BOT)
    elsewhere = event(trial.means, "share", person="bob", post_id=trial.post + 1, creator_id=trial.creator, after_s=30)
    stranger = trial.does("eve", "share")
    trial.creators[trial.post + 1] = trial.creator
    trial.happens([early, visit, visit, doubted, elsewhere, stranger, trial.does("bob", "complete")])
    found = sorted((one.person, one.signal) for one in list_acts(CAMPAIGN))
    assert found == [("bob", "completions"), ("bob", "profile_visits"), ("bob", "views")]


def test_a_follow_through_another_post_or_none_is_a_follow_of_the_creator(trial):
    trial.contest("bob", is_held=True)
    trial.creators[trial.post + 1] = trial.creator
    trial.happens(
        [
            event(trial.means, "follow", person="bob", post_id=trial.post + 1, creator_id=0, after_s=30),
            event(trial.means, "profile_visit", person="bob", post_id=0, creator_id=trial.creator, after_s=31),
        ]
    )
    assert sorted(one.signal for one in list_acts(CAMPAIGN)) == ["follows", "profile_visits"]


def test_what_was_undone_was_not_done(trial):
    trial.contest("bob", is_held=True)
    trial.happens([trial.does("bob", "follow"), trial.does("bob", "unfollow", after_s=40)])
    assert effects(trial)["follows"].did.held.events == 0


def test_taking_the_same_stretch_in_again_changes_nothing_but_the_count_of_wins(trial):
    trial.contest("bob", is_held=True)
    trial.happens([trial.does("bob", "follow"), trial.does("bob", "complete")])
    before = sorted(Act.objects.values_list("person", "signal", "step"))
    Place.objects.update(position=0)
    trial.take_in()
    assert sorted(Act.objects.values_list("person", "signal", "step")) == before


def test_what_a_campaign_really_brought_lies_between_its_ends(trial):
    """Two hundred people; of those shown a half follows through the ad and a tenth by itself, of the others a tenth."""
    chance = random.Random(7)
    told = []
    for number in range(200):
        person, is_held = f"v{number:03}", chance.random() < SHARE_PPM / 1e6
        of = trial.contest(person, is_held=is_held)
        if not is_held:
            told.append(trial.does(person, "impression", of=of, after_s=2))
            if chance.random() < 0.5:
                told.append(trial.does(person, "follow", of=of, after_s=9))
        if chance.random() < 0.1:
            told.append(trial.does(person, "follow", after_s=60))
        if chance.random() < 0.8:
            told.append(trial.does(person, "complete", after_s=70))
    trial.happens(told)
    found = effects(trial)
    follows = found["follows"].did
    assert follows.verdict == Verdict.MORE
    assert follows.balance is not None
    assert follows.balance.is_right
    assert follows.effect.low < 0.45 < follows.effect.high
    assert follows.cost is not None
    assert follows.cost.each is not None
    true = follows.shown.viewers * 0.012345 / (0.45 * follows.shown.viewers)
    assert follows.cost.low < true < follows.cost.high
    assert found["completions"].did.verdict == Verdict.NOT_TOLD
    assert found["follows"].earned.caused[1] < 0 < found["follows"].earned.caused[2]
    assert found["shares"].did.verdict == Verdict.TOO_LITTLE
    assert list(found) == list(SIGNALS)
    reach = reach_of(trial.house, campaign_id=CAMPAIGN, since_ms=0)
    assert reach.viewers == follows.shown.viewers
    assert 0.35 < reach.did["follows"] / reach.viewers < 0.65


def test_an_arm_that_lost_people_is_not_believed(trial):
    for number in range(200):
        is_held = number % 5 == 0
        if not is_held or number % 20 == 0:
            trial.contest(f"v{number:03}", is_held=is_held)
    trial.happens([])
    assert effects(trial)["follows"].did.verdict == Verdict.BROKEN


def test_another_share_is_another_trial(trial):
    trial.contest("ann", is_held=False)
    trial.means.clock.advance(seconds=60)
    trial.share_ppm = 500_000
    trial.contest("ann", is_held=True)
    trial.happens([])
    assert list_people(CAMPAIGN, SHARE_PPM)[0].is_held is False
    assert list_people(CAMPAIGN, 500_000)[0].is_held is True
    assert find_experiment(CAMPAIGN, 0).holdout_ppm == 500_000
    assert find_experiment(CAMPAIGN, SHARE_PPM).holdout_ppm == SHARE_PPM


def test_who_is_erased_is_compared_no_more(trial):
    trial.contest("ann", is_held=False)
    trial.contest("bob", is_held=True)
    trial.happens([trial.does("ann", "follow"), trial.does("bob", "follow")])
    assert forget_people(["ann"]) == 2
    assert [one.person for one in list_acts(CAMPAIGN)] == ["bob"]
    assert forget_unknown(lambda _people: set(), after="", limit=10) == ("", 2)
    assert (Exposure.objects.count(), Act.objects.count()) == (0, 0)


def test_what_is_older_than_facts_goes(trial):
    trial.contest("ann", is_held=False)
    trial.happens([trial.does("ann", "follow")])
    assert sweep(trial.means) == 0
    trial.means.clock.advance(seconds=397 * 86_400)
    assert sweep(trial.means) == 2


def test_what_could_be_told_grows_with_the_share_up_to_a_half():
    found = plans(10_000, 0.02)
    assert [one.effect for one in found] == sorted((one.effect for one in found), reverse=True)
    assert 0.006 < found[-1].effect < 0.01
    assert all(one.effect == float("inf") for one in plans(0, 0.02))
