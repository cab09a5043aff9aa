"""The share of requests that explore follows what draws won, told late, of decisions under other shares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from attise.serving.prediction import thompson
from attise.serving.prediction.model import read_model
from attise.serving.training import turn
from attise.serving.training.facts import facts_of
from attise.serving.training.trials import Trials
from tests.serving.training.logs import click_log

MANY = 20_000
OPTIONS = {"slots_log2": 12, "conversions_come_late": False}


def decided(share: float, version: int, wins: float, *, seed: int = 0):
    """Facts of impressions under a version's share, of which an exploring request's draw won so many."""
    chance = np.random.default_rng(seed)
    log = {"ad_id": np.ones(MANY, dtype=np.int64), "model_version": np.full(MANY, version)}
    return facts_of(log | {"is_exploration": (chance.random(MANY) < share * wins).astype(np.int64)})


@pytest.mark.parametrize("turns_late", [1, 8])
def test_what_draws_win_comes_near_the_budget_and_stays_however_late_it_is_told(turns_late):
    trials, shares = Trials(), {0: thompson.MOST_SHARE}
    tried = []
    for version in range(1, 60):
        by = max(version - turns_late, 0)
        # New ads come in the middle of it: draws win three times as often.
        wins = 0.15 if version < 30 else 0.45
        tried.append(shares[by] * wins)
        trials.add(decided(shares[by], by, wins, seed=version), version)
        shares[version] = trials.share
    aim = thompson.AIM * thompson.MOST_SHARE
    assert tried[0] < thompson.MOST_SHARE / 5, "a new house spends little of it"
    for settled in (tried[20:29], tried[40:]):
        assert np.mean(settled) == pytest.approx(aim, rel=0.1)
        assert max(settled) <= thompson.MOST_SHARE


def test_facts_that_do_not_tell_move_nothing():
    trials, facts = Trials(), decided(0.03, 0, 0.2)
    trials.add(replace(facts, is_exploration=np.full(MANY, -1)), 1)
    trials.add(replace(facts, is_late=np.ones(MANY, dtype=bool)), 2)
    assert trials.share == thompson.MOST_SHARE


def test_a_models_share_goes_on_from_the_last_turns(tmp_path):
    first, second = (replace(facts_of(click_log(9_000, seed=seed)), is_exploration=np.zeros(9_000)) for seed in (1, 2))
    shares = [
        read_model(turn.take_turn(tmp_path, facts, mark=mark, **OPTIONS)).header.explore_share
        for mark, facts in enumerate((first, replace(second, model_version=np.ones(9_000, dtype=np.int64))))
    ]
    assert shares == [2 * thompson.MOST_SHARE, 4 * thompson.MOST_SHARE]
    assert turn.resume(tmp_path)[0].trials.shares.tolist() == [thompson.MOST_SHARE, *shares]
