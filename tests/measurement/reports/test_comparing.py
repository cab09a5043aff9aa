"""Two arms compared: chance alone is rarely taken for a difference, a difference is found, and little says nothing."""

import numpy as np
import pytest

from attise.measurement.reports.comparing import LEAST_VIEWERS, compare, share_of

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
