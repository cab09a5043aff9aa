"""Business Centers: the organisations above advertisers, and the creators' accounts that are open to them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.cursors import read_cursor, read_page, write_page
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.library_answers import tell_account
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.advertisers import (
    BusinessCenterAnswer,
    BusinessCenterDraft,
    tell_business_center,
)
from attise.doors.native_api.schemas.authorizations import AccountAnswer, Assignment
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId, Removed
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.management.accounts import actions as accounts_actions
from attise.management.accounts import queries as accounts
from attise.management.authorizations import actions, queries
from attise.management.authorizations.views import AccountView

group = Group("Business Centers")


@group.post("/v1/business-centers", gives=BusinessCenterAnswer, status=201)
def create_business_center(call: Call, body: BusinessCenterDraft) -> BusinessCenterAnswer:
    """Create a Business Center, the organisation above advertisers."""
    return tell_business_center(accounts_actions.create_business_center(call.means, call.actor, **body.model_dump()))


@group.get("/v1/business-centers", gives=Listing[BusinessCenterAnswer])
def list_business_centers(
    call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[BusinessCenterAnswer]:
    """List Business Centers, newest first."""
    page = accounts.page_business_centers(after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[BusinessCenterAnswer], page, tell_business_center)


@group.get("/v1/business-centers/{bc_id}", gives=BusinessCenterAnswer)
def get_business_center(call: Call, bc_id: PathId) -> BusinessCenterAnswer:  # noqa: ARG001 - the same for all
    """Get a Business Center."""
    return tell_business_center(accounts.get_business_center(bc_id))


@group.get("/v1/business-centers/{bc_id}/accounts", gives=Listing[AccountAnswer])
def list_accounts(
    call: Call,
    bc_id: PathId,
    keyword: Annotated[str, Field(max_length=500, description="Words of the creator.")] = "",
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[AccountAnswer]:
    """List the creators' accounts that are open to a Business Center, newest first."""
    page = read_page(call, cursor, limit)
    center = accounts.get_business_center(bc_id)
    found = queries.list_accounts(call.means, business_center_id=center.id, keyword=keyword, page=page, page_size=limit)
    return Listing[AccountAnswer](
        items=[tell_account(view) for view in found.items], next_cursor=write_page(call, found)
    )


@group.post("/v1/business-centers/{bc_id}/accounts/{creator_id}/assign", gives=AccountAnswer)
def assign_account(call: Call, bc_id: PathId, creator_id: PathId, body: Assignment) -> AccountAnswer:
    """Let one advertiser of the Business Center use an account that is open to it."""
    account, advertiser_id = _account(call, bc_id, creator_id), _advertiser(bc_id, body.advertiser_id)
    actions.assign_account(
        call.means,
        call.actor,
        business_center_id=bc_id,
        advertiser_id=advertiser_id,
        creator_id=account.authorization.creator_id,
    )
    return tell_account(_account(call, bc_id, creator_id))


@group.post("/v1/business-centers/{bc_id}/accounts/{creator_id}/unassign", gives=AccountAnswer)
def unassign_account(call: Call, bc_id: PathId, creator_id: PathId, body: Assignment) -> AccountAnswer:
    """Take an account back from one advertiser; its ads on it stop within two seconds."""
    account, advertiser_id = _account(call, bc_id, creator_id), _advertiser(bc_id, body.advertiser_id)
    actions.unassign_account(
        call.means,
        call.actor,
        business_center_id=bc_id,
        advertiser_id=advertiser_id,
        creator_id=account.authorization.creator_id,
    )
    return tell_account(_account(call, bc_id, creator_id))


@group.delete("/v1/business-centers/{bc_id}/accounts/{creator_id}", gives=Removed)
def end_access(call: Call, bc_id: PathId, creator_id: PathId) -> Removed:
    """Give an account back: the Business Center and its advertisers may use it no more."""
    account = _account(call, bc_id, creator_id)
    actions.end_access(call.means, call.actor, business_center_id=bc_id, authorization_id=account.authorization.id)
    return Removed()


def _account(call: Call, bc_id: int, creator_id: int) -> AccountView:
    """Return the live access of a Business Center to an account. Raises: ``not_found``."""
    center = accounts.get_business_center(bc_id)
    found = queries.list_accounts(call.means, business_center_id=center.id, creator_id=creator_id, page_size=1).items
    if not found:
        raise Refusal(NOT_FOUND, field="creator_id")
    return found[0]


def _advertiser(bc_id: int, advertiser_id: int) -> int:
    """Return an advertiser of the Business Center; one of another is as if it were nowhere. Raises: ``not_found``."""
    if accounts.get_advertiser(advertiser_id).business_center_id != bc_id:
        raise Refusal(NOT_FOUND, field="advertiser_id")
    return advertiser_id
