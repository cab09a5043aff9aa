"""Whom an ad group may be meant for: what is checked when it is written. Pure.

The same limits are looked at again when a viewer's request is decided; nothing here makes a decision lawful by itself.
Fields are named as the native API spells them, under ``targeting``; the dialect's door has its own names for them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Final, TypeVar

import msgspec

from attise.kernel.errors import FIELD_REQUIRED, N_, Reason, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import TARGETED_BEHAVIOURS, TARGETED_ENTRIES, TARGETED_LOCATIONS
from attise.management.campaigns import errors
from attise.records.declared import LANGUAGE_UNKNOWN
from attise.records.lookups import behaviours, categories, interests, languages, regions
from attise.records.special_categories import names_special_category
from attise.records.targeting import Behaviour, Targeting
from attise.records.viewer_facts import INTEREST_UNKNOWN

MINORS: Final = "AGE_13_17"
ADULTS: Final = ("AGE_18_24", "AGE_25_34", "AGE_35_44", "AGE_45_54", "AGE_55_100")
AGE_GROUPS: Final = (MINORS, *ADULTS)
ANY_GENDER: Final = "GENDER_UNLIMITED"
GENDERS: Final = (ANY_GENDER, "GENDER_FEMALE", "GENDER_MALE")
SYSTEMS: Final = ("ANDROID", "IOS")
FOLLOWERS: Final = ("any", "only", "excluded")
SCENE_ACTIONS: Final = {
    "VIDEO_RELATED": ("WATCHED_TO_END", "LIKED", "COMMENTED", "SHARED"),
    "CREATOR_RELATED": ("FOLLOWING", "VIEW_HOMEPAGE"),
    "HASHTAG_RELATED": ("VIEW_HASHTAG",),
}
"""What can be done with a video, a creator or a hashtag."""
PERIODS_DAYS: Final = (0, 7, 15)
"""How far back a behaviour may lie; 0: as far back as it is known."""
PRICE_STEP: Final = 50
HIGHEST_PRICE: Final = 1_000
"""US dollars; whoever means dearer devices leaves the upper end open."""
FAMILY: Final = "family"
"""The interest whose branch tells who has children at home."""
SHOWN_PLACES: Final = 5
TOLD_AT_ONCE: Final = 20
"""Wrong values of one list that are told together."""
SHOWN_CHARACTERS: Final = 40

Value = TypeVar("Value", bound=Hashable)


def clean_targeting(
    given: Targeting,
    *,
    objective_type: str,
    category: str = "",
    special_industries: Collection[str] = (),
    audiences: Collection[int] = (),
) -> Targeting:
    """Return a targeting that may be stored, or refuse all that is wrong with it together.

    Args: category: the advertiser's slug of ``records.lookups.categories``; special_industries: the campaign's, any of
    them asks for the same; audiences: ids that this advertiser has, all others are unknown.
    Raises: ``targeting_*``, ``language_unknown``, ``interest_unknown``, ``field_required``.
    Invariants: what is returned is taken again and comes back unchanged; one that is profiled names no minors.
    """
    gather = Gather()
    _check_locations(gather, given.locations)
    _check_each(gather, "languages", given.languages, _check_language)
    _check_each(gather, "age_groups", given.age_groups, _one_of(AGE_GROUPS))
    gather.take(_one_of(GENDERS), given.gender, "targeting.gender")
    _check_each(gather, "os", given.operating_systems, _one_of(SYSTEMS))
    if len(given.operating_systems) > 1:
        gather.add(Refusal(errors.ONE_SYSTEM, field="targeting.os"))
    least, most = _clean_price(gather, given.device_price_least, given.device_price_most)
    _check_each(gather, "interests", given.interests, _check_interest)
    _check_behaviours(gather, given.behaviours)
    _check_audiences(gather, given, audiences)
    gather.take(_one_of(FOLLOWERS), given.followers, "targeting.followers")
    if MINORS in given.age_groups:
        _check_minors(gather, given, objective_type, category)
    age_groups = given.age_groups
    if special_industries:
        _check_same_for_all(gather, given)
        age_groups = age_groups or ADULTS
    gather.tell()
    return msgspec.structs.replace(given, age_groups=age_groups, device_price_least=least, device_price_most=most)


def for_everybody_alike(given: Targeting) -> Targeting:
    """Return a clean targeting as a campaign for homes, jobs or loans takes it. Raises: ``targeting_same_for_all``."""
    gather = Gather()
    _check_same_for_all(gather, given)
    gather.tell()
    return msgspec.structs.replace(given, age_groups=given.age_groups or ADULTS)


def location_named(text: str, field: str) -> int:
    """Return the place that an ISO code or a GeoNames id names. Raises: ``targeting_location_unknown``."""
    row = regions.find(text)
    if row is None:
        raise Refusal(errors.LOCATION_UNKNOWN, field=field, place=_shown(text))
    return row.id


def interest_named(text: str, field: str) -> int:
    """Return the interest that a slug or an id names.

    Raises: ``interest_unknown``, ``targeting_special_category``.
    """
    row = interests.find(text)
    if row is None:
        raise _unknown_segment(INTEREST_UNKNOWN, text, field, interest=_shown(text))
    return row.id


def behaviour_named(text: str, field: str) -> int:
    """Return the behaviour that a slug or an id names.

    Raises: ``targeting_behaviour_unknown``, ``targeting_special_category``.
    """
    row = behaviours.find(text)
    if row is None:
        raise _unknown_segment(errors.BEHAVIOUR_UNKNOWN, text, field, behaviour=_shown(text))
    return row.id


def is_for_everybody_alike(interest_id: int) -> bool:
    """Tell whether an ad for housing, a job or credit may choose people by this interest."""
    return all(row.slug != FAMILY for row in interests.chain(interest_id))


def is_behaviour_for_everybody_alike(behaviour_id: int) -> bool:
    """Tell the same of a behaviour, by the interest it is about."""
    row = behaviours.TABLE.by_id.get(behaviour_id)
    return row is None or row.about_id is None or is_for_everybody_alike(row.about_id)


def _shown(text: object) -> str:
    shown = str(text)
    return shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[:SHOWN_CHARACTERS]}…"


def _unknown_segment(reason: Reason, text: str, field: str, **params: str) -> Refusal:
    """Return why a segment is refused: one that the law closes is told as such, since no list will ever have it."""
    if names_special_category(text):
        return Refusal(errors.SPECIAL_CATEGORY, field=field)
    return Refusal(reason, field=field, **params)


def _one_of(choices: Sequence[str]) -> Callable[[str, str], None]:
    def check(value: str, field: str) -> None:
        if value not in choices:
            raise Refusal(errors.TARGETING_CHOICE, field=field, value=_shown(value), choices=", ".join(choices))

    return check


def _check_each(
    gather: Gather,
    name: str,
    values: Sequence[Value],
    check: Callable[[Value, str], None],
    *,
    limit: int = TARGETED_ENTRIES,
) -> None:
    """Check a list: not too long, each value taken, none twice; of very many wrong values the first are told."""
    field = f"targeting.{name}"
    told = len(gather.found) + TOLD_AT_ONCE
    if len(values) > limit:
        gather.add(Refusal(errors.TARGETING_TOO_MANY, field=field, got=len(values), limit=limit))
        return
    seen: set[Value] = set()
    for place, value in enumerate(values):
        if len(gather.found) >= told:
            return
        at = f"{field}[{place}]"
        if value in seen:
            gather.add(Refusal(errors.TARGETING_TWICE, field=at, value=_shown(value)))
        else:
            gather.take(check, value, at)
        seen.add(value)


def _check_locations(gather: Gather, locations: Sequence[int]) -> None:
    if not locations:
        gather.add(Refusal(errors.LOCATION_REQUIRED, field="targeting.locations"))
    named = set(locations)

    def check(location: int, field: str) -> None:
        chain = regions.chain(location)
        if not chain:
            raise Refusal(errors.LOCATION_UNKNOWN, field=field, place=_shown(location))
        for above in chain[1:]:
            if above.id in named:
                raise Refusal(errors.LOCATION_OVERLAP, field=field, place=chain[0].iso, country=above.iso)

    _check_each(gather, "locations", locations, check, limit=TARGETED_LOCATIONS)


def _check_language(code: str, field: str) -> None:
    if languages.find(code) is None:
        raise Refusal(LANGUAGE_UNKNOWN, field=field)


def _check_interest(interest: int, field: str) -> None:
    if not interests.chain(interest):
        raise Refusal(INTEREST_UNKNOWN, field=field, interest=_shown(interest))


def _clean_price(gather: Gather, least: int | None, most: int | None) -> tuple[int | None, int | None]:
    """Return the two ends; a span that leaves nothing out is no span."""
    for end, lowest, value in (("least", 0, least), ("most", PRICE_STEP, most)):
        if value is not None and (value % PRICE_STEP or not lowest <= value <= HIGHEST_PRICE):
            field = f"targeting.device_price.{end}"
            gather.add(Refusal(errors.DEVICE_PRICE_STEP, field=field, step=PRICE_STEP, most=HIGHEST_PRICE))
    if least is not None and most is not None and least >= most:
        gather.add(Refusal(errors.DEVICE_PRICE_ORDER, field="targeting.device_price"))
    return (None, None) if most is None and not least else (least or 0, most)


def _check_behaviours(gather: Gather, asked: Sequence[Behaviour]) -> None:
    field = "targeting.behaviours"
    if len(asked) > TARGETED_BEHAVIOURS:
        gather.add(Refusal(errors.TARGETING_TOO_MANY, field=field, got=len(asked), limit=TARGETED_BEHAVIOURS))
        return
    for place, behaviour in enumerate(asked):
        if behaviour in asked[:place]:
            gather.add(Refusal(errors.TARGETING_TWICE, field=f"{field}[{place}]", value=behaviour.scene))
        _check_behaviour(gather, f"behaviours[{place}]", behaviour)


def _check_behaviour(gather: Gather, name: str, behaviour: Behaviour) -> None:
    scene = behaviour.scene
    field = f"targeting.{name}"

    def check(category: int, at: str) -> None:
        row = behaviours.TABLE.by_id.get(category)
        if row is None:
            raise Refusal(errors.BEHAVIOUR_UNKNOWN, field=at, behaviour=_shown(category))
        if scene in SCENE_ACTIONS and row.action_scene != scene:
            raise Refusal(errors.BEHAVIOUR_ELSEWHERE, field=at, behaviour=row.slug, scene=row.action_scene)

    gather.take(_one_of(tuple(SCENE_ACTIONS)), scene, f"{field}.scene")
    if not behaviour.category_ids:
        gather.add(Refusal(FIELD_REQUIRED, field=f"{field}.categories"))
    _check_each(gather, f"{name}.categories", behaviour.category_ids, check)
    if scene in SCENE_ACTIONS:
        _check_each(gather, f"{name}.actions", behaviour.actions, _one_of(SCENE_ACTIONS[scene]))
    if behaviour.period_days not in PERIODS_DAYS:
        choices = ", ".join(map(str, PERIODS_DAYS))
        got = _shown(behaviour.period_days)
        gather.add(Refusal(errors.TARGETING_CHOICE, field=f"{field}.period_days", value=got, choices=choices))


def _check_audiences(gather: Gather, given: Targeting, known: Collection[int]) -> None:
    def check(audience: int, field: str) -> None:
        if audience not in known:
            raise Refusal(errors.AUDIENCE_UNKNOWN, field=field, audience=_shown(audience))

    def check_excluded(audience: int, field: str) -> None:
        check(audience, field)
        if audience in given.audiences:
            raise Refusal(errors.AUDIENCE_BOTH_WAYS, field=field, audience=_shown(audience))

    _check_each(gather, "audiences", given.audiences, check)
    _check_each(gather, "excluded_audiences", given.excluded_audiences, check_excluded)


def _check_minors(gather: Gather, given: Targeting, objective_type: str, category: str) -> None:
    """Refuse minors where the law or the platform keeps ads that are meant for them away."""
    field = "targeting.age_groups"
    closed = [row.iso for row in map(regions.by_id, given.locations) if row is not None and not row.support_below_18]
    if closed:
        places = ", ".join([*closed[:SHOWN_PLACES], *(["…"] if len(closed) > SHOWN_PLACES else [])])
        gather.add(Refusal(errors.MINORS_NOT_HERE, field=field, places=places))
    if given.is_profiled:
        gather.add(Refusal(errors.MINORS_NOT_PROFILED, field=field))
    if objective_type == "LEAD_GENERATION":
        gather.add(Refusal(errors.MINORS_NOT_ASKED, field=field))
    row = categories.find(category)
    if row is not None and row.gate == "adult_only":
        gather.add(Refusal(errors.MINORS_NOT_THIS, field=field))


def _check_same_for_all(gather: Gather, given: Targeting) -> None:
    """Refuse what would keep a home, a job or a loan from some people: see the page of decisions on targeting."""
    parts = [
        (
            "age_groups",
            bool(given.age_groups) and set(given.age_groups) != set(ADULTS),
            N_("adults of all ages are reached"),
        ),
        ("gender", given.gender != ANY_GENDER, N_("no gender is chosen")),
        (
            "device_price",
            bool(given.device_price_least) or given.device_price_most is not None,
            N_("no price of a device is chosen"),
        ),
        (
            "locations",
            any(map(_is_part_of_a_country, given.locations)),
            N_("whole countries are chosen, no part of one"),
        ),
        (
            "interests",
            not all(map(is_for_everybody_alike, given.interests)),
            N_("nobody is chosen by their family life"),
        ),
        *(
            (
                f"behaviours[{place}].categories",
                not all(map(is_behaviour_for_everybody_alike, behaviour.category_ids)),
                N_("nobody is chosen by their family life"),
            )
            for place, behaviour in enumerate(given.behaviours)
        ),
    ]
    for name, leaves_some_out, rule in parts:
        if leaves_some_out:
            gather.add(Refusal(errors.SAME_FOR_ALL, field=f"targeting.{name}", rule=rule))


def _is_part_of_a_country(location: int) -> bool:
    row = regions.by_id(location)
    return row is not None and row.level != "country"
