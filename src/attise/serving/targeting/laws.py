"""The twin, at decision time, of what is refused when an ad group is written. Pure.

Whatever way a group came in, it reaches nobody whom ``management.campaigns.targeting_rules`` would keep it from. A part
that the law forbids is not ignored (the ad would reach people that its advertiser left out): nobody meets it.
See decision 0011, and the page of decisions on what is unknown of a viewer.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from attise.records.lookups import behaviours, interests, regions

MINORS: Final = "AGE_13_17"
ADULTS: Final = ("AGE_18_24", "AGE_25_34", "AGE_35_44", "AGE_45_54", "AGE_55_100")
AGE_GROUPS: Final = (MINORS, *ADULTS)
FIRST_AGES: Final = (13, 18, 25, 35, 45, 55)
"""Where each age group begins; the last has no end."""
OPEN_GATES: Final = ("none", "review")
"""Gates of categories that leave an ad open to everybody."""
ADULT_GATE: Final = "adult_only"
ASKS_FOR_CONTACTS: Final = "LEAD_GENERATION"
"""The objective whose ads no known minor sees: a child may not give contact details alone."""
FAMILY: Final = "family"
"""The interest whose branch tells who has children at home."""


def age_group_of(age: int | None) -> str:
    """Return the age group of somebody, empty for an unknown age and below 13."""
    if age is None:
        return ""
    return next((name for name, first in zip(AGE_GROUPS[::-1], FIRST_AGES[::-1], strict=True) if age >= first), "")


def places_of(country: str, region: str) -> tuple[regions.Region, ...]:
    """Return where a viewer is, the smallest place first; empty when it is unknown.

    A region that is not of the country that is named is not believed.
    """
    inner, outer = regions.by_iso(region), regions.by_iso(country)
    if inner is not None and (not country or (outer is not None and outer in regions.chain(inner.id))):
        return regions.chain(inner.id)
    return () if outer is None else regions.chain(outer.id)


def may_be_aimed_at_minors(places: tuple[regions.Region, ...]) -> bool:
    """Tell whether ads may name the ages of minors where a viewer is; nowhere is not a place where they may."""
    return bool(places) and all(place.support_below_18 for place in places)


@cache
def family_interests() -> frozenset[int]:
    """Return the interests by which an ad for housing, a job or credit may choose nobody."""
    return frozenset(row.id for row in interests.all() if any(up.slug == FAMILY for up in interests.chain(row.id)))


@cache
def family_behaviours() -> frozenset[int]:
    """Return the behaviours that are about those interests."""
    return frozenset(row.id for row in behaviours.all() if row.about_id in family_interests())


@cache
def parts_of_countries() -> frozenset[int]:
    """Return the places that are not whole countries."""
    return frozenset(row.id for row in regions.all() if row.level != "country")
