"""Authorizations: what creators allow, for whom, until when, on which terms."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.authorizations import (
    AuthorizationAnswer,
    Extension,
    GrantDraft,
    HistoryAnswer,
    IssuedAnswer,
    Revocation,
    TermsChange,
    authorization_facts,
    tell_authorization,
    tell_history,
    terms_of,
)
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.management.accounts import queries as accounts
from attise.management.authorizations import actions, queries
from attise.management.campaigns.queries import end_of_ads_on
from attise.management.posts import queries as posts

group = Group("Authorizations")


@group.post("/v1/posts/{post_id}/authorizations", gives=IssuedAnswer, status=201)
def grant_post(call: Call, post_id: PathId, body: GrantDraft) -> IssuedAnswer:
    """Authorize a post and get its Spark code.

    The code is in this answer alone. An earlier code of the post that nobody applied stops working.
    """
    view, code = actions.grant_post(
        call.means,
        call.actor,
        creator_id=posts.get_post(post_id).creator_id,
        post_id=post_id,
        days=body.days,
        terms=terms_of(body.terms),
        make_public=body.make_public,
    )
    return IssuedAnswer(**authorization_facts(view), code=code)


@group.get("/v1/posts/{post_id}/authorizations", gives=Listing[AuthorizationAnswer])
def list_authorizations_of_post(
    call: Call, post_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[AuthorizationAnswer]:
    """List the authorizations of a post, newest first."""
    after = read_cursor(call, cursor)
    post = posts.get_post(post_id)
    page = queries.list_authorizations(call.means, post_id=post.id, after=after, limit=limit)
    return listing(call, Listing[AuthorizationAnswer], page, tell_authorization)


@group.get("/v1/creators/{creator_id}/authorizations", gives=Listing[AuthorizationAnswer])
def list_authorizations_of_creator(
    call: Call, creator_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[AuthorizationAnswer]:
    """List all that a creator has authorized, posts and account, newest first."""
    after = read_cursor(call, cursor)
    creator = accounts.get_creator(creator_id)
    page = queries.list_authorizations(call.means, creator_id=creator.id, after=after, limit=limit)
    return listing(call, Listing[AuthorizationAnswer], page, tell_authorization)


@group.get("/v1/authorizations/{authorization_id}", gives=AuthorizationAnswer)
def get_authorization(call: Call, authorization_id: PathId) -> AuthorizationAnswer:
    """Get an authorization: its state, its terms, who holds it."""
    return tell_authorization(queries.get_authorization(call.means, authorization_id=authorization_id))


@group.patch("/v1/authorizations/{authorization_id}", gives=AuthorizationAnswer, refuses=(409,))
def change_terms(call: Call, authorization_id: PathId, body: TermsChange) -> AuthorizationAnswer:
    """Change the terms, in force for decisions taken from now on.

    What the creator is paid stays once an advertiser holds the authorization.
    """
    creator_id = _creator_of(call, authorization_id)
    view = actions.change_terms(
        call.means, call.actor, creator_id=creator_id, authorization_id=authorization_id, terms=terms_of(body.terms)
    )
    return tell_authorization(view)


@group.get("/v1/authorizations/{authorization_id}/history", gives=Listing[HistoryAnswer])
def list_history(call: Call, authorization_id: PathId) -> Listing[HistoryAnswer]:
    """List all that happened to an authorization, oldest first, in one part."""
    view = queries.get_authorization(call.means, authorization_id=authorization_id)
    entries = [tell_history(entry) for entry in queries.list_history(view.id)]
    return Listing[HistoryAnswer](items=entries, next_cursor=None)


@group.post("/v1/authorizations/{authorization_id}/extend", gives=AuthorizationAnswer, refuses=(409,))
def extend_authorization(call: Call, authorization_id: PathId, body: Extension) -> AuthorizationAnswer:
    """Extend an authorization before its end; its code and the ads on it go on."""
    creator_id = _creator_of(call, authorization_id)
    view = actions.extend(
        call.means, call.actor, creator_id=creator_id, authorization_id=authorization_id, days=body.days
    )
    return tell_authorization(view)


@group.post("/v1/authorizations/{authorization_id}/revoke", gives=AuthorizationAnswer)
def revoke_authorization(call: Call, authorization_id: PathId, body: Revocation) -> AuthorizationAnswer:
    """Revoke an authorization, whatever runs on it; again, if it is over, changes nothing.

    `campaigns_end`: when the last ad that runs on it ends, at once if none runs. An ad group without an end counts for
    thirty days.
    """
    creator_id = _creator_of(call, authorization_id)
    view = actions.revoke(
        call.means,
        call.actor,
        creator_id=creator_id,
        authorization_id=authorization_id,
        when=body.when,
        campaigns_end_ms=end_of_ads_on(call.means, creator_id=creator_id, authorization_id=authorization_id),
    )
    return tell_authorization(view)


def _creator_of(call: Call, authorization_id: int) -> int:
    """Return the creator whose grant it is: a host acts for its signed-in creator. Raises: ``not_found``."""
    return queries.get_authorization(call.means, authorization_id=authorization_id).creator_id
