"""One answer: who stands where, who does not, and what happens when there is too little or something fails."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.records.feed import ViewerContext
from attise.records.token import TokenKind
from attise.serving.feed.mixing import AdItem, OrganicItem, Session, ads_only, mix
from attise.serving.feed.plan import FIRST_AD, GAP
from attise.serving.feed.posts import from_posts
from tests.serving.feed.stock import a_request, ads_of, no_ads, posts
from tests.snapshot_records import NOON_MS

STOCK = from_posts(posts(200), now_ms=NOON_MS)
AD_POSTS = ((1, 500_000), (900_001, 7), (3, 500_002), (900_002, 8), (5, 500_004), (900_003, 9), (7, 500_006))


def kinds(answer):
    return "".join("a" if isinstance(item, AdItem) else "o" for item in answer.items)


def post_ids(answer):
    return [item.decision.winner.post_id if isinstance(item, AdItem) else item.claims.post_id for item in answer.items]


def creators(answer):
    return [
        item.decision.winner.creator_id if isinstance(item, AdItem) else item.claims.creator_id for item in answer.items
    ]


def test_ten_items_have_ads_at_index_three_and_nine():
    answer = mix(a_request(10), STOCK, ads_of(*AD_POSTS))
    assert kinds(answer) == "oooaoooooa"
    assert [item.place for item in answer.items] == list(range(10))
    assert [decision.decision_id for decision in answer.decisions] == [1_003, 1_009]


def test_a_feed_of_followed_creators_has_ads_at_its_slots_and_nobody_else_by_chance():
    stock = from_posts(posts(200, creators=5), now_ms=NOON_MS)
    fan = ViewerContext("", follows=(500_000, 500_003))
    for seed in range(30):
        request = a_request(10, viewer=fan, seed=seed, followed_only=True)
        answer = mix(request, stock, ads_of(*AD_POSTS), exploration=1.0)
        assert kinds(answer) == "oooaoooooa"
        assert {item.claims.creator_id for item in answer.organic} <= set(fan.follows)
    nobody = mix(a_request(10, followed_only=True), stock, ads_of(*AD_POSTS))
    assert kinds(nobody) == ""


def test_a_slot_without_an_ad_has_a_post():
    answer = mix(a_request(10), STOCK, no_ads)
    assert kinds(answer) == "o" * 10
    assert len(answer.decisions) == 2


def test_if_anything_in_ads_fails_the_feed_is_organic_and_says_so():
    def broken(slots):
        raise ZeroDivisionError("a bug")

    answer = mix(a_request(10), STOCK, broken)
    assert kinds(answer) == "o" * 10
    assert isinstance(answer.fault, ZeroDivisionError)
    assert answer.decisions == ()


def test_an_organic_item_says_what_its_token_will():
    item = mix(a_request(3), STOCK, no_ads).items[2]
    assert isinstance(item, OrganicItem)
    post = STOCK.post(item.stock_place)
    claims = item.claims
    assert claims.kind is TokenKind.ORGANIC
    assert (claims.decision_id, claims.feed_id, claims.place) == (1_002, 90, 2)
    assert (claims.post_id, claims.creator_id, claims.duration_ms) == (post.post_id, post.creator_id, 12_000)
    assert claims.ad is None


def test_a_session_goes_on_over_its_answers():
    ads = ads_of(*AD_POSTS)
    assert kinds(mix(a_request(2), STOCK, ads, session=Session(2))) == "oa"
    assert kinds(mix(a_request(4), STOCK, ads, session=Session(9, since_ad=4))) == "oaoo"
    assert kinds(mix(a_request(4), STOCK, ads, session=Session(9, since_ad=0))) == "oooo"
    assert kinds(mix(a_request(1), STOCK, ads, session=Session(20, since_ad=5))) == "a"


def test_a_small_stock_gives_what_it_has_and_repeats_when_all_was_seen():
    few = from_posts(posts(4), now_ms=NOON_MS)
    first = mix(a_request(10), few, no_ads, exploration=0)
    assert sorted(post_ids(first)) == [1, 2, 3, 4]
    again = mix(a_request(10), few, no_ads, seen=[3, 1, 4, 2], exploration=0)
    assert post_ids(again) == [3, 1, 4, 2], "what was seen longest ago comes first"
    assert all(item.is_repeat for item in again.organic)
    partly = mix(a_request(3), few, no_ads, seen=[3, 1], exploration=0)
    assert set(post_ids(partly)[:2]) == {2, 4}
    assert post_ids(partly)[2] == 3


def test_an_empty_stock_gives_an_empty_answer():
    answer = mix(a_request(10), from_posts([], now_ms=NOON_MS), ads_of(*AD_POSTS))
    assert answer.items == ()


def test_a_small_stock_has_ads_where_posts_stand_before_them():
    few = from_posts(posts(8), now_ms=NOON_MS)
    assert kinds(mix(a_request(10), few, ads_of((2, 500_001)))) == "oooaoooo"
    assert kinds(mix(a_request(10), few, ads_of((900_001, 7)))) == "oooaooooo"


def test_posts_for_followers_are_shown_to_followers_alone():
    shared = [*posts(5), *posts(3, first=100, creators=1, visibility="followers")]
    stock = from_posts(shared, now_ms=NOON_MS)
    stranger = mix(a_request(10), stock, no_ads, seen=[100, 101])
    assert set(post_ids(stranger)) == {1, 2, 3, 4, 5}
    follower = mix(a_request(10, viewer=ViewerContext("p", follows=(500_000,))), stock, no_ads)
    assert {100, 101, 102} < set(post_ids(follower))


def test_a_stopped_post_is_not_shown_again_and_a_later_one_is_not_stopped():
    stock = from_posts(posts(3), now_ms=NOON_MS)
    stock.stop_post(2, 5)
    stock.stop_creator(500_002, 0)
    assert set(post_ids(mix(a_request(5), stock, no_ads))) == {1, 3}
    stock.stop_creator(500_002, 1)
    assert set(post_ids(mix(a_request(5), stock, no_ads, seen=[1, 2, 3]))) == {1}


def test_about_the_set_share_of_places_goes_to_new_posts_each_as_often():
    old = posts(300, first=1_000, published_at_ms=NOON_MS - 30 * 86_400_000)
    stock = from_posts([*old, *posts(20)], now_ms=NOON_MS)
    drawn = [
        item.claims.post_id
        for seed in range(1_500)
        for item in mix(a_request(8, seed=seed * 7_919), stock, no_ads).organic
        if item.is_exploration
    ]
    assert 0.05 <= len(drawn) / (1_500 * 8) <= 0.10
    counts = [drawn.count(post_id) for post_id in range(1, 21)]
    assert max(counts) < 3 * min(counts), "but those that ranking shows anyway are drawn less"
    assert set(drawn) <= set(range(1, 21))


def test_slots_alone_are_for_hosts_with_a_feed_of_their_own():
    answer = ads_only(a_request(3, ads_only=True), ads_of((1, 7), (2, 8)))
    assert kinds(answer) == "aa"
    assert len(answer.decisions) == 3


VIEWERS = st.builds(
    ViewerContext,
    pseudonym=st.just("p"),
    language=st.sampled_from(["", "fr", "de"]),
    country=st.sampled_from(["", "FR"]),
    interests=st.lists(st.sampled_from(["1001", "100501", "1006", "nothing"]), max_size=4).map(tuple),
    follows=st.lists(st.integers(500_000, 500_020), max_size=12, unique=True).map(lambda ids: tuple(sorted(ids))),
)


@pytest.mark.parametrize("size", [1, 3, 9, 40, 400])
@given(
    viewer=VIEWERS,
    count=st.integers(1, 50),
    seed=st.integers(0, 2**64 - 1),
    seen=st.lists(st.integers(1, 60), unique=True, max_size=60),
    shown=st.integers(0, 8),
    since_ad=st.none() | st.integers(0, 8),
    ads=st.lists(st.sampled_from(AD_POSTS), max_size=9, unique=True),
)
def test_whatever_is_asked_the_answer_keeps_its_rules(size, viewer, count, seed, seen, shown, since_ad, ads):
    stock = STOCKS[size]
    request = a_request(count, viewer=viewer, seed=seed)
    session = Session(shown, since_ad)
    answer = mix(request, stock, ads_of(*ads), seen=seen, session=session)
    found = post_ids(answer)
    assert len(set(found)) == len(found) <= count
    again = mix(request, stock, ads_of(*ads), seen=seen, session=session)
    assert (again.items, again.decisions) == (answer.items, answer.decisions)
    gap = since_ad
    for place, kind in enumerate(kinds(answer)):
        if kind == "a":
            assert shown + place >= FIRST_AD
            assert gap is None or gap >= GAP
            gap = 0
        elif gap is not None:
            gap += 1
    assert len(answer.ads) == min(len(ads), len(answer.decisions)), "no ad that was decided is lost"
    by_id = {post.post_id: post for post in POSTS[size]}
    for item in answer.organic:
        post = by_id[item.claims.post_id]
        assert post.visibility == "public" or post.creator_id in viewer.follows
    flags = [item.is_repeat for item in answer.organic if not item.is_exploration]
    assert flags == sorted(flags), "nothing seen before something unseen"
    is_short = len(found) < count
    visible = {one for one, post in by_id.items() if post.visibility == "public" or post.creator_id in viewer.follows}
    assert not is_short or visible - set(found) == set(), "a short answer has all there is"


POSTS = {
    size: [
        *posts(size, creators=max(2, size // 2), category="beauty_care", language="fr"),
        *posts(size // 3, first=10_000, creators=9, visibility="followers"),
        *posts(size // 3, first=20_000, creators=5, category="sport", country="FR"),
    ]
    for size in (1, 3, 9, 40, 400)
}
STOCKS = {size: from_posts(made, now_ms=NOON_MS) for size, made in POSTS.items()}


@given(seed=st.integers(0, 2**64 - 1), count=st.integers(2, 50))
def test_no_creator_stands_twice_in_a_row_where_others_are_left(seed, count):
    stock = from_posts(posts(120, creators=30), now_ms=NOON_MS)
    found = creators(mix(a_request(count, seed=seed), stock, ads_of((900_001, 500_003), (900_002, 500_004))))
    assert all(one != other for one, other in itertools.pairwise(found))


def organic(seed, count, decide):
    return [item.claims.post_id for item in mix(a_request(count, seed=seed), STOCK, decide, exploration=0).organic]


@given(seed=st.integers(0, 2**64 - 1), ads=st.integers(0, 7))
def test_an_ad_takes_a_place_and_leaves_the_order_of_posts_as_it_is(seed, ads):
    strangers = [(900_000 + number, number) for number in range(1, ads + 1)]
    without, beside = organic(seed, 40, no_ads), organic(seed, 40, ads_of(*strangers))
    assert len(beside) == 40 - ads
    assert beside == without[: len(beside)]


@given(seed=st.integers(0, 2**64 - 1), ads=st.lists(st.sampled_from(AD_POSTS), max_size=7, unique=True))
def test_an_ads_own_post_and_its_creators_others_make_way_by_a_few_places(seed, ads):
    shown = {post_id for post_id, _ in ads}
    order = [one for one in organic(seed, 50, no_ads) if one not in shown]
    beside = organic(seed, 40, ads_of(*ads))
    moved = [abs(order.index(one) - place) for place, one in enumerate(beside)]
    assert max(moved) <= 2 * len(ads)
