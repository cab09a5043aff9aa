"""Quality compares a post with others of its length, and believes little of what few saw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.records.totals import PostCounts, PostTotals
from attise.serving.feed.posts import from_posts
from attise.serving.feed.quality import NO_RECORD, UNKNOWN, length_groups, quality_of, record_of
from tests.serving.feed.stock import posts
from tests.snapshot_records import MEDIA, NOON_MS


def qualities(seconds, completion, impressions=1_000):
    n = len(seconds)
    events = np.zeros((n, 3))
    events[:, 0] = np.array(completion) * impressions
    groups = length_groups(np.array(seconds, np.int32) * 1_000)
    return quality_of(np.full(n, float(impressions)), events, groups)


def test_short_videos_do_not_win_by_being_short():
    chance = np.random.default_rng(3)
    seconds = chance.integers(5, 60, 600)
    completion = np.clip(0.9 - seconds / 80 + chance.normal(0, 0.05, 600), 0.01, 0.99)
    found = qualities(seconds, completion)
    assert abs(np.corrcoef(seconds, found)[0, 1]) < 0.1
    assert np.corrcoef(seconds, completion)[0, 1] < -0.9


def test_a_post_that_nobody_met_is_like_its_like():
    found = quality_of(np.array([0.0, 5_000.0]), np.array([[0, 0, 0], [4_000, 10, 5]], float), np.array([0, 0]))
    assert found[0] == pytest.approx(UNKNOWN)
    assert len(quality_of(np.zeros(0), np.zeros((0, 3)), np.zeros(0, np.int64))) == 0


@given(st.integers(1, 5_000), st.integers(0, 5_000), st.integers(0, 2))
def test_more_of_what_is_good_is_never_worth_less(impressions, happened, column):
    happened = min(happened, impressions - 1)
    counts = np.full((3, 3), 10.0)
    counts[:, column] = (happened, happened + 1, 10)
    found = quality_of(np.full(3, float(impressions)), counts, np.zeros(3, np.int64))
    assert ((found >= 0) & (found <= 1)).all()
    assert bool(found[1] > found[0]) == (column != 2)


def test_what_ads_brought_is_not_in_the_record():
    record = record_of([PostTotals(2, PostCounts(10, completions=5, likes=2), PostCounts(1_000, completions=900))])
    impressions, events = record.of(np.array([1, 2, 3]))
    assert impressions.tolist() == [0, 10, 0]
    assert events.tolist() == [[0, 0, 0], [5, 2, 0], [0, 0, 0]]
    assert NO_RECORD.of(np.array([1]))[0].tolist() == [0]


def test_a_well_met_post_comes_before_a_badly_met_one_and_is_no_longer_new():
    record = record_of(
        [
            PostTotals(1, PostCounts(2_000, completions=200, negatives=100)),
            PostTotals(2, PostCounts(2_000, completions=1_500, likes=300)),
        ]
    )
    index = from_posts(posts(4, media=MEDIA), now_ms=NOON_MS, record=record)
    assert index.post_id[index.wide].tolist() == [2, 3, 4, 1]
    assert set(index.post_id[index.new].tolist()) == {3, 4}
