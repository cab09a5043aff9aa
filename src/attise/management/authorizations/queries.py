"""Reads of grants: plain values out. Cost is said where a list is asked for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable

import msgspec
from django.db.models import Q, QuerySet

from attise.kernel.acts import ActsWish
from attise.kernel.errors import NOT_FOUND
from attise.kernel.ids import parse_id
from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage, Page
from attise.management.authorizations import codes, errors, rules
from attise.management.authorizations.coverage import NOTHING, allowed_by
from attise.management.authorizations.models import (
    AccessRequest,
    Authorization,
    Binding,
    HistoryEntry,
    Identity,
)
from attise.management.authorizations.views import (
    AccessRequestView,
    AccountView,
    AuthorizationView,
    BoundPost,
    CodePreview,
    HistoryView,
    HolderView,
    IdentityPost,
    IdentityView,
    Usable,
)
from attise.management.outbox.acts import in_span, of_actor
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.records.terms import Terms

SEARCH_BY_ID_DIGITS = 19
PARTS_READ = 5
"""Parts of a creator's posts that one page of an account's usable posts may take."""


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


def list_history(authorization_id: int) -> list[HistoryView]:
    """Return all that happened to a grant, oldest first. Cost: 1 query."""
    rows = HistoryEntry.objects.filter(authorization_id=authorization_id).order_by("number")
    return [_history_view(row) for row in rows]


def list_acts(wish: ActsWish) -> list[tuple[int, int, HistoryView]]:
    """Return what happened to any grant, newest first, each after its own id and its grant's.

    Cost: one query; a rare act is looked for through all that happened.
    """
    rows = HistoryEntry.objects.filter(in_span(wish), of_actor(wish.actor))
    if wish.actions is not None:
        rows = rows.filter(verb__in=wish.actions)
    if wish.object_id is not None:
        rows = rows.filter(authorization_id=wish.object_id)
    return [(row.id, row.authorization_id, _history_view(row)) for row in rows.order_by("-id")[: wish.limit]]


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


def _history_view(row: HistoryEntry) -> HistoryView:
    return HistoryView(row.number, row.at_ms, row.verb, row.actor, row.origin, json.loads(row.body), row.hash)


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
    rows = _library(advertiser_id)
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
        return NumberedPage(_bound_posts(means, list(found[here])), page, page_size, rows.count())
    matching = list(rows.order_by("-id").values_list("id", flat=True))  # words are looked for in every row: once
    items = _bound_posts(means, list(found.filter(id__in=matching[here])))
    return NumberedPage(items, page, page_size, len(matching))


def find_bound_post(means: Means, *, advertiser_id: int, post_id: int) -> BoundPost | None:
    """Return one post of an advertiser's library by code, or None. Cost: 3 queries."""
    rows = _library(advertiser_id).filter(authorization__post_id=post_id)
    found = list(rows.select_related("authorization", "identity"))
    return next(iter(_bound_posts(means, found)), None)


def _library(advertiser_id: int) -> QuerySet[Binding]:
    """Return the bindings by which posts stand in an advertiser's library: one per post."""
    return Binding.objects.filter(advertiser_id=advertiser_id, in_library=True)


def _bound_posts(means: Means, bindings: list[Binding]) -> list[BoundPost]:
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
    return NumberedPage(_identity_views(means, found), page, page_size, total)


def find_identity(means: Means, *, advertiser_id: int, identity_id: str) -> IdentityView | None:
    """Return one identity of an advertiser, or None. Cost: 2 queries."""
    found = list(
        Identity.objects.filter(advertiser_id=advertiser_id, identity_id=identity_id).select_related("creator")
    )
    return next(iter(_identity_views(means, found)), None)


def _identity_views(means: Means, rows: list[Identity]) -> list[IdentityView]:
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


def list_identity_posts(
    means: Means,
    *,
    identity: IdentityView,
    keyword: str = "",
    item_type: str = "VIDEO",
    exclude_ads_only: bool = False,
    after: int | None = None,
    limit: int = 20,
) -> Page[IdentityPost]:
    """Return the posts of one type that an identity may use, newest first.

    By code: those applied, whatever became of their grants. By account: what its grant opens, which is what everyone
    may see and what is shown in ads alone; the advertiser's own account shows it private posts too. A page may hold
    fewer than ``limit`` and still not be the last. Cost: 4 queries by code, at most 5 by account.
    """
    if identity.identity_type == Identity.Type.AUTH_CODE:
        return _posts_by_code(
            means, identity, keyword, item_type, exclude_ads_only=exclude_ads_only, after=after, limit=limit
        )
    if not identity.can_pull:
        return Page([])
    found: list[IdentityPost] = []
    for _ in range(PARTS_READ):
        part = posts.list_posts_of_creator(
            identity.creator_id, after=after, limit=limit, exclude_ads_only=exclude_ads_only, states=["live"]
        )
        for post in part.items:
            after = post.id
            if item_type == _item_type(post) and _is_usable(identity, post):
                found.append(IdentityPost(post))
                if len(found) == limit:
                    return Page(found, None if post is part.items[-1] and part.after is None else after)
        after = part.after
        if after is None:
            break
    return Page(found, after)


def _posts_by_code(
    means: Means,
    identity: IdentityView,
    keyword: str,
    item_type: str,
    *,
    exclude_ads_only: bool,
    after: int | None,
    limit: int,
) -> Page[IdentityPost]:
    rows = _library(identity.advertiser_id).filter(identity__identity_id=identity.identity_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    if keyword:
        rows = rows.filter(authorization__post__caption__icontains=keyword)
    if exclude_ads_only:
        rows = rows.filter(authorization__post__ads_only=False)
    is_carousel = Q(authorization__post__format="carousel")
    rows = rows.filter(is_carousel if item_type == "CAROUSEL" else ~is_carousel)
    found = list(rows.order_by("-id")[: limit + 1])
    items = [_identity_post(bound) for bound in _bound_posts(means, found[:limit])]
    return Page(items, found[limit - 1].id if len(found) > limit else None)


def find_identity_posts(means: Means, *, identity: IdentityView, post_ids: list[int]) -> list[IdentityPost]:
    """Return those of some posts that an identity may use, in the order asked. Cost: 3 queries."""
    if identity.identity_type == Identity.Type.AUTH_CODE:
        rows = _library(identity.advertiser_id).filter(
            identity__identity_id=identity.identity_id, authorization__post_id__in=post_ids
        )
        by_id = {bound.post.id: _identity_post(bound) for bound in _bound_posts(means, list(rows))}
        return [by_id[post_id] for post_id in dict.fromkeys(post_ids) if post_id in by_id]
    if not identity.can_pull:
        return []
    return [
        IdentityPost(post)
        for post in posts.list_posts(post_ids)
        if post.creator_id == identity.creator_id and post.state == "live" and _is_usable(identity, post)
    ]


def find_usable(means: Means, *, advertiser_id: int, post_ids: list[int]) -> dict[int, Usable]:
    """Return by which identity an advertiser may use each of some public posts now, by post; an account goes first.

    Those that it may not are left out. Cost: 7 queries.
    """
    rows = _library(advertiser_id).filter(authorization__post_id__in=post_ids)
    bound = _bound_posts(means, list(rows.select_related("authorization", "identity")))
    found = {
        one.post.id: Usable(one.identity_id, Identity.Type.AUTH_CODE.value, one.authorization)
        for one in bound
        if one.authorization.state.is_live
    }
    accounts = Identity.objects.filter(advertiser_id=advertiser_id).exclude(identity_type=Identity.Type.AUTH_CODE)
    open_to = {
        one.creator_id: one
        for one in _identity_views(means, list(accounts.select_related("creator")))
        if one.is_available and one.can_pull
    }
    for post_id, creator_id in posts.creators_of(post_ids).items():
        if creator_id in open_to:
            found[post_id] = Usable(open_to[creator_id].identity_id, open_to[creator_id].identity_type)
    return found


def _identity_post(bound: BoundPost) -> IdentityPost:
    return IdentityPost(bound.post, bound.authorization, bound.code)


def _is_usable(identity: IdentityView, post: PostView) -> bool:
    """Tell whether an account's grant opens a live post of it."""
    return identity.identity_type == Identity.Type.TT_USER or post.ads_only or post.visibility == "public"


def _item_type(post: PostView) -> str:
    return "CAROUSEL" if post.format == "carousel" else "VIDEO"


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
