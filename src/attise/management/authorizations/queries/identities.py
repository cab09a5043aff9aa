"""Reads of identities: under whose name an advertiser may show posts."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage
from attise.management.authorizations.coverage import NOTHING, allowed_by
from attise.management.authorizations.models import (
    Identity,
)
from attise.management.authorizations.views import (
    IdentityView,
)


def list_identities(
    means: Means,
    *,
    advertiser_id: int,
    identity_type: str | None = None,
    business_center_id: int | None = None,
    page: int = 1,
    page_size: int = 20,
) -> NumberedPage[IdentityView]:
    """Return an advertiser's identities by code, own account or account access, newest first. Cost: 3 queries."""
    rows = Identity.objects.filter(advertiser_id=advertiser_id).select_related("creator")
    if identity_type is not None:
        rows = rows.filter(identity_type=identity_type)
    if business_center_id is not None:
        rows = rows.filter(business_center_id=business_center_id)
    total = rows.count()
    found = list(rows.order_by("-id")[(page - 1) * page_size : page * page_size])
    return NumberedPage(identity_views(means, found), page, page_size, total)


def find_identity(means: Means, *, advertiser_id: int, identity_id: str) -> IdentityView | None:
    """Return one identity of an advertiser, or None. Cost: 2 queries."""
    found = list(
        Identity.objects.filter(advertiser_id=advertiser_id, identity_id=identity_id).select_related("creator")
    )
    return next(iter(identity_views(means, found)), None)


def identity_views(means: Means, rows: list[Identity]) -> list[IdentityView]:
    """Return identities with what their live grants allow. Cost: 1 query."""
    found = allowed_by(means, [row.id for row in rows])
    allowed = {row.id: found.get(row.id, NOTHING) for row in rows}
    return [
        IdentityView(
            identity_id=row.identity_id,
            identity_type=row.identity_type,
            advertiser_id=row.advertiser_id,
            creator_id=row.creator_id,
            handle=row.creator.handle,
            display_name=row.creator.display_name,
            business_center_id=row.business_center_id,
            can_pull="existing_posts" in allowed[row.id],
            can_push=bool(allowed[row.id] & {"new_posts", "new_posts_ads_only"}),
            ads_only="new_posts" not in allowed[row.id] and "new_posts_ads_only" in allowed[row.id],
            is_available=bool(allowed[row.id]) and row.creator.state == "active",
        )
        for row in rows
    ]
