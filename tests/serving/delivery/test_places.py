"""Numbers of ids: each has its own for ever, whoever asks and in whatever order they came."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attise.serving.delivery import places
from attise.serving.delivery.places import Places

IDS = st.integers(-(2**63), 2**63 - 1)
NOWHERE = -7


@given(st.lists(st.lists(IDS, unique=True, max_size=8), max_size=8), st.lists(IDS, max_size=8))
def test_places_are_as_those_of_a_dictionary(batches, asked):
    made, told = Places(first=2), {}
    for batch in batches:
        given_places = made.give(np.array(batch, np.int64)).tolist()
        for one in batch:
            told.setdefault(one, 2 + len(told))
        assert given_places == [told[one] for one in batch]
        assert len(made) == 2 + len(told)
    for one in [*told, *asked]:
        assert made.find(one, NOWHERE) == told.get(one, NOWHERE)
        assert made.find(one, NOWHERE) == told.get(one, NOWHERE), "also when it was asked for lately"
    all_ids = [*told, *asked]
    found = made.find_all(np.array(all_ids, np.int64), NOWHERE)
    assert (found.dtype, found.tolist()) == (np.int32, [told.get(one, NOWHERE) for one in all_ids])


def test_what_was_asked_for_lately_is_bounded(monkeypatch):
    monkeypatch.setattr(places, "LATELY", 10)
    made = Places(first=0)
    made.give(np.arange(1_000))
    assert [made.find(one, NOWHERE) for one in range(1_000)] == list(range(1_000))
    assert len(made._lately) <= 10
