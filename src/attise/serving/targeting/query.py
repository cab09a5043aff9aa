"""A viewer, now, against one index: which rows of bits are read, and what is compared ad by ad.

What *unknown* means is decided here and in ``matching``: it passes exclusions and fails inclusions. See the page of
decisions on what is unknown of a viewer.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel.kept import Kept
from attise.records.drops import Drop
from attise.records.feed import ViewerContext
from attise.records.lookups import behaviours, interests
from attise.serving.targeting import laws
from attise.serving.targeting.order import BITSETS
from attise.serving.targeting.segment import (
    ANY,
    FULL,
    MINORS_TOO,
    MOST_ALIKE,
    NEVER_DAYS,
    Asked,
    Rows,
    Segment,
    deed_key,
)

GENDERS: Final = {"female": "GENDER_FEMALE", "male": "GENDER_MALE"}
"""What an ad group calls the genders it may name; somebody of another one is reached where none is named."""
SYSTEMS: Final = {"android": "ANDROID", "ios": "IOS"}
PRICE_UNKNOWN: Final = -1
DEAREST: Final = (1 << 31) - 1
_OLDEST: Final = 100
_SAME_AGES: Final = tuple(bisect_right(laws.FIRST_AGES, age) for age in range(_OLDEST + 1))
"""By age, a number that ages of one group share, minors and those of age never."""

Own = tuple[int, NDArray[np.int64], NDArray[np.int64]]
"""Whole US dollars or ``PRICE_UNKNOWN``; audiences and follows, rising."""
_NOBODY: Final = np.zeros(0, dtype=np.int64)


class Query(msgspec.Struct, frozen=True, gc=False):
    """What ``retrieve`` asks of one segment."""

    rows: NDArray[np.int32]
    """Rows of bits: those of one attribute after those of another; an ad needs one of each."""
    starts: NDArray[np.int32]
    """Where each attribute's begin, and an end."""
    reasons: NDArray[np.int32]
    """By attribute, the number of ``Drop``."""
    now_ms: int
    device_price: int
    """Whole US dollars, or ``PRICE_UNKNOWN``."""
    least_days: NDArray[np.uint16]
    """By number of deed, how many days ago it was last done; ``NEVER_DAYS``: never."""
    audiences: NDArray[np.int64]
    """Rising."""
    follows: NDArray[np.int64]
    """Rising."""
    open_clocks: NDArray[np.uint8]


def compile_query(segment: Segment, viewer: ViewerContext, now_ms: int) -> Query:
    """Return the query of a viewer at a moment of world time.

    What the segment does not know of costs nothing: attributes that none of its ads name are left out, and of a
    viewer's thousand interests those that are targeted are looked at. Cost: 1 µs where the same viewer was asked for a
    moment ago; about 20 µs where somebody alike was, 40 µs else.
    """
    asked = asked_of(segment, viewer)
    price, audiences, follows = own_of(viewer)
    clocks, _ = segment.open_clocks(now_ms)
    return Query(asked.rows, asked.starts, asked.reasons, now_ms, price, asked.least_days, audiences, follows, clocks)


def asked_of(segment: Segment, viewer: ViewerContext) -> Asked:
    """Return what is asked of a segment for one viewer, whatever the moment; kept."""
    return segment.asked.find(viewer) or segment.asked.keep(viewer, _asked(segment, viewer))


def own_of(viewer: ViewerContext) -> Own:
    """Return a viewer's facts that ads are compared with one by one: device price, audiences, follows; kept."""
    return _OWN.find(viewer) or _OWN.keep(viewer, _own(viewer))


def _asked(segment: Segment, viewer: ViewerContext) -> Asked:
    rows, starts, reasons = _alike(segment, viewer)
    may_profile = viewer.may_profile and viewer.is_adult
    interest_rows = _rows_of(segment, Drop.INTERESTS, interest_keys(viewer.interests) if may_profile else (ANY,))
    if interest_rows is not None:
        rows = rows + interest_rows
        starts = [*starts, len(rows)]
        reasons = [*reasons, int(Drop.INTERESTS)]
    numbers = np.array(rows + starts + reasons, dtype=np.int32)
    first_start, first_reason = len(rows), len(rows) + len(starts)
    return Asked(
        numbers[:first_start],
        numbers[first_start:first_reason],
        numbers[first_reason:],
        _least_days(segment, viewer) if may_profile and viewer.behaviours else segment.never,
    )


def _own(viewer: ViewerContext) -> Own:
    price = PRICE_UNKNOWN if viewer.device_price is None else min(max(viewer.device_price, 0), DEAREST)
    audiences = _sorted(viewer.audiences) if viewer.may_profile and viewer.is_adult else _NOBODY
    return price, audiences, _sorted(tuple(one for one in viewer.follows if one > 0))  # 0: an ad without a creator


_OWN: Final[Kept[ViewerContext, Own]] = Kept(MOST_ALIKE)


def _alike(segment: Segment, viewer: ViewerContext) -> Rows:
    """Return what is asked of the bitsets for this viewer and all who are alike, but for interests; kept."""
    age = -1 if viewer.age is None else _SAME_AGES[min(max(viewer.age, 0), _OLDEST)]
    facts = (viewer.country, viewer.region, viewer.language, age, viewer.gender, viewer.os, viewer.may_profile)
    found = segment.alike.get(facts)
    if found is None:
        found = _rows_of_all(segment, keys_of(viewer))
        if len(segment.alike) >= MOST_ALIKE:
            segment.alike.clear()
        segment.alike[facts] = found
    return found


def _rows_of_all(segment: Segment, keys: dict[Drop, tuple[str, ...] | None]) -> Rows:
    rows: list[int] = []
    starts = [0]
    reasons: list[int] = []
    for drop in BITSETS:
        wanted = keys.get(drop)
        found = None if wanted is None else _rows_of(segment, drop, wanted)
        if found is not None:
            rows += found
            starts.append(len(rows))
            reasons.append(int(drop))
    return rows, starts, reasons


def _rows_of(segment: Segment, drop: Drop, wanted: tuple[str, ...]) -> list[int] | None:
    """Return the rows of an attribute, or None where it keeps nobody away.

    The first key is of ads that name nothing. They are in the rows of all values: theirs is read where none has one.
    """
    known = segment.vocabulary.get(drop)
    if known is None:
        return None
    whoever, *values = wanted
    found = [known[key] for key in values if key in known] or ([known[whoever]] if whoever in known else [])
    return None if FULL in found else found


def keys_of(viewer: ViewerContext) -> dict[Drop, tuple[str, ...] | None]:
    """Return, by attribute but interests, the keys of rows of which an ad needs one; None: it keeps nobody away.

    The first of them is of ads that name nothing.
    """
    places = laws.places_of(viewer.country, viewer.region)
    may_profile = viewer.may_profile and viewer.is_adult
    return {
        Drop.LOCATION: (ANY, *(str(place.id) for place in places)),
        Drop.LANGUAGE: (ANY, viewer.language) if viewer.language else (ANY,),
        Drop.AGE: age_keys(viewer, may_be_aimed_at=laws.may_be_aimed_at_minors(places)),
        Drop.GENDER: (ANY, GENDERS.get(viewer.gender, ANY)),
        Drop.OPERATING_SYSTEM: (ANY, SYSTEMS.get(viewer.os, ANY)),
        Drop.PROFILING: None if may_profile else (ANY,),
        Drop.CATEGORY_GATE: (ANY, laws.ADULT_GATE) if viewer.is_adult else (ANY,),
        Drop.GRANT_COUNTRY: (ANY, *(place.iso for place in places)),
        Drop.GRANT_OBJECTIVE: (ANY,),
        Drop.GRANT_CATEGORY: (ANY,),
    }


def age_keys(viewer: ViewerContext, *, may_be_aimed_at: bool) -> tuple[str, ...]:
    """Return the keys of an age; ads that name the ages of minors reach them where the table of places lets them."""
    group = laws.age_group_of(viewer.age)
    if not viewer.is_minor:
        return (ANY, group) if group else (ANY,)
    return (MINORS_TOO, group) if group and may_be_aimed_at else (MINORS_TOO,)


def interest_keys(interest_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of interests: *any*, and each that the table has with those above it, once."""
    known = _interests()
    return (ANY, *dict.fromkeys(key for text in interest_ids if text in known for key in known[text]))


@cache
def _interests() -> dict[str, tuple[str, ...]]:
    """Return, by id and by slug, the keys of an interest and of those above it."""
    keys = {row: tuple(up.wire_id for up in interests.chain(row.id)) for row in interests.all()}
    return {text: found for row, found in keys.items() for text in (row.wire_id, row.slug)}


@lru_cache(maxsize=MOST_ALIKE)
def deed_keys(scene: str, category_id: int, action: str) -> tuple[str, ...]:
    """Return the keys of what somebody did: with the category and with those above it, by this action and by any."""
    return tuple(
        deed_key(scene, category.id, name) for category in behaviours.chain(category_id) for name in {action, ""}
    )


def _least_days(segment: Segment, viewer: ViewerContext) -> NDArray[np.uint16]:
    found = segment.never.copy()
    for done in viewer.behaviours:
        days = min(max(done.days_ago, 0), NEVER_DAYS - 1)
        for key in deed_keys(done.scene, done.category_id, done.action):
            deed = segment.deeds.get(key, 0)
            if deed and days < found[deed]:
                found[deed] = days
    return found


def _sorted(ids: tuple[int, ...]) -> NDArray[np.int64]:
    return np.array(sorted(ids), dtype=np.int64) if ids else _NOBODY
