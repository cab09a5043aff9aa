"""A careful advertiser's ad stands beside nothing that it does not accept, whatever the feed has to show."""

import msgspec
import pytest

from attise.records.lookups import categories
from attise.serving.delivery.gates import SENSITIVE, most_beside
from attise.serving.feed.mixing import AdItem, mix
from attise.serving.feed.posts import from_posts
from tests.serving.feed.stock import a_request, ads_of, posts
from tests.snapshot_records import NOON_MS

SHOWN = ((900_001, 7), (900_002, 8))
CALM = posts(40, first=1_000, category="sport")
SENSITIVE_POSTS = posts(120, first=1, category="alcohol")  # newer, so that the feed prefers them


def careful(inventory, shown=SHOWN):
    decide = ads_of(*shown)

    def decided(slots):
        return [
            one
            if one.winner is None
            else msgspec.structs.replace(one, winner=msgspec.structs.replace(one.winner, inventory=inventory))
            for one in decide(slots)
        ]

    return decided


def neighbours(answer, stock):
    """Return how sensitive each post beside an ad is."""
    gates = {post.post_id: SENSITIVE[categories.get(post.category).gate] for post in stock}
    items = answer.items
    beside = [
        items[at]
        for place, item in enumerate(items)
        if isinstance(item, AdItem)
        for at in (place - 1, place + 1)
        if 0 <= at < len(items)
    ]
    return [gates[item.claims.post_id] for item in beside]


@pytest.mark.parametrize("inventory", ["LIMITED_INVENTORY", "STANDARD_INVENTORY", "THIRD_PARTY"])
@pytest.mark.parametrize("seed", range(8))
def test_beside_a_careful_ad_stand_calm_posts_alone(inventory, seed):
    stock = [*SENSITIVE_POSTS, *CALM]
    index = from_posts(stock, now_ms=NOON_MS)
    answer = mix(a_request(10, seed=seed), index, careful(inventory))
    assert len(answer.ads) == 2
    assert len(answer.items) == 10
    assert max(neighbours(answer, stock)) <= most_beside(inventory)


def test_an_ad_that_accepts_anything_changes_nothing():
    index = from_posts([*SENSITIVE_POSTS, *CALM], now_ms=NOON_MS)
    plain = mix(a_request(10), index, ads_of(*SHOWN))
    assert mix(a_request(10), index, careful("NO_BRAND_SAFETY")).organic == plain.organic
    assert max(neighbours(plain, [*SENSITIVE_POSTS, *CALM])) == SENSITIVE["adult_only"]


def test_where_nothing_calm_is_there_the_ad_goes_and_the_feed_stays():
    index = from_posts(SENSITIVE_POSTS, now_ms=NOON_MS)
    answer = mix(a_request(10), index, careful("LIMITED_INVENTORY"))
    assert (len(answer.ads), len(answer.items)) == (0, 10)
    assert [one.is_ad for one in answer.decisions] == [True, True]
