"""A split test: each viewer is shown one side of it, always the same, and whom it met says nothing of the sides."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from attise.records.decision import decode_decision, encode_decision
from attise.records.drops import Drop
from attise.serving.delivery.decide import decide_slots
from attise.serving.delivery.explain import explain_ad
from attise.serving.delivery.memory import NEW
from attise.serving.delivery.policy import Policy
from attise.serving.delivery.splits import number_of, side_of
from tests import machine_code
from tests.delivering import VIEWER, a_request, a_state, an_ad

FLAT = msgspec.structs.replace
SALT = b"a house's own"
POLICY = Policy(salt=SALT)
TEST = 7_507_931_062_747_136_000


@pytest.fixture(autouse=True, params=["compiled", "numpy"])
def _either_way(request, monkeypatch):
    """Every sentence of this page holds with the kernels and without them."""
    machine_code.load()
    if request.param == "numpy":
        monkeypatch.setattr("attise.serving.kernels.are_ready", lambda: False)


def sides(**beside):
    """Two ads of one advertiser, the first of which bids more; and one of somebody else who bids least."""
    own = {"advertiser_id": 9, "split_id": TEST}
    return [
        an_ad(1, group={**own, "bid_micros": 900_000, "split_side": 0, **beside}),
        an_ad(2, group={**own, "bid_micros": 800_000, "split_side": 1, **beside}),
        an_ad(3, group={"bid_micros": 100_000}),
    ]


def decide(state, person, *, seed=7):
    viewer = FLAT(VIEWER, pseudonym=person)
    (found,) = decide_slots(a_request(viewer=viewer, seed=seed), state, NEW, (3,))
    return found


def test_each_viewer_is_shown_one_side_whatever_the_other_bids():
    state = a_state(sides(), policy=POLICY)
    won = {1: 0, 2: 0}
    for number in range(400):
        person = f"v{number}"
        side = side_of(TEST, number_of(person, SALT))
        found = {decide(state, person, seed=seed).winner.ad_id for seed in (1, 2, 3)}
        assert found == {side + 1}
        won[side + 1] += 1
    assert abs(won[1] - 200) < 60, won


def test_the_record_says_whom_the_test_met_and_why_the_other_side_was_out():
    state = a_state(sides(), policy=POLICY)
    found = decide(state, "ann")
    side = side_of(TEST, number_of("ann", SALT))
    assert found.splits == ((TEST, side),)
    assert found.dropped_by_name == {"split_test": 1, "outbid": 1}
    assert decode_decision(encode_decision(found)).splits == ((TEST, side),)
    other = explain_ad(2 - side, a_request(viewer=FLAT(VIEWER, pseudonym="ann")), state, NEW, (3,))
    assert other.drops == (Drop.SPLIT_TEST,)
    alone = a_state(sides()[2:], policy=POLICY)
    assert decide(alone, "ann").splits == ()


def test_whom_a_test_meets_does_not_hang_on_the_side_they_are_on():
    """One side alone is for these viewers: those of the other are met by it too, and shown somebody else's ad."""
    ads = sides()
    state = a_state([ads[0], ads[2]], policy=POLICY)
    met = {0: 0, 1: 0}
    for number in range(400):
        found = decide(state, f"v{number}")
        ((_, side),) = found.splits
        met[side] += 1
        assert found.winner.ad_id == (1 if side == 0 else 3)
    assert abs(met[0] - 200) < 60, met


def test_somebody_without_memory_is_in_no_test_and_without_a_test_nobody_is():
    state = a_state(sides(), policy=POLICY)
    found = decide(state, "")
    assert (found.winner.ad_id, found.splits) == (1, ())
    plain = a_state(sides(split_id=0), policy=POLICY)
    assert not plain.has_splits
    assert {decide(plain, f"v{number}").winner.ad_id for number in range(50)} == {1}


def test_the_sides_of_one_test_tell_nothing_of_those_of_another_nor_of_another_houses():
    people = [number_of(f"p{number}", SALT) for number in range(20_000)]
    first = np.array([side_of(TEST, one) for one in people])
    second = np.array([side_of(TEST + 1, one) for one in people])
    elsewhere = np.array([side_of(TEST, number_of(f"p{number}", b"another")) for number in range(20_000)])
    assert abs(first.mean() - 0.5) < 0.015
    assert abs((first & second).mean() - 0.25) < 0.015
    assert abs((first & elsewhere).mean() - 0.25) < 0.015
    assert number_of("", SALT) == 0
