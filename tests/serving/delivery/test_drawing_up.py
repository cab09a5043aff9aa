"""The foremost of what a search found are drawn up for a contest: compiled and by numpy alike, whatever the parts."""

import random
from dataclasses import replace

import numpy as np
import pytest

from attise.serving.delivery.candidates import foremost
from attise.serving.delivery.contest import _drawn_up, _drawn_up_compiled, hold_contest
from attise.serving.delivery.policy import Policy
from attise.serving.delivery.scribe import Scribe
from attise.serving.targeting.retrieve import Retrieved
from tests import machine_code
from tests.delivering import a_request, a_state, an_ad, remembered
from tests.snapshot_records import NOON_MS


@pytest.fixture(autouse=True)
def _compiled():
    machine_code.load()


def some_state(rng: random.Random, many: int, *parts: int, bids=(300_000, 400_000, 900_000)):
    """Return a state of many ads in parts that end at these numbers; some promise the same, some nothing."""
    ads = [
        an_ad(
            number,
            group={
                "bid_micros": rng.choice(bids),
                "advertiser_id": 1_000 + rng.randrange(12),
                "adgroup_id": 3_000 + number,
                "frequency": rng.choice((0, 1)),
                "frequency_days": 7,
            },
        )
        for number in range(1, many + 1)
    ]
    begins = (0, *parts)
    segments = [ads[begin:end] for begin, end in zip(begins, (*parts, many), strict=True)]
    pace = {3_000 + number: rng.choice((0.5, 1.0, rng.random())) for number in range(1, many + 1)}
    entry = {3_000 + number: rng.choice((1.0, 0.5)) for number in range(1, many + 1)}
    return a_state(*segments, pace=pace, entry=entry, policy=Policy(candidates=20, least_candidates=20))


def everything(state, rng: random.Random) -> Retrieved:
    """Return a search that found some of all parts, in any order."""
    found = [(number, place) for number, part in enumerate(state.parts) for place in range(len(part.segment))]
    found = rng.sample(found, rng.randrange(1, len(found) + 1))
    segment, place = (np.array(column) for column in zip(*found, strict=True))
    return Retrieved(
        segment.astype(np.uint8), place.astype(np.int32), 0, 0, np.zeros(30, dtype=np.int64), is_whole=True
    )


@pytest.mark.parametrize("parts", [(), (40,), (3, 5, 30)], ids=["one part", "two", "four"])
def test_both_ways_draw_up_the_same(parts):
    rng = random.Random(len(parts))
    state = some_state(rng, 60, *parts)
    first = hold_contest(a_request(), state, None, (3,))
    shown = Scribe(a_request(), state, None, first, (3,)).decided(3, 0)
    for turn in range(60):
        search, request = everything(state, rng), a_request(seed=turn)
        memory = remembered(shown, now_ms=NOON_MS) if turn % 2 else None
        for most in (1, 7, 20, 60):
            plain = _drawn_up(request, state, memory, search, most, 0)
            fast = _drawn_up_compiled(request, state, memory, search, most, 0)
            for one, other in zip(plain[:2], fast[:2], strict=True):
                assert np.array_equal(one.place, other.place)
            assert np.array_equal(plain[0].segment, fast[0].segment)
            assert np.array_equal(plain[0].dropped, fast[0].dropped)
            assert np.array_equal(plain[1].rows, fast[1].rows)
            assert np.array_equal(plain[2], fast[2])
            assert np.array_equal(plain[3].exposures, fast[3].exposures)
            assert np.array_equal(plain[3].since_ms, fast[3].since_ms)
            for name in plain[4].__struct_fields__:
                assert np.array_equal(getattr(plain[4], name), getattr(fast[4], name)), name


@pytest.mark.parametrize("signs", ["positive", "negative", "mixed", "alike"])
def test_the_foremost_are_the_best_by_promise_and_of_equals_the_first(signs):
    rng = np.random.default_rng(5)
    state = some_state(random.Random(1), 50)
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
        assert _drawn_up_compiled(a_request(), state, None, search, most, 0)[0].place.tolist() == wanted
