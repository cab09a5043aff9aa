"""Requests answered whole, one after the other: ads of a real contest, remembered, and held against budgets."""

import itertools

import pytest

from attise.kernel.limits import MINUTE_MS
from attise.records.drops import Drop
from attise.serving.delivery.memory import HEARD_MS, NEW, ViewerMemory, heard
from attise.serving.delivery.policy import Policy
from attise.serving.feed.answer import answer, sent, session_of
from attise.serving.feed.mixing import AdItem, Session
from attise.serving.feed.plan import FIRST_AD, GAP
from attise.serving.feed.posts import from_posts
from tests.delivering import a_request, a_state, an_ad
from tests.serving.feed.stock import posts
from tests.snapshot_records import NOON_MS

STOCK = from_posts(posts(400), now_ms=NOON_MS)
ADS = [an_ad(number) for number in range(1, 30)]


def asked(turn, count=10, **fields):
    fields = {"now_ms": NOON_MS + 1 + turn * MINUTE_MS, "seed": 7 + turn, **fields}
    return a_request(count=count, ids=tuple(range(1_000 * turn, 1_000 * turn + count)), **fields)


def shown_posts(given):
    return [item.decision.winner.post_id if isinstance(item, AdItem) else item.claims.post_id for item in given.items]


@pytest.mark.parametrize("count", [1, 2, 4, 7, 10, 50])
def test_gaps_hold_over_the_answers_of_a_session_and_nothing_is_seen_twice(count):
    state, memory, kinds, seen = a_state(ADS), NEW, [], []
    for turn in range(max(2, 40 // count)):
        request = asked(turn, count)
        given = answer(request, STOCK, state, memory)
        assert given.fault is None
        memory = sent(request, state, memory, given)
        kinds += [isinstance(item, AdItem) for item in given.items]
        seen += [item.claims.post_id for item in given.organic]
    places = [place for place, is_ad in enumerate(kinds) if is_ad]
    assert places[0] == FIRST_AD
    gaps = [later - earlier - 1 for earlier, later in itertools.pairwise(places)]
    assert gaps
    assert min(gaps) >= GAP
    assert len(seen) == len(set(seen)), "400 posts are more than were asked for"


def test_another_session_begins_with_posts_and_no_memory_means_each_answer_does():
    state = a_state(ADS)
    request = asked(0)
    given = answer(request, STOCK, state, NEW)
    assert given.post_ids == shown_posts(given)
    assert [place < 0 for place in given.stock_places] == [claims is None for claims in given.claims]
    memory = sent(request, state, NEW, given)
    assert memory.seen_posts.tolist() == shown_posts(given)
    assert session_of(memory, "s") == Session(10, since_ad=0)
    assert session_of(memory, "other") == session_of(None, "s") == Session()
    again = answer(asked(1, session_id="other"), STOCK, state, memory)
    assert [item.place for item in again.ads] == [3, 9]
    assert [item.place for item in answer(asked(1), STOCK, state, None).ads] == [3, 9]
    assert sent(request, state, None, again) is None


def test_after_a_hide_there_is_no_ad_for_twenty_videos_and_the_feed_goes_on():
    state = a_state(ADS)
    memory = ViewerMemory(quiet_until_video=20)
    ads = []
    for turn in range(3):
        request = asked(turn)
        given = answer(request, STOCK, state, memory)
        assert len(given.items) == 10
        memory = sent(request, state, memory, given)
        ads += [turn * 10 + item.place for item in given.ads]
    assert ads
    assert min(ads) >= 20


def test_a_hide_that_the_record_tells_begins_the_stretch_once_on_every_edge():
    """Each edge has its own memory of a viewer; the record is the same for both, however often it is read."""
    state, hid_at_ms = a_state(ADS), NOON_MS - 3_000
    for before in (NEW, ViewerMemory(videos=7)):
        memory, ads = before, []
        for turn in range(4):
            request = asked(turn)
            memory = heard(memory, hid_at_ms, quiet_videos=20, now_ms=request.now_ms)
            given = answer(request, STOCK, state, memory)
            memory = sent(request, state, memory, given)
            ads += [turn * 10 + item.place for item in given.ads]
        assert min(ads) in range(20, 27), "not a second time, though the record goes on saying so"
    again = heard(memory, NOON_MS, quiet_videos=20, now_ms=NOON_MS)
    assert again.quiet_until_video == memory.videos + 20, "another hide begins another"
    old = heard(NEW, NOON_MS - HEARD_MS - 1, quiet_videos=20, now_ms=NOON_MS)
    assert old == NEW, "nobody is met with silence for what they did last week"


def test_slots_of_a_hosts_own_feed_count_as_the_videos_they_stand_for():
    state = a_state(ADS)
    memory, turns = heard(NEW, NOON_MS, quiet_videos=20, now_ms=NOON_MS), []
    for turn in range(30):
        request = asked(turn, 3, ads_only=True)
        given = answer(request, STOCK, state, memory)
        memory = sent(request, state, memory, given)
        turns += [turn] * bool(given.ads)
    assert turns[0] in (6, 7), "twenty slots of three each"


def test_what_is_shown_is_held_until_the_room_of_this_process_is_gone():
    group = {"billing_event": "CPM", "optimization_goal": "REACH", "bid_micros": 5_000_000}
    rich = an_ad(1, group={**group, "envelope_id": 31, "bid_micros": 6_000_000})
    state = a_state([rich, an_ad(2, group=group)], rooms={31: 12_000})
    won = []
    for turn in range(6):
        request = asked(turn, 4)
        given = answer(request, STOCK, state, None)
        sent(request, state, None, given)
        won += [item.decision.winner.ad_id for item in given.ads]
    assert won == [1, 1, 2, 2, 2, 2], "each costs 5,000 of the 12,000"
    assert given.decisions[0].dropped_by_name[Drop.BUDGET_ADGROUP.name.lower()] == 1


def test_an_ad_is_not_shown_beside_its_own_post():
    stock = from_posts([ad.post for ad in ADS[:12]], now_ms=NOON_MS)
    for turn in range(10):
        given = answer(asked(turn), stock, a_state(ADS[:12]), None)
        found = shown_posts(given)
        assert given.ads
        assert len(found) == len(set(found))


def test_without_a_state_or_with_one_that_breaks_every_item_is_a_post():
    assert answer(asked(0), STOCK, None, NEW).decisions == ()
    state = a_state(ADS)
    state.predictor.predict = None
    given = answer(asked(0), STOCK, state, NEW)
    assert len(given.organic) == 10
    assert isinstance(given.fault, TypeError)


def test_a_host_with_a_feed_of_its_own_gets_ads_alone():
    state = a_state(ADS)
    given = answer(asked(0, 3, ads_only=True), STOCK, state, NEW)
    assert len(given.ads) == len(given.items) == 3
    assert {item.decision.surface for item in given.ads} == {"ads"}
    assert len({item.decision.winner.advertiser_id for item in given.ads}) == 3


def test_an_ad_that_yields_to_its_neighbours_is_held_against_nothing_and_not_remembered():
    group = {"envelope_id": 31, "brand_safety_type": "LIMITED_INVENTORY"}
    state = a_state([an_ad(1, group=group)], policy=Policy(reserve_ecpm=1_000_000.0))
    sensitive = from_posts(posts(60, category="alcohol"), now_ms=NOON_MS)
    request = asked(1)
    given = answer(request, sensitive, state, NEW)
    memory = sent(request, state, NEW, given)
    assert (len(given.ads), len(given.items), given.decisions[0].is_ad) == (0, 10, True)
    assert state.allowances.outstanding_micros(31) == 0
    assert not len(memory.shown)
    calm = answer(request, STOCK, state, NEW)
    assert len(sent(request, state, NEW, calm).shown) == 1
    assert state.allowances.outstanding_micros(31) > 0
