"""The price of attention follows the share of ads, and is nothing where ads are scarce."""

import random

from hypothesis import given
from hypothesis import strategies as st

from attise.serving.feed.attention import LEAST_ITEMS, TARGET_SHARE, Attention, counted, stepped


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
