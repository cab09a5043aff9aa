"""A comparison whole: what is true is found, what is broken is said, nothing is called *no effect*."""

from __future__ import annotations

import math

import numpy as np
import pytest

from attise.measurement.lift.balance import balance_of
from attise.measurement.lift.costs import cost_of
from attise.measurement.lift.covariates import adjust
from attise.measurement.lift.planning import detectable, spread_of_rate, viewers_needed
from attise.measurement.lift.study import Verdict, study


def two_arms(rng: np.random.Generator, viewers: int, *, part: float = 0.5) -> np.ndarray:
    return rng.random(viewers) < part


def test_what_an_ad_really_brought_is_found():
    rng = np.random.default_rng(1)
    is_held = two_arms(rng, 40_000, part=0.2)
    did = (rng.random(40_000) < np.where(is_held, 0.05, 0.08)).astype(np.float64)
    found = study(did, is_held, held_part=0.2, money=np.where(is_held, 0.0, 0.06))
    assert found.verdict == Verdict.MORE
    assert found.effect.low < 0.03 < found.effect.high
    assert found.relative is not None
    assert found.relative.low < 0.6 < found.relative.high
    middle, low, high = found.caused
    assert low < 0.03 * found.shown.viewers < high
    assert low < middle < high
    cost = found.cost
    assert cost is not None
    assert cost.low is not None
    assert cost.high is not None
    assert cost.low < 2.0 < cost.high


def test_little_is_not_called_no_effect_and_says_how_much_more_would_tell():
    few = study(np.array([1.0, 0.0, 1.0, 0.0]), np.array([True, True, False, False]))
    assert few.verdict == Verdict.TOO_LITTLE
    assert few.effect.more_viewers >= 28
    rng = np.random.default_rng(2)
    is_held = two_arms(rng, 2_000)
    some = study((rng.random(2_000) < 0.1).astype(np.float64), is_held)
    assert some.verdict == Verdict.NOT_TOLD
    assert some.effect.more_viewers > 0
    assert some.detectable == pytest.approx(2.8016 * math.sqrt(0.09 * 4 / 2_000), rel=0.1)


def test_arms_that_chance_does_not_make_are_broken_whatever_they_differ_by():
    rng = np.random.default_rng(3)
    is_held = two_arms(rng, 10_000)
    lost = is_held & (rng.random(10_000) < 0.2)
    did = np.where(is_held, 0.0, 1.0)
    assert study(did[~lost], is_held[~lost], held_part=0.5).verdict == Verdict.BROKEN
    assert study(did, is_held, held_part=0.5).verdict == Verdict.MORE


def test_a_balance_is_the_chi_square_of_the_books():
    """3.84 and 10.83 are the squares that chance is beyond in 5 of 100 and 1 of 1,000."""
    assert balance_of(5_000 - 98, 5_000 + 98, expected=0.5).p_value == pytest.approx(0.05, abs=0.001)
    assert not balance_of(5_000 - 165, 5_000 + 165, expected=0.5).is_right
    assert balance_of(900, 100, expected=0.1).p_value == 1.0
    with pytest.raises(ValueError, match="between 0 and 1"):
        balance_of(1, 1, expected=1.0)


def test_the_past_narrows_what_it_explains_and_is_left_alone_where_it_does_not():
    rng = np.random.default_rng(4)
    is_held = two_arms(rng, 4_000)
    habit = rng.gamma(2.0, 10.0, 4_000)
    watched = habit + rng.normal(0, 8, 4_000) + np.where(is_held, 0.0, 1.5)
    plain, narrowed = study(watched, is_held), study(watched, is_held, before=habit)
    assert narrowed.adjusted is not None
    assert narrowed.adjusted.is_used
    assert narrowed.adjusted.explained > 0.6
    width = [one.effect.high - one.effect.low for one in (plain, narrowed)]
    assert width[1] < 0.65 * width[0]
    assert narrowed.detectable < 0.65 * plain.detectable
    bought = (rng.random(4_000) < 0.01).astype(np.float64)
    rare = study(bought, is_held, before=habit)
    assert rare.adjusted is not None
    assert not rare.adjusted.is_used
    assert rare.effect == study(bought, is_held).effect


def test_narrowed_intervals_hold_what_is_true_as_often_as_wide_ones():
    rng, held = np.random.default_rng(41), 0
    for _ in range(500):
        is_held = two_arms(rng, 600)
        habit = rng.gamma(2.0, 10.0, 600)
        watched = habit + rng.normal(0, 8, 600) + np.where(is_held, 0.0, 1.5)
        found = study(watched, is_held, before=habit).effect
        held += found.low <= 1.5 <= found.high
    assert 0.93 * 500 <= held <= 0.97 * 500


def test_what_is_not_known_of_somebody_explains_nothing_and_breaks_nothing():
    rng = np.random.default_rng(5)
    outcomes = [rng.normal(1.0, 1.0, 500) for _ in range(2)]
    unknown = np.full(500, np.nan)
    assert not adjust((outcomes[0], unknown), (outcomes[1], unknown)).is_used
    half = [np.where(np.arange(500) % 2, outcome, np.nan) for outcome in outcomes]
    found = adjust((outcomes[0], half[0]), (outcomes[1], half[1]))
    assert found.is_used
    assert np.isfinite(found.first).all()
    both = np.concatenate([found.first, found.second])
    assert both.mean() == pytest.approx(np.concatenate(outcomes).mean())


def test_an_effect_that_was_planned_for_is_seen_four_times_of_five():
    rng, effect = np.random.default_rng(6), 0.02
    spread = spread_of_rate(0.11)
    viewers = viewers_needed(spread, effect=effect, second_part=0.25)
    second = viewers // 4
    assert detectable(spread, first=viewers - second, second=second) == pytest.approx(effect, rel=0.01)
    seen = 0
    for _ in range(500):
        is_held = np.arange(viewers) < second
        did = (rng.random(viewers) < np.where(is_held, 0.10, 0.12)).astype(np.float64)
        seen += study(did, is_held).effect.differs
    assert 0.75 * 500 <= seen <= 0.85 * 500
    assert detectable(spread, first=10, second=0) == math.inf


def test_the_interval_of_a_cost_holds_what_is_true_and_has_no_end_where_nothing_may_have_been_caused():
    rng, held = np.random.default_rng(7), 0
    for _ in range(500):
        shown = (rng.random(2_000) < 0.10).astype(np.float64)
        out = (rng.random(2_000) < 0.05).astype(np.float64)
        found = cost_of((shown, rng.gamma(1.0, 0.5, 2_000)), (out, np.zeros(2_000)))
        held += found.low is not None and found.high is not None and found.low <= 10.0 <= found.high
    assert 0.93 * 500 <= held <= 0.97 * 500
    alike = np.tile([0.0, 1.0], 100)
    nothing = cost_of((alike, np.full(200, 1.0)), (alike, np.zeros(200)))
    assert (nothing.each, nothing.high) == (None, None)
    assert nothing.low is not None
    assert nothing.low > 0


def test_nobody_is_a_study_too():
    none = np.zeros(0)
    found = study(none, np.zeros(0, bool), held_part=0.5, money=none, before=none)
    assert (found.verdict, found.detectable) == (Verdict.TOO_LITTLE, math.inf)
