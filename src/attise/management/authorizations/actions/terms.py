"""A creator changes the terms of a live grant: a new version, in force for decisions taken from now on."""

from __future__ import annotations

import msgspec

from attise.kernel.actor import Actor
from attise.kernel.errors import N_, Refusals
from attise.kernel.means import Means
from attise.management.authorizations import envelopes, rules
from attise.management.authorizations.actions.history import record
from attise.management.authorizations.actions.shared import lock_authorization, tell_grant, terms_of
from attise.management.authorizations.errors import AUTHORIZATION_OVER, TERMS_INVALID, AuthorizationRefused
from attise.management.authorizations.queries import get_holders, view_of
from attise.management.authorizations.views import AuthorizationView
from attise.management.outbox.actions import unit, verb
from attise.management.posts import actions as posts
from attise.records.terms import Terms


@verb
def change_terms(
    means: Means, actor: Actor, *, creator_id: int, authorization_id: int, terms: Terms
) -> AuthorizationView:
    """Set new terms on a live grant of a post; advertisers that hold it are told.

    What the creator is paid is agreed at the binding: once bound, share, fee and currency stay.
    Raises: ``not_found``, ``authorization_over``, ``terms_invalid``.
    """
    wrong = rules.refusals_of_terms(terms)
    if wrong:
        raise Refusals(wrong)
    with unit(means) as work:
        row = lock_authorization(authorization_id, creator_id=creator_id, kind="post")
        now = means.clock.world_ms()
        state = rules.state_of(row, now)
        if not state.is_live:
            raise AuthorizationRefused(AUTHORIZATION_OVER, field="authorization_id")
        before = terms_of(row)
        if state is rules.State.BOUND and _pay(before) != _pay(terms):
            raise AuthorizationRefused(
                TERMS_INVALID, field="terms", rule=N_("share, fee and currency stay once an advertiser holds the grant")
            )
        row.terms, row.terms_version, row.modified_at_ms = msgspec.to_builtins(terms), row.terms_version + 1, now
        record(
            means,
            actor,
            row,
            "terms_changed",
            version=row.terms_version,
            before=msgspec.to_builtins(before),
            terms=row.terms,
        )
        row.save()
        if terms.is_paid and row.post_id is not None:
            posts.mark_partnership(means, post_id=row.post_id)
        tell_grant(work, row, now_ms=now)
        envelopes.set_caps(means, row, terms)
        holders = get_holders([row.id])[row.id]
        for holder in holders:
            work.notice("advertiser", holder.advertiser_id, "authorization_terms_changed", row.id)
        return view_of(row, now_ms=now, holders=holders)


def _pay(terms: Terms) -> tuple[int, int, str | None]:
    """Return what the creator is paid; a cap may be set in any currency."""
    return terms.share_ppm, terms.fee_micros, terms.currency if terms.is_paid else None
