"""What groups offer, at another pace, is what they would have offered had they been made at it."""

import random

import numpy as np

from attise.serving.delivery.offers import Pace, even_pace, offers_of, paced
from attise.serving.delivery.policy import SANDBOX
from tests.delivering import a_state
from tests.targeting import some_ads


def test_offers_at_another_pace_are_those_made_at_it():
    rng = np.random.default_rng(3)
    state = a_state(some_ads(random.Random(3), 90))
    segment = state.segments[0]
    many = len(segment.groups)
    pace = Pace(rng.random(many).astype(np.float32), rng.random(many).astype(np.float32))
    made = offers_of(segment, pace, state.allowances, SANDBOX)
    before = offers_of(segment, even_pace(segment), state.allowances, SANDBOX)
    turned = paced(segment, before, pace)
    assert np.array_equal(turned.rows, made.rows)
    assert np.array_equal(turned.promise, made.promise)
    assert before.rows["multiplier"].tolist() == [1.0] * many
