"""A decision: what it chooses and at what price, what it leaves out and why, and that it can be taken again."""

import random

import msgspec
import numpy as np
import pytest

from attise.kernel.limits import DAY_MS
from attise.records.decision import NoAd, decode_decision, encode_decision, viewer_again
from attise.records.drops import Drop
from attise.records.feed import ViewerContext
from attise.serving.delivery.decide import claims_of, decide_slots, hold
from attise.serving.delivery.holdout import is_held_out
from attise.serving.delivery.memory import NEW, ViewerMemory
from attise.serving.delivery.policy import LIVE, SANDBOX, Policy, UserValue
from tests import machine_code
from tests.delivering import (
    USUAL,
    VIEWER,
    a_request,
    a_state,
    allowances_of,
    an_ad,
    as_if_shown,
    remembered,
)
from tests.snapshot_records import MEDIA, NOON_MS, a_standard_ad_record
from tests.targeting import a_viewer, some_ads

FLAT = msgspec.structs.replace


@pytest.fixture(autouse=True, params=["compiled", "numpy"])
def _either_way(request, monkeypatch):
    """Every sentence of this page holds with the kernels and without them."""
    machine_code.load()
    if request.param == "numpy":
        monkeypatch.setattr("attise.serving.kernels.are_ready", lambda: False)


def decide(state, memory=None, slots=(3,), **request):
    return decide_slots(a_request(**request), state, memory, slots)


def neutral(**changes):
    """Return a policy in which viewers like every ad alike, so that offers alone count."""
    return Policy(user_value=UserValue(0.0, 0.0, 0.0, 0.0), **changes)


def rates(click=0.01, view_6s=0.35, complete=0.2, engage=0.04, convert=0.03, negative=0.003):
    return (click, view_6s, complete, engage, convert, negative)


def test_the_best_offer_wins_and_pays_a_click_at_what_the_next_one_would_have_brought():
    ads = [an_ad(1, group={"bid_micros": 500_000}), an_ad(2, group={"bid_micros": 400_000})]
    (one,) = decide(a_state(ads, rates={1: rates(0.02), 2: rates(0.01)}, policy=neutral()))
    assert (one.winner.ad_id, one.runner_up.ad_id) == (1, 2)
    assert one.claims.price_micros == pytest.approx(0.01 * 400_000 / 0.02, abs=1)
    assert one.winner.offer == pytest.approx(0.02 * 500_000 * 1_000)
    assert one.price_ecpm == pytest.approx(0.01 * 400_000 * 1_000)
    assert one.dropped_by_name == {"outbid": 1}


@pytest.mark.parametrize(
    ("group", "worth_per_impression", "price"),
    [
        ({"billing_event": "CPM", "optimization_goal": "REACH", "bid_micros": 8_000_000}, 8_000, 4_000),
        ({"bid_micros": 800_000}, 8_000, 400_000),
        ({"billing_event": "CPV", "optimization_goal": "ENGAGED_VIEW", "bid_micros": 20_000}, 20_000 * 0.35, 11_428),
        (
            {
                "billing_event": "OCPM",
                "optimization_goal": "CONVERT",
                "bid_micros": None,
                "conversion_bid_micros": 30_000_000,
            },
            30_000_000 * 0.01 * 0.03,
            4_000,
        ),
        (
            {
                "billing_event": "OCPM",
                "optimization_goal": "FOLLOWERS",
                "bid_micros": None,
                "conversion_bid_micros": 200_000,
            },
            200_000 * 0.04,
            4_000,
        ),
    ],
)
def test_each_way_of_bidding_is_worth_what_it_says_and_pays_by_its_own_event(group, worth_per_impression, price):
    other = an_ad(2, group={"billing_event": "CPM", "optimization_goal": "REACH", "bid_micros": 4_000_000})
    (one,) = decide(a_state([an_ad(1, group=group), other], policy=neutral()))
    assert one.winner.ad_id == 1
    assert one.winner.offer == pytest.approx(1_000 * worth_per_impression, rel=1e-4)
    assert one.claims.price_micros == pytest.approx(price, rel=1e-4, abs=1)


def test_fifteen_seconds_lie_between_six_and_the_whole_and_a_short_video_must_be_watched_whole():
    def offer(goal, duration_ms):
        ad = an_ad(
            1,
            group={"billing_event": "CPV", "optimization_goal": goal, "bid_micros": 20_000},
            post={"media": FLAT(MEDIA, duration_ms=duration_ms)},
        )
        (one,) = decide(a_state([ad], policy=neutral()))
        return one.winner.event_rate, one.claims.view_goal_ms

    assert offer("ENGAGED_VIEW", 60_000) == (pytest.approx(0.35), 6_000)
    assert offer("ENGAGED_VIEW_FIFTEEN", 12_000) == (pytest.approx(0.2), 15_000)
    long, goal_ms = offer("ENGAGED_VIEW_FIFTEEN", 60_000)
    assert goal_ms == 15_000
    assert 0.2 < offer("ENGAGED_VIEW_FIFTEEN", 30_000)[0] < long < 0.35


def test_maximum_delivery_offers_the_houses_ceiling_by_pacing_and_never_much_of_its_budget():
    group = {"bid_type": "BID_TYPE_NO_BID", "bid_micros": None, "budget_micros": 50_000_000, "adgroup_id": 30}
    (one,) = decide(a_state([an_ad(1, group=group)], pace={30: 0.25}, policy=neutral()))
    assert one.winner.bid_micros == -1
    assert one.winner.offer == pytest.approx(0.25 * 1_000_000 * 0.01 * 1_000)
    (small,) = decide(a_state([an_ad(1, group={**group, "budget_micros": 2_000_000})], policy=neutral()))
    assert small.winner.offer == pytest.approx(100_000 * 0.01 * 1_000)


def test_pacing_lowers_the_offer_and_the_price_stays_below_what_is_left_of_the_bid():
    ads = [an_ad(1, group={"bid_micros": 900_000, "adgroup_id": 31}), an_ad(2, group={"bid_micros": 400_000})]
    (one,) = decide(a_state(ads, pace={31: 0.5}, policy=neutral()))
    assert (one.winner.ad_id, one.winner.pace, one.winner.bid_micros) == (1, 0.5, 900_000)
    assert one.claims.price_micros == pytest.approx(400_000, abs=1)
    assert decide(a_state(ads, pace={31: 0.4}, policy=neutral()))[0].winner.ad_id == 2


def test_offers_in_two_currencies_meet_in_euros_and_each_pays_in_its_own():
    ads = [an_ad(1, group={"currency": "JPY", "bid_micros": 100_000_000}), an_ad(2, group={"bid_micros": 400_000})]
    state = a_state(ads, policy=neutral())
    (one,) = decide(state)
    unit = one.winner.offer / (100_000_000 * 0.01 * 1_000)
    assert one.claims.currency == "JPY"
    assert one.claims.price_micros == pytest.approx(400_000 / unit, rel=1e-6)
    assert one.claims.price_micros <= 100_000_000


def test_two_slots_go_to_two_advertisers():
    group = {"advertiser_id": 9}
    ads = [an_ad(1, group={**group, "bid_micros": 900_000}), an_ad(2, group={**group, "bid_micros": 800_000}), an_ad(3)]
    first, second = decide(a_state(ads, policy=neutral()), slots=(3, 9))
    assert (first.winner.ad_id, second.winner.ad_id) == (1, 3)
    assert second.dropped_by_name == {"same_advertiser": 2}
    assert (first.decision_id, second.decision_id) == (103, 109)
    third = decide(a_state(ads, policy=neutral()), slots=(1, 2, 3))[2]
    assert (third.no_ad, third.dropped_by_name) == (NoAd.ALL_DROPPED, {"same_advertiser": 3})


def test_one_search_and_one_prediction_serve_all_slots():
    state = a_state([an_ad(number) for number in range(1, 9)])
    decide(state, slots=(3, 9))
    assert len(state.predictor.asked) == 1


def test_an_index_in_several_segments_decides_as_one_would():
    rng = random.Random(5)
    ads = [an_ad(number, group={"bid_micros": rng.randint(1, 10) * 100_000}) for number in range(1, 30)]
    told = {number: rates(rng.uniform(0.001, 0.03)) for number in range(1, 30)}
    one = decide(a_state(ads, rates=told), slots=(3, 9))
    parted = decide(a_state(ads[:11], ads[11:20], ads[20:], rates=told), slots=(3, 9))
    for whole, part in zip(one, parted, strict=True):
        assert FLAT(part, scanned=0, visited=0) == FLAT(whole, scanned=0, visited=0)


def test_who_cannot_pay_does_not_set_the_price():
    ads = [
        an_ad(1, group={"bid_micros": 900_000, "envelope_id": 31}),
        an_ad(2, group={"bid_micros": 800_000, "envelope_id": 32}),
        an_ad(3, group={"bid_micros": 300_000, "envelope_id": 33}),
    ]
    (one,) = decide(a_state(ads, rooms={31: 10**9, 32: 799_999, 33: 10**9}, policy=neutral()))
    assert (one.winner.ad_id, one.runner_up.ad_id) == (1, 3)
    assert one.claims.price_micros == pytest.approx(300_000, abs=1)
    assert one.dropped_by_name == {"budget_adgroup": 1, "outbid": 1}


def test_what_was_decided_is_held_until_totals_know_of_it():
    ad = an_ad(
        1, group={"billing_event": "CPM", "optimization_goal": "REACH", "bid_micros": 6_000_000, "envelope_id": 31}
    )
    state = a_state([ad], rooms={31: 30_000}, policy=neutral(reserve_ecpm=6_000_000.0))
    for _ in range(5):
        decisions = decide(state)
        assert decisions[0].claims.price_micros == 6_000
        hold(state, decisions, wire_ms=NOON_MS)
    assert state.allowances.outstanding_micros(31) == 30_000
    assert decide(state)[0].dropped_by_name == {"budget_adgroup": 1}


def test_a_click_is_held_as_far_as_it_is_likely():
    state = a_state([an_ad(1, group={"envelope_id": 31})], policy=neutral(reserve_ecpm=1_000_000.0))
    decisions = decide(state)
    hold(state, decisions, wire_ms=NOON_MS)
    assert state.allowances.outstanding_micros(31) == decisions[0].claims.price_micros // 100
    assert decisions[0].claims.envelopes == (31,)


def test_the_same_request_on_the_same_state_is_the_same_decision_byte_for_byte():
    rng = random.Random(3)
    ads = some_ads(rng, 300)
    for number in range(60):
        request = a_request(viewer=a_viewer(rng), seed=rng.getrandbits(64))
        first = [encode_decision(one) for one in decide_slots(request, a_state(ads), NEW, (3, 9))]
        again = [encode_decision(one) for one in decide_slots(request, a_state(ads), NEW, (3, 9))]
        assert first == again, number
        assert [encode_decision(decode_decision(one)) for one in first] == first


def test_compiled_and_plain_loops_decide_alike(monkeypatch):
    rng = random.Random(8)
    ads = some_ads(rng, 600)
    for ad in ads[::7]:
        ads[ads.index(ad)] = FLAT(ad, group=FLAT(ad.group, frequency=2, frequency_days=7))
    drawn = {ad.ad_id: rates(click=rng.uniform(0, 0.05)) for ad in ads[::5]}
    told = {ad.ad_id: rates(click=rng.choice((0.01, rng.uniform(0, 0.05)))) for ad in ads}
    entry = {ad.group.adgroup_id: 0.5 for ad in ads[::4]}
    state = a_state(ads, rates=told, drawn=drawn, entry=entry, policy=Policy(reserve_ecpm=1_500_000.0))
    memory, wins = NEW, 0
    for turn in range(200):
        request = a_request(
            viewer=FLAT(a_viewer(rng), owns=(5,) if turn % 9 == 0 else ()),
            seed=rng.getrandbits(64),
            now_ms=NOON_MS + turn,
        )
        both = []
        for are_ready in (True, False):
            monkeypatch.setattr("attise.serving.kernels.are_ready", lambda ready=are_ready: ready)
            both.append(decide_slots(request, state, memory, (3, 9), beside=turn % 3))
        assert both[0] == both[1], turn
        wins += both[0][0].is_ad
        if turn % 20 == 0:
            memory = remembered(*(one for one in both[0] if one.is_ad), now_ms=NOON_MS + turn)
    assert wins > 60


def test_of_any_viewer_and_ads_everything_is_accounted_for_and_no_price_is_above_its_bid():
    rng = random.Random(4)
    ads = some_ads(rng, 900)
    state = a_state(ads, policy=Policy(reserve_ecpm=200_000.0, candidates=16))
    wins = 0
    for _ in range(150):
        for one in decide_slots(a_request(viewer=a_viewer(rng), seed=rng.getrandbits(64)), state, None, (0, 1, 2)):
            assert sum(count for _, count in one.dropped) + one.is_ad == one.live == len(ads)
            assert (one.no_ad is None) == one.is_ad
            if one.winner is not None:
                wins += 1
                assert 0 <= one.claims.price_micros <= one.winner.bid_micros
                assert 200_000 <= one.price_ecpm <= one.winner.offer
    assert wins > 60


def test_below_the_reserve_or_the_price_of_attention_a_slot_stays_without_an_ad():
    ads = [an_ad(1, group={"bid_micros": 40_000})]
    assert decide(a_state(ads, policy=LIVE))[0].no_ad is NoAd.BELOW_RESERVE
    (one,) = decide(a_state(ads, policy=neutral(attention_ecpm=500_000.0)))
    assert (one.no_ad, one.dropped_by_name) == (NoAd.BELOW_ATTENTION, {"attention": 1})
    assert decide(a_state(ads, policy=SANDBOX))[0].is_ad


def test_after_a_hide_no_slot_has_an_ad_for_twenty_videos():
    state = a_state([an_ad(1), an_ad(2)])
    memory, viewer = ViewerMemory(quiet_until_video=20), FLAT(VIEWER, hidden_ads=(1,))
    first, second = decide(state, memory, viewer=viewer, slots=(19, 20), ids=tuple(range(30)))
    assert (first.no_ad, first.found) == (NoAd.AFTER_HIDE, 0)
    assert (second.winner.ad_id, second.dropped_by_name) == (2, {"hidden": 1})
    assert decide(state, memory, slots=(3, 9))[1].no_ad is NoAd.AFTER_HIDE


def test_what_a_viewer_hid_for_good_is_never_shown_whatever_is_remembered():
    state = a_state([an_ad(1), an_ad(2)])
    for hidden in ({"hidden_ads": (1,)}, {"hidden_advertisers": (1_001,)}):
        viewer = FLAT(VIEWER, **hidden)
        for memory in (None, NEW):
            (one,) = decide(state, memory, viewer=viewer)
            assert (one.winner.ad_id, one.dropped_by_name) == (2, {"hidden": 1})
            assert viewer_again(one.viewer).hidden_ads == viewer.hidden_ads, "decided again, it is dropped again"
    both = FLAT(VIEWER, hidden_ads=(2,), hidden_advertisers=(1_001,))
    assert decide(state, viewer=both)[0].dropped_by_name == {"hidden": 2}


def test_nobody_is_shown_their_own_ads():
    state = a_state([an_ad(1), an_ad(2)])
    creator = FLAT(VIEWER, owns=(5_001,))
    advertiser = FLAT(VIEWER, owns=(1_001, 77))
    for viewer in (creator, advertiser):
        (one,) = decide(state, viewer=viewer)
        assert (one.winner.ad_id, one.dropped_by_name) == (2, {"own_ad": 1})


def test_somebody_without_memory_is_decided_for_and_counted_nowhere():
    (one,) = decide(a_state([an_ad(1)]), viewer=ViewerContext(pseudonym=""))
    assert (one.winner.exposures, one.winner.ms_since_exposure, one.moment.videos_since_ad) == (0, -1, -1)


def test_the_prediction_hears_of_exposures_and_of_the_last_ad():
    state = a_state([an_ad(1), an_ad(2)])
    (shown,) = decide(state, NEW)
    memory = remembered(shown, now_ms=NOON_MS - DAY_MS)
    (one,) = decide(state, memory, now_ms=NOON_MS)
    asked = state.predictor.asked[-1]
    assert sorted(asked["exposures"].tolist()) == [0, 1]
    assert sorted(asked["since_ms"].tolist()) == [-1, DAY_MS]
    assert (asked["index"], asked["gap"], asked["seed"]) == (3, 3, 7)
    assert (one.moment.videos_since_ad, one.moment.ms_since_ad) == (3, DAY_MS)


def test_a_draw_may_win_and_is_told_and_the_price_stays_within_the_bid():
    ads = [an_ad(1, group={"bid_micros": 400_000}), an_ad(2, group={"bid_micros": 500_000})]
    state = a_state(ads, drawn={1: rates(click=0.03)}, policy=neutral())
    (one,) = decide(state)
    assert (one.winner.ad_id, one.is_exploration, one.winner.is_exploring) == (1, True, True)
    assert one.claims.price_micros == pytest.approx(0.01 * 500_000 / 0.03, abs=1)
    assert one.winner.predictions[0] == pytest.approx(0.01)
    assert one.winner.rank_value == pytest.approx(0.03 * 400_000 * 1_000, rel=1e-6)
    assert claims_of(one).is_exploration
    same = a_state(ads, drawn={2: rates(click=0.02)}, policy=neutral())
    assert not decide(same)[0].is_exploration


def test_what_a_draw_chose_says_how_likely_it_was():
    ads = [an_ad(1, group={"bid_micros": 400_000}), an_ad(2, group={"bid_micros": 500_000})]
    state = a_state(ads, drawn={1: rates(click=0.03)}, policy=neutral())
    (one,) = decide(state)
    assert one.winner.ad_id == 1
    # Ad 1 needs a click rate 1.25 times its mean: with a width of 0.5, a draw above 0.45 standard deviations.
    told = [decide(state, seed=seed)[0].propensity for seed in range(60)]
    assert abs(sum(told) / len(told) - 0.35) < 0.05
    (greedy,) = decide(a_state(ads, drawn={1: rates(click=0.002)}, policy=neutral()))
    assert greedy.winner.ad_id == 2
    assert abs(greedy.propensity + one.propensity - 1) < 0.05
    both = decide(a_state(ads, drawn={1: rates(click=0.03)}, policy=neutral()), slots=(3, 9))
    assert [decision.propensity for decision in both] == [1.0, 1.0]
    (plain,) = decide(a_state(ads, policy=neutral()))
    assert plain.propensity == 1.0


def test_a_holdout_leaves_a_ghost_and_the_slot_to_the_next():
    ads = [an_ad(1, group={"bid_micros": 900_000, "holdout_ppm": 500_000}), an_ad(2)]
    policy = neutral()
    state = a_state(ads, policy=policy)
    arms = {True: 0, False: 0}
    for number in range(300):
        viewer = FLAT(VIEWER, pseudonym=f"v{number}")
        (one,) = decide(state, viewer=viewer)
        held = is_held_out(2_001, viewer.pseudonym, share_ppm=500_000, salt=policy.salt)
        arms[held] += 1
        assert one.winner.ad_id == (2 if held else 1)
        assert [ghost.ad_id for ghost in one.ghosts] == ([1] if held else [])
        assert one.dropped_by_name == ({"holdout": 1} if held else {"outbid": 1})
    assert min(arms.values()) > 100
    alone = a_state([an_ad(1, group={"holdout_ppm": 1_000_000})], policy=policy)
    assert decide(alone)[0].no_ad is NoAd.HOLDOUT
    nobody = FLAT(VIEWER, pseudonym="")
    assert decide(alone, viewer=nobody)[0].winner.ad_id == 1  # in no arm


def test_a_share_that_changes_moves_nobody_between_the_arms_but_those_between_the_two_shares():
    def held_out(share_ppm):
        state = a_state([an_ad(1, group={"holdout_ppm": share_ppm})], policy=neutral())
        people = [FLAT(VIEWER, pseudonym=f"v{number}") for number in range(300)]
        return {one.pseudonym for one in people if not decide(state, viewer=one)[0].is_ad}

    none, some, more = map(held_out, (0, 100_000, 300_000))
    assert none == set()
    assert 10 < len(some) < 60 < len(more) < 130
    assert some < more


def test_the_house_may_hold_out_a_share_of_every_campaign_and_the_greater_one_counts():
    ads = [an_ad(1), an_ad(2, group={"holdout_ppm": 300_000})]
    state = a_state(ads, policy=neutral(holdout_ppm=200_000))
    found = {int(row["campaign_id"]): int(row["holdout_ppm"]) for row in state.parts[0].offers.rows}
    assert found == {2_001: 200_000, 2_002: 300_000}


def test_holdouts_have_the_share_that_is_asked_for_and_one_campaigns_tells_nothing_of_anothers():
    people = [f"p{number}" for number in range(20_000)]
    first = np.array([is_held_out(1, one, share_ppm=100_000, salt=b"k") for one in people])
    second = np.array([is_held_out(2, one, share_ppm=100_000, salt=b"k") for one in people])
    assert abs(first.mean() - 0.1) < 0.01
    assert abs((first & second).mean() - 0.01) < 0.004
    wider = np.array([is_held_out(1, one, share_ppm=200_000, salt=b"k") for one in people])
    assert (wider | ~first).all()
    assert not is_held_out(1, "", share_ppm=1_000_000, salt=b"k")
    assert all(is_held_out(1, one, share_ppm=1_000_000, salt=b"k") for one in people[:100])


def test_pacing_by_entry_lets_a_group_take_part_in_its_share_of_contests():
    state = a_state([an_ad(1, group={"adgroup_id": 31})], entry={31: 0.3})
    wins = sum(decide(state, seed=seed)[0].is_ad for seed in range(1_000))
    assert 240 <= wins <= 360
    (out,) = [one for seed in range(10) if not (one := decide(state, seed=seed)[0]).is_ad][:1]
    assert out.dropped_by_name == {"paced": 1}


def test_where_totals_have_not_been_told_for_too_long_nothing_is_spent():
    (one,) = decide(a_state([an_ad(1)], totals_at_ms=NOON_MS - 60_000))
    assert (one.no_ad, one.dropped_by_name) == (NoAd.ALL_DROPPED, {"totals_stale": 1})


def test_a_standard_ad_has_no_post_and_its_token_says_so():
    ad = an_ad(1)
    standard = a_standard_ad_record(1, group=ad.group)
    (one,) = decide(a_state([standard]))
    claims = claims_of(one)
    assert (claims.post_id, claims.ad.is_spark, claims.ad.grant_id, claims.duration_ms) == (0, False, 0, 9_000)
    spark = claims_of(decide(a_state([ad]))[0])
    assert (spark.post_id, spark.creator_id, spark.ad.is_spark, spark.ad.grant_id) == (6_001, 5_001, True, 4_001)
    assert (spark.ad.click_window, spark.place, spark.viewer) == ("SEVEN_DAYS", 3, "v1")


def test_a_stopped_ad_takes_no_part_from_the_next_decision_on_and_can_still_be_rendered():
    state = a_state([an_ad(1, group={"bid_micros": 900_000}), an_ad(2)])
    (before,) = decide(state)
    state.segments[0].clear_ads([1])
    (after,) = decide(state)
    assert (before.winner.ad_id, after.winner.ad_id) == (1, 2)
    assert after.dropped_by_name == {"not_live": 1}
    assert state.find_ad(1).ad_id == 1
    assert state.find_ad(99) is None


def test_reasons_come_in_their_order_and_each_ad_once():
    ads = [an_ad(number, group={"advertiser_id": 9, "campaign_id": 8}) for number in range(1, 4)]
    (shown,) = decide(a_state(ads), NEW)
    memory = as_if_shown(as_if_shown(NEW, shown, ad_id=1), shown, ad_id=1)
    (one,) = decide(a_state(ads), memory, viewer=FLAT(VIEWER, owns=(5_002,)))
    assert one.dropped == ((int(Drop.OWN_AD), 1), (int(Drop.FREQUENCY_AD), 1), (int(Drop.ADVERTISER_GAP), 1))


def test_no_slots_are_no_decisions_and_an_empty_index_has_none_eligible():
    assert decide(a_state([an_ad(1)]), slots=()) == ()
    (one,) = decide(a_state([]))
    assert (one.no_ad, one.live, one.dropped) == (NoAd.NONE_ELIGIBLE, 0, ())
    assert allowances_of().version == 1
    assert len(USUAL) == 6
