"""The auction: nobody pays more than their bid, none better by another bid than the honest one, ties by hash."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attise.records.drops import Drop
from attise.serving.delivery.auction import NOBODY, run_auction
from attise.serving.delivery.caps import NONE

VALUES = st.integers(0, 40).map(lambda step: step / 4)
LIKED = st.integers(-8, 8).map(lambda step: step / 4)
REACHES = st.sampled_from([(1.0,), (1.0, 1.0), (1.0, 0.8), (1.0, 0.5, 0.5), (1.0, 0.7, 0.2)])


@st.composite
def contests(draw):
    many = draw(st.integers(1, 8))
    return {
        "offer": np.array(draw(st.lists(VALUES, min_size=many, max_size=many))),
        "user_value": np.array(draw(st.lists(LIKED, min_size=many, max_size=many))),
        "advertiser_id": np.array(draw(st.lists(st.integers(1, 4), min_size=many, max_size=many))),
        "ad_id": np.array(draw(st.permutations(range(1, many + 1)))),
        "reach": draw(REACHES),
        "reserve": draw(st.sampled_from([0.0, 0.5, 3.0])),
        "attention": draw(st.sampled_from([0.0, 1.0])),
        "seed": draw(st.integers(0, 2**64 - 1)),
    }


def auction(offer, user_value=None, advertiser_id=None, **about):
    many = len(offer)
    return run_auction(
        np.array(offer, dtype=np.float64),
        np.zeros(many) if user_value is None else np.array(user_value, dtype=np.float64),
        np.arange(many) if advertiser_id is None else np.array(advertiser_id),
        np.arange(1, many + 1),
        **about,
    )


def test_one_slot_goes_to_the_best_for_what_the_next_one_is_worth():
    (place,) = auction([5.0, 9.0, 7.0]).places
    assert (place.winner, place.runner_up, place.price) == (1, 2, pytest.approx(7.0))
    assert place.share == pytest.approx(7 / 9)


def test_what_the_viewer_likes_counts_for_the_rank_and_lowers_the_price():
    (place,) = auction([5.0, 6.0], [2.0, 0.0]).places
    assert (place.winner, place.price) == (0, pytest.approx(4.0))


def test_what_the_viewer_dislikes_must_be_paid_for_even_by_the_only_one():
    (place,) = auction([5.0], [-2.0]).places
    assert place.price == pytest.approx(2.0)
    assert auction([5.0], [-6.0]).places == ()


def test_an_only_ad_pays_the_reserve_and_nothing_where_there_is_none():
    assert auction([5.0]).places[0].price == 0.0
    assert auction([5.0], reserve=1.5).places[0].price == pytest.approx(1.5)


def test_the_reserve_is_held_against_the_offer_and_attention_against_the_whole_value():
    result = auction([1.0, 2.0, 5.0, 0.0], [9.0, -1.5, -3.0, 5.0], reserve=1.5, attention=1.0)
    assert [Drop(one) if one != NONE else None for one in result.drop] == [
        Drop.RESERVE,
        Drop.ATTENTION,
        None,
        Drop.NO_BID,
    ]
    assert result.places[0].price == pytest.approx(4.0)


def test_an_advertisers_own_second_ad_neither_wins_nor_sets_its_price():
    result = auction([9.0, 8.0, 3.0], advertiser_id=[1, 1, 2], reach=(1.0, 1.0))
    assert [place.winner for place in result.places] == [0, 2]
    assert [place.price for place in result.places] == pytest.approx([0.0, 0.0])
    assert auction([9.0, 8.0, 3.0], advertiser_id=[1, 1, 2]).places[0].price == pytest.approx(3.0)


def test_the_first_of_two_slots_pays_for_what_it_moves_down():
    first, second = auction([9.0, 6.0, 4.0], reach=(1.0, 0.5)).places
    assert (first.winner, first.price) == (0, pytest.approx(0.5 * 6 + 0.5 * 4))
    assert (second.winner, second.price, second.runner_up) == (1, pytest.approx(4.0), 2)


def test_who_is_held_out_leaves_a_ghost_and_does_not_set_the_price():
    result = auction([9.0, 8.0, 3.0, 2.0], is_held_out=lambda place: place == 1)
    assert (result.places[0].winner, result.places[0].price) == (0, pytest.approx(3.0))
    assert result.ghosts == ()
    result = auction([9.0, 8.0, 3.0, 2.0], is_held_out=lambda place: place == 0)
    assert (result.places[0].winner, result.ghosts) == (1, ((0, 0),))
    both = auction([9.0, 8.0, 3.0, 2.0], is_held_out=lambda place: place < 2, reach=(1.0, 1.0))
    assert both.ghosts == ((0, 0), (1, 0))


def test_a_drawn_rate_decides_the_rank_and_never_lifts_the_price_above_the_offer():
    offer, drawn = np.array([4.0, 6.0]), np.array([12.0, 6.0])
    about = {"user_value": np.zeros(2), "advertiser_id": np.array([1, 2]), "ad_id": np.array([1, 2])}
    (place,) = run_auction(offer, rank_offer=drawn, **about).places
    assert (place.winner, place.share, place.price) == (0, pytest.approx(0.5), pytest.approx(2.0))


def test_equal_values_are_ordered_by_a_hash_of_request_and_ad_and_not_by_place():
    wins = [auction([5.0] * 4, seed=seed).places[0].winner for seed in range(400)]
    assert wins == [auction([5.0] * 4, seed=seed).places[0].winner for seed in range(400)]
    assert all(60 <= wins.count(one) <= 140 for one in range(4))
    assert auction([5.0] * 4, seed=1).places[0].price == 5.0


def test_nobody_there_is_no_winner():
    result = auction([])
    assert (result.places, result.ghosts) == ((), ())
    assert auction([3.0]).places[0].runner_up == NOBODY


@settings(max_examples=400)
@given(contest=contests())
def test_every_price_is_between_reserve_and_offer_and_no_advertiser_wins_twice(contest):
    places = run_auction(**contest).places
    for place in places:
        offer = contest["offer"][place.winner]
        assert max(0.0, contest["reserve"]) - 1e-9 <= place.price <= offer * (1 + 1e-12)
        assert offer + contest["user_value"][place.winner] >= contest["attention"]
    advertisers = contest["advertiser_id"][[place.winner for place in places]]
    assert len(set(advertisers.tolist())) == len(places)


@settings(max_examples=400)
@given(contest=contests(), raised=st.integers(1, 40))
def test_a_higher_bid_never_loses_a_slot_nor_changes_its_price(contest, raised):
    before = run_auction(**contest).places
    for slot, place in enumerate(before):
        offer = contest["offer"].copy()
        offer[place.winner] += raised / 4
        after = run_auction(**{**contest, "offer": offer}).places
        found = [number for number, one in enumerate(after) if one.winner == place.winner]
        assert found
        assert found[0] <= slot
        if found[0] == slot:
            assert after[slot].price == pytest.approx(place.price)


@settings(max_examples=300)
@given(contest=contests(), who=st.integers(0, 7), factor=st.sampled_from([0.25, 0.5, 0.8, 0.95, 1.05, 1.25, 2.0, 4.0]))
def test_no_other_bid_is_better_than_the_honest_one(contest, who, factor):
    contest["advertiser_id"] = np.arange(len(contest["offer"]))
    who %= len(contest["offer"])
    worth = float(contest["offer"][who])

    def gain(offer):
        places = run_auction(**{**contest, "offer": offer}).places
        return sum(contest["reach"][slot] * (worth - one.price) for slot, one in enumerate(places) if one.winner == who)

    other = contest["offer"].copy()
    other[who] *= factor
    assert gain(other) <= gain(contest["offer"]) + 1e-9
