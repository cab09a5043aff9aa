"""What several verbs of this room do: lock a row, keep the post's own lock, tell the readers of changes."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db.models import Q

from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.management.authorizations import envelopes
from attise.management.authorizations.errors import AuthorizationRefused
from attise.management.authorizations.models import AccountUse, Authorization, Binding, Identity
from attise.management.authorizations.rules import State, live_until_ms, state_of
from attise.management.outbox.actions import Unit
from attise.management.posts import actions as posts
from attise.management.posts.actions.hold import hold_post
from attise.management.posts.queries import get_post
from attise.management.posts.views import PostView
from attise.records.change import ChangeKind
from attise.records.terms import Terms

FOREVER_MS = 1 << 62


def lock_authorization(authorization_id: int, **owner: Any) -> Authorization:
    """Return a grant's row, locked until the end of the unit, its post, or the posts it is used for, locked before it.

    Every verb locks in this order (posts by their ids, then grant), so that none waits for another in a circle.
    Raises: ``not_found``, also when it is another's.
    """
    rows = Authorization.objects.filter(id=authorization_id, **owner)
    post_id = rows.values_list("post_id", flat=True).first()
    for held in [post_id] if post_id is not None else posts_used(authorization_id):
        hold_post(post_id=held)
    row = rows.select_for_update(no_key=True).first()
    if row is None:
        raise AuthorizationRefused(NOT_FOUND, field="authorization_id")
    return row


def lock_grant_of_post(authorization_id: int) -> tuple[Authorization, PostView]:
    """Return a post's grant and its post as it stands, both locked until the end of the unit."""
    row = lock_authorization(authorization_id, kind=Authorization.Kind.POST)
    return row, get_post(row.post_id)


def terms_of(row: Authorization) -> Terms:
    """Return the terms in force."""
    return msgspec.convert(row.terms, Terms)


def posts_used(authorization_id: int) -> list[int]:
    """Return the ids of the posts that ads show by a grant of their account, in their order."""
    uses = AccountUse.objects.filter(authorization_id=authorization_id)
    return sorted(uses.values_list("post_id", flat=True))


def relock_posts(means: Means, row: Authorization) -> None:
    """Hold, or let go of, the captions of all posts that a grant, changed just now, is about."""
    for post_id in [row.post_id] if row.post_id is not None else posts_used(row.id):
        relock_post(means, post_id)


def relock_post(means: Means, post_id: int) -> None:
    """Keep the post's caption locked until the last of its live grants ends; free it when none lives.

    A grant of the whole account counts once an ad shows the post by it.
    """
    now = means.clock.world_ms()
    by_account = AccountUse.objects.filter(post_id=post_id).values_list("authorization_id", flat=True)
    about = Q(post_id=post_id, kind=Authorization.Kind.POST) | Q(id__in=list(by_account))
    rows = Authorization.objects.filter(about).exclude(state=State.REVOKED)
    ends = [live_until_ms(row) or FOREVER_MS for row in rows if state_of(row, now).is_live]
    posts.lock_until(means, post_id=post_id, until_ms=max(ends, default=0))


def tell_grant(work: Unit, row: Authorization, *, now_ms: int) -> None:
    """Tell decision processes what a grant allows now, complete in itself."""
    is_account = row.kind != Authorization.Kind.POST
    if not state_of(row, now_ms).is_live:
        kind = ChangeKind.ACCOUNT_ACCESS_STOPPED if is_account else ChangeKind.GRANT_STOPPED
        work.change(kind, row.id, creator_id=row.creator_id, post_id=row.post_id)
        return
    kind = ChangeKind.ACCOUNT_ACCESS_CHANGED if is_account else ChangeKind.GRANT_CHANGED
    work.change(
        kind,
        row.id,
        creator_id=row.creator_id,
        post_id=row.post_id,
        starts_at_ms=row.starts_at_ms,
        ends_at_ms=live_until_ms(row),
        terms=row.terms,
        terms_version=row.terms_version,
    )


def bind(
    means: Means,
    row: Authorization,
    *,
    advertiser_id: int,
    identity_type: str,
    business_center_id: int | None = None,
    sealed_code: bytes | None = None,
) -> Binding:
    """Give an advertiser its hold on a grant and its identity; a hold that had ended begins again."""
    identity, _ = Identity.objects.get_or_create(
        advertiser_id=advertiser_id,
        creator_id=row.creator_id,
        identity_type=identity_type,
        defaults={
            "id": means.ids.next(),
            "identity_id": means.chance.token(16).hex(),
            "business_center_id": business_center_id,
            "created_at_ms": means.clock.world_ms(),
        },
    )
    if business_center_id is not None and identity.business_center_id != business_center_id:
        identity.business_center_id = business_center_id
        identity.save(update_fields=["business_center_id"])
    binding, made = Binding.objects.get_or_create(
        authorization_id=row.id,
        advertiser_id=advertiser_id,
        defaults={
            "id": means.ids.next(),
            "identity_id": identity.id,
            "sealed_code": sealed_code,
            "in_library": sealed_code is not None,
            "bound_at_ms": means.clock.world_ms(),
        },
    )
    begins = made or binding.ended_at_ms is not None
    if begins and not made:
        binding.ended_at_ms, binding.sealed_code, binding.in_library = None, sealed_code, sealed_code is not None
        binding.save(update_fields=["ended_at_ms", "sealed_code", "in_library"])
    if binding.in_library:
        older = Binding.objects.filter(
            advertiser_id=advertiser_id, in_library=True, authorization__post_id=row.post_id
        ).exclude(id=binding.id)
        older.update(in_library=False)
    if begins:
        envelopes.open_hold(means, binding, terms_of(row))
    return binding
