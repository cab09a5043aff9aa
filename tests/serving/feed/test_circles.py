"""A post is shown to its circle: the near ones first, then farther ones, then everyone; nobody is left with nothing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attise.records.feed import ViewerContext
from attise.records.totals import PostCircle, PostCounts, PostTotals
from attise.serving.feed.circles import NEW_IMPRESSIONS, circles_of
from attise.serving.feed.mixing import mix
from attise.serving.feed.posts import from_posts
from attise.serving.feed.quality import record_of
from tests.serving.feed.stock import a_request, no_ads, posts
from tests.snapshot_records import NOON_MS

DAY_MS = 86_400_000
OLD = posts(300, first=1_000, published_at_ms=NOON_MS - 30 * DAY_MS)
YOUNG = posts(6, creators=6, category="sport", language="fr")
SPORTY = ViewerContext("p", interests=("100501",))
FOLLOWER = ViewerContext("q", follows=(500_000, 500_001, 500_002))
FRENCH, STRANGER = ViewerContext("r", language="fr"), ViewerContext("s", language="en", country="GB")


def stock(*, told=None, impressions=0):
    """Return a stock in which the young posts have come to a circle; without ``told`` nobody has met them."""
    rows = [PostTotals(post.post_id, PostCounts(impressions), circle=told) for post in YOUNG if told is not None]
    return from_posts([*OLD, *YOUNG], now_ms=NOON_MS, record=record_of(rows))


def shown(viewer, index, *, answers=30, count=10, exploration=0.0, seen=()):
    found = set()
    for seed in range(answers):
        request = a_request(count, viewer=viewer, seed=seed * 7_919)
        answer = mix(request, index, no_ads, exploration=exploration, seen=list(seen))
        found |= {item.claims.post_id for item in answer.organic}
    return found & {post.post_id for post in YOUNG}


def test_a_new_post_meets_the_near_ones_and_by_chance_anybody_but_no_stranger_by_rank():
    index = stock()
    assert shown(SPORTY, index)
    assert shown(FOLLOWER, index) >= {1, 2, 3}
    assert shown(STRANGER, index) == shown(FRENCH, index) == set()
    assert len(shown(STRANGER, index, exploration=0.08)) > 2


def test_each_circle_is_wider_than_the_one_before_and_the_last_is_everyone():
    met = {
        circle: [bool(shown(viewer, stock(told=PostCircle(circle, 2, is_progressing=True)), answers=60))
        for viewer in (SPORTY, FOLLOWER, FRENCH, STRANGER)]
        for circle in (0, 1, 2)
    }  # fmt: skip
    assert met[0] == [True, True, False, False]
    assert met[1] == [True, True, True, False]
    assert met[2] == [True, True, True, True]


def test_a_batch_that_is_full_or_was_stopped_draws_no_more_strangers():
    left = PostCircle(0, 2, is_progressing=True, batch_ends=100)
    assert shown(STRANGER, stock(told=left, impressions=99), exploration=0.08)
    assert not shown(STRANGER, stock(told=left, impressions=100), exploration=0.08)
    assert not shown(STRANGER, stock(told=PostCircle(0, 2, is_progressing=False)), exploration=0.08)


def test_the_emptiest_batches_are_filled_first():
    rows = [
        PostTotals(number, PostCounts(10 * number), circle=PostCircle(0, 1, is_progressing=True, batch_ends=100))
        for number in range(1, 7)
    ]
    index = from_posts([*OLD, *YOUNG], now_ms=NOON_MS, record=record_of(rows))
    assert index.post_id[index.new].tolist() == [1, 2, 3, 4, 5, 6]
    assert index.post_id[np.concatenate(index.new_by_category)].tolist() == [1, 2, 3, 4, 5, 6]


def test_where_nothing_else_is_left_a_stranger_is_shown_what_is_not_for_them_yet():
    alone = from_posts(YOUNG, now_ms=NOON_MS)
    assert shown(STRANGER, alone) == {1, 2, 3, 4, 5, 6}
    assert shown(STRANGER, stock(), answers=1, seen=[post.post_id for post in OLD]) == {1, 2, 3, 4, 5, 6}


TOLD = st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans(), st.integers(0, 9_000)).map(
    lambda row: (min(row[0], row[1]), row[1], row[2], row[3])
)


@given(st.lists(st.tuples(TOLD, st.integers(0, 9_999), st.integers(0, 20)), min_size=1, max_size=30))
def test_walls_fall_with_each_circle_and_nothing_is_left_of_what_is_not_tested(rows):
    told = np.array([row for row, _, _ in rows], np.int64)
    met = np.array([row for _, row, _ in rows], np.float64)
    published = NOON_MS - DAY_MS * np.array([row for _, _, row in rows], np.int64)
    found = circles_of(told, met, published, now_ms=NOON_MS)
    wider = told.copy()
    wider[:, 0] = np.minimum(told[:, 0] + 1, told[:, 1])
    assert (circles_of(wider, met, published, now_ms=NOON_MS).wall <= found.wall).all()
    is_told = told[:, 1] > 0
    assert (found.wall[is_told & (told[:, 0] == told[:, 1])] == 0).all()
    assert (found.left[is_told & (met >= told[:, 3])] == 0).all()
    assert (found.left[~is_told & (met >= NEW_IMPRESSIONS)] == 0).all()
    assert ((found.left >= 0) & (found.left <= 1)).all()
    assert (found.worth[~told[:, 2].astype(bool)] == 0).all()
