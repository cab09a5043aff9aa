"""Shapes of look-up rows: the names that other calls take, and what they are called in French and English."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Told
from attise.records.lookups import behaviours, interests, regions
from attise.records.lookups.behaviours import Behaviour
from attise.records.lookups.call_to_actions import CallToAction
from attise.records.lookups.categories import Category, Gate
from attise.records.lookups.currencies import Currency
from attise.records.lookups.interests import Interest
from attise.records.lookups.languages import Language
from attise.records.lookups.regions import Region

LookupId = Annotated[str, Field(description="A decimal number of this table.", examples=["3017382"])]


class NamedRow(Told):
    """What every row has."""

    name_fr: str
    name_en: str


class RegionRow(NamedRow):
    """A country, or a region of one."""

    location_id: LookupId
    iso: Annotated[str, Field(description="ISO 3166-1 alpha-2, or ISO 3166-2.", examples=["FR-IDF"])]
    level: Literal["country", "region"]
    country: str
    parent: Annotated[str | None, Field(description="The place it lies in, by its code.")]
    is_eea: bool
    minors_allowed: Annotated[bool, Field(description="Whether ads may be meant for ages 13 to 17 here.")]


class LanguageRow(NamedRow):
    """A language."""

    code: str


class InterestRow(NamedRow):
    """An interest; one of level 1 covers those under it."""

    interest_id: LookupId
    slug: str
    level: Literal[1, 2]
    parent: str | None


class BehaviourRow(NamedRow):
    """A behaviour; one of level 1 covers those under it."""

    behaviour_id: LookupId
    slug: str
    level: Literal[1, 2]
    parent: str | None
    scene: Literal["video", "creator", "hashtag"]
    about: Annotated[str | None, Field(description="The interest it tells of.")]


class CategoryRow(NamedRow):
    """A category of posts and advertisers."""

    slug: str
    gate: Gate
    law: str | None


class CurrencyRow(NamedRow):
    """A currency."""

    code: str
    symbol: str
    decimals: int


class CallRow(NamedRow):
    """A button."""

    call_to_action_id: LookupId
    code: str


def tell_region(row: Region) -> RegionRow:
    """Return a place as callers see it."""
    return RegionRow(
        location_id=row.wire_id,
        iso=row.iso,
        level=row.level,
        country=row.country,
        parent=None if row.parent_id is None else regions.get(row.parent_id).iso,
        name_fr=row.name_fr,
        name_en=row.name_en,
        is_eea=row.is_eea,
        minors_allowed=row.support_below_18,
    )


def tell_language(row: Language) -> LanguageRow:
    """Return a language as callers see it."""
    return LanguageRow(code=row.code, name_fr=row.name_fr, name_en=row.name_en)


def tell_interest(row: Interest) -> InterestRow:
    """Return an interest as callers see it."""
    return InterestRow(
        interest_id=row.wire_id,
        slug=row.slug,
        level=row.level,
        parent=None if row.parent_id is None else interests.get(row.parent_id).slug,
        name_fr=row.name_fr,
        name_en=row.name_en,
    )


def tell_behaviour(row: Behaviour) -> BehaviourRow:
    """Return a behaviour as callers see it."""
    scenes: dict[str, Literal["video", "creator", "hashtag"]] = {
        "VIDEO_RELATED": "video",
        "CREATOR_RELATED": "creator",
        "HASHTAG_RELATED": "hashtag",
    }
    return BehaviourRow(
        behaviour_id=row.wire_id,
        slug=row.slug,
        level=row.level,
        parent=None if row.parent_id is None else behaviours.get(row.parent_id).slug,
        scene=scenes[row.action_scene],
        about=None if row.about_id is None else interests.get(row.about_id).slug,
        name_fr=row.name_fr,
        name_en=row.name_en,
    )


def tell_category(row: Category) -> CategoryRow:
    """Return a category as callers see it."""
    return CategoryRow(slug=row.slug, gate=row.gate, law=row.law or None, name_fr=row.name_fr, name_en=row.name_en)


def tell_currency(row: Currency) -> CurrencyRow:
    """Return a currency as callers see it."""
    return CurrencyRow(
        code=row.code, symbol=row.symbol, decimals=row.exponent, name_fr=row.name_fr, name_en=row.name_en
    )


def tell_call(row: CallToAction) -> CallRow:
    """Return a button as callers see it."""
    return CallRow(call_to_action_id=row.wire_id, code=row.code, name_fr=row.name_fr, name_en=row.name_en)
