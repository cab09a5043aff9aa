"""The price of attention follows the share of ads, and is nothing where ads are scarce."""

import random

from hypothesis import given
from hypothesis import strategies as st

from attise.serving.delivery.policy import Policy
from attise.serving.feed.answer import answer
from attise.serving.feed.attention import LEAST_ITEMS, TARGET_SHARE, Attention, AttentionMeter, counted, stepped
from attise.serving.feed.posts import from_posts
from tests.delivering import WIRE_MS, a_request, a_state, an_ad
from tests.serving.feed.stock import posts
from tests.snapshot_records import NOON_MS


def day_of(seed, minutes, ads_wanted=0.16):
    """Slots are offered ads of exponential worth; those below the price are not shown."""
    chance, attention, shares = random.Random(seed), Attention(), []
    for _ in range(minutes):
        items = ads = 0
        for _ in range(100):
            offered = [chance.expovariate(1 / 4_000_000) for _ in range(round(10 * ads_wanted * 10))]
            shown = tuple(one for one in offered[:2] if one >= attention.price_ecpm)
            attention = counted(attention, items=12, ad_values_ecpm=shown)
            items, ads = items + 12, ads + len(shown)
        shares.append(ads / items)
        attention = stepped(attention)
    return attention, sum(shares[-30:]) / 30


def test_the_share_of_ads_comes_to_what_is_wanted():
    for seed in range(3):
        attention, share = day_of(seed, 120)
        assert attention.price_ecpm > 0
        assert abs(share / TARGET_SHARE - 1) < 0.05


def test_scarce_ads_cost_no_attention():
    attention, share = day_of(1, 40, ads_wanted=0.005)
    assert share < TARGET_SHARE
    assert attention.price_ecpm == 0


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0, 1e9), st.floats(0, 1e7))
def test_the_price_is_never_negative_and_few_items_say_nothing(items, ads, price, worth):
    before = Attention(price, 1e6, items, min(ads, items), worth * min(ads, items))
    after = stepped(before)
    assert after.price_ecpm >= 0
    assert (after == before) == (items < LEAST_ITEMS) or after.items == 0


def test_a_process_keeps_ads_to_their_share_of_the_items_it_shows():
    ads = [an_ad(number, group={"bid_micros": 300_000 + 20_000 * number}) for number in range(1, 40)]
    state, stock = a_state(ads), from_posts(posts(300), now_ms=NOON_MS)
    meter, shares = AttentionMeter(), []
    for turn in range(600):
        request = a_request(seed=turn * 7_919, wire_ms=WIRE_MS + turn * 3_000 % 9_000)
        chance = random.Random(turn)
        liked = dict.fromkeys(range(1, 40), (0.02 * chance.random(), 0.35, 0.2, 0.04, 0.03, 0.003))
        state.predictor.rates = liked
        given = answer(request, stock, meter.priced(state), None)
        meter.saw(given, wire_ms=turn * 3_000)
        shares.append(len(given.ads) / len(given.items))
    assert sum(shares[:20]) / 20 > 0.18
    assert abs(sum(shares[-200:]) / 200 / TARGET_SHARE - 1) < 0.25
    assert meter.price_ecpm > 0


def test_a_state_is_priced_anew_only_when_the_price_or_the_state_changes():
    meter, state = AttentionMeter(), a_state([an_ad(1)])
    assert meter.priced(state) is state
    meter._attention = Attention(5e6)
    priced = meter.priced(state)
    assert priced.policy.attention_ecpm == 5e6
    assert meter.priced(state) is priced
    assert state.policy.attention_ecpm == 0
    dear = a_state([an_ad(1)], policy=Policy(attention_ecpm=9e6))
    assert meter.priced(dear) is dear
