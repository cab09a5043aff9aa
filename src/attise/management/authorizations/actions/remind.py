"""The clock's own doings: reminders before a grant ends, the word that it has ended, what was planned: a worker's."""

from __future__ import annotations

from django.db.models import Q

from attise.kernel.actor import CLOCK
from attise.kernel.limits import DAY_MS, REMINDER_DAYS
from attise.kernel.means import Means
from attise.management.authorizations import envelopes, rules
from attise.management.authorizations.actions.history import record
from attise.management.authorizations.actions.shared import lock_authorization, relock_posts, tell_grant
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


def end_planned(means: Means) -> int:
    """Write down the revocations that were planned for the end of campaigns and whose time has come; returns how many.

    They hold by the clock already. Now captions are freed, envelopes closed, and those concerned are told.
    """
    now = means.clock.world_ms()
    due = Authorization.objects.filter(revoke_at_ms__lte=now).exclude(state=rules.State.REVOKED)
    ids = list(due.order_by("id").values_list("id", flat=True)[:BATCH])
    return sum(_end(means, authorization_id) for authorization_id in ids)


@verb
def _end(means: Means, authorization_id: int) -> bool:
    """End one grant whose planned revocation has come; False when that was lifted or done meanwhile."""
    with unit(means) as work:
        row = lock_authorization(authorization_id)
        now = means.clock.world_ms()
        if row.state == rules.State.REVOKED or row.revoke_at_ms is None or row.revoke_at_ms > now:
            return False
        row.state, row.modified_at_ms = rules.State.REVOKED, now
        record(means, CLOCK, row, "revoked", when=row.revoke_when)
        row.save()
        relock_posts(means, row)
        tell_grant(work, row, now_ms=now)
        envelopes.close_grants(means, [row.id])
        for holder in get_holders([row.id])[row.id]:
            work.notice("advertiser", holder.advertiser_id, "authorization_revoked", row.id, at_ms=row.revoke_at_ms)
        if row.business_center_id is not None:
            work.notice("business_center", row.business_center_id, "account_access_ended", row.id, by="creator")
    return True


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
        envelopes.close_grants(means, [row.id for row, days in due if days == END_TOLD])
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
