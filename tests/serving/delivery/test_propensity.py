"""How likely a winner was over other draws: the compiled count is the plain one, drawing only what matters."""

import random

import numpy as np
import pytest

from attise.records.decision import HEADS
from attise.serving import kernels
from attise.serving.delivery.chance import normals
from attise.serving.delivery.contest import REDRAWN, hold_contest, recounted
from attise.serving.delivery.policy import Policy
from attise.serving.delivery.value import ASKED, EVENTS, rates_of
from attise.serving.prediction.thompson import quantiles
from tests import machine_code
from tests.delivering import USUAL, a_request, a_state, an_ad

WAYS = (
    {"billing_event": "CPM", "optimization_goal": "REACH", "bid_micros": 8_000_000},
    {"bid_micros": 800_000},
    {"billing_event": "CPV", "optimization_goal": "ENGAGED_VIEW", "bid_micros": 20_000},
    {"billing_event": "CPV", "optimization_goal": "ENGAGED_VIEW_FIFTEEN", "bid_micros": 25_000},
    {"billing_event": "OCPM", "optimization_goal": "CONVERT", "bid_micros": None, "conversion_bid_micros": 30_000_000},
    {"billing_event": "OCPM", "optimization_goal": "FOLLOWERS", "bid_micros": None, "conversion_bid_micros": 200_000},
)


def drawn_rates(rng: random.Random) -> tuple[float, ...]:
    return tuple(min(1.0, usual * rng.uniform(0.4, 2.5)) for usual in USUAL)


@pytest.mark.parametrize("slots", [(3,), (3, 9)])
def test_both_ways_count_the_same(slots):
    machine_code.load()
    rng = random.Random(len(slots))
    counted = []
    for turn in range(40):
        many = rng.choice((2, 5, 40))
        ads = [
            an_ad(number, group={**rng.choice(WAYS), "advertiser_id": 1_000 + rng.randrange(many)})
            for number in range(1, many + 1)
        ]
        rates = {ad.ad_id: drawn_rates(rng) for ad in ads}
        tried = {ad.ad_id: drawn_rates(rng) for ad in ads if rng.random() < 0.6}
        state = a_state(ads, rates=rates, drawn=tried, policy=Policy(attention_ecpm=rng.choice((0.0, 2_000_000.0))))
        contest = hold_contest(a_request(seed=turn), state, None, slots)
        if contest.rates.draws is None or not contest.places:
            continue
        winners = [place.winner for place in contest.places]
        about = (contest.found.rows, contest.kept, contest.drop, contest.rates.exploring, contest.rates.draws)
        plain, fast = (
            count(*about, contest.weighed, winners, len(slots), turn)
            for count in (recounted, kernels.find("attise.serving.delivery.compiled.recounting").recounted)
        )
        assert plain == fast
        assert contest.propensity == tuple((times + 1) / (REDRAWN + 1) for times in fast)
        counted += fast
    assert min(counted) < 5
    assert max(counted) == REDRAWN


def test_an_event_asks_for_the_heads_that_its_rate_is_made_of():
    rng = np.random.default_rng(3)
    rates = rng.uniform(0.1, 0.9, (1, len(HEADS)))
    for event in range(EVENTS):
        said = np.full(1, event, dtype=np.uint8)
        before = rates_of(said, rates, np.array([30_000]))
        for head in range(len(HEADS)):
            other = rates.copy()
            other[0, head] *= 1.01
            assert (rates_of(said, other, np.array([30_000])) > before)[0] == (head in ASKED[event]), (event, head)


def test_draws_by_quantiles_are_normal_and_the_same_for_the_same_seed():
    drawn = normals(np.arange(200_000), 7, 3)
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01
    assert abs(np.mean(drawn > 1.96) - 0.025) < 0.002
    assert np.array_equal(drawn, normals(np.arange(200_000), 7, 3))
    assert not np.array_equal(drawn, normals(np.arange(200_000), 8, 3))
    assert (np.diff(quantiles()) > 0).all()
