"""Reads of grants: one, lists, who holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

import msgspec
from django.db.models import Q

from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.kernel.paging import Page
from attise.management.authorizations import errors, rules
from attise.management.authorizations.models import (
    Authorization,
    Binding,
)
from attise.management.authorizations.views import (
    AuthorizationView,
    HolderView,
)
from attise.records.terms import Terms


def view_of(row: Authorization, *, now_ms: int, holders: Iterable[HolderView] = ()) -> AuthorizationView:
    """Return a row as others see it at ``now_ms`` (world time)."""
    return AuthorizationView(
        id=row.id,
        kind=row.kind,
        creator_id=row.creator_id,
        post_id=row.post_id,
        business_center_id=row.business_center_id,
        advertiser_id=row.advertiser_id,
        permissions=tuple(row.permissions),
        state=rules.state_of(row, now_ms),
        days=row.days,
        starts_at_ms=row.starts_at_ms,
        ends_at_ms=row.ends_at_ms,
        revoke_at_ms=row.revoke_at_ms,
        terms=msgspec.convert(row.terms, Terms),
        terms_version=row.terms_version,
        code_mask=row.code_mask,
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
        holders=tuple(holders),
    )


def get_holders(authorization_ids: list[int]) -> dict[int, list[HolderView]]:
    """Return the advertisers that hold each grant. Cost: one query."""
    found: dict[int, list[HolderView]] = defaultdict(list)
    rows = (
        Binding.objects.filter(authorization_id__in=authorization_ids, ended_at_ms__isnull=True)
        .order_by("id")
        .values_list("authorization_id", "advertiser_id", "advertiser__name", "bound_at_ms")
    )
    for authorization_id, advertiser_id, name, bound_at_ms in rows:
        found[authorization_id].append(HolderView(advertiser_id, name, bound_at_ms))
    return found


def get_authorization(means: Means, *, authorization_id: int, creator_id: int | None = None) -> AuthorizationView:
    """Return a grant; with ``creator_id``, only that creator's. Raises: ``not_found``. Cost: 2 queries."""
    rows = Authorization.objects.filter(id=authorization_id)
    if creator_id is not None:
        rows = rows.filter(creator_id=creator_id)
    row = rows.first()
    if row is None:
        raise errors.AuthorizationRefused(NOT_FOUND, field="authorization_id")
    return view_of(row, now_ms=means.clock.world_ms(), holders=get_holders([row.id])[row.id])


def list_authorizations(
    means: Means,
    *,
    creator_id: int | None = None,
    post_id: int | None = None,
    kind: str | None = None,
    live: bool | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[AuthorizationView]:
    """Return the grants of a creator or of a post, newest first; ``live`` keeps those that go on, or that are over.

    Cost: 2 queries.
    """
    if creator_id is None and post_id is None:
        raise ValueError("a list of grants is of a creator or of a post")
    rows = Authorization.objects.all()
    if creator_id is not None:
        rows = rows.filter(creator_id=creator_id)
    if post_id is not None:
        rows = rows.filter(post_id=post_id, kind=Authorization.Kind.POST)
    if kind is not None:
        rows = rows.filter(kind=kind)
    now = means.clock.world_ms()
    if live is not None:
        rows = rows.filter(_goes_on(now)) if live else rows.exclude(_goes_on(now))
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    holders = get_holders([row.id for row in page])
    items = [view_of(row, now_ms=now, holders=holders[row.id]) for row in page]
    return Page(items, page[-1].id if len(found) > limit else None)


def list_of_posts(means: Means, *, post_ids: Iterable[int]) -> dict[int, list[AuthorizationView]]:
    """Return the grants of several posts, newest first; each post asked for has its list. Cost: 2 queries."""
    found: dict[int, list[AuthorizationView]] = {post_id: [] for post_id in post_ids}
    rows = list(Authorization.objects.filter(post_id__in=list(found), kind=Authorization.Kind.POST).order_by("-id"))
    holders = get_holders([row.id for row in rows])
    now = means.clock.world_ms()
    for row in rows:
        if row.post_id is not None:
            found[row.post_id].append(view_of(row, now_ms=now, holders=holders[row.id]))
    return found


def _goes_on(now_ms: int) -> Q:
    """Return the condition of a grant that is live at a moment, as ``rules.state_of`` has it."""
    ends_later = Q(ends_at_ms__isnull=True) | Q(ends_at_ms__gt=now_ms)
    revoked_later = Q(revoke_at_ms__isnull=True) | Q(revoke_at_ms__gt=now_ms)
    return ~Q(state=rules.State.REVOKED) & ends_later & revoked_later


class Open(NamedTuple):
    """What somebody could have promoted at a moment."""

    posts: frozenset[int]
    """By code."""
    creators: frozenset[int]
    """Whose accounts were open, with all of their posts."""


def list_open_at(at_ms: int) -> Open:
    """Return what advertisers held at a past moment (world time), and may hold no more. Cost: one query."""
    rows = Authorization.objects.filter(starts_at_ms__lte=at_ms)
    rows = rows.filter(Q(ends_at_ms__isnull=True) | Q(ends_at_ms__gt=at_ms))
    rows = rows.filter(Q(revoke_at_ms__isnull=True) | Q(revoke_at_ms__gt=at_ms))
    rows = rows.exclude(state=rules.State.REVOKED, modified_at_ms__lte=at_ms)
    rows = rows.exclude(state=rules.State.ISSUED, kind=Authorization.Kind.POST)
    found = list(rows.values_list("post_id", "creator_id"))
    return Open(
        frozenset(post_id for post_id, _ in found if post_id is not None),
        frozenset(creator_id for post_id, creator_id in found if post_id is None),
    )


def handles_of(authorization_ids: Collection[int]) -> dict[int, str]:
    """Return whose grants these are, by grant: the creators' handles. Cost: one query."""
    return dict(Authorization.objects.filter(id__in=authorization_ids).values_list("id", "creator__handle"))


def posts_of_grants(authorization_ids: Collection[int]) -> dict[int, int]:
    """Return the posts that grants are of, by grant; none of a grant of a whole account. Cost: one query, or none."""
    if not authorization_ids:
        return {}
    rows = Authorization.objects.filter(id__in=authorization_ids, post_id__isnull=False)
    return dict(rows.values_list("id", "post_id"))


def holders_ever(authorization_id: int) -> list[int]:
    """Return the advertisers that hold a grant or ever held it."""
    rows = Binding.objects.filter(authorization_id=authorization_id)
    return sorted(set(rows.values_list("advertiser_id", flat=True)))


def advertisers_owning(creator_id: int) -> list[int]:
    """Return the advertisers that a creator's account was ever linked to as their own."""
    rows = Authorization.objects.filter(creator_id=creator_id, kind=Authorization.Kind.OWN, advertiser_id__isnull=False)
    return sorted(set(rows.values_list("advertiser_id", flat=True)))
