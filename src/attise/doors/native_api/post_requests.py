"""Requests for posts: an advertiser asks a creator to show one post as an ad; no code is copied."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.access_requests import Answerer
from attise.doors.native_api.schemas.authorizations import terms_of
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, GivenId, Limit, Listing, PathId
from attise.doors.native_api.schemas.post_requests import PostRequestAnswer, PostRequestDraft, PostRequestYes
from attise.doors.native_api.schemas.posts import tell_moment
from attise.kernel.clock import rfc3339
from attise.management.authorizations import actions, queries
from attise.management.authorizations.views import PostRequestView

group = Group("Requests for posts")
State = Annotated[
    Literal["pending", "accepted", "refused", "withdrawn"] | None, Field(description="Left out: whatever became of it.")
]


@group.post("/v1/posts/{post_id}/requests", gives=PostRequestAnswer, status=201, refuses=(404, 409))
def ask_for_post(call: Call, post_id: PathId, body: PostRequestDraft) -> PostRequestAnswer:
    """Ask a creator for a public post; asked again while it is pending, the request that there is is told."""
    view = actions.ask_for_post(
        call.means, call.actor, advertiser_id=body.advertiser_id, post_id=post_id, days=body.days
    )
    return tell_request(view)


@group.get("/v1/post-requests", gives=Listing[PostRequestAnswer])
def list_post_requests(
    call: Call,
    creator_id: GivenId | None = None,
    advertiser_id: GivenId | None = None,
    state: State = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[PostRequestAnswer]:
    """List requests for posts, newest first: to a creator, of an advertiser, or all."""
    page = queries.list_post_requests(
        creator_id=creator_id,
        advertiser_id=advertiser_id,
        state=state,
        after=read_cursor(call, cursor),
        limit=limit,
    )
    return listing(call, Listing[PostRequestAnswer], page, tell_request)


@group.get("/v1/post-requests/{post_request_id}", gives=PostRequestAnswer)
def get_post_request(call: Call, post_request_id: PathId) -> PostRequestAnswer:
    """Get a request for a post as it stands."""
    del call
    return tell_request(queries.get_post_request(post_request_id))


@group.post("/v1/post-requests/{post_request_id}/accept", gives=PostRequestAnswer, refuses=(409,))
def accept_request(call: Call, post_request_id: PathId, body: PostRequestYes) -> PostRequestAnswer:
    """Accept for the creator signed in at the host: the post is granted and its code applied for the asker, at once."""
    view = actions.accept_request(
        call.means,
        call.actor,
        creator_id=body.creator_id,
        request_id=post_request_id,
        days=body.days,
        terms=terms_of(body.terms),
    )
    return tell_request(view)


@group.post("/v1/post-requests/{post_request_id}/refuse", gives=PostRequestAnswer, refuses=(409,))
def refuse_request(call: Call, post_request_id: PathId, body: Answerer) -> PostRequestAnswer:
    """Refuse for the creator signed in at the host."""
    return tell_request(
        actions.refuse_request(call.means, call.actor, creator_id=body.creator_id, request_id=post_request_id)
    )


@group.post("/v1/post-requests/{post_request_id}/withdraw", gives=PostRequestAnswer, refuses=(409,))
def withdraw_request(call: Call, post_request_id: PathId) -> PostRequestAnswer:
    """Take a request back for its advertiser."""
    owner = queries.get_post_request(post_request_id).advertiser_id
    return tell_request(
        actions.withdraw_request(call.means, call.actor, advertiser_id=owner, request_id=post_request_id)
    )


def tell_request(view: PostRequestView) -> PostRequestAnswer:
    """Return a request as callers see it."""
    return PostRequestAnswer(
        request_id=str(view.id),
        advertiser_id=str(view.advertiser_id),
        advertiser_name=view.advertiser_name,
        creator_id=str(view.creator_id),
        post_id=str(view.post_id),
        days=view.days,
        state=view.state,
        authorization_id=None if view.authorization_id is None else str(view.authorization_id),
        answered_at=tell_moment(view.answered_at_ms),
        created_at=rfc3339(view.created_at_ms),
    )
