"""Reads of account access: what was asked for, and what stands."""

from __future__ import annotations

from django.db.models import Q

from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage
from attise.management.authorizations import errors, rules
from attise.management.authorizations.models import (
    AccessRequest,
    Authorization,
)
from attise.management.authorizations.queries.grants import get_holders, view_of
from attise.management.authorizations.views import (
    AccessRequestView,
    AccountView,
)


def get_access_request(
    means: Means, *, request_id: int | None = None, secret_hash: str | None = None
) -> AccessRequestView:
    """Return a question by its id or its secret's hash. Raises: ``not_found``. Cost: 1 query."""
    rows = AccessRequest.objects.select_related("business_center")
    row = rows.filter(id=request_id).first() if secret_hash is None else rows.filter(secret_hash=secret_hash).first()
    if row is None:
        raise errors.AuthorizationRefused(NOT_FOUND, field="request_id")
    is_over = row.state == "pending" and means.clock.wire_ms() >= row.expires_at_ms
    return AccessRequestView(
        id=row.id,
        business_center_id=row.business_center_id,
        business_center_name=row.business_center.name,
        permissions=tuple(row.permissions),
        state="expired" if is_over else row.state,
        creator_id=row.creator_id,
        authorization_id=row.authorization_id,
        expires_at_ms=row.expires_at_ms,
        created_at_ms=row.created_at_ms,
    )


def list_accounts(
    means: Means,
    *,
    business_center_id: int,
    keyword: str = "",
    creator_id: int | None = None,
    page: int = 1,
    page_size: int = 10,
) -> NumberedPage[AccountView]:
    """Return the live account accesses of a Business Center, newest first; with ``creator_id``, that one's alone.

    Cost: 3 queries.
    """
    rows = Authorization.objects.filter(
        kind=Authorization.Kind.ACCOUNT, business_center_id=business_center_id, state=rules.State.BOUND
    ).select_related("creator")
    if creator_id is not None:
        rows = rows.filter(creator_id=creator_id)
    if keyword:
        rows = rows.filter(Q(creator__handle__icontains=keyword) | Q(creator__display_name__icontains=keyword))
    now = means.clock.world_ms()
    rows = rows.filter(Q(revoke_at_ms__isnull=True) | Q(revoke_at_ms__gt=now))
    total = rows.count()
    found = list(rows.order_by("-id")[(page - 1) * page_size : page * page_size])
    holders = get_holders([row.id for row in found])
    items = [
        AccountView(
            view_of(row, now_ms=now, holders=holders[row.id]),
            row.creator.handle,
            row.creator.display_name,
            tuple(holder.advertiser_id for holder in holders[row.id]),
        )
        for row in found
    ]
    return NumberedPage(items, page, page_size, total)
