"""How histories name who acted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from attise.management.accounts.models import AccessToken, HostKey, Person

HOUSE = "Attise"
"""Who acts when nobody does: the clock, and commands of the machine."""
_NAMED: dict[str, tuple[QuerySet[Any], str]] = {
    "person": (Person.objects.all(), "display_name"),
    "token": (AccessToken.objects.all(), "app__name"),
    "host": (HostKey.objects.all(), "name"),
}


def name_of_actor(actor: str) -> str:
    """Return the name behind an actor as histories keep it (``person:12``): a person's, an app's, a host key's.

    Cost: one query.
    """
    return names_of_actors([actor])[actor]


def names_of_actors(actors: Iterable[str]) -> dict[str, str]:
    """Return the names behind actors. Cost: a query for each kind of them, three at most."""
    found = dict.fromkeys(actors, HOUSE)
    parts = [(kind, int(number)) for kind, _, number in (actor.partition(":") for actor in found) if number.isdigit()]
    for kind, (table, column) in _NAMED.items():
        ids = [number for named, number in parts if named == kind]
        if ids:
            rows = table.filter(id__in=ids).values_list("id", column)
            found.update({f"{kind}:{number}": name for number, name in rows if name})
    return found
