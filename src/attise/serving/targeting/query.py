"""A viewer, now, against one index: which rows of bits are read, and what is compared ad by ad.

What *unknown* means is decided here and in ``matching``: it passes exclusions and fails inclusions. See the page of
decisions on what is unknown of a viewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.records.drops import Drop
from attise.records.feed import ViewerContext
from attise.records.lookups import behaviours, interests
from attise.serving.targeting import laws
from attise.serving.targeting.build import NEVER_DAYS
from attise.serving.targeting.order import BITSETS
from attise.serving.targeting.segment import ANY, FULL, MINORS_TOO, Segment, deed_key

GENDERS: Final = {"female": "GENDER_FEMALE", "male": "GENDER_MALE"}
"""What an ad group calls the genders it may name; somebody of another one is reached where none is named."""
SYSTEMS: Final = {"android": "ANDROID", "ios": "IOS"}
PRICE_UNKNOWN: Final = -1
DEAREST: Final = (1 << 31) - 1

_NOBODY: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Query:
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
    viewer's thousand interests those that are targeted are looked at. Cost: about 15 µs.
    """
    keys = keys_of(viewer)
    rows: list[int] = []
    starts = [0]
    reasons: list[int] = []
    for drop in BITSETS:
        known = segment.vocabulary.get(drop)
        wanted = keys[drop]
        if known is None or wanted is None:
            continue
        found = [known[key] for key in wanted if key in known]
        if FULL not in found:
            rows += found
            starts.append(len(rows))
            reasons.append(drop)
    price = PRICE_UNKNOWN if viewer.device_price is None else min(max(viewer.device_price, 0), DEAREST)
    return Query(
        rows=np.array(rows, dtype=np.int32),
        starts=np.array(starts, dtype=np.int32),
        reasons=np.array(reasons, dtype=np.int32),
        now_ms=now_ms,
        device_price=price,
        least_days=_least_days(segment, viewer),
        audiences=_sorted(viewer.audiences if viewer.may_profile else ()),
        follows=_sorted(viewer.follows),
        open_clocks=segment.open_clocks(now_ms),
    )


def keys_of(viewer: ViewerContext) -> dict[Drop, tuple[str, ...] | None]:
    """Return, by attribute, the keys of rows of which an ad needs one; None: the attribute keeps nobody away."""
    places = laws.places_of(viewer.country, viewer.region)
    may_profile = viewer.may_profile and viewer.is_adult
    return {
        Drop.LOCATION: (ANY, *(str(place.id) for place in places)),
        Drop.LANGUAGE: (ANY, viewer.language) if viewer.language else (ANY,),
        Drop.AGE: age_keys(viewer, may_be_aimed_at=laws.may_be_aimed_at_minors(places)),
        Drop.GENDER: (ANY, GENDERS.get(viewer.gender, ANY)),
        Drop.OPERATING_SYSTEM: (ANY, SYSTEMS.get(viewer.os, ANY)),
        Drop.INTERESTS: (ANY, *interest_keys(viewer.interests)) if may_profile else (ANY,),
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


def interest_keys(interest_ids: tuple[str, ...]) -> set[str]:
    """Return the ids of interests and of those above them; of each that the table has, once."""
    rows = (interests.find(text) for text in set(interest_ids))
    return {up.wire_id for row in rows if row is not None for up in interests.chain(row.id)}


def _least_days(segment: Segment, viewer: ViewerContext) -> NDArray[np.uint16]:
    found = np.full(len(segment.deeds) + 1, NEVER_DAYS, dtype=np.uint16)
    if viewer.may_profile and viewer.is_adult:
        for done in viewer.behaviours:
            days = min(max(done.days_ago, 0), NEVER_DAYS - 1)
            for category in behaviours.chain(done.category_id):
                for action in {done.action, ""}:
                    deed = segment.deeds.get(deed_key(done.scene, category.id, action), 0)
                    if deed:
                        found[deed] = min(int(found[deed]), days)
    return found


def _sorted(ids: tuple[int, ...]) -> NDArray[np.int64]:
    return np.array(sorted(ids), dtype=np.int64) if ids else _NOBODY
