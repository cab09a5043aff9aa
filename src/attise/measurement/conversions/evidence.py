"""Which touches bear on which conversions, from the rows: who followed a click, and who is the same person.

A name (a hashed address, a number, a browser) leads from a conversion to others of the same advertiser, and from these
to their clicks: one step, never further, so that what is found depends on the rows and not on the order of asking. A
name that leads to many people is nobody's: a shop that sends the same text for all of them links none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final, TypeVar

from attise.kernel.limits import CONVERSION_AHEAD_MS
from attise.kernel.parts import in_parts
from attise.measurement.conversions.models import Conversion, MatchKey, Touch
from attise.measurement.conversions.rules import Credit, Touched, Windows

PEOPLE_OF_A_NAME: Final = 5
"""A name that leads to more than these is nobody's."""
CLICKS_OF_A_NAME: Final = 100
"""Clicks that a name may lead to; one that leads to more is nobody's."""
TOUCHES_OF_A_PERSON: Final = 2_000
"""The latest of one advertiser's touches of somebody that are looked at."""
BESIDE: Final = 1_000
"""Conversions that one batch has credited anew beside its own."""
PARAMETERS: Final = 500
"""Values of one statement."""
_NAME: Final = ("advertiser_id", "kind", "value")
RESULT: Final = (
    *("credited_decision_id", "touch", "touch_at_ms", "campaign_id", "adgroup_id", "ad_id", "post_id"),
    "decided_at_ms",
)
"""What a credit makes of a conversion's row."""
Name = tuple[int, str, bytes]
"""Whose, of which kind, and the hash."""
Value = TypeVar("Value")


def touches_of(decision_ids: Iterable[int]) -> list[Touched]:
    """Return the touches of decisions, those that are there."""
    return [touched_of(row) for part in parts(decision_ids) for row in Touch.objects.filter(decision_id__in=part)]


def result_of(credit: Credit | None) -> tuple[int | str, ...]:
    """Return the values of ``RESULT`` that a credit comes to, or none."""
    if credit is None:
        return (0, "", 0, 0, 0, 0, 0, 0)
    of = credit.touched
    return (
        *(of.decision_id, credit.kind.value, credit.at_ms, of.campaign_id, of.adgroup_id, of.ad_id, of.post_id),
        of.decided_at_ms,
    )


def touches_for(conversions: Iterable[Conversion]) -> dict[int, list[Touched]]:
    """Return, by conversion, every touch of its person that its credit may be of.

    Cost: five statements, whatever their number.
    """
    rows = [row for row in conversions if row.has_consent]
    clicks = _clicks_of(rows)
    followed = {one.decision_id: one for one in _clicked({one for found in clicks.values() for one in found})}
    own: dict[int, dict[int, Touched]] = {}
    for row in rows:
        found = (followed[one] for one in clicks[row.id] if one in followed)
        # The id of a click on another advertiser's ad says nothing here.
        own[row.id] = {one.decision_id: one for one in found if one.advertiser_id == row.advertiser_id}
    by_person = _touches_of_people(
        {(one.advertiser_id, one.person) for found in own.values() for one in found.values() if one.person}
    )
    every: dict[int, list[Touched]] = {}
    for row in rows:
        touches = dict(own[row.id])
        for person in {one.person for one in own[row.id].values() if one.person}:
            touches |= {one.decision_id: one for one in by_person.get((row.advertiser_id, person), ())}
        every[row.id] = list(touches.values())
    return every


def conversions_after(touches: Collection[Touched]) -> set[int]:
    """Return the conversions that touches, now written, may be credited with.

    Cost: one statement where nothing was told that happened after them, as it mostly is.
    """
    since_ms = min(at_ms for one in touches for _, at_ms in one.times()) - CONVERSION_AHEAD_MS
    waiting = Conversion.objects.filter(advertiser_id__in={one.advertiser_id for one in touches}, at_ms__gte=since_ms)
    advertisers = set(waiting.order_by().values_list("advertiser_id", flat=True).distinct())
    touches = [one for one in touches if one.advertiser_id in advertisers]
    if not touches:
        return set()
    direct = set(_of_clicks(one.decision_id for one in touches))
    people = {(one.advertiser_id, one.person) for one in touches if one.person}
    decisions: set[int] = set()
    for part in parts({person for _, person in people}):
        clicked = Touch.objects.filter(person__in=part, advertiser_id__in={one for one, _ in people})
        clicked = clicked.exclude(clicked_at_ms=0)
        for advertiser_id, person, decision_id in clicked.values_list("advertiser_id", "person", "decision_id"):
            if (advertiser_id, person) in people:
                decisions.add(decision_id)
    direct |= set(_of_clicks(decisions))
    return direct | conversions_beside(direct) if direct else set()


def conversions_beside(ids: Collection[int]) -> set[int]:
    """Return other conversions of the same advertisers under one of the names of these; the latest, where many are."""
    names = _names_of(ids)
    found: set[int] = set()
    for part in parts({value for _, _, value in names}):
        rows = MatchKey.objects.filter(value__in=part, advertiser_id__in={one for one, _, _ in names})
        for advertiser_id, kind, value, conversion_id in rows.values_list(*_NAME, "conversion_id"):
            if (advertiser_id, kind, bytes(value)) in names:
                found.add(conversion_id)
    return set(sorted(found - set(ids))[-BESIDE:])


def _names_of(ids: Collection[int]) -> dict[Name, set[int]]:
    """Return the names of conversions, each with those of them that have it."""
    names: dict[Name, set[int]] = {}
    for part in parts(ids):
        rows = MatchKey.objects.filter(conversion_id__in=part)
        for advertiser_id, kind, value, conversion_id in rows.values_list(*_NAME, "conversion_id"):
            names.setdefault((advertiser_id, kind, bytes(value)), set()).add(conversion_id)
    return names


def _clicks_of(rows: Collection[Conversion]) -> dict[int, set[int]]:
    """Return, by conversion, the decisions of its own click and of those that its names lead to."""
    clicks = {row.id: {row.decision_id} if row.decision_id else set() for row in rows}
    names = _names_of(clicks)
    led: dict[Name, set[int]] = {}
    for part in parts({value for _, _, value in names}):
        good = MatchKey.objects.filter(value__in=part, advertiser_id__in={one for one, _, _ in names})
        good = good.filter(conversion__standing=Conversion.Standing.GOOD).exclude(conversion__decision_id=0)
        for advertiser_id, kind, value, decision_id in good.values_list(*_NAME, "conversion__decision_id"):
            led.setdefault((advertiser_id, kind, bytes(value)), set()).add(decision_id)
    decisions = {one for found in led.values() if len(found) <= CLICKS_OF_A_NAME for one in found}
    people = {one.decision_id: one.person for one in _clicked(decisions) if one.person}
    for name, conversion_ids in names.items():
        found = led.get(name, set())
        persons = {people[one] for one in found if one in people}
        is_somebody = len(found) <= CLICKS_OF_A_NAME and len(persons) <= PEOPLE_OF_A_NAME
        if is_somebody:
            for conversion_id in conversion_ids:
                clicks[conversion_id] |= found
    return clicks


def _clicked(decision_ids: Iterable[int]) -> list[Touched]:
    """Return the touches of decisions whose ad was clicked, and the click believed."""
    return [one for one in touches_of(decision_ids) if one.clicked_at_ms]


def _touches_of_people(people: Collection[tuple[int, str]]) -> dict[tuple[int, str], list[Touched]]:
    found: dict[tuple[int, str], list[Touched]] = {}
    for part in parts({person for _, person in people}):
        rows = Touch.objects.filter(person__in=part, advertiser_id__in={one for one, _ in people})
        for row in rows.order_by("-decision_id"):
            touched = found.setdefault((row.advertiser_id, row.person), [])
            if (row.advertiser_id, row.person) in people and len(touched) < TOUCHES_OF_A_PERSON:
                touched.append(touched_of(row))
    return found


def _of_clicks(decision_ids: Iterable[int]) -> Iterable[int]:
    for part in parts(decision_ids):
        yield from Conversion.objects.filter(decision_id__in=part).values_list("id", flat=True)


def touched_of(row: Touch) -> Touched:
    """Return the touch that a row holds."""
    return Touched(
        *(row.decision_id, row.advertiser_id, row.campaign_id, row.adgroup_id, row.ad_id, row.post_id, row.person),
        *(row.seen_at_ms, row.engaged_at_ms, row.clicked_at_ms),
        windows=Windows(row.click_days, row.engaged_days, row.view_days),
        counts_once=row.counts_once,
    )


def parts(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Return values in parts that one statement takes; nothing for none."""
    return in_parts(values, PARAMETERS)
