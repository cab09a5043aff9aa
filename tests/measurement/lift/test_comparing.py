"""Two arms compared: chance alone is rarely taken for a difference, a difference is found, and little says nothing."""

from __future__ import annotations

import numpy as np
import pytest

from attise.measurement.lift.arms import ratios, share_of
from attise.measurement.lift.comparing import (
    LEAST_VIEWERS,
    compare,
    intervals,
    intervals_of_rates,
    relative,
)

REPLICATES = 1_000


def an_arm(rng: np.random.Generator, viewers: int, rate: float):
    """Draw viewers who saw an ad one to four times; some finish nearly all they see, some nothing."""
    seen = rng.integers(1, 5, viewers).astype(np.float64)
    own = rng.beta(2 * rate, 2 * (1 - rate), viewers)
    return rng.binomial(seen.astype(np.int64), own).astype(np.float64), seen


def test_of_a_thousand_comparisons_of_alike_arms_about_fifty_differ():
    rng = np.random.default_rng(11)
    rejected = sum(
        compare(share_of(*an_arm(rng, 400, 0.4)), share_of(*an_arm(rng, 400, 0.4))).differs for _ in range(REPLICATES)
    )
    assert 36 <= rejected <= 64


def test_the_interval_holds_the_true_difference_as_often_as_it_says():
    rng = np.random.default_rng(12)
    held = 0
    for _ in range(REPLICATES):
        found = compare(share_of(*an_arm(rng, 400, 0.5)), share_of(*an_arm(rng, 300, 0.4)))
        held += found.low <= 0.1 <= found.high
    assert 0.93 * REPLICATES <= held <= 0.97 * REPLICATES


def test_people_and_not_impressions_are_the_unit():
    """Everybody sees the ad four times and does the same each time: four times the rows, and no more is known."""
    once = share_of(np.repeat([1.0, 0.0], 50), np.ones(100))
    four_times = share_of(np.repeat([4.0, 0.0], 50), np.full(100, 4.0))
    assert four_times.ratio == once.ratio == 0.5
    assert four_times.variance == pytest.approx(once.variance)


def test_too_little_says_so_and_how_much_more_would_tell():
    few = share_of(np.array([1.0, 0.0, 1.0]), np.ones(3))
    many = share_of(np.repeat([1.0, 0.0], 500), np.ones(1_000))
    found = compare(few, many)
    assert not found.is_told
    assert not found.differs
    assert found.more_viewers >= LEAST_VIEWERS - 3
    rng = np.random.default_rng(13)
    close = [share_of(*an_arm(rng, 200, rate)) for rate in (0.42, 0.40)]
    found = compare(*close)
    assert found.is_told
    assert not found.differs
    assert found.more_viewers > 200


def test_nobody_at_all_is_no_difference():
    nobody = share_of(np.zeros(0), np.zeros(0))
    found = compare(nobody, nobody)
    assert (found.difference, found.is_told, found.differs) == (0.0, False, False)


def test_a_thousand_replicates_at_once_are_those_one_by_one():
    rng = np.random.default_rng(14)
    seen = rng.integers(1, 5, (REPLICATES, 60)).astype(np.float64)
    events = rng.binomial(seen.astype(np.int64), 0.3).astype(np.float64)
    ratio, variance = ratios(events, seen)
    for place in (0, 1, 500, 999):
        one = share_of(events[place], seen[place])
        assert (one.ratio, one.variance) == (pytest.approx(ratio[place]), pytest.approx(variance[place]))


@pytest.mark.parametrize("held_part", [0.5, 0.1])
@pytest.mark.parametrize("rate", [0.3, 0.02])
def test_alike_arms_of_a_yes_or_no_differ_in_one_comparison_of_twenty(rate, held_part):
    """A small arm and a rare act too, where the usual interval is too narrow: a thousand replicates as arrays."""
    rng = np.random.default_rng(15)
    viewers = (round(3_000 * (1 - held_part)), round(3_000 * held_part))
    arms = [(rng.binomial(many, rate, REPLICATES).astype(np.float64), np.float64(many)) for many in viewers]
    low, high = intervals_of_rates(*arms)
    assert 0.036 <= np.mean((low > 0) | (high < 0)) <= 0.064


def test_intervals_of_counts_hold_what_is_true_as_often_as_they_say():
    rng = np.random.default_rng(16)
    rate = rng.gamma(0.5, 2.0, (REPLICATES, 1_500))
    arms = [rng.poisson(rate[:, :1_000] * 1.2), rng.poisson(rate[:, 1_000:])]
    (first, one), (second, other) = (ratios(arm.astype(np.float64), np.ones(arm.shape)) for arm in arms)
    low, high = intervals(first - second, one + other)
    assert 0.93 <= np.mean((low <= 0.2) & (high >= 0.2)) <= 0.97


def test_by_which_part_an_arm_is_above_is_told_on_the_scale_of_ratios():
    twice, once = (share_of(np.repeat([1.0, 0.0], [many, 1_000 - many])) for many in (200, 100))
    found = relative(twice, once)
    assert found is not None
    assert found.part == pytest.approx(1.0)
    assert (1 + found.low) * (1 + found.high) == pytest.approx(4.0)
    assert relative(twice, share_of(np.zeros(1_000))) is None


def test_rare_acts_of_few_do_not_say_how_they_scatter():
    first = share_of(np.repeat([3.0, 0.0], [4, 500]))
    found = compare(first, share_of(np.repeat([3.0, 0.0], [40, 460])))
    assert not found.is_told
    assert found.more_viewers >= 1
