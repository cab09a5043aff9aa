"""May this ad be shown to this viewer now? The rules for one ad, plainly.

What ``explain`` says, and what the search must equal. It reads a record, not the index, and shares with it only the
small questions of ``laws``: what an index loses, or shows too much, is seen by this page. *Unknown* passes exclusions
and fails inclusions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attise.kernel.clock import to_datetime
from attise.records.drops import Drop
from attise.records.feed import ViewerContext, WatchedBehaviour
from attise.records.lookups import behaviours, interests, languages
from attise.records.snapshot.shapes import SnapshotAd, SnapshotGroup
from attise.records.targeting import Behaviour, Targeting
from attise.serving.targeting import laws
from attise.serving.targeting.order import TESTS

_GENDERS: Final = {"GENDER_FEMALE": "female", "GENDER_MALE": "male"}
_SYSTEMS: Final = {"ANDROID": "android", "IOS": "ios"}
_ALL_AGES: Final[tuple[set[str], ...]] = (set(), set(laws.ADULTS))


def matches(ad: SnapshotAd, viewer: ViewerContext, now_ms: int) -> list[Drop]:
    """Return every reason for which the ad is not for this viewer now, in the order of the tests; empty: it may run.

    Whether something stopped it since, and money, are other matters. Cost: tens of microseconds.
    """
    found = set(_reasons(ad, viewer, now_ms))
    return [drop for drop in TESTS if drop in found]


def _reasons(ad: SnapshotAd, viewer: ViewerContext, now_ms: int) -> Iterator[Drop]:
    yield from _of_time(ad, now_ms)
    yield from _of_grant(ad, viewer)
    yield from _of_audience(ad.group, viewer)
    aim = ad.group.targeting
    if aim.followers != "any":
        follows = ad.post is not None and ad.post.creator_id in viewer.follows
        if follows != (aim.followers == "only"):
            yield Drop.FOLLOWERS


class ForWhom(Protocol):
    """What an ad group says of whom it is for."""

    @property
    def category_gate(self) -> str:
        """Of its advertiser's category."""

    @property
    def objective(self) -> str:
        """Of its campaign."""

    @property
    def special_industries(self) -> tuple[str, ...]:
        """Of its campaign."""

    @property
    def targeting(self) -> Targeting:
        """Its audience."""


def is_meant_for(group: ForWhom, viewer: ViewerContext) -> bool:
    """Tell whether a viewer is one whom an ad group is for; whose followers it asks for is not looked at."""
    return next(_of_audience(group, viewer), None) is None


def _of_audience(group: ForWhom, viewer: ViewerContext) -> Iterator[Drop]:
    aim = group.targeting
    if not (group.category_gate in laws.OPEN_GATES or (group.category_gate == laws.ADULT_GATE and viewer.is_adult)):
        yield Drop.CATEGORY_GATE
    if aim.is_profiled and not _may_profile(viewer):
        yield Drop.PROFILING
    is_special = bool(group.special_industries)
    for drop, is_met in _PARTS.items():
        if not is_met(aim, viewer, is_special):
            yield drop
    if not _meets_age(group, viewer):
        yield Drop.AGE


def _of_time(ad: SnapshotAd, now_ms: int) -> Iterator[Drop]:
    group, grant = ad.group, ad.grant
    if now_ms < group.starts_at_ms or (group.ends_at_ms is not None and now_ms >= group.ends_at_ms):
        yield Drop.SCHEDULE
    ends_at_ms = None if grant is None else grant.ends_at_ms
    if now_ms < ad.opens_at_ms or (ends_at_ms is not None and now_ms >= ends_at_ms):
        yield Drop.GRANT_WINDOW
    if group.dayparting and not all(byte == 255 for byte in group.dayparting) and not _is_its_hour(group, now_ms):  # noqa: PLR2004 - a whole byte
        yield Drop.DAYPART


def _is_its_hour(group: SnapshotGroup, now_ms: int) -> bool:
    try:
        local = to_datetime(now_ms).astimezone(ZoneInfo(group.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OverflowError):  # no such zone, or a clock far off every calendar
        return False
    half_hour = local.weekday() * 48 + local.hour * 2 + local.minute // 30
    byte, bit = divmod(half_hour, 8)
    return bool(group.dayparting[byte] >> (7 - bit) & 1)


def _of_grant(ad: SnapshotAd, viewer: ViewerContext) -> Iterator[Drop]:
    if ad.grant is None:
        return
    terms = ad.grant.terms
    here = {place.iso for place in laws.places_of(viewer.country, viewer.region)}
    if terms.countries and not here & set(terms.countries):
        yield Drop.GRANT_COUNTRY
    if ad.group.objective in terms.refused_objectives:
        yield Drop.GRANT_OBJECTIVE
    if ad.group.category in terms.refused_categories:
        yield Drop.GRANT_CATEGORY


def _may_profile(viewer: ViewerContext) -> bool:
    """Tell whether interests, behaviours and audiences may choose ads, whoever made the context."""
    return viewer.may_profile and viewer.is_adult


def _meets_location(aim: Targeting, viewer: ViewerContext, is_special: bool) -> bool:
    if is_special and any(place in laws.parts_of_countries() for place in aim.locations):
        return False
    return not aim.locations or any(
        place.id in aim.locations for place in laws.places_of(viewer.country, viewer.region)
    )


def _meets_language(aim: Targeting, viewer: ViewerContext, is_special: bool) -> bool:  # noqa: ARG001 - one form
    return not aim.languages or (viewer.language in aim.languages and languages.find(viewer.language) is not None)


def _meets_gender(aim: Targeting, viewer: ViewerContext, is_special: bool) -> bool:
    if aim.gender == "GENDER_UNLIMITED":
        return True
    return not is_special and viewer.gender != "" and _GENDERS.get(aim.gender) == viewer.gender


def _meets_system(aim: Targeting, viewer: ViewerContext, is_special: bool) -> bool:  # noqa: ARG001 - one form
    wanted = {_SYSTEMS.get(name) for name in aim.operating_systems}
    return not aim.operating_systems or viewer.os in wanted


def _meets_price(aim: Targeting, viewer: ViewerContext, is_special: bool) -> bool:
    least, most, price = aim.device_price_least or 0, aim.device_price_most, viewer.device_price
    if least <= 0 and most is None:
        return True
    if is_special or price is None:
        return False
    return least <= max(price, 0) and (most is None or price <= most)


def _meets_interests(aim: Targeting, viewer: ViewerContext, is_special: bool) -> bool:
    if not aim.interests:
        return True
    if is_special and not laws.family_interests().isdisjoint(aim.interests):
        return False
    known = (interests.find(text) for text in (viewer.interests if _may_profile(viewer) else ()))
    return any(above.id in aim.interests for row in known if row is not None for above in interests.chain(row.id))


def _meets_behaviours(aim: Targeting, viewer: ViewerContext, is_special: bool) -> bool:
    if not aim.behaviours:
        return True
    named = {category for behaviour in aim.behaviours for category in behaviour.category_ids}
    if is_special and not laws.family_behaviours().isdisjoint(named):
        return False
    done = viewer.behaviours if _may_profile(viewer) else ()
    return any(_did(behaviour, one) for behaviour in aim.behaviours for one in done)


def _did(asked: Behaviour, done: WatchedBehaviour) -> bool:
    return (
        done.scene == asked.scene
        and any(row.id in asked.category_ids for row in behaviours.chain(done.category_id))
        and (not asked.actions or done.action in asked.actions)
        and (asked.period_days == 0 or done.days_ago <= asked.period_days)
    )


def _meets_audiences(aim: Targeting, viewer: ViewerContext, is_special: bool) -> bool:  # noqa: ARG001 - one form
    return not aim.audiences or (_may_profile(viewer) and not set(viewer.audiences).isdisjoint(aim.audiences))


def _is_not_excluded(aim: Targeting, viewer: ViewerContext, is_special: bool) -> bool:  # noqa: ARG001 - one form
    return not _may_profile(viewer) or set(viewer.audiences).isdisjoint(aim.excluded_audiences)


_PARTS: Final[dict[Drop, Callable[[Targeting, ViewerContext, bool], bool]]] = {
    Drop.LOCATION: _meets_location,
    Drop.LANGUAGE: _meets_language,
    Drop.GENDER: _meets_gender,
    Drop.OPERATING_SYSTEM: _meets_system,
    Drop.DEVICE_PRICE: _meets_price,
    Drop.INTERESTS: _meets_interests,
    Drop.BEHAVIOURS: _meets_behaviours,
    Drop.AUDIENCE: _meets_audiences,
    Drop.EXCLUDED_AUDIENCE: _is_not_excluded,
}


def _meets_age(group: ForWhom, viewer: ViewerContext) -> bool:
    aim = group.targeting
    named = set(aim.age_groups)
    if group.special_industries:
        if named not in _ALL_AGES:
            return False
        named = set(laws.ADULTS)
    if viewer.is_minor and group.objective == laws.ASKS_FOR_CONTACTS:
        return False
    if not named:
        return True
    if viewer.is_minor and (
        aim.is_profiled or not laws.may_be_aimed_at_minors(laws.places_of(viewer.country, viewer.region))
    ):
        return False
    return laws.age_group_of(viewer.age) in named
