"""Caps hold exactly, whatever the order and the spacing of what was shown; memory is bounded and loses none of it."""

import random
from collections import Counter

import msgspec
import numpy as np
import pytest

from attise.kernel.limits import DAY_MS, HOUR_MS, MINUTE_MS
from attise.records.drops import Drop
from attise.serving.delivery.candidates import CANDIDATE
from attise.serving.delivery.caps import NONE, seen_of
from attise.serving.delivery.contest import screened
from attise.serving.delivery.decide import decide_slots
from attise.serving.delivery.memory import (
    EXPOSURE,
    MOST_EXPOSURES,
    MOST_SEEN,
    NEW,
    ViewerMemory,
    answered,
    decode_memory,
    encode_memory,
    expire,
    forget,
)
from attise.serving.delivery.policy import WEEK_MS, Caps
from tests import machine_code
from tests.delivering import a_request, a_state, an_ad, remembered
from tests.snapshot_records import NOON_MS

CAPS = Caps()


def rows(facts):
    """Return candidates; facts are (ad, group, campaign, advertiser, frequency, days)."""
    found = np.zeros(len(facts), CANDIDATE)
    names = ("ad_id", "adgroup_id", "campaign_id", "advertiser_id", "frequency", "frequency_days")
    for name, values in zip(names, zip(*facts, strict=True), strict=True):
        found[name] = values
    found["entry"] = 1.0
    return found


def told_by_numpy(shown, candidates, now_ms):
    return seen_of(shown, candidates, now_ms=now_ms, caps=CAPS)


def told_compiled(shown, candidates, now_ms):
    memory = ViewerMemory(exposures=shown.tobytes())
    return screened(candidates, a_request(now_ms=now_ms), memory, CAPS, 0, 0)[1]


BOTH = pytest.mark.parametrize("told", [told_by_numpy, told_compiled], ids=["numpy", "compiled"])


@pytest.fixture(autouse=True, scope="module")
def _kernels():
    machine_code.load()


def brute(history, fact, now_ms):
    """Return the first cap that one more impression would pass, plainly; ``history`` has (fact, at_ms)."""
    ad_id, group, campaign, advertiser, frequency, days = fact

    def count(place, value, span_ms):
        return sum(1 for shown, at_ms in history if shown[place] == value and now_ms - at_ms < span_ms)

    if not frequency and count(0, ad_id, DAY_MS) >= 2:
        return Drop.FREQUENCY_AD
    if not frequency and count(2, campaign, DAY_MS) >= 4:
        return Drop.FREQUENCY_CAMPAIGN
    if count(3, advertiser, 7 * DAY_MS) >= 10:
        return Drop.FREQUENCY_ADVERTISER
    if frequency and count(1, group, days * DAY_MS) >= frequency:
        return Drop.FREQUENCY_GROUP
    return Drop.ADVERTISER_GAP if count(3, advertiser, 10 * MINUTE_MS) else None


def replay(rng, steps, told):
    """Show random ads to one viewer for some time; returns how many answers were compared, by reason."""
    facts = [
        (
            ad,
            100 + ad // 2,
            200 + ad // 4,
            300 + ad // 8,
            *((0, 0) if ad // 2 % 3 else (rng.randint(1, 6), rng.choice((1, 7, 30)))),
        )
        for ad in range(12)
    ]
    candidates = rows(facts)
    history, now_ms, found = [], NOON_MS, Counter()
    shown = np.zeros(0, EXPOSURE)
    for _ in range(steps):
        now_ms += rng.choice(
            (0, 1, MINUTE_MS, 10 * MINUTE_MS, 10 * MINUTE_MS - 1, HOUR_MS, 5 * HOUR_MS, DAY_MS, 3 * DAY_MS)
        )
        drops = told(shown, candidates, now_ms).drop.tolist()
        wanted = [brute(history, fact, now_ms) for fact in facts]
        assert [None if one == NONE else Drop(one) for one in drops] == wanted
        found.update(wanted)
        at = rng.randrange(len(facts))
        if wanted[at] is None:
            history.append((facts[at], now_ms))
            added = np.zeros(1, EXPOSURE)
            added[["ad_id", "adgroup_id", "campaign_id", "advertiser_id"]] = facts[at][:4]
            added["at_ms"] = now_ms
            shown = np.concatenate([shown, added])
    return found


@BOTH
def test_caps_answer_as_a_plain_count_does(told):
    found = Counter()
    for seed in range(40):
        found += replay(random.Random(seed), 60, told)
    assert sum(found.values()) == 40 * 60 * 12
    reasons = (
        Drop.FREQUENCY_AD,
        Drop.FREQUENCY_CAMPAIGN,
        Drop.FREQUENCY_ADVERTISER,
        Drop.FREQUENCY_GROUP,
        Drop.ADVERTISER_GAP,
    )
    assert min(found[one] for one in (None, *reasons)) > 20


@pytest.mark.long
@pytest.mark.timeout(1800)
@BOTH
def test_caps_answer_as_a_plain_count_does_a_million_times(told):
    compared = 0
    for seed in range(1_000, 1_400):
        compared += sum(replay(random.Random(seed), 210, told).values())
    assert compared >= 1_000_000


@BOTH
def test_what_a_model_asks_of_exposures_is_of_the_ad_itself_and_of_one_week(told):
    candidates = rows([(1, 2, 3, 4, 0, 0), (5, 2, 3, 4, 0, 0), (6, 9, 9, 9, 0, 0)])
    shown = np.zeros(3, EXPOSURE)
    shown["advertiser_id"], shown["ad_id"] = 4, (1, 1, 1)
    shown["at_ms"] = (NOON_MS - WEEK_MS, NOON_MS - DAY_MS, NOON_MS - 5)
    seen = told(shown, candidates, NOON_MS)
    assert seen.exposures.tolist() == [2, 0, 0]
    assert seen.since_ms.tolist() == [5, -1, -1]


def test_a_viewer_who_asks_again_and_again_is_never_shown_more_than_the_caps_allow():
    rng = random.Random(11)
    ads = [
        an_ad(
            number,
            group={
                "adgroup_id": 3_000 + number // 2,
                "campaign_id": 2_000 + number // 4,
                "advertiser_id": 1_000 + number // 8,
            },
        )
        for number in range(24)
    ]
    state = a_state(ads)
    memory, history, now_ms = NEW, [], NOON_MS
    for turn in range(250):
        now_ms += rng.choice((MINUTE_MS, 11 * MINUTE_MS, 3 * HOUR_MS))
        request = a_request(now_ms=now_ms, seed=turn)
        decisions = decide_slots(request, state, memory, (3, 9))
        for decision in decisions:
            if decision.winner is not None:
                won = decision.winner
                fact = (won.ad_id, won.adgroup_id, won.campaign_id, won.advertiser_id, 0, 0)
                assert brute(history, fact, now_ms) is None
        for decision in decisions:
            if decision.winner is not None:
                won = decision.winner
                history.append(((won.ad_id, won.adgroup_id, won.campaign_id, won.advertiser_id, 0, 0), now_ms))
        posts = [one.winner.post_id if one.winner else 1 for one in decisions]
        memory = answered(memory, posts, list(enumerate(decisions)), session_id="s", now_ms=now_ms)
    assert len(history) > 40


def test_an_ad_that_never_came_to_a_screen_does_not_count():
    state = a_state([an_ad(1)])
    (shown,) = decide_slots(a_request(), state, NEW, (3,))
    memory = remembered(shown)
    assert decide_slots(a_request(), state, memory, (3,))[0].winner is None
    assert decide_slots(a_request(), state, forget(memory, [shown.decision_id]), (3,))[0].winner is not None
    assert forget(memory, [1]) is memory


def test_a_group_that_asks_for_five_a_day_is_shown_five_times_and_not_the_houses_two():
    state = a_state([an_ad(1, group={"frequency": 5, "frequency_days": 1})])
    memory, now_ms = NEW, NOON_MS
    for _ in range(5):
        (one,) = decide_slots(a_request(now_ms=now_ms), state, memory, (3,))
        assert one.winner is not None
        memory = remembered(one, memory=memory, now_ms=now_ms)
        now_ms += 10 * MINUTE_MS
    (sixth,) = decide_slots(a_request(now_ms=now_ms), state, memory, (3,))
    assert sixth.dropped_by_name == {"frequency_group": 1}


def test_memory_counts_videos_sessions_and_the_last_ad():
    (decided,) = decide_slots(a_request(), a_state([an_ad(1)]), NEW, (3,))
    posts = [11, 12, 13, 6_001, 14, 15]
    memory = answered(NEW, posts, [(3, decided)], session_id="s", now_ms=NOON_MS)
    assert (memory.videos, memory.session_shown, memory.session_since_ad) == (6, 6, 2)
    assert (memory.last_ad_video, memory.last_ad_ms) == (3, NOON_MS)
    assert memory.seen_posts.tolist() == [11, 12, 13, 6_001, 14, 15]
    later = answered(memory, [0, 17], session_id="s", now_ms=NOON_MS + 4)
    assert (later.videos, later.session_shown, later.session_since_ad, later.last_ad_video) == (8, 8, 4, 3)
    assert later.seen_posts.tolist() == [*posts, 17]
    other = answered(memory, [16], session_id="t", now_ms=NOON_MS + 5)
    assert (other.videos, other.session_shown, other.session_since_ad) == (7, 1, -1)
    assert NEW.videos == 0


def test_memory_is_bounded_and_travels_as_bytes():
    memory = NEW
    for turn in range(30):
        posts = range(turn * 100 + 1, turn * 100 + 101)
        memory = answered(memory, posts, session_id="s", now_ms=turn)
    assert len(memory.seen_posts) == MOST_SEEN
    assert int(memory.seen_posts[-1]) == 3_000
    assert decode_memory(encode_memory(memory)) == memory
    grown = msgspec.msgpack.encode([*msgspec.msgpack.decode(encode_memory(memory)), "of a later release"])
    assert decode_memory(grown) == memory


def test_what_no_cap_asks_for_any_more_is_forgotten_and_a_longer_frequency_keeps_it():
    state = a_state([an_ad(1), an_ad(2, group={"frequency": 3, "frequency_days": 30})])
    two = decide_slots(a_request(), state, NEW, (3, 9))
    memory = remembered(*two)
    later = expire(memory, now_ms=NOON_MS + 7 * DAY_MS)
    assert later.shown["ad_id"].tolist() == [2]
    assert expire(later, now_ms=NOON_MS + 30 * DAY_MS - 1) is later
    assert not len(expire(later, now_ms=NOON_MS + 30 * DAY_MS).shown)


def test_somebody_shown_as_many_ads_as_are_remembered_is_shown_no_more_until_some_are_forgotten():
    shown = np.zeros(MOST_EXPOSURES, EXPOSURE)
    shown["at_ms"], shown["keep_until_ms"] = NOON_MS, NOON_MS + 7 * DAY_MS
    memory = ViewerMemory(exposures=shown.tobytes())
    (none,) = decide_slots(a_request(), a_state([an_ad(1)]), memory, (3,))
    assert none.no_ad == "seen_enough"
    memory = expire(memory, now_ms=NOON_MS + 7 * DAY_MS)
    assert decide_slots(a_request(now_ms=NOON_MS + 7 * DAY_MS), a_state([an_ad(1)]), memory, (3,))[0].winner is not None
