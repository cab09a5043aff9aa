"""Thinning, late conversions, watch times, measures: each against what it stands for."""

from __future__ import annotations

import numpy as np
import pytest

from attise.serving.prediction.heads import CLICK, CONVERT
from attise.serving.prediction.watch import POINTS, cold_sketches, watch_ms_of, watch_quantile
from attise.serving.training.delays import as_told, late_weights
from attise.serving.training.facts import facts_of
from attise.serving.training.measures import (
    area_under_curve,
    calibration_by_tenth,
    calibration_ratio,
    log_loss,
    normalised_entropy,
)
from attise.serving.training.quantiles import learn_watch
from attise.serving.training.sampling import thinned
from attise.serving.training.trainer import Trainer
from tests.serving.training.logs import click_log


def test_thinned_rows_stand_for_all_of_them():
    facts = facts_of(click_log(30_000))
    found = thinned(facts, 0.25, seed=3)
    assert len(found) < 0.5 * len(facts)
    assert abs(found.weight.sum() / len(facts) - 1) < 0.02
    assert (found.labels[:, CLICK] == 1).sum() == (facts.labels[:, CLICK] == 1).sum()
    again = thinned(facts, 0.25, seed=3)
    assert np.array_equal(found.weight, again.weight)
    assert len(thinned(facts, 1.0, seed=3)) == len(facts)
    with pytest.raises(ValueError, match="share is 0"):
        thinned(facts, 0, seed=3)


def test_learning_from_thinned_rows_predicts_the_rate_of_all():
    facts = facts_of(click_log(40_000))
    trainer = Trainer(slots_log2=16, conversions_come_late=False)
    trainer.learn(thinned(facts, 0.25, seed=3))
    scores = trainer.learn(facts_of(click_log(20_000, seed=8)))[:, CLICK]
    clicks = click_log(20_000, seed=8)["click"]
    assert 0.93 < calibration_ratio(1 / (1 + np.exp(-scores)), clicks) < 1.07


def test_conversions_that_come_late_are_learned_at_their_whole_rate():
    columns = click_log(60_000, minutes=1)
    del columns["viewer_interests"], columns["viewer_interests.starts"]
    drawn = np.random.default_rng(5)
    delay_ms = (drawn.exponential(3, 60_000) * 86_400_000).astype(np.int64)
    converts = columns["convert"] == 1
    at_ms = np.where(converts, columns["decided_at_ms"] + delay_ms, -1)
    told = as_told(columns, at_ms, now_ms=int(columns["decided_at_ms"][-1]))
    truth = converts.sum() / columns["click"].sum()
    heard = told["convert"].sum() / columns["click"].sum()
    assert heard < 0.96 * truth, "some conversions are still to come"
    trainer = Trainer(slots_log2=14)
    scores = trainer.learn(facts_of(told))[:, CONVERT]
    clicked = np.flatnonzero((told["click"] == 1) & ~told["is_late"])[-2_000:]
    late = (1 / (1 + np.exp(-scores[clicked]))).mean()
    assert abs(late / truth - 1) < 0.12


def test_a_late_row_outweighs_the_false_negative_before_it():
    score = np.array([0.0])
    assert late_weights(score, np.array([1]))[0] == 1.5
    assert late_weights(score, np.array([0]))[0] == 0.75
    p = 1 / 3  # of rows: one late positive for two clicks that were told as negatives
    scores = np.full(2, np.log(0.5 / 0.5))
    positive, negative = late_weights(scores, np.array([1, 0]))
    assert np.isclose(p * positive, (1 - p) * negative), "at the true rate, one half, nothing pulls"


def test_watch_quantiles_do_not_depend_on_how_long_a_video_is():
    drawn = np.random.default_rng(1)
    duration = drawn.integers(4_000, 80_000, 60_000)
    share = drawn.beta(1, 2, 60_000)
    sketches = learn_watch(cold_sketches(), duration, (share * duration).astype(np.int64))
    sketches = learn_watch(sketches, duration, (share * duration).astype(np.int64))
    found = watch_quantile(sketches, duration, (share * duration).astype(np.int64))
    assert abs(found.mean() - 0.5) < 0.02
    short, long = found[duration < 15_000], found[duration > 50_000]
    assert abs(short.mean() - long.mean()) < 0.03
    assert abs(np.corrcoef(found, duration)[0, 1]) < 0.05


def test_watch_times_and_quantiles_are_each_others_inverse():
    sketches = cold_sketches()
    assert sketches.shape == (12, POINTS)
    duration = np.repeat([5_000, 30_000, 120_000], 9)
    quantile = np.tile(np.linspace(0.1, 0.9, 9), 3)
    there = watch_ms_of(sketches, duration, quantile)
    assert np.allclose(watch_quantile(sketches, duration, there.astype(np.int64)), quantile, atol=0.01)


def test_sketches_rise_and_a_handful_of_views_moves_nothing():
    before = cold_sketches()
    few = learn_watch(before, np.full(20, 8_000), np.full(20, 8_000))
    assert np.array_equal(few, before)
    many = learn_watch(before, np.full(5_000, 8_000), np.full(5_000, 100_000))
    assert (np.diff(many, axis=1) >= 0).all()
    assert many[1].max() <= 3 * 8_000, "watching in loops counts up to three times"
    assert np.array_equal(many[5], before[5])


def test_measures_are_what_they_say():
    labels = np.array([1, 0, 0, 1])
    rates = np.array([0.5, 0.5, 0.5, 0.5])
    assert normalised_entropy(rates, labels) == pytest.approx(1.0)
    assert area_under_curve(rates, labels) == 0.5
    assert area_under_curve(np.array([0.9, 0.1, 0.2, 0.3]), labels) == 1.0
    assert calibration_ratio(rates, labels) == 1.0
    assert log_loss(np.array([1.0, 0.0, 0.0, 1.0]), labels) < 1e-9
    assert calibration_by_tenth(np.full(20, 0.5), np.tile([1, 0], 10)) == [1.0] * 10
