"""Comments: kept at the original post, wherever they were written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.comments import CommentAnswer, CommentDraft, CommentModeration, tell_comment
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.site.commenting import comment
from attise.management.posts import actions, queries

group = Group("Comments")


@group.post("/v1/posts/{post_id}/comments", gives=CommentAnswer, status=201, refuses=(404,))
def comment_post(call: Call, post_id: PathId, body: CommentDraft) -> CommentAnswer:
    """Comment a post as one of your viewers.

    With the token of the item it was written on, the comment counts for that item: paid where it was an ad's, else
    organic. It is shown at once, and counted like any other event a moment later.
    """
    view = comment(call.means, call.house, post_id=post_id, viewer_id=body.viewer_id, text=body.text, token=body.token)
    return tell_comment(view)


@group.get("/v1/posts/{post_id}/comments", gives=Listing[CommentAnswer])
def list_comments(
    call: Call,
    post_id: PathId,
    state: Annotated[Literal["shown", "all"], Field(description="`all`: those that were hidden too.")] = "shown",
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[CommentAnswer]:
    """List what is said under a post, newest first."""
    after = read_cursor(call, cursor)
    post = queries.get_post(post_id)
    page = queries.list_comments(post.id, with_hidden=state == "all", after=after, limit=limit)
    return listing(call, Listing[CommentAnswer], page, tell_comment)


@group.post("/v1/posts/{post_id}/comments/{comment_id}/moderation", gives=CommentAnswer)
def moderate_comment(call: Call, post_id: PathId, comment_id: PathId, body: CommentModeration) -> CommentAnswer:
    """Hide a comment, or show it again: as the operator, or for the post's creator.

    Counters do not change: the comment was made. What the operator hid, a creator cannot show again.
    """
    view = actions.moderate_comment(
        call.means,
        call.actor,
        post_id=post_id,
        comment_id=comment_id,
        is_hidden=body.state == "hidden",
        creator_id=body.creator_id,
    )
    return tell_comment(view)
