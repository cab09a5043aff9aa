"""The clock's own doings: reminders before a grant ends, and the word that it has ended. A worker's job."""

from __future__ import annotations

from attise.kernel.limits import DAY_MS, REMINDER_DAYS
from attise.kernel.means import Means
from attise.management.authorizations import rules
from attise.management.authorizations.models import Authorization
from attise.management.authorizations.queries import get_holders
from attise.management.outbox.actions import unit

BATCH = 500
NOTHING_TOLD = 99
END_TOLD = 0


def remind(means: Means) -> int:
    """Notice creators and holders of bound grants that end within 7, 3 and 1 days, and of those that have ended.

    Each is told once per grant and end, so that running again, at any time, tells nothing twice; after a clock that
    jumped, only the nearest reminder is told. Returns how many grants were told of.
    """
    told = 0
    while True:
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
        told += len(due)
        if len(due) < BATCH:
            return told


def _due(now: int) -> list[tuple[Authorization, int]]:
    """Return up to a batch of locked grants with the day mark that is due and was not told."""
    rows = (
        Authorization.objects.select_for_update()
        .filter(
            kind=Authorization.Kind.POST,
            state=rules.State.BOUND,
            told_days__gt=END_TOLD,
            ends_at_ms__lte=now + max(REMINDER_DAYS) * DAY_MS,
        )
        .order_by("ends_at_ms", "id")
    )
    found = []
    for row in rows:
        mark = _mark(row, now)
        if mark is not None and mark < row.told_days:
            found.append((row, mark))
            if len(found) == BATCH:
                break
    return found


def _mark(row: Authorization, now: int) -> int | None:
    """Return the nearest reminder day that has come, 0 past the end, None when nothing is to be told."""
    state = rules.state_of(row, now)
    if state is rules.State.REVOKED or row.ends_at_ms is None:
        return None
    if state is rules.State.EXPIRED:
        return END_TOLD
    left_ms = row.ends_at_ms - now
    return min((days for days in REMINDER_DAYS if left_ms <= days * DAY_MS), default=None)
