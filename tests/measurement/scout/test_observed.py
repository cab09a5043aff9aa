"""What is given in disorder is put in order, and nothing in it is believed beyond measure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attise.measurement.scout.bounds import COUNT_MOST, OBSERVATIONS_MOST
from attise.measurement.scout.observed import observe, until
from attise.measurement.scout.ranking import rank
from tests.measurement.scout.built import HOUR, NOON

HOSTILE = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.integers(-(10**30), 10**30).map(float), st.integers(0, 10**6)
)


def test_looks_are_sorted_and_of_two_at_one_moment_the_greater_counts_hold():
    found = observe("a", [30, 10, 30], [7, 1, 9], likes=[3, np.nan, 2])
    assert found.at_ms.tolist() == [10, 30]
    assert found.counts[:, 0].tolist() == [1, 9]
    assert found.counts[1, 1] == 3
    assert np.isnan(found.counts[0, 1])
    assert np.isnan(found.counts[:, 2:]).all()


def test_a_counter_that_went_down_keeps_its_highest_and_is_named():
    found = observe("a", [1, 2, 3], [10, 8, 12], shares=[1, 1, 1])
    assert found.counts[:, 0].tolist() == [10, 10, 12]
    assert found.fell == ("views",)


@pytest.mark.parametrize("views", [np.nan, np.inf, -1, 1e30, COUNT_MOST * 2])
def test_a_look_without_a_count_that_can_be_is_left_out(views):
    assert observe("a", [1, 2], [5, views]).counts[:, 0].tolist() == [5]
    with pytest.raises(ValueError, match="no observation"):
        observe("a", [1], [views])


def test_lengths_that_differ_and_too_many_looks_are_refused():
    with pytest.raises(ValueError, match="1 counts for 2 moments"):
        observe("a", [1, 2], [1, 2], likes=[1])
    with pytest.raises(ValueError, match="more than"):
        observe("a", np.arange(OBSERVATIONS_MOST + 1), np.arange(OBSERVATIONS_MOST + 1))


def test_a_publication_after_the_first_look_is_not_believed():
    assert observe("a", [NOON], [5], published_at_ms=NOON + 1).published_at_ms is None
    assert observe("a", [NOON], [5], published_at_ms=NOON - 1).published_at_ms == NOON - 1


def test_what_was_known_at_a_moment_is_what_was_seen_by_then():
    found = observe("a", [1, 2, 3], [1, 2, 3])
    then = until(found, 2)
    assert then is not None
    assert then.counts[:, 0].tolist() == [1, 2]
    assert until(found, 0) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), min_size=1, max_size=8), st.integers(-(2**62), 2**62))
def test_whatever_is_given_is_refused_or_ranked_with_finite_numbers(looks, published):
    at, views, likes = (np.array(column, np.float64) for column in zip(*looks, strict=True))
    try:
        post = observe("a", at, views, likes=likes, published_at_ms=published)
    except ValueError:
        return
    (one,) = rank([post, observe("b", [NOON, NOON + HOUR], [3, 4])]).posts[:1]
    assert 0 <= one.interval[0] <= one.score <= one.interval[1] <= 100
    assert np.isfinite([*one.growth, *one.organic_per_paid, one.grows]).all()
