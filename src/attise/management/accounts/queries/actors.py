"""How histories name who acted."""

from __future__ import annotations

from attise.management.accounts.models import AccessToken, HostKey, Person

HOUSE = "Attise"
"""Who acts when nobody does: the clock, and commands of the machine."""


def name_of_actor(actor: str) -> str:
    """Return the name behind an actor as histories keep it (``person:12``): a person's, an app's, a host key's.

    Cost: one query.
    """
    kind, _, number = actor.partition(":")
    if not number.isdigit():
        return HOUSE
    if kind == "person":
        names = Person.objects.filter(id=int(number)).values_list("display_name", flat=True)
    elif kind == "token":
        names = AccessToken.objects.filter(id=int(number)).values_list("app__name", flat=True)
    elif kind == "host":
        names = HostKey.objects.filter(id=int(number)).values_list("name", flat=True)
    else:
        return HOUSE
    return names.first() or HOUSE
