"""The foremost of what a search found are drawn up for a contest: the best by promise, and of equals the first."""

import random
from dataclasses import replace

import numpy as np
import pytest

from attise.serving.delivery.candidates import foremost
from attise.serving.delivery.contest import hold_contest
from attise.serving.delivery.policy import Policy
from attise.serving.targeting.retrieve import Retrieved
from tests import machine_code
from tests.delivering import a_request, a_state, an_ad


@pytest.mark.parametrize("signs", ["positive", "negative", "mixed", "alike"])
def test_the_foremost_are_the_best_by_promise_and_of_equals_the_first(signs):
    machine_code.load()
    rng, bids = np.random.default_rng(5), random.Random(1)
    ads = [an_ad(number, group={"bid_micros": bids.choice((300_000, 900_000))}) for number in range(1, 51)]
    state = a_state(ads)
    values = rng.integers(0, 9, 50).astype(np.float32) * np.float32(0.37)
    values = {"positive": values, "negative": -values - 1, "mixed": values - 1, "alike": values * 0 - 2}[signs]
    offers = replace(state.parts[0].offers, promise=values)
    state = replace(state, parts=(replace(state.parts[0], offers=offers),))
    search = Retrieved(
        np.zeros(50, dtype=np.uint8), np.arange(50, dtype=np.int32), 0, 0, np.zeros(30, dtype=np.int64), is_whole=True
    )
    for most in range(1, 50):
        wanted = sorted(sorted(range(50), key=lambda at: (-values[at], at))[:most])
        assert foremost(state.parts, search, most).place.tolist() == wanted
        narrow = replace(state, policy=Policy(candidates=most, least_candidates=most))
        assert hold_contest(a_request(), narrow, None, (3,)).search.place.tolist() == wanted
