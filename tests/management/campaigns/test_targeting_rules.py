"""Whom an ad group may be meant for: every rule by itself, all of them together, and what is never let through."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import TARGETED_BEHAVIOURS, TARGETED_ENTRIES, TARGETED_LOCATIONS
from attise.management.campaigns import targeting_rules as rules
from attise.management.campaigns.errors import MINORS_NOT_HERE
from attise.records.lookups import behaviours, interests, languages, regions
from attise.records.targeting import Behaviour, Targeting
from tests.refusals import refusals_of

FRANCE, BELGIUM, JAPAN = (regions.find(code).id for code in ("FR", "BE", "JP"))
ILE_DE_FRANCE, GUADELOUPE = (regions.find(code).id for code in ("FR-IDF", "GP"))
RECIPES = Behaviour("VIDEO_RELATED", (200103,), ("LIKED", "SHARED"), 7)


def clean(objective_type: str = "REACH", **parts):
    more = {name: parts.pop(name) for name in ("category", "special_industries") if name in parts}
    parts.setdefault("locations", (FRANCE,))
    if "mine" in parts:
        more["audiences"] = parts.pop("mine")
    return rules.clean_targeting(Targeting(**parts), objective_type=objective_type, **more)


def refused(**parts):
    return refusals_of(clean, **parts)


def test_a_whole_targeting_comes_back_as_it_was():
    whole = Targeting(
        locations=(ILE_DE_FRANCE, BELGIUM),
        languages=("fr", "nl"),
        age_groups=("AGE_18_24", "AGE_55_100"),
        gender="GENDER_FEMALE",
        operating_systems=("IOS",),
        device_price_least=300,
        device_price_most=1000,
        interests=(1003, 100101),
        behaviours=(RECIPES, Behaviour("CREATOR_RELATED", (2005,), (), 0)),
        audiences=(7,),
        excluded_audiences=(8,),
        followers="excluded",
    )
    assert rules.clean_targeting(whole, objective_type="TRAFFIC", audiences={7, 8, 9}) == whole


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"locations": ()}, [("targeting.locations", "targeting_location_required")]),
        ({"locations": (1, FRANCE)}, [("targeting.locations[0]", "targeting_location_unknown")]),
        ({"locations": (FRANCE, FRANCE)}, [("targeting.locations[1]", "targeting_twice")]),
        ({"locations": (FRANCE, ILE_DE_FRANCE)}, [("targeting.locations[1]", "targeting_location_overlap")]),
        ({"locations": (GUADELOUPE, FRANCE)}, [("targeting.locations[0]", "targeting_location_overlap")]),
        ({"locations": tuple(range(3001))}, [("targeting.locations", "targeting_too_many")]),
        ({"languages": ("fr", "xx")}, [("targeting.languages[1]", "language_unknown")]),
        ({"languages": ("FR",)}, [("targeting.languages[0]", "language_unknown")]),
        ({"age_groups": ("AGE_0_12",)}, [("targeting.age_groups[0]", "targeting_choice")]),
        ({"age_groups": ("AGE_18_24", "AGE_18_24")}, [("targeting.age_groups[1]", "targeting_twice")]),
        ({"gender": "female"}, [("targeting.gender", "targeting_choice")]),
        ({"operating_systems": ("WINDOWS",)}, [("targeting.os[0]", "targeting_choice")]),
        ({"operating_systems": ("ANDROID", "IOS")}, [("targeting.os", "targeting_one_system")]),
        ({"device_price_least": 120}, [("targeting.device_price.least", "targeting_device_price_step")]),
        ({"device_price_least": -50}, [("targeting.device_price.least", "targeting_device_price_step")]),
        ({"device_price_most": 0}, [("targeting.device_price.most", "targeting_device_price_step")]),
        ({"device_price_most": 1050}, [("targeting.device_price.most", "targeting_device_price_step")]),
        (
            {"device_price_least": 500, "device_price_most": 500},
            [("targeting.device_price", "targeting_device_price_order")],
        ),
        ({"interests": (1003, 2001)}, [("targeting.interests[1]", "interest_unknown")]),
        ({"interests": (1003, 1003)}, [("targeting.interests[1]", "targeting_twice")]),
        ({"interests": tuple(range(1001))}, [("targeting.interests", "targeting_too_many")]),
        ({"audiences": (5,)}, [("targeting.audiences[0]", "targeting_audience_unknown")]),
        ({"excluded_audiences": (5,)}, [("targeting.excluded_audiences[0]", "targeting_audience_unknown")]),
        (
            {"audiences": (5,), "excluded_audiences": (6, 5), "mine": {5, 6}},
            [("targeting.excluded_audiences[1]", "targeting_audience_both_ways")],
        ),
        ({"followers": "some"}, [("targeting.followers", "targeting_choice")]),
    ],
)
def test_each_part_is_checked_and_named(parts, told):
    assert refused(**parts) == told


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (Behaviour("LIVE_RELATED", (200103,)), [("scene", "targeting_choice")]),
        (Behaviour("VIDEO_RELATED", ()), [("categories", "field_required")]),
        (Behaviour("VIDEO_RELATED", (1003,)), [("categories[0]", "targeting_behaviour_unknown")]),
        (Behaviour("VIDEO_RELATED", (200103, 200401)), [("categories[1]", "targeting_behaviour_elsewhere")]),
        (Behaviour("VIDEO_RELATED", (200103, 200103)), [("categories[1]", "targeting_twice")]),
        (Behaviour("VIDEO_RELATED", (200103,), ("FOLLOWING",)), [("actions[0]", "targeting_choice")]),
        (Behaviour("VIDEO_RELATED", (200103,), ("LIKED", "LIKED")), [("actions[1]", "targeting_twice")]),
        (Behaviour("VIDEO_RELATED", (200103,), (), 30), [("period_days", "targeting_choice")]),
    ],
)
def test_a_behaviour_is_one_that_can_be_measured(behaviour, told):
    here = "targeting.behaviours[1]."
    assert refused(behaviours=(RECIPES, behaviour)) == [(here + field, code) for field, code in told]


def test_a_behaviour_is_named_once_and_there_are_few():
    assert refused(behaviours=(RECIPES, RECIPES)) == [("targeting.behaviours[1]", "targeting_twice")]
    many = tuple(Behaviour("VIDEO_RELATED", (200103,), (), days) for days in range(TARGETED_BEHAVIOURS + 1))
    assert refused(behaviours=many) == [("targeting.behaviours", "targeting_too_many")]


def test_every_problem_is_told_at_once():
    told = refused(
        locations=(), languages=("xx",), age_groups=("AGE",), gender="x", interests=(1,), device_price_least=1
    )
    assert [field for field, _ in told] == [
        "targeting.locations",
        "targeting.languages[0]",
        "targeting.age_groups[0]",
        "targeting.gender",
        "targeting.device_price.least",
        "targeting.interests[0]",
    ]


def test_of_thousands_of_wrong_values_the_first_are_told():
    assert len(refused(locations=tuple(range(1, 2001)))) == rules.TOLD_AT_ONCE


def test_every_place_at_once_but_those_within_others_is_taken():
    tops = tuple(row.id for row in regions.all() if row.parent_id is None)
    assert clean(locations=tops).locations == tops
    assert len(regions.all()) <= TARGETED_LOCATIONS
    assert len(interests.all()) <= TARGETED_ENTRIES


@pytest.mark.parametrize(
    ("least", "most", "kept"),
    [
        (None, None, (None, None)),
        (0, None, (None, None)),
        (None, 300, (0, 300)),
        (0, 50, (0, 50)),
        (1000, None, (1000, None)),
    ],
)
def test_a_span_of_prices_that_leaves_nothing_out_is_no_span(least, most, kept):
    made = clean(device_price_least=least, device_price_most=most)
    assert (made.device_price_least, made.device_price_most) == kept


class TestMinors:
    def test_they_may_be_meant_where_the_table_says_so(self):
        assert clean(locations=(JAPAN,), age_groups=("AGE_13_17",)).age_groups == ("AGE_13_17",)

    def test_they_may_not_be_meant_elsewhere_and_the_places_are_named(self):
        asked = {"locations": (JAPAN, FRANCE, BELGIUM), "age_groups": ("AGE_13_17", "AGE_18_24")}
        with pytest.raises(Refusal) as caught:
            clean(**asked)
        assert (caught.value.reason, caught.value.params) == (MINORS_NOT_HERE, {"places": "FR, BE"})

    def test_many_places_are_told_by_the_first(self):
        closed = tuple(row.id for row in regions.countries() if not row.support_below_18 and row.parent_id is None)
        with pytest.raises(Refusal) as caught:
            clean(locations=closed, age_groups=("AGE_13_17",))
        assert caught.value.params["places"].endswith(", …")
        assert caught.value.params["places"].count(",") == rules.SHOWN_PLACES

    @pytest.mark.parametrize(
        "profiled",
        [
            {"interests": (1003,)},
            {"behaviours": (RECIPES,)},
            {"audiences": (5,), "mine": {5}},
            {"excluded_audiences": (5,), "mine": {5}},
        ],
    )
    def test_they_are_not_profiled(self, profiled):
        asked = {"locations": (JAPAN,), "age_groups": ("AGE_13_17",), **profiled}
        assert refused(**asked) == [("targeting.age_groups", "targeting_minors_not_profiled")]

    def test_they_are_not_asked_for_contact_details_nor_sold_what_is_for_adults(self):
        asked = {"locations": (JAPAN,), "age_groups": ("AGE_13_17",)}
        assert refused(**asked, objective_type="LEAD_GENERATION") == [
            ("targeting.age_groups", "targeting_minors_not_asked")
        ]
        assert refused(**asked, category="alcohol") == [("targeting.age_groups", "targeting_minors_not_this")]
        assert clean(**asked, category="sport")


class TestSpecialIndustries:
    """Housing, employment and credit: nobody is left out."""

    @pytest.mark.parametrize(
        ("parts", "field"),
        [
            ({"age_groups": ("AGE_25_34",)}, "age_groups"),
            ({"gender": "GENDER_MALE"}, "gender"),
            ({"device_price_least": 500}, "device_price"),
            ({"device_price_most": 500}, "device_price"),
            ({"locations": (ILE_DE_FRANCE,)}, "locations"),
            ({"interests": (1003, 101202)}, "interests"),
            ({"behaviours": (Behaviour("VIDEO_RELATED", (200106,)),)}, "behaviours[0].categories"),
        ],
    )
    def test_what_could_leave_people_out_is_refused(self, parts, field):
        for industry in ("HOUSING", "EMPLOYMENT", "CREDIT"):
            assert refused(**parts, special_industries=[industry]) == [(f"targeting.{field}", "targeting_same_for_all")]
        assert clean(**parts)

    def test_minors_are_refused_too(self):
        told = refused(locations=(JAPAN,), age_groups=("AGE_13_17", *rules.ADULTS), special_industries=["CREDIT"])
        assert told == [("targeting.age_groups", "targeting_same_for_all")]

    def test_no_age_means_every_adult(self):
        made = clean(locations=(GUADELOUPE,), interests=(1003,), special_industries=["HOUSING"])
        assert made.age_groups == rules.ADULTS
        assert clean(age_groups=rules.ADULTS[::-1], special_industries=["HOUSING"]).age_groups == rules.ADULTS[::-1]


class TestNames:
    """What people write in place of ids."""

    def test_a_name_is_a_code_a_slug_or_an_id(self):
        assert rules.location_named("FR", "f") == rules.location_named("3017382", "f") == FRANCE
        assert rules.interest_named("food_drink", "f") == rules.interest_named("1003", "f") == 1003
        assert rules.behaviour_named("videos_recipes", "f") == rules.behaviour_named("200103", "f") == 200103

    @pytest.mark.parametrize("named", [rules.interest_named, rules.behaviour_named])
    @pytest.mark.parametrize("text", ["religion", "santé", "lgbt_rights", "politique", "syndicats", "migrants"])
    def test_a_segment_that_the_law_closes_is_told_as_such(self, named, text):
        assert refusals_of(named, text, "targeting.interests[0]") == [
            ("targeting.interests[0]", "targeting_special_category")
        ]

    def test_another_unknown_name_is_only_unknown(self):
        assert refusals_of(rules.interest_named, "cooking", "f") == [("f", "interest_unknown")]
        assert refusals_of(rules.behaviour_named, "cooking", "f") == [("f", "targeting_behaviour_unknown")]
        assert refusals_of(rules.location_named, "fr", "f") == [("f", "targeting_location_unknown")]

    def test_what_is_shown_of_a_long_name_is_its_beginning(self):
        with pytest.raises(Refusal) as caught:
            rules.location_named("x" * 5000, "f")
        assert len(caught.value.params["place"]) == rules.SHOWN_CHARACTERS + 1


ids = st.one_of(
    st.sampled_from([row.id for row in (*regions.all(), *interests.all(), *behaviours.all())]), st.integers(-5, 9)
)
words = st.sampled_from(
    [
        *rules.AGE_GROUPS,
        *rules.GENDERS,
        *rules.SYSTEMS,
        *rules.FOLLOWERS,
        *rules.SCENE_ACTIONS,
        "LIKED",
        "VIEW_HASHTAG",
        "fr",
        "",
        "x",
    ]
)


def several(of):
    return st.lists(of, max_size=4).map(tuple)


anything = st.builds(
    Targeting,
    locations=several(ids),
    languages=several(words),
    age_groups=several(words),
    gender=words,
    operating_systems=several(words),
    device_price_least=st.none() | st.integers(),
    device_price_most=st.none() | st.integers(),
    interests=several(ids),
    behaviours=several(
        st.builds(Behaviour, scene=words, category_ids=several(ids), actions=several(words), period_days=st.integers())
    ),
    audiences=several(ids),
    excluded_audiences=several(ids),
    followers=words,
)


def some(choices, least=0):
    return st.lists(st.sampled_from(choices), min_size=least, max_size=3, unique=True).map(tuple)


def steps(first):
    return st.none() | st.integers(first, 20).map(lambda step: step * rules.PRICE_STEP)


part_by_part_right = st.builds(
    Targeting,
    locations=some([row.id for row in regions.all()], 1),
    languages=some([row.code for row in languages.all()]),
    age_groups=some(rules.AGE_GROUPS) | st.just(rules.ADULTS),
    gender=st.sampled_from(rules.GENDERS),
    operating_systems=st.sampled_from([(), ("IOS",), ("ANDROID",)]),
    device_price_least=steps(0),
    device_price_most=steps(1),
    interests=some([row.id for row in interests.all()]),
    behaviours=some([RECIPES, Behaviour("HASHTAG_RELATED", (2006,), ("VIEW_HASHTAG",), 0)]),
    audiences=some([1, 2]),
    excluded_audiences=some([2, 3]),
    followers=st.sampled_from(rules.FOLLOWERS),
)


@given(
    asked=part_by_part_right | anything,
    objective=st.sampled_from(["REACH", "LEAD_GENERATION"]),
    industries=st.sampled_from([(), ("HOUSING",)]),
    category=st.sampled_from(["", "alcohol", "nothing"]),
)
def test_what_is_taken_is_taken_again_unchanged_and_keeps_every_promise(asked, objective, industries, category):
    def again(one):
        return rules.clean_targeting(
            one, objective_type=objective, special_industries=industries, category=category, audiences={1, 2, 3}
        )

    try:
        made = again(asked)
    except (Refusal, Refusals) as problem:
        items = problem.items if isinstance(problem, Refusals) else (problem,)
        assert all(item.field.startswith("targeting.") and item.english for item in items)
        return
    assert again(made) == made
    assert made.locations
    assert all(regions.by_id(location) for location in made.locations)
    if rules.MINORS in made.age_groups:
        assert not made.is_profiled
        assert not industries
        assert all(regions.get(location).support_below_18 for location in made.locations)
    assert msgspec.convert(msgspec.to_builtins(made), Targeting) == made
