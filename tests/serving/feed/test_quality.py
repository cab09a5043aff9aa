"""Quality compares a post with others of its length, and believes little of what few saw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.records.durations import duration_group
from attise.records.totals import PostCounts, PostTotals
from attise.serving.feed.posts import from_posts
from attise.serving.feed.quality import NO_RECORD, UNKNOWN, quality_of, record_of, with_watch
from attise.serving.prediction.watch import cold_sketches
from tests.serving.feed.stock import posts
from tests.snapshot_records import MEDIA, NOON_MS


def qualities(seconds, completion, impressions=1_000):
    n = len(seconds)
    events = np.zeros((n, 3))
    events[:, 0] = np.array(completion) * impressions
    groups = duration_group(np.array(seconds, np.int32) * 1_000)
    return quality_of(np.full(n, float(impressions)), events, groups)


def test_short_videos_do_not_win_by_being_short():
    chance = np.random.default_rng(3)
    seconds = chance.integers(5, 60, 600)
    completion = np.clip(0.9 - seconds / 80 + chance.normal(0, 0.05, 600), 0.01, 0.99)
    found = qualities(seconds, completion)
    assert abs(np.corrcoef(seconds, found)[0, 1]) < 0.2
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
    record = record_of(
        [PostTotals(2, PostCounts(10, completions=5, likes=2, watch_ms=70_000), PostCounts(1_000, watch_ms=9))]
    )
    impressions, events, watch_ms = record.of(np.array([1, 2, 3]))
    assert impressions.tolist() == [0, 10, 0]
    assert events.tolist() == [[0, 0, 0], [5, 2, 0], [0, 0, 0]]
    assert watch_ms.tolist() == [0, 70_000, 0]
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


def test_once_watch_times_are_learned_longer_watching_counts_among_posts_as_long():
    impressions = np.array([0.0, 1_000, 1_000, 1_000])
    watch_ms = np.array([0.0, 1_000 * 2_000, 1_000 * 8_000, 1_000 * 8_000])
    durations = np.array([10_000, 10_000, 10_000, 60_000], np.int32)
    found = with_watch(np.full(4, UNKNOWN), impressions, watch_ms, durations, cold_sketches())
    assert found[0] == UNKNOWN
    assert found[1] < UNKNOWN < found[2]
    assert found[3] < found[2], "eight seconds are much of ten and little of sixty"
    record = record_of([PostTotals(1, PostCounts(1_000, watch_ms=10**7)), PostTotals(2, PostCounts(1_000))])
    index = from_posts(posts(2), now_ms=NOON_MS, record=record, sketches=cold_sketches())
    assert index.post_id[index.wide].tolist() == [1, 2]
