"""Advertisers: who pays, the codes they apply, the posts and accounts they may use."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.cursors import read_cursor, read_page, write_page
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.library_answers import tell_bound, tell_identity, tell_preview
from attise.doors.native_api.listing import listing
from attise.doors.native_api.post_answers import UNMEASURED, measured
from attise.doors.native_api.schemas.advertisers import (
    AdvertiserAnswer,
    AdvertiserDraft,
    tell_advertiser,
)
from attise.doors.native_api.schemas.authorizations import (
    AccountLink,
    AuthorizationAnswer,
    BoundAnswer,
    Codes,
    IdentityAnswer,
    OneCode,
    PreviewAnswer,
    tell_authorization,
)
from attise.doors.native_api.schemas.common import (
    DEFAULT_LIMIT,
    Cursor,
    GivenId,
    Limit,
    Listing,
    PathId,
    Removed,
)
from attise.doors.native_api.schemas.verdicts import CodeVerdict, CodeVerdicts
from attise.doors.native_api.verdicts import tell_row_error
from attise.kernel.errors import Refusal, Refusals
from attise.management.accounts import actions as accounts_actions
from attise.management.accounts import queries as accounts
from attise.management.attempts.actions import Guard, record_failure, refuse_if_too_many
from attise.management.authorizations import actions, queries
from attise.management.authorizations.errors import AUTH_CODE_FORMAT_ERROR

group = Group("Advertisers")


@group.post("/v1/advertisers", gives=AdvertiserAnswer, status=201, refuses=(404, 409))
def create_advertiser(call: Call, body: AdvertiserDraft) -> AdvertiserAnswer:
    """Create an advertiser in a Business Center; its currency is fixed from then on."""
    facts = body.model_dump(exclude_none=True, exclude={"bc_id"})
    view = accounts_actions.create_advertiser(call.means, call.actor, business_center_id=body.bc_id, **facts)
    return tell_advertiser(view)


@group.get("/v1/advertisers", gives=Listing[AdvertiserAnswer], refuses=(404,))
def list_advertisers(
    call: Call,
    bc_id: Annotated[GivenId | None, Field(description="Only those of this Business Center.")] = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[AdvertiserAnswer]:
    """List advertisers, newest first."""
    after = read_cursor(call, cursor)
    center = None if bc_id is None else accounts.get_business_center(bc_id).id
    page = accounts.page_advertisers(business_center_id=center, after=after, limit=limit)
    return listing(call, Listing[AdvertiserAnswer], page, tell_advertiser)


@group.get("/v1/advertisers/{advertiser_id}", gives=AdvertiserAnswer)
def get_advertiser(call: Call, advertiser_id: PathId) -> AdvertiserAnswer:  # noqa: ARG001 - the same for all
    """Get an advertiser."""
    return tell_advertiser(accounts.get_advertiser(advertiser_id))


@group.post("/v1/advertisers/{advertiser_id}/codes", gives=CodeVerdicts, atomic=False)
def apply_codes(call: Call, advertiser_id: PathId, body: Codes) -> CodeVerdicts:
    """Apply up to 20 Spark codes for an advertiser; each has its own verdict.

    A code applied again by the same advertiser is `bound`, and nothing changes.
    """
    advertiser = accounts.get_advertiser(advertiser_id)
    guards = guards_of(call)
    verdicts = [_apply(call, advertiser.id, index, code, guards) for index, code in enumerate(body.codes)]
    return CodeVerdicts(results=verdicts)


@group.post(
    "/v1/advertisers/{advertiser_id}/codes/preview", gives=PreviewAnswer, refuses=(429,), once=False, atomic=False
)
def preview_code(call: Call, advertiser_id: PathId, body: OneCode) -> PreviewAnswer:
    """Look at the post behind a code without applying it; nothing is told of a code that would be refused."""
    advertiser = accounts.get_advertiser(advertiser_id)
    guards = guards_of(call)
    refuse_if_too_many(call.means, guards)
    try:
        return tell_preview(call, queries.preview_code(call.means, advertiser_id=advertiser.id, code=body.code))
    except Refusal as refusal:
        if refusal.reason is AUTH_CODE_FORMAT_ERROR:
            record_failure(call.means, guards)
        raise


@group.get("/v1/advertisers/{advertiser_id}/posts", gives=Listing[BoundAnswer])
def list_bound_posts(
    call: Call,
    advertiser_id: PathId,
    keyword: Annotated[str, Field(max_length=500, description="A post's id, or words of caption or creator.")] = "",
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[BoundAnswer]:
    """List the posts an advertiser holds by code, newest first."""
    page = read_page(call, cursor, limit)
    advertiser = accounts.get_advertiser(advertiser_id)
    found = queries.list_bound_posts(
        call.means, advertiser_id=advertiser.id, keyword=keyword, page=page, page_size=limit
    )
    known = measured(view.post.id for view in found.items)
    return Listing[BoundAnswer](
        items=[tell_bound(call, view, known.get(view.post.id, UNMEASURED)) for view in found.items],
        next_cursor=write_page(call, found),
    )


@group.delete("/v1/advertisers/{advertiser_id}/posts/{post_id}", gives=Removed, refuses=(409,))
def unbind_post(call: Call, advertiser_id: PathId, post_id: PathId) -> Removed:
    """Remove a post whose authorization is over from an advertiser's library."""
    advertiser = accounts.get_advertiser(advertiser_id)
    actions.unbind(call.means, call.actor, advertiser_id=advertiser.id, post_id=post_id)
    return Removed()


@group.get("/v1/advertisers/{advertiser_id}/identities", gives=Listing[IdentityAnswer])
def list_identities(
    call: Call,
    advertiser_id: PathId,
    identity_type: Literal["AUTH_CODE", "TT_USER", "BC_AUTH_TT"] | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[IdentityAnswer]:
    """List the accounts that may appear as author of an advertiser's ads, newest first."""
    page = read_page(call, cursor, limit)
    advertiser = accounts.get_advertiser(advertiser_id)
    found = queries.list_identities(
        call.means, advertiser_id=advertiser.id, identity_type=identity_type, page=page, page_size=limit
    )
    return Listing[IdentityAnswer](
        items=[tell_identity(view) for view in found.items], next_cursor=write_page(call, found)
    )


@group.post("/v1/advertisers/{advertiser_id}/accounts", gives=AuthorizationAnswer, status=201, refuses=(409,))
def link_own_account(call: Call, advertiser_id: PathId, body: AccountLink) -> AuthorizationAnswer:
    """Link an advertiser to its own business account, whose posts it may use without a code."""
    advertiser = accounts.get_advertiser(advertiser_id)
    view = actions.link_own_account(call.means, call.actor, advertiser_id=advertiser.id, creator_id=body.creator_id)
    return tell_authorization(view)


def guards_of(call: Call) -> list[Guard]:
    """Return who is made to wait after too many malformed codes; nobody is in a sandbox."""
    return actions.guards_of(str(call.actor), call.address) if call.house.has_limits else []


def _apply(call: Call, advertiser_id: int, index: int, code: str, guards: list[Guard]) -> CodeVerdict:
    try:
        bound = actions.redeem(call.means, call.actor, advertiser_id=advertiser_id, code=code, guards=guards)
    except (Refusal, Refusals) as refused:
        return CodeVerdict(index=index, status="rejected", error=tell_row_error(refused))
    return CodeVerdict(index=index, status="bound", bound=tell_bound(call, bound))
