"""People are forgotten: that an ad won for them, and what they did since. Those compared become fewer, in both arms."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import transaction

from attise.kernel.parts import in_parts
from attise.measurement.lift.models import Act, Exposure, Meeting

PARAMETERS = 500


def forget_people(people: Collection[str]) -> int:
    """Let go of what is kept of people, by pseudonym; returns how many rows went. One transaction."""
    gone = 0
    with transaction.atomic():
        for some in in_parts({one for one in people if one}, PARAMETERS):
            gone += Act.objects.filter(person__in=some).delete()[0]
            gone += Exposure.objects.filter(person__in=some).delete()[0]
            gone += Meeting.objects.filter(person__in=some).delete()[0]
    return gone


def forget_unknown(known: Callable[[Collection[str]], set[str]], *, after: str, limit: int) -> tuple[str, int]:
    """Forget those of ``limit`` people beyond ``after`` whom ``known`` does not know (any more).

    Why by a look at all: what was decided for somebody before they were erased may be read afterwards. Returns where to
    go on from, empty when all were looked at, and how many rows went.
    """
    people = _people_beyond(after, limit)
    unknown = set(people) - known(people) if people else set()
    gone = forget_people(unknown) if unknown else 0
    return (people[-1] if len(people) == limit else ""), gone


def _people_beyond(after: str, limit: int) -> list[str]:
    """Return the next people of any comparison, each once, in order."""
    found: set[str] = set()
    for rows in (Exposure.objects.filter(person__gt=after), Meeting.objects.filter(person__gt=after)):
        found.update(rows.order_by("person").values_list("person", flat=True).distinct()[:limit])
    return sorted(found)[:limit]
