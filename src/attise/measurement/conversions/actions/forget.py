"""People are forgotten: what showed when they were touched by ads, and by which names pages know them, goes.

What was credited stays credited, to the ad and not to a person: totals of advertisers do not change because somebody
was erased.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import Q

from attise.measurement.conversions.evidence import parts
from attise.measurement.conversions.models import Conversion, MatchKey, Touch


def forget_people(people: Collection[str]) -> int:
    """Let go of the touches of people, by pseudonym; returns how many touches went.

    Their conversions keep their credit, and lose their click, their page and their hashed names. Within a transaction
    that nobody settles beside: a touch that is being credited must not go meanwhile.
    """
    if not connection.in_atomic_block:
        raise AssertionError("touches go while nobody credits them")
    named = {one for one in people if one}  # somebody without memory has no name, and nothing to be found by
    gone = 0
    for some in parts(sorted(named)):
        for touched in parts(Touch.objects.filter(person__in=some).values_list("decision_id", flat=True)):
            theirs = Conversion.objects.filter(Q(credited_decision_id__in=touched) | Q(decision_id__in=touched))
            for ids in parts(theirs.values_list("id", flat=True)):
                MatchKey.objects.filter(conversion_id__in=ids).delete()
                Conversion.objects.filter(id__in=ids).update(is_final=True, click_id="", decision_id=0, page_host="")
            gone += Touch.objects.filter(decision_id__in=touched).delete()[0]
    return gone


def list_people(*, after: str, limit: int) -> list[str]:
    """Return pseudonyms of people with touches beyond one, in their order. Cost: one statement, along an index."""
    rows = Touch.objects.filter(person__gt=after).order_by("person")
    return list(rows.values_list("person", flat=True).distinct()[:limit])
