"""Learning is exact, repeatable and honest, and a decision predicts what training would have."""

from __future__ import annotations

import math

import numpy as np
import pytest

from attise.records.feed import ViewerContext
from attise.serving.prediction.features import Encoded
from attise.serving.prediction.ftrl import Pace, Rows, Weights, compress
from attise.serving.prediction.heads import CLICK, CLICKS, COMPLETE, CONVERT, COUNT, IMPRESSIONS, NEGATIVE
from attise.serving.prediction.history import AD, Counts
from attise.serving.prediction.model import arrays_of
from attise.serving.prediction.predictor import Predictor
from attise.serving.prediction.table import make_table
from attise.serving.training.facts import facts_of
from attise.serving.training.measures import calibration_ratio, log_loss, normalised_entropy
from attise.serving.training.trainer import Trainer
from tests.serving.training.logs import START_MS, click_log, truth_of

LOG2 = 16


def trained(columns=None, **options) -> Trainer:
    trainer = Trainer(slots_log2=LOG2, conversions_come_late=False, **options)
    trainer.learn(facts_of(click_log() if columns is None else columns))
    return trainer


def test_the_kernel_learns_as_the_paper_says():
    drawn = np.random.default_rng(1)
    rows = Rows(
        np.arange(0, 121, 3), drawn.integers(0, 16, 120).astype(np.int32), drawn.normal(0, 1, 120).astype(np.float32)
    )
    labels = np.full((40, COUNT), -1, dtype=np.int8)
    labels[:, CLICK] = drawn.integers(0, 2, 40)
    labels[::2, NEGATIVE] = drawn.integers(0, 2, 20)
    importance = drawn.uniform(0.5, 3, 40).astype(np.float32)
    pace = Pace(alpha=0.3, beta=0.7, lambda1=0.05, lambda2=0.4)
    weights = Weights(10)
    scores = weights.learn(rows, labels, importance=importance, pace=pace)
    z, n, w = np.zeros((16, 2)), np.zeros((16, 2)), np.zeros((16, 2))
    for i in range(40):
        at = slice(rows.starts[i], rows.starts[i + 1])
        for column, head in enumerate((CLICK, NEGATIVE)):
            score = sum(w[s, column] * x for s, x in zip(rows.slots[at], rows.values[at], strict=True))
            assert math.isclose(scores[i, head], score, rel_tol=1e-3, abs_tol=1e-5)
            if labels[i, head] < 0:
                continue
            error = importance[i] * (1 / (1 + math.exp(-score)) - labels[i, head])
            for s, x in zip(rows.slots[at], rows.values[at], strict=True):
                g = error * x
                sigma = (math.sqrt(n[s, column] + g * g) - math.sqrt(n[s, column])) / pace.alpha
                z[s, column] += g - sigma * w[s, column]
                n[s, column] += g * g
                held = max(abs(z[s, column]) - pace.lambda1, 0) * np.sign(z[s, column])
                w[s, column] = -held / ((pace.beta + math.sqrt(n[s, column])) / pace.alpha + pace.lambda2)
    assert np.allclose(weights.w[:16, [CLICK, NEGATIVE]], w, atol=1e-4)
    assert not weights.w[:, COMPLETE].any(), "a head that is not told of learns nothing"


def test_absent_features_take_no_room():
    padded = Encoded(np.array([[3, -1, 5], [-1, -1, 7]], dtype=np.int32), np.ones((2, 3), dtype=np.float32))
    rows = compress(padded)
    assert rows.starts.tolist() == [0, 2, 3]
    assert rows.slots.tolist() == [3, 5, 7]


def test_it_learns_who_clicks_and_its_predictions_come_true():
    columns = click_log(40_000)
    trainer = Trainer(slots_log2=LOG2, conversions_come_late=False)
    scores = trainer.learn(facts_of(columns))[:, CLICK]
    last = slice(20_000, None)
    rates = 1 / (1 + np.exp(-scores[last]))
    clicks = columns["click"][last]
    floor = log_loss(truth_of(columns)[last], clicks)
    assert log_loss(rates, clicks) < 1.02 * floor, "within 2 % of knowing the truth"
    assert normalised_entropy(rates, clicks) < 0.97
    assert 0.95 < calibration_ratio(rates, clicks) < 1.05


def test_the_same_facts_make_the_same_bytes_however_often():
    first, second = arrays_of(trained().model()), arrays_of(trained().model())
    assert all(first[name].tobytes() == second[name].tobytes() for name in first)


def test_a_version_is_not_changed_by_what_is_learned_after_it():
    trainer = trained()
    model = trainer.model()
    before = {name: values.tobytes() for name, values in arrays_of(model).items()}
    trainer.learn(facts_of(click_log(seed=2)))
    assert {name: values.tobytes() for name, values in arrays_of(model).items()} == before
    assert trainer.model().version == model.version + 1


def test_a_decision_predicts_what_training_would_have():
    columns = click_log(4_000)
    trainer = trained(columns)
    model = trainer.model()
    one = {name: values[:1] for name, values in columns.items() if not name.startswith("viewer_interests")}
    one |= {"viewer_interests": columns["viewer_interests"][:1], "viewer_interests.starts": np.array([0, 1])}
    one |= {"item_index": np.array([3]), "gap": np.array([6]), "follows": np.array([True])}
    one |= {"exposures": np.array([2]), "since_ms": np.array([700_000])}
    facts = facts_of(one)
    viewer = ViewerContext(
        pseudonym="x",
        age=int(one["viewer_age"][0]),
        gender=str(one["viewer_gender"][0]),
        country=str(one["viewer_country"][0]),
        interests=tuple(one["viewer_interests"]),
        follows=(int(one["creator_id"][0]),),
        may_profile=True,
    )
    table = make_table(model, facts.ads, Counts(facts.ads.post_id, facts.organic))
    predictor = Predictor(model, (table,))
    found = predictor.predict(
        viewer,
        now_ms=int(one["decided_at_ms"][0]),
        segment=np.zeros(1, dtype=np.uint8),
        place=np.zeros(1, dtype=np.int32),
        exposures=np.array([2], dtype=np.int32),
        since_ms=np.array([700_000]),
        index=3,
        gap=6,
    )
    rows, offsets = trainer.features_of(facts)
    score = offsets[0].astype(np.float64)
    for slot, value in zip(rows.slots, rows.values, strict=True):
        score += model.weights[slot] * value
    grid = np.array([np.interp(score[head], -12 + np.arange(257) / 16, model.grid[head]) for head in range(COUNT)])
    assert np.allclose(found.mean[0], grid, rtol=1e-4)


def test_counts_are_those_of_the_facts_and_fade_with_the_days():
    columns = click_log(5_000)
    trainer = trained(columns)
    model = trainer.model()
    counts = model.history[AD]
    for place, ad in enumerate(counts.ids[:5]):
        mine = columns["ad_id"] == ad
        assert counts.rows[place, IMPRESSIONS] == mine.sum()
        assert counts.rows[place, CLICKS] == counts.rows[place, CLICK] == columns["click"][mine].sum()
        assert counts.rows[place, CONVERT] == (columns["convert"] * columns["click"])[mine].sum()
    later = click_log(1, seed=5)
    later["decided_at_ms"] = np.array([trainer.learned_to_ms + 30 * 86_400_000])
    trainer.learn(facts_of(later))
    other = np.flatnonzero(counts.ids != later["ad_id"][0])
    assert np.allclose(trainer.history[AD].rows[other], counts.rows[other] / 2)


def test_views_move_the_watch_times_that_the_feed_reads():
    columns = click_log(3_000)
    before = trained(columns).model().watch
    after = trained({**columns, "watch_ms": columns["duration_ms"] // 2}).model().watch
    assert not np.array_equal(before, after)
    assert (np.diff(after, axis=1) >= 0).all()


def test_nothing_to_learn_changes_nothing():
    trainer = trained()
    before = trainer.model()
    empty = {name: values[:0] for name, values in click_log(5).items() if name != "viewer_interests.starts"}
    trainer.learn(facts_of({**empty, "viewer_interests.starts": np.array([0])}))
    assert trainer.model().version == before.version


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"ad_id": [1], "colour": [2]}, "colour: no such column"),
        ({"click": [1]}, "ad_id: this column must be there"),
        ({"ad_id": [1, 2], "click": [1]}, "click: it has 1 rows where ad_id has 2"),
        ({"ad_id": [1], "viewer_interests": ["1001"]}, "viewer_interests.starts: it must come with"),
        ({"ad_id": [1], "viewer_age": ["young"]}, "viewer_age: whole numbers are wanted"),
        ({"ad_id": [1], "exposures": [float("nan")]}, "exposures: whole numbers are wanted"),
        ({"ad_id": [1], "click": [2]}, "click: it is 1 where it happened"),
    ],
)
def test_columns_that_cannot_be_are_named(columns, says):
    with pytest.raises(ValueError, match=says):
        facts_of(columns)


def test_an_age_group_is_an_age_of_it():
    groups = np.array(["AGE_13_17", "AGE_18_24", "AGE_55_100", ""])
    by_group = facts_of({"ad_id": [1] * 4, "viewer_age_group": groups})
    by_age = facts_of({"ad_id": [1] * 4, "viewer_age": [16, 24, 80, -1]})
    assert np.array_equal(by_group.viewers, by_age.viewers)


def test_a_conversion_is_told_for_clicks_only():
    facts = facts_of({"ad_id": [1, 1, 1], "click": [1, 0, 1], "convert": [1, 1, 0], "is_late": [False, False, True]})
    assert facts.labels[:, CONVERT].tolist() == [1, -1, 0]
    assert facts.labels[:, CLICK].tolist() == [1, 0, -1], "a late row tells of nothing else"
    assert facts.decided_at_ms.tolist() == [0, 0, 0]
    assert START_MS > 0
