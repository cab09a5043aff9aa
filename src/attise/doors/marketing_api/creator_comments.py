"""What is said under a creator's own posts, as an app that acts for them reads it.

Nobody likes or answers a comment here: those counts are zero, a comment has no replies, and to order by them is to
order by time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from attise.doors.marketing_api.creator_side import own_post
from attise.doors.marketing_api.endpoint import Call, CreatorAccount, Data, Params, endpoint
from attise.doors.marketing_api.wire.kinds import LARGEST, Between, Id, Items
from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.management.posts.views import CommentView, PostView
from attise.management.viewers import queries as viewers

COMMENTS = CreatorAccount("comment.list")
STATUS: Final = {"shown": "PUBLIC", "hidden": "HIDDEN"}
SPELLED: Final = {"item_id": "video_id"}
MOST: Final = 30
Cursor = Annotated[int, Between(0, LARGEST)]


class _OfPost(Params, kw_only=True):
    """Which comments of a post, and in which order."""

    business_id: Id
    video_id: Id
    status: Literal["ALL", "PUBLIC"] = "ALL"
    sort_field: Literal["create_time", "likes", "replies"] = "create_time"
    sort_order: Literal["asc", "desc", "smart", "ASC", "DESC", "SMART"] = "smart"
    cursor: Cursor = 0
    max_count: Annotated[int, Between(1, MOST)] = 20


class _List(_OfPost, kw_only=True):
    comment_ids: Annotated[list[Id], Items(0, MOST, bare=True)] | None = None
    include_replies: bool = False


@endpoint("GET", "business/comment/list", needs=COMMENTS, spelled=SPELLED)
def list_comments(call: Call, params: _List) -> Data:
    """List what is said under one of the account's posts, hidden comments too, the newest first unless asked otherwise.

    A ``cursor`` is the place where the page before ended; 0 is the beginning.
    """
    post = own_post(call, params.video_id)
    with_hidden = params.status == "ALL"
    if params.comment_ids:
        found = [one for one in posts.find_comments(post.id, params.comment_ids) if with_hidden or one.state == "shown"]
        return _answer(post, found, after=None)
    page = posts.list_comments(
        post.id,
        with_hidden=with_hidden,
        oldest_first=params.sort_order.lower() == "asc",
        after=params.cursor or None,
        limit=params.max_count,
    )
    return _answer(post, page.items, after=page.after)


class _ListReplies(_OfPost, kw_only=True):
    comment_id: Id


@endpoint("GET", "business/comment/reply/list", needs=COMMENTS, spelled=SPELLED)
def list_replies(call: Call, params: _ListReplies) -> Data:
    """List the replies to a comment under one of the account's posts: comments are not replied to here."""
    post = own_post(call, params.video_id)
    if not posts.find_comments(post.id, [params.comment_id]):
        raise Refusal(NOT_FOUND, field="comment_id")
    return _answer(post, [], after=None)


def _answer(post: PostView, comments: Sequence[CommentView], *, after: int | None) -> Data:
    """Return comments as rows, with the names of who wrote them. Cost: up to four statements."""
    persons = viewers.persons_of({one.viewer_id for one in comments})
    named = accounts.names_of_actors({str(Actor("person", person_id)) for person_id in persons.values()})
    creator = accounts.get_creator(post.creator_id)
    rows = []
    for one in comments:
        person_id = persons.get(one.viewer_id)
        name = "" if person_id is None else named[str(Actor("person", person_id))]
        is_own = person_id is not None and person_id == creator.person_id
        rows.append(_row(one, name=name, is_own=is_own))
    return {"comments": rows, "cursor": after or 0, "has_more": after is not None}


def _row(view: CommentView, *, name: str, is_own: bool) -> dict[str, Any]:
    return {
        "comment_id": str(view.id),
        "video_id": str(view.post_id),
        "user_id": str(view.viewer_id),
        "unique_identifier": str(view.viewer_id),
        "create_time": str(view.at_ms // 1000),
        "text": view.text,
        "likes": 0,
        "replies": 0,
        "owner": is_own,
        "liked": False,
        "pinned": False,
        "status": STATUS[view.state],
        "username": name,
        "display_name": name,
        "profile_image": "",
        "parent_comment_id": None,
        "reply_list": [],
    }
