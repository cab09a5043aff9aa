"""Posts: what creators publish, with a real file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.post_answers import UNMEASURED, measured, tell_post
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, GivenId, Limit, Listing, PathId
from attise.doors.native_api.schemas.posts import Moderation, PostAnswer, PostDraft, PostEdit
from attise.doors.native_api.uploads import FILE, META, MULTIPART, GivenPost, read_post
from attise.doors.native_api.wire import JSON
from attise.kernel.house import Mode
from attise.kernel.limits import CAROUSEL_PICTURES, UPLOAD_BYTES, UPLOAD_ENVELOPE_BYTES
from attise.management.accounts import queries as accounts
from attise.management.posts import actions, queries

group = Group("Posts")
_BODY = {
    MULTIPART: {
        "type": "object",
        "properties": {
            META: PostDraft,
            FILE: {
                "type": "array",
                "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                "minItems": 1,
                "maxItems": CAROUSEL_PICTURES,
                "description": "The video; or the pictures of a carousel, one part each, in their order.",
            },
        },
        "required": [META, FILE],
        "additionalProperties": False,
    },
    JSON: PostDraft,
}


_OF_THE_DOOR = {"creator_id", "published_at", "unpublished_id", "upload_id"}


def draft_of(body: PostDraft) -> actions.PostDraft:
    """Return the draft that the room takes."""
    facts = body.model_dump(include=PostDraft.model_fields.keys() - _OF_THE_DOOR)
    return actions.PostDraft(**facts, published_at_ms=body.published_at)


@group.post(
    "/v1/posts",
    gives=PostAnswer,
    status=201,
    own_unit=True,
    refuses=(404,),
    types=(MULTIPART, JSON),
    limit=UPLOAD_BYTES + UPLOAD_ENVELOPE_BYTES,
    reads=read_post,
    body=_BODY,
)
def publish_post(call: Call, given: GivenPost) -> None:
    """Publish a post.

    Send `multipart/form-data` with the JSON in `meta` and the video in `file`, or JSON with `media_url` and `media_md5`
    when the file stays on your own server, or with `unpublished_id` for a video that was looked over before (`POST
    /v1/unpublished`), or with `upload_id` for one that came piece by piece (`POST /v1/uploads`). A carousel takes up to
    35 pictures (jpg, png, webp), each in a `file` of its own, in their order; a bad one is told as `file[0]`,
    `file[1]`… Files are probed and cleaned before the answer; `processing` means that a video must be converted first.
    """
    actions.publish_post(
        call.means,
        call.actor,
        house=call.house,
        creator_id=given.draft.creator_id,
        draft=draft_of(given.draft),
        upload=next(iter(given.uploads), None),
        more=given.uploads[1:],
        unpublished_id=given.draft.unpublished_id,
        upload_id=given.draft.upload_id,
        may_date=call.house.mode is Mode.SANDBOX,
        keep=lambda view: call.keep(tell_post(call, view)),
    )


@group.get("/v1/posts", gives=Listing[PostAnswer], refuses=(404,))
def list_posts(
    call: Call, creator_id: GivenId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[PostAnswer]:
    """List a creator's posts, newest first, without the deleted ones."""
    after = read_cursor(call, cursor)
    creator = accounts.get_creator(creator_id)
    page = queries.list_posts_of_creator(creator.id, after=after, limit=limit)
    known = measured(view.id for view in page.items)
    return listing(call, Listing[PostAnswer], page, lambda view: tell_post(call, view, known.get(view.id, UNMEASURED)))


@group.get("/v1/search/posts", gives=Listing[PostAnswer])
def search_posts(
    call: Call,
    q: Annotated[str, Field(min_length=1, max_length=100, description="Words of a caption, or a # of it.")],
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[PostAnswer]:
    """List the posts that everyone may see whose caption holds a text, newest first."""
    page = queries.search_public(q, after=read_cursor(call, cursor), limit=limit)
    known = measured(view.id for view in page.items)
    return listing(call, Listing[PostAnswer], page, lambda view: tell_post(call, view, known.get(view.id, UNMEASURED)))


@group.get("/v1/posts/{post_id}", gives=PostAnswer)
def get_post(call: Call, post_id: PathId) -> PostAnswer:
    """Get a post with its counters; a deleted one is still told, with its state."""
    return tell_post(call, queries.get_post(post_id))


@group.patch("/v1/posts/{post_id}", gives=PostAnswer)
def edit_post(call: Call, post_id: PathId, body: PostEdit) -> PostAnswer:
    """Change a post's caption or visibility.

    While an authorization lives the caption is locked: `caption_locked`.
    """
    view = actions.edit_post(call.means, call.actor, post_id=post_id, caption=body.caption, visibility=body.visibility)
    return tell_post(call, view)


@group.delete("/v1/posts/{post_id}", gives=PostAnswer)
def delete_post(call: Call, post_id: PathId) -> PostAnswer:
    """Delete a post; ads on it stop within two seconds, what it earned stays counted."""
    actions.delete_post(call.means, call.actor, house=call.house, post_id=post_id)
    return tell_post(call, queries.get_post(post_id))


@group.post("/v1/posts/{post_id}/moderation", gives=PostAnswer)
def moderate_post(call: Call, post_id: PathId, body: Moderation) -> PostAnswer:
    """Put a post in review, hide it, remove it, or let it live again."""
    view = actions.moderate_post(
        call.means, call.actor, house=call.house, post_id=post_id, state=body.state, reason=body.reason
    )
    return tell_post(call, view)
