"""How many people an ad group is for: by the rule of decisions, from a sample, told without telling of anybody."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.limits import AUDIENCE_FEW
from attise.records.feed import ViewerContext
from attise.records.lookups import regions
from attise.records.targeting import Targeting
from attise.serving.targeting.audience import Asked, Size, estimate, two_digits
from attise.serving.targeting.laws import ADULTS
from attise.serving.targeting.matching import is_meant_for
from tests.targeting import a_targeting, a_viewer

FRANCE = regions.by_iso("FR").id


def asked(objective: str = "TRAFFIC", **parts) -> Asked:
    parts = {"locations": (FRANCE,), "age_groups": ADULTS} | parts
    return Asked(Targeting(**parts), objective, "none")


def people(count: int, **facts) -> list[ViewerContext]:
    facts = {"country": "FR", "age": 30, "gender": "female"} | facts
    return [ViewerContext(str(number), **facts) for number in range(count)]


def test_of_a_house_that_was_looked_at_whole_the_count_is_told_rounded_down():
    found = estimate(asked(gender="GENDER_FEMALE"), [*people(1_234), *people(3_000, gender="male")], 4_234)
    assert (found.people, found.least, found.most, found.size) == (1_200, 1_200, 1_300, Size.BALANCED)


@pytest.mark.parametrize("count", [0, 1, AUDIENCE_FEW - 1])
def test_few_people_are_not_counted_out_loud(count):
    found = estimate(asked(gender="GENDER_FEMALE"), [*people(count), *people(2_000, gender="male")], count + 2_000)
    assert found == estimate(asked(gender="GENDER_FEMALE"), people(2_000, gender="male"), 2_000)
    assert (found.is_few, found.size, found.most) == (True, Size.NARROW, AUDIENCE_FEW)


def test_one_person_more_or_less_is_seen_by_nobody():
    told = {estimate(asked(), people(count), count).people for count in range(12_000, 12_100, 11)}
    assert told == {12_000}


def test_an_audience_is_broad_from_half_of_the_adults_of_its_places_on():
    abroad = people(9_000, country="DE")
    half = [*people(2_000), *people(2_000, gender="male"), *abroad]
    assert estimate(asked(gender="GENDER_FEMALE"), half, len(half)).size is Size.BROAD
    less = [*people(1_900), *people(2_100, gender="male"), *abroad]
    assert estimate(asked(gender="GENDER_FEMALE"), less, len(less)).size is Size.BALANCED


def test_whoever_no_ad_may_be_shown_to_is_not_counted():
    silent = people(1_500, interests=("1001",), may_profile=False)
    agreed = people(1_000, interests=("1001",), may_profile=True)
    assert estimate(asked(interests=(1_001,)), [*silent, *agreed], 2_500).people == 1_000
    minors = people(1_500, age=15)
    everybody = Asked(Targeting(locations=(FRANCE,)), "LEAD_GENERATION", "none")
    assert estimate(everybody, [*minors, *people(1_000)], 2_500).people == 1_000


def test_a_sample_tells_of_everybody_within_the_bounds_that_it_names():
    truth, total, inside = 0.3, 200_000, 0
    for seed in range(100):
        rng = random.Random(seed)
        sample = [*people(met := sum(rng.random() < truth for _ in range(1_000))), *people(1_000 - met, gender="male")]
        found = estimate(asked(gender="GENDER_FEMALE"), sample, total)
        inside += found.least <= truth * total <= found.most
        assert found.least <= found.people <= found.most
    assert inside >= 93


@given(st.integers(0, 2**31), st.booleans())
def test_figures_are_of_two_digits_and_keep_their_order(count, up):
    rounded = two_digits(count, up=up)
    assert rounded >= count if up else rounded <= count
    assert len(str(rounded).rstrip("0")) <= 2
    assert abs(rounded - count) * 10 <= count


def test_whom_a_group_is_for_asks_nothing_of_time_or_grants():
    rng = random.Random(5)
    met = sum(is_meant_for(Asked(a_targeting(rng), "TRAFFIC", "none"), a_viewer(rng)) for _ in range(2_000))
    assert 0 < met < 2_000
