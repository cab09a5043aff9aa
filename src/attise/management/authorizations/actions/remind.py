"""The clock's own doings: reminders before a grant ends, and the word that it has ended. A worker's job."""

from __future__ import annotations

from django.db.models import Q

from attise.kernel.limits import DAY_MS, REMINDER_DAYS
from attise.kernel.means import Means
from attise.management.authorizations import rules
from attise.management.authorizations.models import Authorization
from attise.management.authorizations.queries import get_holders
from attise.management.outbox.actions import unit, verb

BATCH = 500
NOTHING_TOLD = 99
END_TOLD = 0


def remind(means: Means) -> int:
    """Notice creators and holders of bound grants that end within 7, 3 and 1 days, and of those that have ended.

    Each is told once per grant and end, so that running again, at any time, tells nothing twice; after a clock that
    jumped, only the nearest reminder is told. Returns how many grants were told of.
    """
    told = BATCH
    total = 0
    while told == BATCH:
        told = _remind_batch(means)
        total += told
    return total


@verb
def _remind_batch(means: Means) -> int:
    """Tell of up to a batch of grants in one unit; returns how many there were."""
    with unit(means) as work:
        now = means.clock.world_ms()
        due = _due(now)
        holders = get_holders([row.id for row, _ in due])
        for row, days in due:
            kind = "authorization_expired" if days == END_TOLD else "authorization_ending"
            audiences = [("creator", row.creator_id)]
            audiences += [("advertiser", holder.advertiser_id) for holder in holders[row.id]]
            for audience, audience_id in audiences:
                body = {"ends_at_ms": row.ends_at_ms, "days": days, "post_id": str(row.post_id)}
                work.notice(audience, audience_id, kind, row.id, **body)
            row.told_days = days
        Authorization.objects.bulk_update([row for row, _ in due], ["told_days"])
    return len(due)


def _due(now: int) -> list[tuple[Authorization, int]]:
    """Return up to a batch of locked grants with the day mark that is due and was not told.

    Only these are locked, in the order of their ids as everywhere.
    """
    has_come = Q()
    for days in (END_TOLD, *REMINDER_DAYS):
        has_come |= Q(told_days__gt=days, ends_at_ms__lte=now + days * DAY_MS)
    rows = (
        Authorization.objects.select_for_update(no_key=True)
        .filter(has_come, kind=Authorization.Kind.POST, state=rules.State.BOUND, told_days__gt=END_TOLD)
        .exclude(revoke_at_ms__lte=now)
        .order_by("id")[:BATCH]
    )
    return [(row, _mark(row.ends_at_ms, now)) for row in rows if row.ends_at_ms is not None]


def _mark(ends_at_ms: int, now: int) -> int:
    """Return the nearest day mark that has come: 7, 3 or 1, or 0 at the end."""
    return min(days for days in (END_TOLD, *REMINDER_DAYS) if ends_at_ms - now <= days * DAY_MS)
