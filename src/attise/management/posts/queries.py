"""Reads of posts: one statement each, whatever the size of the page."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.paging import Page
from attise.management.posts.models import Comment, Post, Preflight, Unpublished, Upload
from attise.management.posts.views import (
    CommentView,
    PostState,
    PostView,
    PreflightView,
    RecentPost,
    UnpublishedView,
    view_comment,
    view_post,
    view_preflight,
    view_unpublished,
)


def get_post(post_id: int) -> PostView:
    """Return a post in whatever state it is, deleted included.

    Raises: ``not_found`` when there never was one.
    """
    found = find_post(post_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="post_id")
    return found


def find_post(post_id: int) -> PostView | None:
    """Return a post in whatever state it is, or None."""
    row = _whole().filter(id=post_id).first()
    return None if row is None else view_post(row)


def find_posts(post_ids: Iterable[int]) -> dict[int, PostView]:
    """Return the posts of these ids that exist, in whatever state, by id."""
    return {row.id: view_post(row) for row in _whole().filter(id__in=set(post_ids))}


def find_preflight(post: PostView) -> PreflightView:
    """Return where the advice on a post stands, and the advice. Cost: one query.

    Pictures, files that stay on their host's server, and posts of before there was any advice have none.
    """
    row = Preflight.objects.filter(post_id=post.id).first()
    if row is None:
        return PreflightView("waiting" if post.state == Post.State.PROCESSING else "none", None, "")
    return view_preflight(row.seen, row.reason, post.caption)


def get_unpublished(unpublished_id: int, *, owner_id: int | None = None) -> UnpublishedView:
    """Return a video that waits: with ``owner_id`` that creator's or advertiser's, without any creator's.

    Raises: ``not_found``.
    """
    row = Unpublished.objects.select_related("media", "edited").filter(id=unpublished_id).first()
    if row is None or not is_owned(row, owner_id):
        raise Refusal(NOT_FOUND, field="unpublished_id")
    return view_unpublished(row)


def is_owned(row: Unpublished | Upload, owner_id: int | None) -> bool:
    """Tell whether a row is somebody's; None is the host, whose creators' all are. For this room alone."""
    return row.creator_id is not None if owner_id is None else row.owner_id == owner_id


def list_unpublished(owner_id: int) -> list[UnpublishedView]:
    """Return the videos of a creator, or an advertiser, that wait, newest first; they are few. Cost: one query."""
    rows = Unpublished.objects.select_related("media", "edited").order_by("-id")
    return [view_unpublished(row) for row in rows.filter(Q(creator_id=owner_id) | Q(advertiser_id=owner_id))]


def creators_of(post_ids: Iterable[int]) -> dict[int, int]:
    """Return whose these posts are, in whatever state, by post. Cost: one query."""
    return dict(Post.objects.filter(id__in=set(post_ids)).values_list("id", "creator_id"))


def labels_of(post_ids: Iterable[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Return the category and the tags of each of these posts, in whatever state, by id. Cost: one query."""
    rows = Post.objects.filter(id__in=set(post_ids)).values_list("id", "category", "tags")
    return {post_id: (category, tuple(tags)) for post_id, category, tags in rows}


def states_of(post_ids: Iterable[int]) -> dict[int, PostState]:
    """Return what decides whether each of these posts may be shown, by id; cheap for thousands. Cost: one query."""
    wanted = set(post_ids)
    if not wanted:
        return {}
    rows = Post.objects.filter(id__in=wanted).values_list(
        "id", "state", "creator__state", "visibility", "ads_only", "format", "of_post__format"
    )
    return {post_id: PostState(*facts) for post_id, *facts in rows}


def list_posts(post_ids: Iterable[int]) -> list[PostView]:
    """Return the posts of these ids that exist, in whatever state, in the order asked, each once."""
    wanted = list(dict.fromkeys(post_ids))
    found = find_posts(wanted)
    return [found[post_id] for post_id in wanted if post_id in found]


def list_posts_of_creator(
    creator_id: int,
    *,
    after: int | None = None,
    limit: int = 50,
    only_public: bool = False,
    exclude_ads_only: bool = False,
    states: Iterable[str] | None = None,
) -> Page[PostView]:
    """Return the posts of a creator, newest first, from beneath the id ``after``; never the deleted ones.

    ``only_public`` keeps what everyone may see: live, public, not ads-only. ``exclude_ads_only`` only leaves out what
    is shown in ads alone. ``states`` keeps those states.
    """
    rows = _whole().filter(creator_id=creator_id).exclude(state=Post.State.DELETED)
    if after is not None:
        rows = rows.filter(id__lt=after)
    if only_public:
        rows = rows.filter(
            state=Post.State.LIVE, visibility=Post.Visibility.PUBLIC, ads_only=False, creator__state="active"
        )
    if exclude_ads_only:
        rows = rows.filter(ads_only=False)
    if states is not None:
        rows = rows.filter(state__in=list(states))
    found = list(rows.order_by("-id")[: limit + 1])
    items = [view_post(row) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


def list_public_posts(*, after: int | None = None, limit: int = 10) -> Page[PostView]:
    """Return what everyone may see, newest first, from beneath the id ``after``. Cost: one query."""
    return _page_of_public(_public(), after, limit)


def list_public_of_creators(creator_ids: Iterable[int], *, after: int | None = None, limit: int) -> Page[PostView]:
    """Return what everyone may see of some creators, newest first, from beneath the id ``after``. Cost: one query."""
    return _page_of_public(_public().filter(creator_id__in=list(creator_ids)), after, limit)


def search_public(text: str, *, after: int | None = None, limit: int) -> Page[PostView]:
    """Return what everyone may see whose caption holds a text, newest first. Cost: one query, over all captions."""
    return _page_of_public(_public().filter(caption__icontains=text), after, limit)


def list_recent(*, since_ms: int, before_ms: int | None = None, limit: int) -> list[RecentPost]:
    """Return the newest posts that everyone may see, of those published within a time (world time). Cost: one query."""
    rows = Post.objects.filter(
        state=Post.State.LIVE, visibility=Post.Visibility.PUBLIC, ads_only=False, creator__state="active"
    ).filter(published_at_ms__gte=since_ms)
    if before_ms is not None:
        rows = rows.filter(published_at_ms__lt=before_ms)
    columns = ("id", "creator_id", "category", "published_at_ms", "media__duration_ms")
    return [RecentPost(*facts) for facts in rows.order_by("-published_at_ms", "-id").values_list(*columns)[:limit]]


def find_organic(post_ids: Iterable[int]) -> list[RecentPost]:
    """Return those of some posts that the feed may show, to everyone or to followers. Cost: one query."""
    rows = Post.objects.filter(id__in=list(post_ids), state=Post.State.LIVE, ads_only=False)
    rows = rows.exclude(visibility=Post.Visibility.PRIVATE)
    columns = ("id", "creator_id", "category", "published_at_ms", "media__duration_ms")
    return [RecentPost(*facts) for facts in rows.values_list(*columns)]


def _public() -> QuerySet[Post]:
    """Return what everyone may see."""
    return _whole().filter(
        state=Post.State.LIVE, visibility=Post.Visibility.PUBLIC, ads_only=False, creator__state="active"
    )


def _page_of_public(rows: QuerySet[Post], after: int | None, limit: int) -> Page[PostView]:
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    items = [view_post(row) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


def _whole() -> QuerySet[Post]:
    """Return posts with all that their views hold, in one statement."""
    return Post.objects.select_related("creator", "media", "of_post")


def list_comments(
    post_id: int, *, with_hidden: bool = False, oldest_first: bool = False, after: int | None = None, limit: int = 50
) -> Page[CommentView]:
    """Return what is said under a post, newest first unless asked otherwise."""
    rows = Comment.objects.filter(post_id=post_id).order_by("id" if oldest_first else "-id")
    if not with_hidden:
        rows = rows.filter(state=Comment.State.SHOWN)
    if after is not None:
        rows = rows.filter(id__gt=after) if oldest_first else rows.filter(id__lt=after)
    found = list(rows[: limit + 1])
    items = [view_comment(row) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


def find_comments(post_id: int, comment_ids: Iterable[int]) -> list[CommentView]:
    """Return those comments of a post that have these ids, newest first, hidden or not. Cost: one query."""
    rows = Comment.objects.filter(post_id=post_id, id__in=set(comment_ids)).order_by("-id")
    return [view_comment(row) for row in rows]


def comments_by_id(comment_ids: Iterable[int]) -> dict[int, CommentView]:
    """Return those of some comments that are there, hidden or not, by id. Cost: one query."""
    return {row.id: view_comment(row) for row in Comment.objects.filter(id__in=set(comment_ids))}


def list_comments_of(viewer_id: int, *, limit: int) -> list[CommentView]:
    """Return what a viewer said, hidden or not, newest first. Cost: one query."""
    return [view_comment(row) for row in Comment.objects.filter(viewer_id=viewer_id).order_by("-id")[:limit]]


def list_comments_on(post_ids: Iterable[int], *, since_ms: int, limit: int) -> list[CommentView]:
    """Return what was said under some posts since a moment (world time), newest first. Cost: one query."""
    rows = Comment.objects.filter(post_id__in=list(post_ids), at_ms__gte=since_ms, state=Comment.State.SHOWN)
    return [view_comment(row) for row in rows.order_by("-id")[:limit]]


def page_comments_of_ads(
    ad_ids: Iterable[int], *, from_ms: int, to_ms: int, after: int | None = None, limit: int = 50
) -> Page[CommentView]:
    """Return what was said on some ads between two moments (world time) and is shown, newest first. Cost: one query."""
    rows = Comment.objects.filter(ad_id__in=set(ad_ids), ad_id__gt=0, state=Comment.State.SHOWN)
    rows = rows.filter(at_ms__gte=from_ms, at_ms__lt=to_ms).order_by("-id")
    found = list((rows if after is None else rows.filter(id__lt=after))[: limit + 1])
    items = [view_comment(row) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


def list_unlogged(*, before_ms: int, limit: int) -> list[tuple[int, bytes]]:
    """Return comments of before a moment (world time) whose entry is not in the log of events yet, with that entry."""
    rows = Comment.objects.filter(event__isnull=False, at_ms__lt=before_ms).order_by("id")
    return [(comment_id, bytes(event)) for comment_id, event in rows.values_list("id", "event")[:limit]]
