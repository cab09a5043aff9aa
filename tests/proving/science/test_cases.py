"""The cases of science pass on small worlds here, and on whole ones in the long tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import attise
from attise.doors.cli.bench import bench
from attise.measurement.scout.forecast import SORTS
from attise.proving.science import (
    calibration,
    circles,
    exploration,
    lift,
    prediction,
    promotion,
    scout,
    scout_weights,
    spark,
    warm_start,
)
from attise.proving.science.cases import CASES, told
from attise.proving.science.posts_world import KINDS, NOW, world_of
from attise.proving.science.posts_world import START_MS as START_OF_POSTS_MS
from attise.proving.science.scoreboard import lines
from attise.proving.science.world import START_MS, Size, World, rows_of, seen_before
from attise.serving.training.facts import COLUMNS, facts_of
from attise.serving.training.measures import normalised_entropy
from attise.simulator.beside_copies import ACTS, lived

SMALL = Size(rows=8_000, viewers=1_500, ads=60, days=4)


def test_a_world_is_the_same_for_the_same_seed_and_tells_only_what_a_house_may_know():
    (first, truth), (second, again), (other, _) = (World(SMALL, seed).log(seed) for seed in (1, 1, 2))
    assert set(first) <= COLUMNS
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert np.array_equal(truth, again)
    assert not np.array_equal(first["click"], other["click"])


def test_what_comes_of_impressions_is_what_is_true_of_them():
    columns, truth = World(SMALL, 1).log(1)
    for head, name in ((0, "click"), (2, "complete"), (3, "engage")):
        assert abs(columns[name].sum() / truth[:, head].sum() - 1) < 4 / columns[name].sum() ** 0.5
        assert normalised_entropy(truth[:, head], columns[name]) < 0.95


def test_a_worlds_rows_follow_time_and_begin_with_their_ads():
    world = World(SMALL, 3)
    columns, _ = world.log(3)
    assert (np.diff(columns["decided_at_ms"]) >= 0).all()
    assert columns["decided_at_ms"][0] >= START_MS
    late = world.begins_ms[columns["ad_id"] - 1] - columns["decided_at_ms"]
    assert late.max() <= 0


def test_impressions_before_are_counted_for_each_viewer_and_ad():
    viewers, ads = np.array([1, 1, 2, 1, 1]), np.array([5, 5, 5, 6, 5])
    counted, since = seen_before(viewers, ads, np.array([10, 20, 30, 40, 50]))
    assert counted.tolist() == [0, 1, 0, 0, 2]
    assert since.tolist() == [-1, 10, -1, -1, 30]


def test_rows_of_columns_keep_their_interests():
    columns, _ = World(SMALL, 1).log(1)
    part = facts_of(rows_of(columns, slice(100, 200)))
    whole = facts_of(columns).take(slice(100, 200))
    assert np.array_equal(part.viewers, whole.viewers)
    assert np.array_equal(part.labels, whole.labels)


def test_a_figure_over_seeds_is_told_with_its_spread():
    assert told([0.5]) == 0.5
    assert told([1.0, 3.0], 1) == "2.0±1.4"


def test_prediction_is_as_good_as_that_of_peers_on_the_same_rows():
    row = prediction.run((1,), quick=True, size=Size(rows=16_000, viewers=3_000, ads=80, days=4))
    assert row.ok, row.checks
    for name in ("click", "complete"):
        assert row.checks[f"{name}_ne_floor"] < row.checks[f"{name}_ne_ours"] < 1


def test_what_is_served_comes_true():
    row = calibration.run((2,), quick=True, size=Size(rows=20_000, viewers=3_000, ads=80, days=4))
    assert row.ok, row.checks


def test_a_posts_record_spares_impressions():
    row = warm_start.run((1,), quick=True, size=Size(rows=25_000, viewers=3_000, ads=120, days=4))
    assert row.ok, row.checks


def test_trying_keeps_to_its_budget():
    size = Size(rows=4_000, viewers=800, ads=90, days=4, new_share=0.6, spark_share=0.0)
    row = exploration.run((1,), quick=True, size=size, lives=1)
    assert row.ok, row.checks
    assert 0 < row.checks["tried_percent"] <= 3
    assert 0 < row.checks["usual_greedy_percent"] < 100


def test_posts_are_ranked_above_the_last_growth():
    row = scout.run((1,), quick=True, posts=150)
    assert row.ok, row.checks
    assert set(row.checks) == {"usual, level", "usual, daily", "usual, hourly"}


def test_a_world_of_posts_is_the_same_for_the_same_seed_and_hides_its_future():
    first, again, other = (world_of(seed, KINDS["usual"], 20) for seed in (1, 1, 2))
    assert np.array_equal(first.hourly, again.hourly)
    assert not np.array_equal(first.hourly, other.hourly)
    seen = first.seen(1)
    assert all(one.at_ms[-1] == START_OF_POSTS_MS + NOW * 3_600_000 for one in seen)
    assert all(one.counts[-1, 0] == first.hourly[place, :NOW].sum() for place, one in enumerate(seen))


def test_ranks_are_correlated_as_they_should_be():
    assert scout.spearman(np.array([1.0, 2, 3]), np.array([10.0, 20, 40])) == pytest.approx(1)
    assert scout.spearman(np.array([1.0, 2, 2, 3]), np.array([1.0, 2, 3, 4])) == pytest.approx(0.9487, abs=1e-4)
    assert scout.precision(np.arange(10.0), np.arange(10.0)[::-1]) == 0


def test_good_posts_get_through_their_circles_in_a_small_life_and_another_seed_is_another_life():
    size = replace(circles.SIZE_QUICK, viewers=600, posts=90, days=1.5)
    first, again, other = (circles.lived(size, seed, is_widening=True) for seed in (1, 1, 2))
    assert first.passed == again.passed
    assert {one.met for one in first.passed.values()} != {one.met for one in other.passed.values()}
    row = circles.run((1, 2), quick=True, size=size)
    assert row.ok, row.checks
    assert set(circles.judged(first, other)) == set(row.checks)


def test_what_an_ad_brought_is_found_between_its_ends_and_not_by_setting_those_reached_beside_the_others():
    found = lift.run((1,), quick=True, replicates=200).checks
    for name in lift.OUTCOMES:
        assert found[f"{name}_rejects"] <= 0.1
        assert found[f"{name}_covers"] >= 0.9
        assert 0.85 < found[f"{name}_found"] < 1.15
    assert found["visits_naive"] > 2
    assert found["visits_narrowed"] > 0.1
    assert found["value_narrowed"] == 0


def test_what_a_post_would_have_come_to_is_told_as_surely_as_it_says():
    found = promotion.run((1,), quick=True, draws=120).checks
    assert found["told apart"] <= 0.12
    assert found["covers"] >= 0.88
    assert 0.8 < found["found"] < 1.25


def test_each_mechanism_by_which_a_creators_post_draws_more_is_found_alone_and_none_finds_nothing():
    row = spark.run((1, 2), quick=True)
    assert row.ok, row.checks
    assert any("completions above a copy" in line for line in lines([row]))
    size = replace(spark.SIZE_QUICK, days=3.0)
    first, again, other = (lived(size, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.spark.did["complete"], again.spark.did["complete"])
    assert first.spark.impressions.sum() != other.spark.impressions.sum()
    assert not first.standard.did["follow"].any(), "a copy has no creator who could be followed"
    assert set(first.spark.did) == set(ACTS)


@pytest.mark.long
def test_the_committed_weights_are_those_that_are_learnt():
    kept = json.loads(files("attise.measurement.scout").joinpath("weights.json").read_text("utf-8"))
    for sort, learnt in scout_weights.learn().items():
        if sort in SORTS:
            for name, values in learnt.items():
                assert np.allclose(np.array(kept[sort][name]), np.array(values), atol=2e-3), (sort, name)


def test_one_case_is_run_alone_and_a_wrong_name_is_told_what_there_is():
    wrong = CliRunner().invoke(bench, ["science", "--only", "luck"])
    assert wrong.exit_code == 2
    assert all(name in wrong.output for name in CASES)


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("case", sorted(CASES))
def test_every_case_passes_on_five_seeds(case):
    command = [sys.executable, "-m", "attise.doors.cli", "bench", "science", "--only", case, "--json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2_000:]
    (row,) = json.loads(done.stdout)
    assert row["name"] == f"science/{case}"
