"""What ads are credited with, summed up from the rows: always the whole of a place, never what it changed by.

So what is credited elsewhere later, or told to be worth more, leaves no remainder anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final, NamedTuple

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Mod

from attise.kernel.limits import HOUR_MS, MINUTE_MS
from attise.kernel.parts import in_parts
from attise.measurement.conversions import rules
from attise.measurement.conversions.models import Conversion

QUARTER_MS: Final = 15 * MINUTE_MS
AT_ONCE: Final = 100
"""Hours of ad groups, or decisions, of one statement."""


class Place(NamedTuple):
    """Where a conversion counts."""

    adgroup_id: int
    ad_id: int
    hour_ms: int
    """World time: the beginning of the hour of the decision."""
    decision_id: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Conversions of one kind that an ad is credited with, of decisions of one quarter of an hour."""

    adgroup_id: int
    ad_id: int
    quarter_ms: int
    kind: str
    """``rules.kind_of`` their event."""
    currency: str
    """Of what they are worth; empty where that was not said."""
    conversions: int
    results: int
    """Those of them that the ad group is there for."""
    value_micros: int
    delay_ms: int
    """Of results: the time from the decision to what happened, all of it together."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What one decision brought of what its ad group is there for."""

    decision_id: int
    results: int
    first_at_ms: int
    """World time at which the first one happened."""


def list_counted(places: Collection[Place]) -> list[Counted]:
    """Return what is counted in the hours of these places, of every ad of their ad groups. One statement a hundred."""
    found: dict[tuple[int, int, int, str, str], list[int]] = {}
    hours = {(place.adgroup_id, place.hour_ms) for place in places}
    for part in in_parts(sorted(hours), AT_ONCE):
        asked = (
            Q(adgroup_id=adgroup_id, decided_at_ms__gte=hour_ms, decided_at_ms__lt=hour_ms + HOUR_MS)
            for adgroup_id, hour_ms in part
        )
        _add(found, reduce(or_, asked))
    return [Counted(*key, *sums) for key, sums in sorted(found.items())]


def iterate_counted(*, since_ms: int) -> Iterator[Counted]:
    """Yield what is counted of decisions since a time (world time), by ad group."""
    found: dict[tuple[int, int, int, str, str], list[int]] = {}
    _add(found, Q(decided_at_ms__gte=since_ms) & ~Q(adgroup_id=0))
    yield from (Counted(*key, *sums) for key, sums in sorted(found.items()))


def list_converted(decision_ids: Collection[int]) -> dict[int, Converted]:
    """Return, by decision, what it brought; none of those that brought nothing. One statement a hundred."""
    found: dict[int, Converted] = {}
    for part in in_parts(sorted(decision_ids), AT_ONCE):
        rows = Conversion.objects.filter(credited_decision_id__in=part, is_counted=True, is_result=True)
        sums = rows.values("credited_decision_id").annotate(results=Count("id"), first=Min("at_ms")).order_by()
        for row in sums:
            decision_id = row["credited_decision_id"]
            found[decision_id] = Converted(decision_id, row["results"], row["first"])
    return found


def _add(found: dict[tuple[int, int, int, str, str], list[int]], which: Q) -> None:
    quarter = F("decided_at_ms") - Mod(F("decided_at_ms"), QUARTER_MS)
    is_result, is_worth = Q(is_result=True), Q(value_micros__gte=0)
    rows = (
        Conversion.objects.filter(which, is_counted=True)
        .annotate(quarter_ms=quarter)
        .values("adgroup_id", "ad_id", "quarter_ms", "event", "currency")
        .annotate(
            conversions=Count("id"),
            results=Count("id", filter=is_result),
            worth=Sum("value_micros", filter=is_worth, default=0),
            delay=Sum(F("at_ms") - F("decided_at_ms"), filter=is_result, default=0),
        )
        .order_by()
    )
    for row in rows:
        kind = rules.kind_of(row["event"])
        key = (row["adgroup_id"], row["ad_id"], int(row["quarter_ms"]), kind, row["currency"])
        sums = found.setdefault(key, [0, 0, 0, 0])
        more = (row["conversions"], row["results"], int(row["worth"]), int(row["delay"]))
        sums[:] = [one + other for one, other in zip(sums, more, strict=True)]
