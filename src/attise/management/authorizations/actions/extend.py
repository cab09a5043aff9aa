"""A creator extends a grant before its end: same code, running ads go on untouched."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.management.authorizations import rules
from attise.management.authorizations.actions.history import record
from attise.management.authorizations.actions.remind import NOTHING_TOLD
from attise.management.authorizations.actions.shared import lock_authorization, relock_post, tell_grant
from attise.management.authorizations.errors import AUTHORIZATION_OVER, AuthorizationRefused
from attise.management.authorizations.queries import get_holders, view_of
from attise.management.authorizations.views import AuthorizationView
from attise.management.outbox.actions import unit, verb
from attise.management.policy.queries import get_policy


@verb
def extend(means: Means, actor: Actor, *, creator_id: int, authorization_id: int, days: int) -> AuthorizationView:
    """Add 7, 30, 60 or 365 days to the current end of a live grant of a post.

    A planned revocation is lifted: the creator's newer word is that the grant goes on.
    Raises: ``not_found``, ``grant_days_invalid``, ``authorization_over``.
    """
    days = rules.check_days(days, offered=get_policy().grant_days)
    with unit(means) as work:
        row = lock_authorization(authorization_id, creator_id=creator_id)
        now = means.clock.world_ms()
        if not rules.state_of(row, now).is_live or row.ends_at_ms is None:
            raise AuthorizationRefused(AUTHORIZATION_OVER, field="authorization_id")
        before = row.ends_at_ms
        row.ends_at_ms, row.days = rules.end_of(before, days), days
        row.revoke_at_ms, row.revoke_when, row.modified_at_ms, row.told_days = None, "", now, NOTHING_TOLD
        record(means, actor, row, "extended", days=days, before_ms=before, ends_at_ms=row.ends_at_ms)
        row.save()
        if row.post_id is not None:
            relock_post(means, row.post_id)
        tell_grant(work, row, now_ms=now)
        holders = get_holders([row.id])[row.id]
        for holder in holders:
            work.notice("advertiser", holder.advertiser_id, "authorization_extended", row.id, ends_at_ms=row.ends_at_ms)
        return view_of(row, now_ms=now, holders=holders)
