"""What a Business Center holds: its ad accounts, and the creators' accounts open to it.

A creator's account is an asset of type ``TT_ACCOUNT`` whose id is the creator's. Access is asked by a link of ten
minutes, which the caller draws as a QR code; once accepted, the account is linked to ad accounts, where it is a
``BC_AUTH_TT`` identity. Other types of assets exist in the dialect and not here: their lists are empty.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from attise.doors.marketing_api.business_center import (
    ROLES_ARE_WHOLE,
    AdvertiserRole,
    Keyword,
    PageNumber,
    RelationStatus,
)
from attise.doors.marketing_api.endpoint import Advertiser, BusinessCenter, Call, Data, Params, endpoint
from attise.doors.marketing_api.links import absolute
from attise.doors.marketing_api.wire import errors, lists
from attise.doors.marketing_api.wire.kinds import Between, Id, Items
from attise.doors.marketing_api.wire.lists import page_info
from attise.kernel.errors import N_, NOT_FOUND, Refusal
from attise.kernel.paging import NumberedPage
from attise.management.accounts import queries as accounts
from attise.management.accounts.rules import Permission, Roles, Scope
from attise.management.accounts.views import AdvertiserView
from attise.management.authorizations import actions, queries
from attise.management.authorizations.views import AccountView

AssetType = Literal[
    "ADVERTISER", "CATALOG", "TIKTOK_SHOP", "PIXEL", "LEAD", "TT_ACCOUNT", "STOREFRONT", "MANAGED_BUSINESS_ACCOUNT"
]
AccountPermission = Literal["existing_posts", "new_posts", "new_posts_ads_only"]
STAYS = N_("an ad account stays in its Business Center")
ACCESS_PAGE = "/acces/"


class _AskAccess(Params):
    bc_id: Id
    permissions: list[AccountPermission] | None = None


@endpoint(
    "GET", "bc/asset/account/authorization", needs=BusinessCenter(Permission.REQUEST_ACCESS), scope=Scope.AD_ACCOUNT
)
def ask_access(call: Call, params: _AskAccess) -> Data:
    """Make the link by which one creator may open their account; the caller draws it as a QR code.

    Without ``permissions`` (ours), both are asked: existing posts and new ones.
    """
    _, secret = actions.request_access(
        call.means,
        call.actor,
        business_center_id=params.bc_id,
        permissions=list(params.permissions or ["existing_posts", "new_posts"]),
    )
    return {"bc_auth_qr_code": absolute(call, ACCESS_PAGE + secret)}


class _AssetFilter(Params):
    keyword: Keyword = ""
    user_id: Id | None = None
    user_email: str | None = None
    relation_type: str | None = None
    relation_status: RelationStatus | None = None


class _ListAssets(Params):
    bc_id: Id
    asset_type: AssetType
    filtering: _AssetFilter = _AssetFilter()
    page: PageNumber = 1
    page_size: Annotated[int, Between(1, 50)] = 10


@endpoint("GET", "bc/asset/get", needs=BusinessCenter(Permission.READ), scope=Scope.AD_ACCOUNT)
def list_assets(call: Call, params: _ListAssets) -> Data:
    """List the assets that a member works with: the token's granter, unless the filter names another member."""
    roles = _roles_of_asked(call, params)
    if roles is None:
        return _told(lists.cut([], params.page, params.page_size))
    reachable = set(call.grant.advertiser_ids)
    return _told(_assets(call, params, roles, reachable))


@endpoint("GET", "bc/asset/admin/get", needs=BusinessCenter(Permission.MANAGE_MEMBERS), scope=Scope.AD_ACCOUNT)
def list_every_asset(call: Call, params: _ListAssets) -> Data:
    """List all assets of the Business Center, for its administrators."""
    return _told(_assets(call, params, call.grant.roles[params.bc_id], None))


def _roles_of_asked(call: Call, params: _ListAssets) -> Roles | None:
    """Return the roles of the member that the filter names, None when there is no such member."""
    asked = params.filtering
    if asked.user_id is None and asked.user_email is None:
        return call.grant.roles[params.bc_id]
    person_id = asked.user_id
    if person_id is None:
        person = accounts.find_person_by_email(asked.user_email or "")
        person_id = 0 if person is None else person.id
    return accounts.roles_in(person_id, params.bc_id)


def _assets(call: Call, params: _ListAssets, roles: Roles, reachable: set[int] | None) -> NumberedPage[dict[str, Any]]:
    """Return a page of the assets of one type; ``reachable`` limits ad accounts to some."""
    asked = params.filtering
    empty = lists.cut([], params.page, params.page_size)
    if asked.relation_status not in (None, "BOUND"):
        return empty
    owner = accounts.get_business_center(params.bc_id).name
    if params.asset_type == "ADVERTISER" and asked.relation_type in (None, "OWNER"):
        rows = [
            _advertiser_row(view, roles, owner)
            for view in accounts.list_advertisers_of_business_center(params.bc_id)
            if (reachable is None or view.id in reachable) and _matches(view, asked.keyword)
        ]
        return lists.cut(rows, params.page, params.page_size)
    if params.asset_type == "TT_ACCOUNT" and asked.relation_type in (None, "PARTNER"):
        found = queries.list_accounts(
            call.means,
            business_center_id=params.bc_id,
            keyword=asked.keyword,
            page=params.page,
            page_size=params.page_size,
        )
        return NumberedPage([_account_row(view) for view in found.items], found.page, found.page_size, found.total)
    return empty


def _matches(view: AdvertiserView, keyword: str) -> bool:
    return keyword.casefold() in view.name.casefold() or keyword == str(view.id)


def _told(page: NumberedPage[dict[str, Any]]) -> Data:
    return {"list": page.items, "page_info": page_info(page)}


def _row(**known: Any) -> dict[str, Any]:
    return {
        "asset_id": None,
        "asset_type": None,
        "asset_name": None,
        "relation_type": None,
        "relation_status": "BOUND",
        "owner_bc_name": None,
        "advertiser_status": None,
        "advertiser_account_type": None,
        "advertiser_role": None,
        "catalog_role": None,
        "store_role": None,
        "pixel_code": None,
        "tt_account_roles": None,
    } | known


def _advertiser_row(view: AdvertiserView, roles: Roles, owner: str) -> dict[str, Any]:
    return _row(
        asset_id=str(view.id),
        asset_type="ADVERTISER",
        asset_name=view.name,
        relation_type="OWNER",
        owner_bc_name=owner,
        advertiser_status=view.status,
        advertiser_account_type="AUCTION",
        advertiser_role="ADMIN" if roles.role == "ADMIN" else roles.advertiser_role or None,
    )


def _account_row(view: AccountView) -> dict[str, Any]:
    return _row(
        asset_id=str(view.authorization.creator_id),
        asset_type="TT_ACCOUNT",
        asset_name=view.handle,
        relation_type="PARTNER",
        tt_account_roles=["POST"],
    )


class _LinkAccount(Params):
    bc_id: Id
    asset_id: Id
    advertiser_id: Id


LINKS = (BusinessCenter(Permission.ASSIGN_ACCOUNTS), Advertiser(Permission.READ))


@endpoint("POST", "bc/asset/advertiser/assign", needs=LINKS, scope=Scope.AD_ACCOUNT, spelled={"creator_id": "asset_id"})
def link_account(call: Call, params: _LinkAccount) -> Data:
    """Let an ad account use a creator's account that is open to its Business Center."""
    actions.assign_account(
        call.means,
        call.actor,
        business_center_id=params.bc_id,
        advertiser_id=params.advertiser_id,
        creator_id=params.asset_id,
    )
    return {}


@endpoint(
    "POST", "bc/asset/advertiser/unassign", needs=LINKS, scope=Scope.AD_ACCOUNT, spelled={"creator_id": "asset_id"}
)
def unlink_account(call: Call, params: _LinkAccount) -> Data:
    """Take a creator's account back from an ad account."""
    actions.unassign_account(
        call.means,
        call.actor,
        business_center_id=params.bc_id,
        advertiser_id=params.advertiser_id,
        creator_id=params.asset_id,
    )
    return {}


class _ListLinked(Params):
    bc_id: Id
    asset_id: Id
    page: PageNumber = 1
    page_size: Annotated[int, Between(1, 50)] = 10


@endpoint("GET", "bc/asset/advertiser/assigned", needs=BusinessCenter(Permission.READ), scope=Scope.AD_ACCOUNT)
def list_linked(call: Call, params: _ListLinked) -> Data:
    """List the ad accounts that may use a creator's account."""
    account = _account(call, params.bc_id, params.asset_id)
    page = lists.cut(list(account.advertiser_ids), params.page, params.page_size)
    names = {view.id: view.name for view in accounts.list_advertisers(page.items)}
    rows = [{"advertiser_id": str(one), "advertiser_name": names[one]} for one in page.items]
    return {"list": rows, "page_info": page_info(page)}


class _ReadQuota(Params):
    bc_id: Id
    asset_type: AssetType = "TT_ACCOUNT"
    asset_id: Id | None = None


@endpoint("GET", "bc/asset/bind/quota", needs=BusinessCenter(Permission.READ), scope=Scope.AD_ACCOUNT)
def read_quota(call: Call, params: _ReadQuota) -> Data:
    """Tell how many of the Business Center's ad accounts may use a creator's account, and how many do."""
    total = len(accounts.list_advertisers_of_business_center(params.bc_id))
    used = 0
    if params.asset_id is not None and params.asset_type == "TT_ACCOUNT":
        used = len(_account(call, params.bc_id, params.asset_id).advertiser_ids)
    return {"total_quota": total, "used_quota": used, "available_quota": total - used}


class _GiveAsset(Params):
    bc_id: Id
    user_id: Id
    asset_type: AssetType
    asset_id: Id
    advertiser_role: AdvertiserRole | None = None
    tt_account_roles: list[Literal["POST", "LIVE", "DIRECT_MESSAGE"]] | None = None


@endpoint(
    "POST",
    "bc/asset/assign",
    needs=BusinessCenter(Permission.MANAGE_MEMBERS),
    scope=Scope.AD_ACCOUNT,
    spelled={"person_id": "user_id"},
)
def give_asset(call: Call, params: _GiveAsset) -> Data:
    """Confirm that a member works with an asset, as their roles in the Business Center already have it.

    A role that would count for one asset alone is refused: it would silently count for all of them.
    """
    member = accounts.get_member(params.bc_id, params.user_id)
    _refuse_stranger(call, params.bc_id, params.asset_type, params.asset_id)
    roles = member.roles
    wanted = params.advertiser_role or "ANALYST"
    has_it = roles.role == "ADMIN" or roles.advertiser_role == wanted
    if params.asset_type == "TT_ACCOUNT":
        has_it = roles.role == "ADMIN" or bool(roles.advertiser_role)
    if not has_it:
        raise Refusal(errors.NOT_TAKEN_HERE, field="advertiser_role", rule=ROLES_ARE_WHOLE)
    return {}


class _TakeAsset(Params):
    bc_id: Id
    user_id: Id
    asset_type: AssetType
    asset_id: Id


@endpoint(
    "POST",
    "bc/asset/unassign",
    needs=BusinessCenter(Permission.MANAGE_MEMBERS),
    scope=Scope.AD_ACCOUNT,
    spelled={"person_id": "user_id"},
)
def take_asset(call: Call, params: _TakeAsset) -> Data:
    """Refuse to take one asset from a member who has roles; confirm it of one who has none."""
    roles = accounts.get_member(params.bc_id, params.user_id).roles
    _refuse_stranger(call, params.bc_id, params.asset_type, params.asset_id)
    if roles.role == "ADMIN" or roles.advertiser_role:
        raise Refusal(errors.NOT_TAKEN_HERE, field="asset_id", rule=ROLES_ARE_WHOLE)
    return {}


class _DropAssets(Params):
    bc_id: Id
    asset_type: AssetType
    asset_ids: Annotated[list[Id], Items(1, 50)]


@endpoint("POST", "bc/asset/admin/delete", needs=BusinessCenter(Permission.MANAGE_MEMBERS), scope=Scope.AD_ACCOUNT)
def drop_assets(call: Call, params: _DropAssets) -> Data:
    """Give creators' accounts back; their grants end. All of them are there, or nothing happens."""
    for asset_id in params.asset_ids:
        _refuse_stranger(call, params.bc_id, params.asset_type, asset_id)
    if params.asset_type != "TT_ACCOUNT":
        raise Refusal(errors.NOT_TAKEN_HERE, field="asset_type", rule=STAYS)
    for asset_id in params.asset_ids:
        account = _account(call, params.bc_id, asset_id)
        actions.end_access(
            call.means, call.actor, business_center_id=params.bc_id, authorization_id=account.authorization.id
        )
    return {}


def _refuse_stranger(call: Call, bc_id: int, asset_type: str, asset_id: int) -> None:
    """Refuse an asset that the Business Center does not hold."""
    if asset_type == "TT_ACCOUNT":
        _account(call, bc_id, asset_id)
        return
    view = accounts.find_advertiser(asset_id) if asset_type == "ADVERTISER" else None
    if view is None or view.business_center_id != bc_id:
        raise Refusal(NOT_FOUND, field="asset_id")


def _account(call: Call, bc_id: int, creator_id: int) -> AccountView:
    """Return a creator's account that is open to the Business Center. Raises: ``not_found``."""
    found = queries.list_accounts(call.means, business_center_id=bc_id, creator_id=creator_id, page_size=1)
    if not found.items:
        raise Refusal(NOT_FOUND, field="asset_id")
    return found.items[0]
