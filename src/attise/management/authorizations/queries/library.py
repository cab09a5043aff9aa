"""Reads of an advertiser's library: the posts that codes brought, and what a code would bring."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.db.models import Q, QuerySet

from attise.kernel.ids import parse_id
from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage
from attise.management.authorizations import codes, errors, rules
from attise.management.authorizations.models import (
    Authorization,
    Binding,
)
from attise.management.authorizations.queries.grants import get_holders, view_of
from attise.management.authorizations.views import (
    BoundPost,
    CodePreview,
)
from attise.management.posts import queries as posts
from attise.records.terms import Terms

SEARCH_BY_ID_DIGITS = 19


def preview_code(means: Means, *, advertiser_id: int, code: str) -> CodePreview:
    """Return the post behind a code that this advertiser could apply, or has applied, without applying it.

    Raises: the seven refusals of a Spark code, in their order; nothing is said of a post behind a code that fails.
    Cost: 4 queries. Counting failures is the caller's (``actions.guards_of``).
    """
    parsed = codes.parse_code(means.secrets, code)
    row = (
        None
        if parsed is None
        else Authorization.objects.filter(code_hash=codes.hash_code(means.secrets, parsed)).first()
    )
    if parsed is None or row is None or row.post_id is None:
        raise errors.malformed(code)
    now = means.clock.world_ms()
    post = posts.get_post(row.post_id)
    held = {
        binding.advertiser_id: binding
        for binding in Binding.objects.select_related("identity").filter(authorization_id=row.id)
    }
    mine = held.get(advertiser_id)
    reason = rules.refusal_of_code(
        row,
        post,
        now_ms=now,
        held=mine is not None,
        holders=len(held),
        max_advertisers=msgspec.convert(row.terms, Terms).max_advertisers,
    )
    if reason is not None:
        params = {"date": rules.day_of(row.ends_at_ms or 0)} if reason is errors.AUTH_CODE_EXPIRED else {}
        raise errors.AuthorizationRefused(reason, field="auth_code", **params)
    applied = mine is not None and mine.ended_at_ms is None
    identity_id = mine.identity.identity_id if mine is not None and applied else None
    return CodePreview(post, view_of(row, now_ms=now, holders=get_holders([row.id])[row.id]), parsed.text, identity_id)


def list_bound_posts(
    means: Means,
    *,
    advertiser_id: int,
    keyword: str = "",
    item_types: Iterable[str] = ("VIDEO", "CAROUSEL"),
    page: int = 1,
    page_size: int = 20,
) -> NumberedPage[BoundPost]:
    """Return the posts in an advertiser's library by code, newest binding first.

    ``keyword`` of 19 digits or more is a post id, exact; otherwise words of the caption or the creator, any case. Where
    one post was authorized to this advertiser several times, its newest binding is shown. Cost: 4 queries.
    """
    rows = library_of(advertiser_id)
    if len(keyword) >= SEARCH_BY_ID_DIGITS and keyword.isdigit():
        rows = rows.filter(authorization__post_id=parse_id(keyword) or 0)
    elif keyword:
        rows = rows.filter(
            Q(authorization__post__caption__icontains=keyword)
            | Q(authorization__creator__handle__icontains=keyword)
            | Q(authorization__creator__display_name__icontains=keyword)
        )
    wanted = set(item_types)
    if wanted == {"CAROUSEL"}:
        rows = rows.filter(authorization__post__format="carousel")
    elif wanted == {"VIDEO"}:
        rows = rows.exclude(authorization__post__format="carousel")
    here = slice((page - 1) * page_size, page * page_size)
    found = rows.select_related("authorization", "identity").order_by("-id")
    if not keyword:
        return NumberedPage(bound_posts(means, list(found[here])), page, page_size, rows.count())
    matching = list(rows.order_by("-id").values_list("id", flat=True))  # words are looked for in every row: once
    items = bound_posts(means, list(found.filter(id__in=matching[here])))
    return NumberedPage(items, page, page_size, len(matching))


def find_bound_post(means: Means, *, advertiser_id: int, post_id: int) -> BoundPost | None:
    """Return one post of an advertiser's library by code, or None. Cost: 3 queries."""
    rows = library_of(advertiser_id).filter(authorization__post_id=post_id)
    found = list(rows.select_related("authorization", "identity"))
    return next(iter(bound_posts(means, found)), None)


def find_bound(*, advertiser_id: int, post_ids: Iterable[int]) -> set[int]:
    """Return those of some posts that stand in an advertiser's library by code. Cost: one query."""
    rows = library_of(advertiser_id).filter(authorization__post_id__in=set(post_ids))
    return set(rows.values_list("authorization__post_id", flat=True))


def library_of(advertiser_id: int) -> QuerySet[Binding]:
    """Return the bindings by which posts stand in an advertiser's library: one per post."""
    return Binding.objects.filter(advertiser_id=advertiser_id, in_library=True)


def bound_posts(means: Means, bindings: list[Binding]) -> list[BoundPost]:
    """Return bindings as posts, in their order. Cost: 2 queries."""
    now = means.clock.world_ms()
    by_id = posts.find_posts([binding.authorization.post_id for binding in bindings if binding.authorization.post_id])
    holders = get_holders([binding.authorization_id for binding in bindings])
    return [
        BoundPost(
            by_id[binding.authorization.post_id],
            view_of(binding.authorization, now_ms=now, holders=holders[binding.authorization_id]),
            codes.open_code(means.secrets, binding.sealed_code, advertiser_id=binding.advertiser_id),
            binding.identity.identity_id,
            binding.bound_at_ms,
        )
        for binding in bindings
        if binding.authorization.post_id is not None and binding.sealed_code is not None
    ]
