"""People who were erased are forgotten where conversions are credited, while nobody settles."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import transaction

from attise.measurement.attribution.models import Position
from attise.measurement.conversions import actions as conversions


def forget_people(people: Collection[str]) -> int:
    """Forget some people, by pseudonym; returns how many touches went. One transaction, under the position's lock."""
    with transaction.atomic():
        Position.objects.select_for_update(no_key=True).get(id=1)
        return conversions.forget_people(people)


def forget_unknown(known: Callable[[Collection[str]], set[str]], *, after: str, limit: int) -> tuple[str, int]:
    """Forget those of ``limit`` people beyond ``after`` whom ``known`` does not know (any more).

    Why by a look at all: what somebody did before they were erased may be settled afterwards. Returns where to go on
    from, empty when all were looked at, and how many touches went.
    """
    people = conversions.list_people(after=after, limit=limit)
    unknown = set(people) - known(people) if people else set()
    gone = forget_people(unknown) if unknown else 0
    return (people[-1] if len(people) == limit else ""), gone
