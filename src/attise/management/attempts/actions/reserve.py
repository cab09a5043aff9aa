"""An attempt is counted before it is made, where many at once must not slip past a limit together.

Looking first and counting the failure afterwards lets every request that is under way in between through. Here the
attempt takes its place first; a success gives the place back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import F

from attise.kernel.limits import MINUTE_MS
from attise.kernel.means import Means
from attise.management.attempts.actions.guard import Guard, in_order, record_failure, refuse_if_too_many, subject_of
from attise.management.attempts.models import Attempt
from attise.management.outbox.actions import unit, verb


@dataclass(frozen=True, slots=True)
class Reservation:
    """The places one attempt took, and in which minute of wire time."""

    guards: tuple[Guard, ...]
    minute: int


@verb
def reserve(means: Means, guards: Sequence[Guard]) -> Reservation:
    """Count an attempt as a failure before it is made; one that is over a limit is refused and not counted.

    Not to be called within a unit: what that unit undoes would be forgotten. Raises: ``too_many_requests`` with
    ``retry_after_s``. Invariants: of any number of attempts at once, no more than the limit go on.
    """
    minute = means.clock.wire_ms() // MINUTE_MS
    # One more than the limit, since this attempt is among those counted.
    with_itself = [
        replace(guard, limits=tuple(replace(limit, count=limit.count + 1) for limit in guard.limits))
        for guard in guards
    ]
    with unit(means):
        record_failure(means, list(guards))
        refuse_if_too_many(means, with_itself)
    return Reservation(tuple(guards), minute)


@verb
def give_back(means: Means, reservation: Reservation) -> None:
    """Uncount an attempt that turned out well."""
    with unit(means):
        for guard in in_order(reservation.guards):
            Attempt.objects.filter(
                kind=guard.kind, subject=subject_of(means, guard.subject), minute=reservation.minute, count__gt=0
            ).update(count=F("count") - 1)
