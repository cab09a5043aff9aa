"""A creator ends a grant: now, or when the running campaigns end. Nothing refuses it because an ad runs."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.errors import FIELD_INVALID, N_
from attise.kernel.means import Means
from attise.management.authorizations import envelopes, rules
from attise.management.authorizations.actions.history import record
from attise.management.authorizations.actions.shared import lock_authorization, relock_posts, tell_grant
from attise.management.authorizations.errors import AuthorizationRefused
from attise.management.authorizations.queries import get_holders, view_of
from attise.management.authorizations.views import AuthorizationView
from attise.management.outbox.actions import unit, verb

NOW, CAMPAIGNS_END = "now", "campaigns_end"


@verb
def revoke(
    means: Means,
    actor: Actor,
    *,
    creator_id: int,
    authorization_id: int,
    when: str,
    campaigns_end_ms: int | None = None,
) -> AuthorizationView:
    """End a grant of a post or of an account.

    ``now``: no decision later than two seconds after this returns. ``campaigns_end``: at ``campaigns_end_ms``, the end
    of the last campaign that runs on it (world time), which is at once when none runs (None); at its own end at the
    latest, so that what has expired never becomes revoked. Revoking what is already
    revoked or expired changes nothing and is no error. The code dies, earnings are kept, the advertisers are told.
    Raises: ``not_found``, ``field_invalid``.
    """
    if when not in {NOW, CAMPAIGNS_END}:
        raise AuthorizationRefused(FIELD_INVALID, field="when", rule=N_("now or campaigns_end"))
    with unit(means) as work:
        row = lock_authorization(authorization_id, creator_id=creator_id)
        now = means.clock.world_ms()
        holders = get_holders([row.id])[row.id]
        if not rules.state_of(row, now).is_live:
            return view_of(row, now_ms=now, holders=holders)
        row.revoke_when, row.modified_at_ms = when, now
        if when == CAMPAIGNS_END and campaigns_end_ms is not None and campaigns_end_ms > now:
            row.revoke_at_ms = campaigns_end_ms if row.ends_at_ms is None else min(campaigns_end_ms, row.ends_at_ms)
            record(means, actor, row, "revocation_planned", at_ms=row.revoke_at_ms)
        else:
            row.state, row.revoke_at_ms = rules.State.REVOKED, now
            record(means, actor, row, "revoked", when=when)
        row.save()
        relock_posts(means, row)
        tell_grant(work, row, now_ms=now)
        is_over = row.state == rules.State.REVOKED
        if is_over:
            envelopes.close_grants(means, [row.id])
        kind = "authorization_revoked" if is_over else "authorization_revocation_planned"
        for holder in holders:
            work.notice("advertiser", holder.advertiser_id, kind, row.id, at_ms=row.revoke_at_ms)
        if row.business_center_id is not None:
            kind = "account_access_ended" if is_over else kind
            work.notice("business_center", row.business_center_id, kind, row.id, by="creator", at_ms=row.revoke_at_ms)
        return view_of(row, now_ms=now, holders=holders)
