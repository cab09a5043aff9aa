"""A creator authorizes a post: step 1 of *a creator authorizes a post*. Before: a door. After: ``redeem``."""

from __future__ import annotations

import msgspec

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusals
from attise.kernel.means import Means
from attise.management.authorizations import codes, rules
from attise.management.authorizations.actions.history import record
from attise.management.authorizations.actions.shared import relock_post, tell_grant
from attise.management.authorizations.errors import NOT_PUBLIC_VIDEO, AuthorizationRefused
from attise.management.authorizations.models import Authorization
from attise.management.authorizations.queries import view_of
from attise.management.authorizations.views import AuthorizationView
from attise.management.outbox.actions import unit, verb
from attise.management.policy.queries import get_policy
from attise.management.posts import actions as posts
from attise.management.posts.actions.hold import hold_post
from attise.records.terms import Terms


@verb
def grant_post(
    means: Means,
    actor: Actor,
    *,
    creator_id: int,
    post_id: int,
    days: int,
    terms: Terms | None = None,
    make_public: bool = False,
    replaces_unbound: bool = True,
) -> tuple[AuthorizationView, str]:
    """Authorize one post for 7, 30, 60 or 365 days; returns the grant and its code, which is never shown again.

    An earlier grant of the post that no advertiser has bound is replaced: its code says ``auth_code_revoked``. Bound
    ones live on beside the new one; and so do those codes that nobody has applied yet where not ``replaces_unbound``,
    as the new grant is for one advertiser, and the codes may be on their way to others. ``make_public`` is the
    creator's explicit word that a private post be made public.
    A paid grant marks the post as a commercial collaboration, for good.
    Raises: ``not_found``, ``grant_days_invalid``, ``terms_invalid``, ``video_unavailable``, ``not_public_video``,
    ``carousel_duet_not_supported``.
    """
    terms = terms or Terms()
    days = rules.check_days(days, offered=get_policy().grant_days)
    wrong = rules.refusals_of_terms(terms)
    if wrong:
        raise Refusals(wrong)
    with unit(means) as work:
        post = hold_post(post_id=post_id)
        if post is None or post.creator_id != creator_id:
            raise AuthorizationRefused(NOT_FOUND, field="post_id")
        reason = rules.refusal_of_post(post)
        if reason is NOT_PUBLIC_VIDEO and make_public and not rules.is_carousel_duet(post):
            posts.make_public(means, post_id=post_id)
            reason = None
        if reason is not None:
            raise AuthorizationRefused(reason, field="post_id")
        code = codes.make_code(means.secrets, means.chance)
        now = means.clock.world_ms()
        row = Authorization(
            id=means.ids.next(),
            kind=Authorization.Kind.POST,
            creator_id=creator_id,
            post_id=post_id,
            state=rules.State.ISSUED,
            days=days,
            starts_at_ms=now,
            ends_at_ms=rules.end_of(now, days),
            terms=msgspec.to_builtins(terms),
            code_hash=codes.hash_code(means.secrets, code),
            code_mask=code.mask,
            created_at_ms=now,
            modified_at_ms=now,
        )
        row.save(force_insert=True)
        record(means, actor, row, "issued", days=days, ends_at_ms=row.ends_at_ms, terms=row.terms, mask=code.mask)
        row.save(update_fields=["history_count", "history_head"])
        if replaces_unbound:
            _replace_unbound(means, actor, row)
        relock_post(means, post_id)
        if terms.is_paid:
            posts.mark_partnership(means, post_id=post_id)
        tell_grant(work, row, now_ms=now)
    return view_of(row, now_ms=now), code.text


def _replace_unbound(means: Means, actor: Actor, new: Authorization) -> None:
    """Revoke the post's earlier grants that live and that nobody has bound; no decision uses them, so none is told."""
    now = means.clock.world_ms()
    earlier = (
        Authorization.objects.select_for_update(no_key=True)
        .filter(post_id=new.post_id, kind=Authorization.Kind.POST, state=rules.State.ISSUED)
        .exclude(id=new.id)
    )
    for row in earlier:
        if not rules.state_of(row, now).is_live:
            continue  # no arrow leaves what has expired
        row.state, row.replaced_by_id, row.modified_at_ms = rules.State.REVOKED, new.id, now
        record(means, actor, row, "replaced", by=str(new.id))
        row.save()
