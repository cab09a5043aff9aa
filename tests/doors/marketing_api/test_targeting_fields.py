"""Targeting in the dialect: wire names in, the same names out, and what is not offered refused by its name."""

from __future__ import annotations

import json
from typing import Any

import business_api_client as sdk
import msgspec
import pytest

from attise.doors.marketing_api.endpoint import Endpoint, NoToken
from attise.doors.marketing_api.targeting_fields import SPELLED, TargetingFields, read_targeting, tell_targeting
from attise.doors.marketing_api.wire.compile import object_shape
from attise.doors.marketing_api.wire.reading import Gathered, decode
from attise.kernel.errors import Refusal, Refusals
from attise.management.campaigns.targeting_rules import ADULTS, clean_targeting
from attise.records.targeting import Behaviour, Targeting

SHAPE = object_shape(TargetingFields)
ENDPOINT = Endpoint(("POST",), "x", NoToken(), None, SHAPE, print, takes_params=True, spelled=SPELLED)
WHOLE = {
    "location_ids": ["3017382", "2802361"],
    "languages": ["fr"],
    "age_groups": ["AGE_18_24"],
    "gender": "GENDER_FEMALE",
    "operating_systems": ["IOS"],
    "device_price_ranges": [300, 10000],
    "interest_category_ids": ["1003"],
    "actions": [
        {
            "action_scene": "VIDEO_RELATED",
            "action_period": 7,
            "video_user_actions": ["LIKED"],
            "action_category_ids": ["200103"],
        }
    ],
    "audience_ids": ["7"],
    "excluded_audience_ids": ["8"],
}
READ = Targeting(
    locations=(3017382, 2802361),
    languages=("fr",),
    age_groups=("AGE_18_24",),
    gender="GENDER_FEMALE",
    operating_systems=("IOS",),
    device_price_least=300,
    interests=(1003,),
    behaviours=(Behaviour("VIDEO_RELATED", (200103,), ("LIKED",), 7),),
    audiences=(7,),
    excluded_audiences=(8,),
)


def fields_of(body: dict[str, Any]) -> TargetingFields:
    return decode(Gathered(body, lenient=False), SHAPE)


def refused(body: dict[str, Any]) -> list[tuple[str | None, str]]:
    try:
        clean_targeting(read_targeting(fields_of(body)), objective_type="TRAFFIC")
    except (Refusal, Refusals) as problem:
        told = ENDPOINT.respell(problem)
        return [(one.field, one.code) for one in (told.items if isinstance(told, Refusals) else (told,))]
    raise AssertionError("nothing was refused")


def test_every_field_is_read_and_told_under_the_same_name():
    assert read_targeting(fields_of(WHOLE)) == READ
    told = tell_targeting(READ)
    assert {name: told[name] for name in WHOLE} == WHOLE


def test_what_is_told_is_read_again_as_the_same():
    assert read_targeting(fields_of(tell_targeting(READ))) == READ
    nothing = Targeting(locations=(3017382,))
    assert read_targeting(fields_of(tell_targeting(nothing))) == nothing


def test_the_names_are_those_of_the_official_sdk():
    known = set(sdk.AdgroupCreateBody.swagger_types)
    assert {member.name for member in SHAPE.members} - known == {"exclude_age_under_eighteen", "auto_targeting_enabled"}
    assert set(tell_targeting(READ)) <= known
    assert set(tell_targeting(READ)["actions"][0]) == set(sdk.AdgroupcreateActions.swagger_types)


def test_the_body_that_the_sdk_sends_by_default_asks_for_nothing():
    made = sdk.AdgroupCreateBody(
        advertiser_id="1", campaign_id="1", adgroup_name="x", budget_mode="x", budget=1.0, schedule_type="x",
        schedule_start_time="x", optimization_goal="x", billing_event="x", pacing="x", location_ids=["3017382"],
    )  # fmt: skip
    body = json.loads(json.dumps(sdk.ApiClient().sanitize_for_serialization(made)))
    assert read_targeting(fields_of(body)) == Targeting(locations=(3017382,))


def test_an_absent_field_leaves_what_was_and_an_empty_one_lifts_it():
    assert read_targeting(fields_of({}), READ) == READ
    assert read_targeting(fields_of({"gender": None}), READ) == READ
    changed = read_targeting(
        fields_of({"languages": ["en"], "device_price_ranges": [], "actions": [], "gender": ""}), READ
    )
    expected = msgspec.structs.replace(
        READ, languages=("en",), device_price_least=None, behaviours=(), gender="GENDER_UNLIMITED"
    )
    assert changed == expected


def test_what_the_dialect_cannot_say_stays():
    followed = msgspec.structs.replace(READ, followers="only")
    assert read_targeting(fields_of(WHOLE), followed).followers == "only"


@pytest.mark.parametrize(
    ("given", "ages"),
    [([], ADULTS), (["AGE_13_17"], ADULTS), (["AGE_13_17", "AGE_25_34"], ("AGE_25_34",)), (None, ADULTS)],
)
def test_under_eighteen_can_be_left_out_in_one_word(given, ages):
    body = {"exclude_age_under_eighteen": True, **({} if given is None else {"age_groups": given})}
    assert read_targeting(fields_of(body)).age_groups == ages


@pytest.mark.parametrize(
    ("ends", "least", "most"), [([0, 300], 0, 300), ([300, 10000], 300, None), ([0, 10000], 0, None), ([], None, None)]
)
def test_the_two_ends_of_a_price(ends, least, most):
    read = read_targeting(fields_of({"device_price_ranges": ends}))
    assert (read.device_price_least, read.device_price_most) == (least, most)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"location_ids": ["1"]}, [("location_ids[0]", "targeting_location_unknown")]),
        ({"location_ids": ["3017382", "3012874"]}, [("location_ids[1]", "targeting_location_overlap")]),
        ({"location_ids": []}, [("location_ids", "targeting_location_required")]),
        ({"location_ids": [3017382]}, [("location_ids", "dialect_value")]),
        ({"location_ids": ["x"]}, [("location_ids", "dialect_value")]),
        ({"location_ids": ["1"] * 3001}, [("location_ids", "dialect_value_items")]),
        ({"location_ids": "3017382"}, [("location_ids", "dialect_value")]),
        ({"languages": ["xx"]}, [("languages[0]", "language_unknown")]),
        ({"gender": "X"}, [("gender", "targeting_choice")]),
        ({"age_groups": ["AGE_13_17"]}, [("age_groups", "targeting_minors_not_here")]),
        ({"operating_systems": ["IOS", "ANDROID"]}, [("operating_systems", "targeting_one_system")]),
        ({"device_price_ranges": [300]}, [("device_price_ranges", "dialect_value")]),
        ({"device_price_ranges": [300, 200]}, [("device_price_ranges", "targeting_device_price_order")]),
        ({"device_price_ranges": [310, 400]}, [("device_price_ranges[0]", "targeting_device_price_step")]),
        ({"device_price_ranges": [0, 9000]}, [("device_price_ranges[1]", "targeting_device_price_step")]),
        ({"device_price_ranges": [0, 1, 2]}, [("device_price_ranges", "dialect_value_items")]),
        ({"device_price_ranges": ["0", "50"]}, [("device_price_ranges", "dialect_value_range")]),
        ({"interest_category_ids": ["2001"]}, [("interest_category_ids[0]", "interest_unknown")]),
        ({"actions": {}}, [("actions", "dialect_value")]),
        ({"actions": [{}]}, [(None, "dialect_missing")]),
        (
            {"actions": [WHOLE["actions"][0], {"action_scene": "X", "action_period": 30}]},
            [
                ("actions[1].action_scene", "targeting_choice"),
                ("actions[1].action_category_ids", "field_required"),
                ("actions[1].action_period", "targeting_choice"),
            ],
        ),
        (
            {
                "actions": [
                    {
                        "action_scene": "CREATOR_RELATED",
                        "action_category_ids": ["200401", "200103"],
                        "video_user_actions": ["FOLLOWING", "LIKED"],
                    }
                ]
            },
            [
                ("actions[0].action_category_ids[1]", "targeting_behaviour_elsewhere"),
                ("actions[0].video_user_actions[1]", "targeting_choice"),
            ],
        ),
        ({"audience_ids": ["5"]}, [("audience_ids[0]", "targeting_audience_unknown")]),
        ({"excluded_audience_ids": ["5"]}, [("excluded_audience_ids[0]", "targeting_audience_unknown")]),
    ],
)
def test_what_is_refused_is_named_as_the_dialect_names_it(body, told):
    assert refused({"location_ids": ["3017382"], **body}) == told


NOT_OFFERED = sorted(
    set(json.loads(json.dumps([member.name for member in SHAPE.members]))) - set(WHOLE) - {"exclude_age_under_eighteen"}
)
NOTHING: dict[str, list[Any]] = {
    "spending_power": ["ALL"],
    "household_income": [["ALL"]],
    "saved_audience_id": ["0"],
    "ios14_targeting": ["UNSET", "ALL"],
}


@pytest.mark.parametrize("name", NOT_OFFERED)
def test_what_is_not_offered_may_come_empty_and_is_else_refused_by_its_name(name):
    for nothing in (None, "", [], {}, False, *NOTHING.get(name, [])):
        assert read_targeting(fields_of({"location_ids": ["3017382"], name: nothing})) == Targeting(
            locations=(3017382,)
        )
    for asked in ("1", ["1"], [["1"]], {"x": 1}, True, 1):
        assert refused({"location_ids": ["3017382"], name: asked}) == [(name, "dialect_not_offered")]


def test_all_that_is_not_offered_is_told_at_once():
    asked = {"zipcode_ids": ["1"], "carrier_ids": ["2"], "spending_power": "HIGH"}
    assert refused(asked) == [(name, "dialect_not_offered") for name in asked]


def test_the_fields_of_the_reference_are_all_known():
    named = {member.name for member in SHAPE.members}
    assert named >= {
        *("zipcode_ids", "device_model_ids", "carrier_ids", "isp_ids", "network_types", "interest_keyword_ids"),
        *("saved_audience_id", "purchase_intention_keyword_ids", "min_android_version", "min_ios_version"),
        *("spending_power", "household_income", "smart_audience_enabled", "smart_interest_behavior_enabled"),
    }


def test_each_spelling_leads_to_a_field_that_exists():
    inner = set(sdk.AdgroupcreateActions.swagger_types)
    for spelled in SPELLED.values():
        head, _, rest = spelled.partition(".")
        assert head.split("[")[0] in WHOLE
        assert not rest or rest.split("[")[0] in inner
