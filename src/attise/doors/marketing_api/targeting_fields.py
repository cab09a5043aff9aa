"""Whom an ad group is meant for, in the dialect's fields: read from a body and told in an answer.

An endpoint that takes targeting has its parameters' struct inherit ``TargetingFields`` and its ``spelled`` hold
``SPELLED``. A field that is absent leaves what it was; an empty one lifts a limit. What the house has no use for may
come, but empty: it is refused by its name rather than ignored, since whoever sends it counts on it.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from attise.doors.marketing_api.endpoint import Params
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Id, Items, Length, NotOffered, NotOfferedMark
from attise.kernel.errors import N_, Refusal
from attise.kernel.limits import TARGETED_BEHAVIOURS, TARGETED_ENTRIES, TARGETED_LOCATIONS
from attise.management.campaigns.targeting_rules import ADULTS, ANY_GENDER, MINORS
from attise.records.targeting import Behaviour, Targeting

Word = Annotated[str, Length(0, 40)]
Words = Annotated[list[Word], Items(0, TARGETED_ENTRIES)]
Ids = Annotated[list[Id], Items(0, TARGETED_ENTRIES)]
ENDS = 2
OPEN_END = 10_000
"""How the dialect writes a price without upper end."""
TWO_PRICES = N_("must be empty, or the two ends of a span of prices")
DEFAULT_PERIOD_DAYS = Behaviour("", ()).period_days

SPELLED = {
    "targeting.locations": "location_ids",
    "targeting.locations[]": "location_ids[]",
    "targeting.languages": "languages",
    "targeting.languages[]": "languages[]",
    "targeting.age_groups": "age_groups",
    "targeting.age_groups[]": "age_groups[]",
    "targeting.gender": "gender",
    "targeting.os": "operating_systems",
    "targeting.os[]": "operating_systems[]",
    "targeting.device_price": "device_price_ranges",
    "targeting.device_price.least": "device_price_ranges[0]",
    "targeting.device_price.most": "device_price_ranges[1]",
    "targeting.interests": "interest_category_ids",
    "targeting.interests[]": "interest_category_ids[]",
    "targeting.behaviours": "actions",
    "targeting.behaviours[]": "actions[]",
    "targeting.behaviours[].scene": "actions[].action_scene",
    "targeting.behaviours[].categories": "actions[].action_category_ids",
    "targeting.behaviours[].categories[]": "actions[].action_category_ids[]",
    "targeting.behaviours[].actions": "actions[].video_user_actions",
    "targeting.behaviours[].actions[]": "actions[].video_user_actions[]",
    "targeting.behaviours[].period_days": "actions[].action_period",
    "targeting.audiences": "audience_ids",
    "targeting.audiences[]": "audience_ids[]",
    "targeting.excluded_audiences": "excluded_audience_ids",
    "targeting.excluded_audiences[]": "excluded_audience_ids[]",
}
"""The fields of ``campaigns.targeting_rules`` as the dialect has them; for an endpoint's ``spelled``."""


class ActionFields(Params):
    """One behaviour."""

    action_scene: Word
    action_category_ids: Ids = []
    video_user_actions: Words = []
    action_period: int = DEFAULT_PERIOD_DAYS


class TargetingFields(Params, kw_only=True):
    """The targeting fields of an ad group; which values they may have is the room's to say."""

    location_ids: Annotated[list[Id], Items(0, TARGETED_LOCATIONS)] | None = None
    languages: Words | None = None
    age_groups: Words | None = None
    exclude_age_under_eighteen: bool = False
    gender: Word | None = None
    operating_systems: Words | None = None
    device_price_ranges: Annotated[list[int], Items(0, ENDS)] | None = None
    interest_category_ids: Ids | None = None
    actions: Annotated[list[ActionFields], Items(0, TARGETED_BEHAVIOURS)] | None = None
    audience_ids: Ids | None = None
    excluded_audience_ids: Ids | None = None

    zipcode_ids: NotOffered = None
    interest_keyword_ids: NotOffered = None
    purchase_intention_keyword_ids: NotOffered = None
    included_custom_actions: NotOffered = None
    excluded_custom_actions: NotOffered = None
    included_pangle_audience_package_ids: NotOffered = None
    excluded_pangle_audience_package_ids: NotOffered = None
    audience_rule: NotOffered = None
    saved_audience_id: Annotated[None, NotOfferedMark(("0",))] = None
    min_android_version: NotOffered = None
    min_ios_version: NotOffered = None
    ios14_targeting: Annotated[None, NotOfferedMark(("UNSET", "ALL"))] = None
    device_model_ids: NotOffered = None
    network_types: NotOffered = None
    carrier_ids: NotOffered = None
    isp_ids: NotOffered = None
    spending_power: Annotated[None, NotOfferedMark(("ALL",))] = None
    household_income: Annotated[None, NotOfferedMark(("ALL",))] = None
    smart_audience_enabled: NotOffered = None
    smart_interest_behavior_enabled: NotOffered = None
    auto_targeting_enabled: NotOffered = None


def read_targeting(fields: TargetingFields, base: Targeting | None = None) -> Targeting:
    """Return the targeting that an ad group with ``base`` is given; without, that of a new one.

    Raises: ``dialect_value`` for prices that are not two. Nothing else is judged here.
    """
    plain = {
        "locations": fields.location_ids,
        "languages": fields.languages,
        "age_groups": fields.age_groups,
        "operating_systems": fields.operating_systems,
        "interests": fields.interest_category_ids,
        "audiences": fields.audience_ids,
        "excluded_audiences": fields.excluded_audience_ids,
    }
    changed: dict[str, Any] = {name: tuple(values) for name, values in plain.items() if values is not None}
    if fields.gender is not None:
        changed["gender"] = fields.gender or ANY_GENDER
    if fields.actions is not None:
        changed["behaviours"] = tuple(_behaviour(one) for one in fields.actions)
    if fields.device_price_ranges is not None:
        changed["device_price_least"], changed["device_price_most"] = _prices(fields.device_price_ranges)
    read = msgspec.structs.replace(base or Targeting(), **changed)
    if not fields.exclude_age_under_eighteen:
        return read
    older = tuple(group for group in read.age_groups if group != MINORS)
    return msgspec.structs.replace(read, age_groups=older or ADULTS)


def tell_targeting(targeting: Targeting) -> dict[str, Any]:
    """Return every targeting field of an ad group's row; those of what is not offered are empty."""
    return {
        "location_ids": _texts(targeting.locations),
        "zipcode_ids": [],
        "languages": list(targeting.languages),
        "gender": targeting.gender,
        "age_groups": list(targeting.age_groups),
        "interest_category_ids": _texts(targeting.interests),
        "interest_keyword_ids": [],
        "purchase_intention_keyword_ids": [],
        "actions": [_action(one) for one in targeting.behaviours],
        "included_custom_actions": [],
        "excluded_custom_actions": [],
        "audience_ids": _texts(targeting.audiences),
        "excluded_audience_ids": _texts(targeting.excluded_audiences),
        "saved_audience_id": None,
        "operating_systems": list(targeting.operating_systems),
        "min_android_version": None,
        "min_ios_version": None,
        "ios14_targeting": "UNSET",
        "device_model_ids": [],
        "device_price_ranges": _range(targeting),
        "network_types": [],
        "carrier_ids": [],
        "isp_ids": [],
        "spending_power": "ALL",
        "household_income": [],
        "smart_audience_enabled": False,
        "smart_interest_behavior_enabled": False,
    }


def _behaviour(fields: ActionFields) -> Behaviour:
    return Behaviour(
        scene=fields.action_scene,
        category_ids=tuple(fields.action_category_ids),
        actions=tuple(fields.video_user_actions),
        period_days=fields.action_period,
    )


def _action(behaviour: Behaviour) -> dict[str, Any]:
    return {
        "action_scene": behaviour.scene,
        "action_period": behaviour.period_days,
        "video_user_actions": list(behaviour.actions),
        "action_category_ids": _texts(behaviour.category_ids),
    }


def _prices(ends: list[int]) -> tuple[int | None, int | None]:
    if not ends:
        return None, None
    if len(ends) != ENDS:
        raise Refusal(errors.VALUE, field="device_price_ranges", rule=TWO_PRICES)
    least, most = ends
    return least, None if most == OPEN_END else most


def _range(targeting: Targeting) -> list[int]:
    least, most = targeting.device_price_least, targeting.device_price_most
    if least is None and most is None:
        return []
    return [least or 0, OPEN_END if most is None else most]


def _texts(ids: tuple[int, ...]) -> list[str]:
    return [str(one) for one in ids]
