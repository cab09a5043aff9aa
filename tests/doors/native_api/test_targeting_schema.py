"""Targeting in the native API: codes and slugs in and out, ids taken too, and every wrong name told at once."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from attise.doors.native_api.complaints import spell
from attise.doors.native_api.schemas.targeting import TargetingDraft, read_targeting, tell_targeting
from attise.management.campaigns.targeting_rules import clean_targeting
from attise.records.lookups import behaviours, interests
from attise.records.targeting import Behaviour, Targeting
from tests.refusals import refusals_of

WHOLE = {
    "locations": ["FR-IDF", "BE"],
    "languages": ["fr"],
    "age_groups": ["18-24", "55+"],
    "gender": "male",
    "os": "android",
    "device_price": {"least": 300, "most": None},
    "interests": ["food_drink", "makeup"],
    "behaviours": [
        {
            "scene": "hashtag",
            "categories": ["hashtags_hobbies"],
            "actions": ["view_hashtag"],
            "period_days": 0,
        }
    ],
    "audiences": ["7"],
    "excluded_audiences": ["8"],
    "followers": "only",
}
READ = Targeting(
    locations=(3012874, 2802361),
    languages=("fr",),
    age_groups=("AGE_18_24", "AGE_55_100"),
    gender="GENDER_MALE",
    operating_systems=("ANDROID",),
    device_price_least=300,
    interests=(1003, 100101),
    behaviours=(Behaviour("HASHTAG_RELATED", (2007,), ("VIEW_HASHTAG",), 0),),
    audiences=(7,),
    excluded_audiences=(8,),
    followers="only",
)


def draft(**body: Any) -> TargetingDraft:
    return TargetingDraft.model_validate({"locations": ["FR"], **body})


def test_every_field_is_read_and_told_under_the_same_name():
    assert read_targeting(draft(**WHOLE)) == READ
    assert clean_targeting(READ, objective_type="REACH", audiences=(7, 8)) == READ
    assert tell_targeting(READ).model_dump() == WHOLE


def test_ids_are_taken_and_told_by_name():
    read = read_targeting(draft(locations=["3017382"], interests=["1003"]))
    assert tell_targeting(read).model_dump()["locations"] == ["FR"]
    assert tell_targeting(read).interests == ["food_drink"]


def test_what_is_left_out_does_not_limit():
    read = read_targeting(draft())
    assert read == Targeting(locations=(3017382,))
    told = tell_targeting(read).model_dump()
    assert told == {
        **{name: [] for name in WHOLE},
        "locations": ["FR"],
        "gender": None,
        "os": None,
        "device_price": None,
        "followers": "any",
    }


def test_every_name_of_both_tables_is_read_and_told():
    for row in interests.all():
        assert tell_targeting(read_targeting(draft(interests=[row.slug]))).interests == [row.slug]
    for row in behaviours.all():
        asked = {"scene": row.action_scene.removesuffix("_RELATED").lower(), "categories": [row.slug]}
        (told,) = tell_targeting(read_targeting(draft(behaviours=[asked]))).behaviours
        assert told.model_dump() == {**asked, "actions": [], "period_days": 15}


def test_every_wrong_name_is_told_at_once_by_its_place():
    asked = draft(
        locations=["FR", "XX"],
        interests=["cooking", "food_drink", "santé"],
        behaviours=[{"scene": "video", "categories": ["videos_beauty", "politics"]}],
    )
    assert refusals_of(read_targeting, asked) == [
        ("targeting.locations[1]", "targeting_location_unknown"),
        ("targeting.interests[0]", "interest_unknown"),
        ("targeting.interests[2]", "targeting_special_category"),
        ("targeting.behaviours[0].categories[1]", "targeting_special_category"),
    ]


def test_of_thousands_of_wrong_names_the_first_are_told():
    assert len(refusals_of(read_targeting, draft(locations=["XX"] * 3000))) == 20


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"locations": "FR"}, "locations"),
        ({"locations": ["FR"] * 3001}, "locations"),
        ({"locations": [3017382]}, "locations[0]"),
        ({"age_groups": ["AGE_18_24"]}, "age_groups[0]"),
        ({"gender": "other"}, "gender"),
        ({"os": ["android"]}, "os"),
        ({"device_price": {"least": 1001}}, "device_price.least"),
        ({"device_price": {"least": True}}, "device_price.least"),
        ({"device_price": [0, 50]}, "device_price"),
        ({"behaviours": [{"scene": "live", "categories": []}]}, "behaviours[0].scene"),
        ({"behaviours": [{"scene": "video"}]}, "behaviours[0].categories"),
        ({"behaviours": [{"scene": "video", "categories": [], "period_days": "7"}]}, "behaviours[0].period_days"),
        ({"audiences": ["x"]}, "audiences[0]"),
        ({"followers": None}, "followers"),
        ({"zipcodes": []}, "zipcodes"),
    ],
)
def test_a_wrong_shape_is_named(body, field):
    with pytest.raises(ValidationError) as caught:
        draft(**body)
    assert [spell(error["loc"]) for error in caught.value.errors()] == [field]


def test_where_is_asked_for():
    with pytest.raises(ValidationError) as caught:
        TargetingDraft.model_validate({})
    assert [(error["type"], error["loc"]) for error in caught.value.errors()] == [("missing", ("locations",))]
