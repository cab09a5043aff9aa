"""Reads of requests for posts: what advertisers asked creators for."""

from __future__ import annotations

from attise.kernel.errors import NOT_FOUND
from attise.kernel.paging import Page
from attise.management.authorizations.errors import AuthorizationRefused
from attise.management.authorizations.models import PostRequest
from attise.management.authorizations.views import PostRequestView


def get_post_request(request_id: int) -> PostRequestView:
    """Return a question for a post. Raises: ``not_found``. Cost: 1 query."""
    row = PostRequest.objects.select_related("advertiser").filter(id=request_id).first()
    if row is None:
        raise AuthorizationRefused(NOT_FOUND, field="post_request_id")
    return view_post_request(row)


def find_post_requests(request_ids: list[int]) -> dict[int, PostRequestView]:
    """Return those of some questions that there are, by id. Cost: 1 query."""
    rows = PostRequest.objects.select_related("advertiser").filter(id__in=request_ids)
    return {row.id: view_post_request(row) for row in rows}


def list_post_requests(
    *,
    creator_id: int | None = None,
    advertiser_id: int | None = None,
    state: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[PostRequestView]:
    """Return questions to a creator, or of an advertiser, newest first, from beneath ``after``. Cost: 1 query."""
    wanted = {"creator_id": creator_id, "advertiser_id": advertiser_id, "state": state, "id__lt": after}
    rows = PostRequest.objects.select_related("advertiser").order_by("-id")
    found = list(rows.filter(**{name: value for name, value in wanted.items() if value is not None})[: limit + 1])
    items = [view_post_request(row) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


def view_post_request(row: PostRequest) -> PostRequestView:
    """Return the view of a row; for this room alone."""
    return PostRequestView(
        id=row.id,
        advertiser_id=row.advertiser_id,
        advertiser_name=row.advertiser.name,
        creator_id=row.creator_id,
        post_id=row.post_id,
        days=row.days,
        state=row.state,
        authorization_id=row.authorization_id,
        answered_at_ms=row.answered_at_ms,
        created_at_ms=row.created_at_ms,
    )
