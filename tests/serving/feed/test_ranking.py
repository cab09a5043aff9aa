"""What one viewer may be shown next: their interests, language, follows; the new; and nothing they have just seen."""

import numpy as np

from attise.records.feed import ViewerContext
from attise.records.totals import PostCircle, PostTotals
from attise.serving.feed.posts import from_posts
from attise.serving.feed.quality import record_of
from attise.serving.feed.ranking import CHANCE_WORTH, chance_of, choose_by_numpy, draw, pool_of
from tests.serving.feed.stock import HOUR_MS, posts
from tests.snapshot_records import NOON_MS

OLD_MS = NOON_MS - 30 * 86_400_000
MIXED = [
    *posts(300, creators=300, published_at_ms=OLD_MS, language="en"),
    *posts(30, first=1_000, category="sport", published_at_ms=OLD_MS, language="en"),
    *posts(30, first=2_000, language="fr", published_at_ms=OLD_MS),
    *posts(6, first=3_000, creators=2, published_at_ms=OLD_MS),
    *posts(10, first=4_000, creators=10, published_at_ms=NOON_MS),
]
EVERYONES = PostCircle(2, 2, is_progressing=True)
STOCK = from_posts(
    MIXED, now_ms=NOON_MS, record=record_of(PostTotals(post.post_id, circle=EVERYONES) for post in MIXED)
)


def found(viewer, *, count=10, seen=(), seed=1, stock=STOCK, **about):
    pool = pool_of(stock, viewer, seen=seen, count=count, now_ms=NOON_MS + HOUR_MS, seed=seed, **about)
    return stock.post_id[pool.places].tolist()


def share(ids, first, last):
    return sum(first <= one < last for one in ids) / len(ids)


def test_interests_and_language_and_being_new_bring_posts_forward():
    anyone = found(ViewerContext(""), count=10)
    assert share(anyone, 4_000, 4_010) == 1.0
    sporty = found(ViewerContext("", interests=("100501",)), count=30)
    assert share(sporty, 1_000, 1_030) >= 0.6
    french = found(ViewerContext("", language="fr"), count=30)
    assert share(french, 2_000, 2_030) >= 0.6


def test_followed_creators_come_first_but_do_not_fill_an_answer():
    ids = found(ViewerContext("", follows=(500_000, 500_001)), count=20)
    assert share(ids[:5], 3_000, 3_006) > 0
    assert share(ids, 3_000, 3_006) < 0.5


def test_asked_for_followed_creators_alone_there_is_all_of_theirs_and_nothing_else():
    fan = ViewerContext("", follows=(500_000, 500_001), interests=("100501",), language="fr")
    theirs = {post.post_id for post in MIXED if post.creator_id in fan.follows}
    assert 10 < len(theirs) < 20
    assert set(found(fan, count=40, followed_only=True)) == theirs
    assert found(ViewerContext("", language="fr"), followed_only=True) == []
    assert found(ViewerContext("", follows=(1,)), followed_only=True) == []


def test_of_followed_creators_what_was_seen_comes_last_and_what_others_published_never():
    fan = ViewerContext("", follows=(500_000, 500_001))
    everything = [post.post_id for post in MIXED]
    theirs = [post.post_id for post in MIXED if post.creator_id in fan.follows]
    assert found(fan, seen=everything, count=40, followed_only=True) == theirs
    again = found(fan, seen=theirs[:4], count=40, followed_only=True)
    assert again[-4:] == theirs[:4]
    assert set(again) == set(theirs)


def test_posts_for_followers_are_among_those_of_whom_one_follows():
    stock = from_posts(
        [*posts(3, creators=1, visibility="followers"), *posts(50, first=100, creators=50)], now_ms=NOON_MS
    )
    fan = ViewerContext("", follows=(500_000,))
    assert set(found(fan, stock=stock, followed_only=True)) == {1, 2, 3, 100}


def test_nothing_seen_comes_while_something_unseen_is_left_however_much_was_seen():
    ids = [post.post_id for post in MIXED]
    for seen in (0, 50, 300, 370):
        again = found(ViewerContext(""), seen=ids[:seen])
        unseen = len(ids) - seen
        assert not set(again[: min(10, unseen)]) & set(ids[:seen])
        assert len(again) == 10
    assert found(ViewerContext(""), seen=ids, count=5) == ids[:5]


def test_two_answers_in_a_row_differ_and_the_same_request_does_not():
    viewer = ViewerContext("")
    assert found(viewer, seed=5) == found(viewer, seed=5)
    assert len({tuple(found(viewer, seed=seed)) for seed in range(20)}) > 15


def test_chance_is_even_and_says_the_same_of_one_as_of_many():
    ids = np.arange(1, 20_001, dtype=np.int64)
    drawn = chance_of(ids, 2**63 + 11)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert abs(drawn.mean() - 0.5) < 0.01
    assert np.abs(np.histogram(drawn, 20)[0] - 1_000).max() < 150
    assert chance_of(ids[5:6], 2**63 + 11)[0] == drawn[5]
    scalars = [draw(99, what) for what in range(20_000)]
    assert abs(sum(scalars) / len(scalars) - 0.5) < 0.01
    assert CHANCE_WORTH < 0.1


def test_the_work_does_not_grow_with_the_stock(monkeypatch):
    looked_at = []

    def counting(index, asked):
        looked_at.append(len(asked.places))
        return choose_by_numpy(index, asked)

    monkeypatch.setattr("attise.serving.feed.ranking._chooser", lambda: counting)
    viewer = ViewerContext("", language="fr", interests=("1001", "1005"), follows=tuple(range(500_000, 500_900)))
    for size in (2_000, 20_000):
        found(viewer, stock=from_posts(posts(size, language="fr"), now_ms=NOON_MS))
    assert max(looked_at) <= 600
