"""Whom an advertiser's pages knew, since when, and what they did there: by names alone, whatever ad they saw.

A name (a hashed address, a number) that came along with somebody's click is theirs from then on. What is told under it
is theirs, with a click or without one: so two arms that were known alike can be compared, of which one saw no ad.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from attise.measurement.conversions.evidence import PEOPLE_OF_A_NAME, parts
from attise.measurement.conversions.models import Conversion, MatchKey, Touch

_Name = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody whom an advertiser's pages knew; times are world time."""

    since_ms: int
    """When a name of theirs came along with a click first."""
    done: tuple[tuple[int, int], ...]
    """Of each thing that they did there: since when the name that tells it is theirs, and when it happened."""


def list_customers(advertiser_id: int, people: Collection[str], *, events: Collection[str]) -> dict[str, Customer]:
    """Return those of some people whom an advertiser's pages knew, with what they did of some events.

    Cost: four statements for each five hundred of them.
    """
    clicks: dict[int, str] = {}
    for some in parts({one for one in people if one}):
        rows = Touch.objects.filter(person__in=some, advertiser_id=advertiser_id).exclude(clicked_at_ms=0)
        clicks.update(rows.values_list("decision_id", "person"))
    owners = _owners(advertiser_id, clicks)
    done = _done(advertiser_id, owners, events)
    found: dict[str, Customer] = {}
    for person in {one for owned in owners.values() for one in owned}:
        names = {name: owned[person] for name, owned in owners.items() if person in owned}
        told: dict[int, tuple[int, int]] = {}
        for name, since_ms in names.items():
            for conversion_id, at_ms in done.get(name, ()):
                since = min(since_ms, told[conversion_id][0]) if conversion_id in told else since_ms
                told[conversion_id] = (since, at_ms)
        found[person] = Customer(min(names.values()), tuple(told.values()))
    return found


def _owners(advertiser_id: int, clicks: Mapping[int, str]) -> dict[_Name, dict[str, int]]:
    """Return whose names are, each since when; a name of many is nobody's."""
    owners: dict[_Name, dict[str, int]] = {}
    for some in parts(clicks):
        rows = MatchKey.objects.filter(
            conversion__decision_id__in=some,
            conversion__advertiser_id=advertiser_id,
            conversion__standing=Conversion.Standing.GOOD,
            conversion__has_consent=True,
        )
        for kind, value, decision_id, at_ms in rows.values_list(
            "kind", "value", "conversion__decision_id", "conversion__at_ms"
        ):
            owned = owners.setdefault((kind, bytes(value)), {})
            person = clicks[decision_id]
            owned[person] = min(at_ms, owned.get(person, at_ms))
    return {name: owned for name, owned in owners.items() if len(owned) <= PEOPLE_OF_A_NAME}


def _done(advertiser_id: int, names: Collection[_Name], events: Collection[str]) -> dict[_Name, list[tuple[int, int]]]:
    """Return what was told under names: which conversion, and when it happened."""
    done: dict[_Name, list[tuple[int, int]]] = {}
    for some in parts({value for _, value in names}):
        rows = MatchKey.objects.filter(
            advertiser_id=advertiser_id,
            value__in=some,
            conversion__standing=Conversion.Standing.GOOD,
            conversion__event__in=list(events),
        )
        for kind, value, conversion_id, at_ms in rows.values_list(
            "kind", "value", "conversion_id", "conversion__at_ms"
        ):
            done.setdefault((kind, bytes(value)), []).append((conversion_id, at_ms))
    return done
