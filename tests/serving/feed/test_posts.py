"""The stock: from a snapshot's arrays, with what deltas changed since, and what nobody may see left out."""

import msgspec

from attise.records.snapshot.tables import Tables
from attise.records.totals import PostCircle, PostTotals
from attise.serving.feed.posts import WIDE, from_posts, from_snapshot, latest_of
from attise.serving.feed.quality import record_of
from tests.serving.feed.stock import posts
from tests.snapshot_records import NOON_MS

DAY_MS = 86_400_000


def snapshot_of(made):
    tables = Tables()
    for place, post in enumerate(made):
        tables.add_post(post, place)
    return tables.arrays(), tables.words.all()


def index_of(made, **changes):
    arrays, words = snapshot_of(made)
    return from_snapshot(arrays, words, version=10, decode=made.__getitem__, now_ms=NOON_MS, **changes)


def shown(index):
    return {int(index.post_id[place]) for place in range(len(index)) if index.live[place]}


MADE = [
    *posts(6, language="fr", category="sport"),
    *posts(2, first=50, ads_only=True),
    *posts(2, first=60, visibility="private"),
    *posts(2, first=70, visibility="followers"),
]


def test_the_arrays_of_a_snapshot_and_its_records_make_the_same_stock():
    one, other = index_of(MADE), from_posts(MADE, now_ms=NOON_MS)
    for name in ("post_id", "creator_id", "category", "language", "country", "followers_only", "rank", "duration_ms"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    assert one.wide.tolist() == other.wide.tolist()
    whole = [one.post(place) for place in range(len(one))]
    assert whole == other.posts_at(range(len(other)))
    assert other.posts_at([3, -1, 0]) == [whole[3], None, whole[0]]


def test_what_only_ads_or_nobody_may_show_is_not_in_and_what_followers_see_is_in_no_list_for_all():
    index = index_of(MADE)
    assert shown(index) == {1, 2, 3, 4, 5, 6, 70, 71}
    everyone = {int(index.post_id[place]) for place in (*index.wide, *index.fresh, *index.new)}
    assert everyone == {1, 2, 3, 4, 5, 6}
    assert set(index.post_id[index.newest_of([500_000], 9)[0]].tolist()) == {1, 70}


def test_deltas_change_add_and_take_away():
    edited = msgspec.structs.replace(MADE[1], caption="Corrigé", category="travel")
    hidden = msgspec.structs.replace(MADE[2], visibility="private")
    [added] = posts(1, first=99)
    later, gone = latest_of(
        [(12, 1, None), (14, 2, edited), (13, 2, MADE[1]), (15, 3, hidden), (16, 99, added), (11, 1, MADE[0])]
    )
    index = index_of(MADE, later=later, gone=gone)
    assert shown(index) == {2, 4, 5, 6, 70, 71, 99}
    [place] = index.places_of_posts([2])
    assert index.post(place).caption == "Corrigé"
    index.stop_post(99, 16)
    index.stop_post(4, 11)
    assert shown(index) == {2, 5, 6, 70, 71, 99}, "a stop of an earlier version says nothing of what was read later"


def test_lists_are_short_at_any_size_and_newest_and_best_come_first():
    made = posts(3_000, creators=100)
    far = [PostTotals(post_id, circle=PostCircle(4, 4, is_progressing=True)) for post_id in range(9_000, 9_005)]
    index = index_of([*made, *posts(5, first=9_000, published_at_ms=NOON_MS - 20 * DAY_MS)], record=record_of(far))
    assert len(index.wide) == WIDE
    assert set(index.post_id[index.wide[:5]].tolist()) == set(range(9_000, 9_005))
    assert index.post_id[index.new[:3]].tolist() == [1, 2, 3]
    assert all(index.published_at_ms[place] > NOON_MS - 7 * DAY_MS for place in index.new)
    everyones = index.post_id[index.fresh[:3]].tolist()
    assert everyones == [169, 170, 171], "what is a week old and was never told of is everyone's"


def test_posts_are_found_by_id_in_the_order_asked_and_only_if_they_live():
    index = index_of(MADE)
    index.stop_post(4, 11)
    assert index.post_id[index.places_of_posts([6, 4, 123, 2])].tolist() == [6, 2]
    assert from_posts([], now_ms=NOON_MS).places_of_posts([1]) == []


def test_ids_of_a_snapshot_without_anything_later_are_whole():
    first = 7_531_679_359_266_979_945
    made = [
        msgspec.structs.replace(post, post_id=first + 2 * place, creator_id=first + 2 * place + 1)
        for place, post in enumerate(posts(4))
    ]
    index = index_of(made)
    assert shown(index) == {first + 2 * place for place in range(4)}
    assert set(index.creator_id.tolist()) == {first + 2 * place + 1 for place in range(4)}


def test_posts_that_were_told_of_lately_stay_decoded(monkeypatch):
    monkeypatch.setattr("attise.serving.feed.posts.DECODED", 4)
    index = from_posts(posts(9), now_ms=NOON_MS)
    told = index.posts_at(range(9))
    assert len(index.decoded) <= 4
    assert index.decoded[8] is told[8]
    assert [post.post_id for post in index.posts_at(range(9))] == index.post_id.tolist()
