"""A person reads what was told to one of their audiences."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.inbox.models import Place
from attise.management.outbox.actions import unit, verb


@verb
def mark_read(means: Means, *, person_id: int, audience: str, audience_id: int, upto: int) -> None:
    """Remember that a person has read up to a notice; an older one than was read before changes nothing."""
    with unit(means):
        row, _made = Place.objects.select_for_update(no_key=True).get_or_create(
            person_id=person_id, audience=audience, audience_id=audience_id
        )
        if upto > row.read_to:
            Place.objects.filter(pk=row.pk).update(read_to=upto)
