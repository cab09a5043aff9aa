"""Reads of the posts that identities may use."""

from __future__ import annotations

from django.db.models import Q

from attise.kernel.means import Means
from attise.kernel.paging import Page
from attise.management.authorizations.models import (
    Identity,
)
from attise.management.authorizations.queries.identities import identity_views
from attise.management.authorizations.queries.library import bound_posts, library_of
from attise.management.authorizations.views import (
    BoundPost,
    IdentityPost,
    IdentityView,
    Usable,
)
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView

PARTS_READ = 5
"""Parts of a creator's posts that one page of an account's usable posts may take."""


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
    rows = library_of(identity.advertiser_id).filter(identity__identity_id=identity.identity_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    if keyword:
        rows = rows.filter(authorization__post__caption__icontains=keyword)
    if exclude_ads_only:
        rows = rows.filter(authorization__post__ads_only=False)
    is_carousel = Q(authorization__post__format="carousel")
    rows = rows.filter(is_carousel if item_type == "CAROUSEL" else ~is_carousel)
    found = list(rows.order_by("-id")[: limit + 1])
    items = [_identity_post(bound) for bound in bound_posts(means, found[:limit])]
    return Page(items, found[limit - 1].id if len(found) > limit else None)


def find_identity_posts(means: Means, *, identity: IdentityView, post_ids: list[int]) -> list[IdentityPost]:
    """Return those of some posts that an identity may use, in the order asked. Cost: 3 queries."""
    if identity.identity_type == Identity.Type.AUTH_CODE:
        rows = library_of(identity.advertiser_id).filter(
            identity__identity_id=identity.identity_id, authorization__post_id__in=post_ids
        )
        by_id = {bound.post.id: _identity_post(bound) for bound in bound_posts(means, list(rows))}
        return [by_id[post_id] for post_id in dict.fromkeys(post_ids) if post_id in by_id]
    if not identity.can_pull:
        return []
    return [
        IdentityPost(post)
        for post in posts.list_posts(post_ids)
        if post.creator_id == identity.creator_id and post.state == "live" and _is_usable(identity, post)
    ]


def find_usable(means: Means, *, advertiser_id: int, post_ids: list[int]) -> dict[int, Usable]:
    """Return by which identity an advertiser may use each of some public posts now, by post.

    A code of the very post goes before access to the whole account: it is the narrower word of the creator, and taking
    it back must end what is made by it. Posts that may not be used are left out. Cost: 7 queries.
    """
    rows = library_of(advertiser_id).filter(authorization__post_id__in=post_ids)
    bound = bound_posts(means, list(rows.select_related("authorization", "identity")))
    found = {
        one.post.id: Usable(one.identity_id, Identity.Type.AUTH_CODE.value, one.authorization)
        for one in bound
        if one.authorization.state.is_live
    }
    accounts = Identity.objects.filter(advertiser_id=advertiser_id).exclude(identity_type=Identity.Type.AUTH_CODE)
    open_to = {
        one.creator_id: one
        for one in identity_views(means, list(accounts.select_related("creator")))
        if one.is_available and one.can_pull
    }
    for post_id, creator_id in posts.creators_of(post_ids).items():
        if creator_id in open_to and post_id not in found:
            one = open_to[creator_id]
            found[post_id] = Usable(one.identity_id, one.identity_type, business_center_id=one.business_center_id)
    return found


def _identity_post(bound: BoundPost) -> IdentityPost:
    return IdentityPost(bound.post, bound.authorization, bound.code)


def _is_usable(identity: IdentityView, post: PostView) -> bool:
    """Tell whether an account's grant opens a live post of it."""
    return identity.identity_type == Identity.Type.TT_USER or post.ads_only or post.visibility == "public"


def _item_type(post: PostView) -> str:
    return "CAROUSEL" if post.format == "carousel" else "VIDEO"
