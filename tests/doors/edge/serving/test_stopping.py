"""However many stops come at once, the same ads and posts are out as one by one."""

from __future__ import annotations

import random

import pytest

from attise.doors.edge.serving import stopping
from attise.doors.edge.serving.making import piece_of
from attise.doors.edge.serving.stopping import Stopping, stop_ads
from attise.records.change import Change, ChangeKind
from attise.records.snapshot.fold import AD_STANDS_ON
from attise.serving.feed.posts import from_posts
from attise.serving.prediction.model import cold_model
from tests.doors.edge.serving.town import a_post, an_ad

KINDS = sorted(AD_STANDS_ON)


def a_segment(seed: int):
    chance = random.Random(seed)
    ads = [
        (chance.randrange(50), an_ad(number, group=chance.randrange(40), post=post, creator=post % 7))
        for number, post in ((number, chance.randrange(60)) for number in range(120))
    ]
    return piece_of(ads, cold_model()).segment, ads


@pytest.mark.parametrize("seed", range(4))
def test_stops_are_the_same_by_search_and_by_one_pass_and_as_the_plain_rule_says(seed, monkeypatch):
    (one, ads), (other, _) = a_segment(seed), a_segment(seed)
    chance = random.Random(seed)
    stops = {
        kind: {of(chance.choice(ads)[1]): chance.randrange(60) for _ in range(4)} for kind, of in AD_STANDS_ON.items()
    }
    stops[ChangeKind.VIEWER_CHANGED] = {4_001: 99}
    stops[ChangeKind.GRANT_STOPPED][0] = 99  # no object
    monkeypatch.setattr(stopping, "ADS_PER_SEARCH", 0)
    stop_ads(one, stops)
    monkeypatch.setattr(stopping, "ADS_PER_SEARCH", 10_000)
    stop_ads(other, stops)
    assert one.live.tobytes() == other.live.tobytes()
    live = {int(row["ad_id"]) for place, row in enumerate(one.ads) if one.is_live(place)}
    assert live == {
        ad.ad_id
        for version, ad in ads
        if not any(stops[kind].get(of(ad), 0) > version for kind, of in AD_STANDS_ON.items() if of(ad))
    }
    assert 0 < len(live) < len(ads)


def test_what_is_swapped_in_has_the_stops_since_the_mark_and_the_last_word_counts():
    (segment, _), posts = a_segment(1), from_posts([a_post(1), a_post(2)], now_ms=0)
    stopping_now = Stopping(lambda: None)
    generation = stopping_now.mark()
    grant_id = int(segment.ads["grant_id"][0])
    stopping_now.heed(
        [Change(70, ChangeKind.GRANT_STOPPED, grant_id, 0), Change(71, ChangeKind.POST_STOPPED, 9_001, 0)]
    )
    published = []
    assert stopping_now.swap(generation, [segment], posts, lambda: published.extend(posts.post_id[posts.live].tolist()))
    assert not any(segment.is_live(place) for place in segment.places_of("grant_id", grant_id).tolist())
    assert published == [9_002], "stops are laid before anybody decides on it"
    stopping_now.heed([Change(72, ChangeKind.CREATOR_STOPPED, 601, 0)])
    assert not posts.live.any()


def test_after_everything_was_forgotten_what_was_built_before_is_not_served():
    (segment, _), posts, emptied = a_segment(1), from_posts([a_post(1)], now_ms=0), []
    stopping_now = Stopping(lambda: emptied.append(True))
    generation = stopping_now.mark()
    assert stopping_now.swap(generation, [segment], posts, lambda: None)
    generation = stopping_now.mark()
    stopping_now.forget()
    assert emptied == [True]
    assert not segment.live.any()
    assert not posts.live.any()
    assert not stopping_now.swap(generation, [segment], posts, lambda: emptied.append(False))
    assert emptied == [True]
