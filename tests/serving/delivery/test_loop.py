"""A contest in one compiled loop, its rates from a model, is the one that is held step by step by numpy."""

import random
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from attise.kernel import lines
from attise.serving.delivery.contest import hold_contest
from attise.serving.delivery.decide import decide_slots
from attise.serving.delivery.memory import NEW
from attise.serving.delivery.policy import Policy
from attise.serving.prediction.model import cold_model
from tests import machine_code
from tests.delivering import a_request, a_state, remembered
from tests.snapshot_records import NOON_MS
from tests.targeting import a_viewer, some_ads

FLAT = msgspec.structs.replace


@pytest.fixture(scope="module")
def model():
    """A model whose drawn weights tell ads and viewers apart."""
    machine_code.load()
    cold = cold_model()
    weights = np.random.default_rng(3).standard_normal(cold.weights.shape, dtype=np.float32) * np.float32(0.1)
    return replace(cold, weights=lines.whole(weights))


@pytest.mark.parametrize(
    ("ends", "room", "holdout_ppm"),
    [((), 8, 0), ((150,), 4_096, 300_000), ((5, 30, 200), 8, 300_000), ((5, 30, 200), 4_096, 0)],
    ids=["one part, few candidates", "two, all of them", "four, few", "four, all of them"],
)
def test_the_loop_holds_the_contest_that_numpy_holds(monkeypatch, model, ends, room, holdout_ppm):
    rng = random.Random(len(ends) + room)
    ads = some_ads(rng, 300)
    # Some promise the same to the last bit: the order of equals is then asked for.
    ads = [FLAT(ad, group=FLAT(ad.group, bid_micros=rng.choice((300_000, 600_000)))) for ad in ads]
    # Every third is a side of a test: whoever is on the other side is not shown it.
    ads = [FLAT(ad, group=FLAT(ad.group, split_id=(0, 0, 77)[at % 3], split_side=at % 2)) for at, ad in enumerate(ads)]
    segments = [ads[begin:end] for begin, end in zip((0, *ends), (*ends, len(ads)), strict=True)]
    policy = Policy(
        *(200_000.0, 0.0), candidates=room, least_candidates=room, most_searched=max(room, 24), holdout_ppm=holdout_ppm
    )
    pace = {ad.group.adgroup_id: rng.choice((0.5, 1.0)) for ad in ads}
    entry = {ad.group.adgroup_id: 0.5 for ad in ads[::4]}
    state = a_state(*segments, pace=pace, entry=entry, policy=policy, model=model)
    memory, wins, explored = NEW, 0, 0
    for turn in range(36):
        state = replace(state, predictor=replace(state.predictor, explore_share=turn % 2 / 2))
        slots = ((3,), (3, 9), (0, 1, 2, 3, 4))[turn % 3]
        request = a_request(viewer=a_viewer(rng), seed=rng.getrandbits(64), now_ms=NOON_MS + turn)
        held, decided = [], []
        for are_ready in (True, False):
            monkeypatch.setattr("attise.serving.kernels.are_ready", lambda ready=are_ready: ready)
            held.append(hold_contest(request, state, memory, slots, beside=turn % 3))
            decided.append(decide_slots(request, state, memory, slots, beside=turn % 3))
        fast, plain = held
        assert decided[0] == decided[1]
        for name in ("segment", "place", "dropped", "scanned", "visited", "is_whole"):
            assert np.array_equal(getattr(fast.search, name), getattr(plain.search, name)), name
        assert np.array_equal(fast.found.rows, plain.found.rows)
        for name in ("drop", "kept", "stood", "left", "same", "ghosts", "by_mean", "propensity", "places"):
            assert np.array_equal(getattr(fast, name), getattr(plain, name)), name
        for name in ("rate", "offer", "user_value", "ranked_by", "rank_value", "heads"):
            assert np.array_equal(getattr(fast.weighed, name), getattr(plain.weighed, name)), name
        assert np.array_equal(fast.rates.mean, plain.rates.mean)
        assert {at: plain.standing(at) for at in fast.standings} == fast.standings
        wins += decided[0][0].is_ad
        explored += fast.rates.sampled is not None
        if turn % 10 == 0:
            memory = remembered(*(one for one in decided[0] if one.is_ad), now_ms=NOON_MS + turn)
    assert wins > 8
    assert explored > 3
