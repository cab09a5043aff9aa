"""Shapes of targeting: places by ISO code, interests and behaviours by slug; ids are taken too.

Which values go together is the room's to say (``campaigns.targeting_rules``), which names these fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final, Literal, TypeVar, get_args

from pydantic import ConfigDict, Field, WithJsonSchema

from attise.doors.native_api.schemas.common import Given, GivenId, Language, Told, ToldId
from attise.kernel.gather import Gather
from attise.kernel.limits import TARGETED_BEHAVIOURS, TARGETED_ENTRIES, TARGETED_LOCATIONS
from attise.management.campaigns import targeting_rules as rules
from attise.records import targeting as record
from attise.records.lookups import behaviours, interests, regions

AgeGroup = Literal["13-17", "18-24", "25-34", "35-44", "45-54", "55+"]
TargetedGender = Literal["female", "male"]
TargetedSystem = Literal["android", "ios"]
Scene = Literal["video", "creator", "hashtag"]
Done = Literal["watched_to_end", "liked", "commented", "shared", "following", "view_homepage", "view_hashtag"]
Followers = Literal["any", "only", "excluded"]
Period = Annotated[int, WithJsonSchema({"type": "integer", "enum": list(rules.PERIODS_DAYS), "default": 15})]
Slug = Annotated[str, Field(max_length=40)]
Price = Annotated[
    int, Field(ge=0, le=rules.HIGHEST_PRICE, json_schema_extra={"multipleOf": rules.PRICE_STEP}, examples=[300])
]

Key = TypeVar("Key")

AGES: Final[dict[AgeGroup, str]] = dict(zip(get_args(AgeGroup), rules.AGE_GROUPS, strict=True))
GENDERS: Final[dict[TargetedGender | None, str]] = dict(
    zip((None, *get_args(TargetedGender)), rules.GENDERS, strict=True)
)
SCENES: Final[dict[Scene, str]] = dict(zip(get_args(Scene), rules.SCENE_ACTIONS, strict=True))


class DevicePrice(Given):
    """A span of prices of devices, in whole US dollars, both ends included; without ``most``: that and above."""

    least: Price = 0
    most: Price | None = None


class GivenBehaviour(Given):
    """What somebody did lately with videos, creators or hashtags of some kinds."""

    scene: Scene
    categories: Annotated[list[Slug], Field(max_length=TARGETED_ENTRIES, description="Slugs or ids of behaviours.")]
    actions: Annotated[list[Done], Field(max_length=TARGETED_ENTRIES, description="Empty: any of them.")] = []
    period_days: Annotated[Period, Field(description="How far back; 0: as far as is known.")] = 15


class TargetingDraft(Given):
    """Whom an ad group is meant for. Parts are joined by *and*, values of a part by *or*; left out: not limited."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "locations": ["FR", "BE"],
                    "languages": ["fr"],
                    "age_groups": ["18-24", "25-34"],
                    "interests": ["food_drink"],
                    "behaviours": [{"scene": "video", "categories": ["videos_recipes"], "actions": ["liked"]}],
                }
            ]
        }
    )
    locations: Annotated[
        list[Annotated[str, Field(max_length=20)]],
        Field(max_length=TARGETED_LOCATIONS, description="ISO 3166-1, ISO 3166-2 or GeoNames ids; at least one."),
    ]
    languages: Annotated[list[Language], Field(max_length=TARGETED_ENTRIES)] = []
    age_groups: Annotated[list[AgeGroup], Field(max_length=TARGETED_ENTRIES)] = []
    gender: TargetedGender | None = None
    os: TargetedSystem | None = None
    device_price: DevicePrice | None = None
    interests: Annotated[list[Slug], Field(max_length=TARGETED_ENTRIES, description="Slugs or ids.")] = []
    behaviours: Annotated[list[GivenBehaviour], Field(max_length=TARGETED_BEHAVIOURS)] = []
    audiences: Annotated[list[GivenId], Field(max_length=TARGETED_ENTRIES)] = []
    excluded_audiences: Annotated[list[GivenId], Field(max_length=TARGETED_ENTRIES)] = []
    followers: Annotated[Followers, Field(description="Of the creator whose post is shown.")] = "any"


class ToldPrice(Told):
    """A span of prices of devices; null: no upper end."""

    least: int
    most: int | None


class ToldBehaviour(Told):
    """A behaviour."""

    scene: Scene
    categories: list[str]
    actions: list[str]
    period_days: int


class TargetingAnswer(Told):
    """Whom an ad group is meant for; empty or null is not limited."""

    locations: list[str]
    languages: list[str]
    age_groups: list[AgeGroup]
    gender: TargetedGender | None
    os: TargetedSystem | None
    device_price: ToldPrice | None
    interests: list[str]
    behaviours: list[ToldBehaviour]
    audiences: list[ToldId]
    excluded_audiences: list[ToldId]
    followers: Followers


def read_targeting(draft: TargetingDraft) -> record.Targeting:
    """Return what a body asks for, every name resolved.

    Raises: ``targeting_location_unknown``, ``interest_unknown``, ``targeting_behaviour_unknown``,
    ``targeting_special_category``, all together.
    """
    gather = Gather()
    price = draft.device_price
    read = record.Targeting(
        locations=_each(gather, "locations", draft.locations, rules.location_named),
        languages=tuple(draft.languages),
        age_groups=tuple(AGES[group] for group in draft.age_groups),
        gender=GENDERS[draft.gender],
        operating_systems=() if draft.os is None else (draft.os.upper(),),
        device_price_least=None if price is None else price.least,
        device_price_most=None if price is None else price.most,
        interests=_each(gather, "interests", draft.interests, rules.interest_named),
        behaviours=tuple(
            record.Behaviour(
                scene=SCENES[one.scene],
                category_ids=_each(gather, f"behaviours[{place}].categories", one.categories, rules.behaviour_named),
                actions=tuple(action.upper() for action in one.actions),
                period_days=one.period_days,
            )
            for place, one in enumerate(draft.behaviours)
        ),
        audiences=tuple(draft.audiences),
        excluded_audiences=tuple(draft.excluded_audiences),
        followers=draft.followers,
    )
    gather.tell()
    return read


def tell_targeting(targeting: record.Targeting) -> TargetingAnswer:
    """Return a stored targeting as callers see it."""
    return TargetingAnswer(
        locations=[regions.get(location).iso for location in targeting.locations],
        languages=list(targeting.languages),
        age_groups=[_key_of(AGES, group) for group in targeting.age_groups],
        gender=_key_of(GENDERS, targeting.gender),
        os=next(("android" if system == "ANDROID" else "ios" for system in targeting.operating_systems), None),
        device_price=_told_price(targeting),
        interests=[interests.get(interest).slug for interest in targeting.interests],
        behaviours=[
            ToldBehaviour(
                scene=_key_of(SCENES, one.scene),
                categories=[behaviours.get(category).slug for category in one.category_ids],
                actions=[action.lower() for action in one.actions],
                period_days=one.period_days,
            )
            for one in targeting.behaviours
        ],
        audiences=[str(audience) for audience in targeting.audiences],
        excluded_audiences=[str(audience) for audience in targeting.excluded_audiences],
        followers=next(word for word in get_args(Followers) if word == targeting.followers),
    )


def _each(gather: Gather, name: str, texts: Sequence[str], named: Callable[[str, str], int]) -> tuple[int, ...]:
    """Return the ids of a list of names; of very many wrong ones the first are told."""
    told = len(gather.found) + rules.TOLD_AT_ONCE
    read: list[int] = []
    for place, text in enumerate(texts):
        if len(gather.found) < told:
            read.append(gather.take(named, text, f"targeting.{name}[{place}]"))
    return tuple(read)


def _key_of(table: Mapping[Key, str], value: str) -> Key:
    return next(key for key, kept in table.items() if kept == value)


def _told_price(targeting: record.Targeting) -> ToldPrice | None:
    least, most = targeting.device_price_least, targeting.device_price_most
    return None if least is None and most is None else ToldPrice(least=least or 0, most=most)
