"""Maps from scores to rates: rising, right where there are events, and silent where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attise.serving.prediction import calibration
from attise.serving.prediction.heads import CLICK, COUNT, NEGATIVE, WIDTH
from attise.serving.prediction.priors import logit, rate


def draw(count: int, *, shift: float, scale: float, seed: int = 1):
    """Return scores that are off by a shift and a scale, and labels of the truth."""
    drawn = np.random.default_rng(seed)
    truth = drawn.normal(-2.5, 1.0, count)
    scores = np.zeros((count, WIDTH), dtype=np.float32)
    scores[:, CLICK] = shift + scale * truth
    labels = np.full((count, COUNT), -1, dtype=np.int8)
    labels[:, CLICK] = drawn.random(count) < rate(truth)
    return scores, labels, rate(truth)


@pytest.mark.parametrize(("shift", "scale"), [(1.0, 1.0), (-0.8, 1.3), (0.0, 0.6)])
def test_predictions_come_true_overall_and_by_tenths(shift, scale):
    scores, labels, _ = draw(60_000, shift=shift, scale=scale)
    grid = calibration.fit(scores, labels, np.ones(60_000, dtype=np.float32))
    fresh, happened, _ = draw(60_000, shift=shift, scale=scale, seed=2)
    found = calibration.apply(grid, fresh)[:, CLICK]
    assert 0.97 < found.sum() / happened[:, CLICK].sum() < 1.03
    for tenth in np.array_split(np.argsort(found), 10):
        assert 0.8 < found[tenth].sum() / happened[tenth, CLICK].sum() < 1.25


def test_a_head_with_hardly_any_events_is_believed_as_it_is():
    scores, labels, _ = draw(200, shift=1.0, scale=1.0)
    grid = calibration.fit(scores, labels, np.ones(200, dtype=np.float32))
    assert np.array_equal(grid[NEGATIVE], calibration.plain_grid()[NEGATIVE])


def test_weights_stand_for_rows():
    scores, labels, _ = draw(40_000, shift=0.5, scale=1.0)
    kept = (labels[:, CLICK] == 1) | (np.arange(40_000) % 4 == 0)
    weights = np.where(labels[kept, CLICK] == 1, 1, 4).astype(np.float32)
    part = calibration.fit(scores[kept], labels[kept], weights)
    whole = calibration.fit(scores, labels, np.ones(40_000, dtype=np.float32))
    at = slice(80, 200)
    assert np.allclose(logit(part[CLICK, at]), logit(whole[CLICK, at]), atol=0.25)


@given(
    st.lists(st.tuples(st.floats(-8, 3), st.booleans(), st.floats(0.1, 5)), min_size=200, max_size=400),
)
@settings(max_examples=30, deadline=None)
def test_a_map_never_falls(rows):
    scores, labels, weights = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    found = calibration.fit_head(scores, labels.astype(np.int8), weights)
    assert (np.diff(found) >= 0).all()
    assert ((found > 0) & (found < 1)).all()


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 9)), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_the_nearest_rising_values_keep_the_mean(rows):
    values, weights = (np.array(column) for column in zip(*rows, strict=True))
    found = calibration.rising(values, weights)
    assert (np.diff(found) >= -1e-12).all()
    assert np.isclose((found * weights).sum(), (values * weights).sum())


def test_the_grid_is_near_what_it_stands_for():
    scores = np.tile(np.linspace(-11.9, 3.9, 4_001, dtype=np.float32)[:, None], (1, WIDTH))
    found = calibration.apply(calibration.plain_grid(), scores)
    assert np.allclose(found, rate(scores[:, :COUNT]), rtol=1e-3)
