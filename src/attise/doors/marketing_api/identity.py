"""Identities: the accounts, and the mere names, that may stand as author of an advertiser's ads.

Identities by code, own account or account access are grants of creators; ``CUSTOMIZED_USER`` ones are the advertiser's
own and no grant. The dialect lists both together, grants first.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from attise.doors.marketing_api import items
from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.links import preview_of
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import LARGEST, Between, Id, Items, Length
from attise.doors.marketing_api.wire.lists import LARGEST_PAGE, joined, page_info
from attise.kernel.errors import N_, NOT_FOUND, Refusal
from attise.kernel.limits import FILE_LINK_LIFE_MS
from attise.management.accounts.rules import Permission, Scope
from attise.management.authorizations import queries as grants
from attise.management.authorizations.views import IdentityPost
from attise.management.authorizations.views import IdentityView as Account
from attise.management.library import actions, queries
from attise.management.library.views import IdentityView as Name

GrantedType = Literal["AUTH_CODE", "TT_USER", "BC_AUTH_TT"]
IdentityType = Literal["CUSTOMIZED_USER", "AUTH_CODE", "TT_USER", "BC_AUTH_TT"]
IdentityId = Annotated[str, Length(1, 80)]
MOST_POSTS = 20
ONLY_NAMES_ARE_DELETED = N_("an account's access is ended by unbinding its posts or by the Business Center")
KEYWORD_WITH_CODES = N_("words are searched among AUTH_CODE posts alone")
KEYWORD_WITH_NAMES = N_("words are searched among CUSTOMIZED_USER identities alone")


class _IdentityFilter(Params):
    keyword: Annotated[str, Length(0, 100)] = ""


class _ListIdentities(Params):
    advertiser_id: Id
    identity_type: IdentityType | None = None
    identity_authorized_bc_id: Id | None = None
    filtering: _IdentityFilter = _IdentityFilter()
    page: Annotated[int, Between(1, LARGEST_PAGE)] = 1
    page_size: Annotated[int, Between(1, 100)] = 20


@endpoint("GET", "identity/get", needs=Advertiser(), scope=Scope.CREATIVE)
def list_identities(call: Call, params: _ListIdentities) -> Data:
    """List the advertiser's identities, newest first within their kind; the list is called ``identity_list``."""
    keyword = params.filtering.keyword
    if keyword and params.identity_type != "CUSTOMIZED_USER":
        raise Refusal(errors.NOT_TAKEN_HERE, field="filtering.keyword", rule=KEYWORD_WITH_NAMES)
    parts = []
    if params.identity_type != "CUSTOMIZED_USER":
        parts.append(
            lambda page, page_size: grants.list_identities(
                call.means,
                advertiser_id=params.advertiser_id,
                identity_type=params.identity_type,
                business_center_id=params.identity_authorized_bc_id,
                page=page,
                page_size=page_size,
            )
        )
    if params.identity_type in (None, "CUSTOMIZED_USER") and params.identity_authorized_bc_id is None:
        parts.append(
            lambda page, page_size: queries.list_identities(
                params.advertiser_id, keyword=keyword, page=page, page_size=page_size
            )
        )
    page = joined(parts, params.page, params.page_size)
    return {"identity_list": [_row(call, one) for one in page.items], "page_info": page_info(page)}


class _CreateIdentity(Params):
    advertiser_id: Id
    display_name: Annotated[str, Length(1, 400)]
    image_uri: Annotated[str, Length(0, 80)] | None = None


@endpoint(
    "POST",
    "identity/create",
    needs=Advertiser(Permission.EDIT_LIBRARY),
    scope=Scope.CREATIVE,
    spelled={"image_id": "image_uri"},
)
def create_identity(call: Call, params: _CreateIdentity) -> Data:
    """Make a ``CUSTOMIZED_USER`` identity: a name, and a square image of the advertiser's own if one is given."""
    made = actions.create_identity(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        display_name=params.display_name,
        image_id=params.image_uri or None,
    )
    return {"identity_id": made.identity_id}


class _DeleteIdentity(Params):
    advertiser_id: Id
    identity_id: IdentityId
    identity_type: IdentityType = "CUSTOMIZED_USER"


@endpoint("POST", "identity/delete", needs=Advertiser(Permission.EDIT_LIBRARY), scope=Scope.CREATIVE)
def delete_identity(call: Call, params: _DeleteIdentity) -> Data:
    """Delete a ``CUSTOMIZED_USER`` identity."""
    if params.identity_type != "CUSTOMIZED_USER":
        raise Refusal(errors.NOT_TAKEN_HERE, field="identity_type", rule=ONLY_NAMES_ARE_DELETED)
    actions.delete_identity(call.means, call.actor, advertiser_id=params.advertiser_id, identity_id=params.identity_id)
    return {}


class _ReadIdentity(Params):
    advertiser_id: Id
    identity_id: IdentityId
    identity_type: IdentityType
    identity_authorized_bc_id: Id | None = None


@endpoint("GET", "identity/info", needs=Advertiser(), scope=Scope.CREATIVE)
def read_identity(call: Call, params: _ReadIdentity) -> Data:
    """Tell one identity."""
    found: Account | Name
    if params.identity_type == "CUSTOMIZED_USER":
        found = queries.get_identity(params.advertiser_id, params.identity_id)
    else:
        found = _account(
            call, params.advertiser_id, params.identity_id, params.identity_type, params.identity_authorized_bc_id
        )
    return {"identity_info": _row(call, found)}


class _ListPosts(Params):
    advertiser_id: Id
    identity_id: IdentityId
    identity_type: GrantedType
    identity_authorized_bc_id: Id | None = None
    item_type: Literal["VIDEO", "CAROUSEL"] = "VIDEO"
    keyword: Annotated[str, Length(0, 500)] = ""
    cursor: Id | None = None
    count: Annotated[int, Between(1, LARGEST)] = MOST_POSTS
    exclude_adsonly: bool = False


@endpoint("GET", "identity/video/get", needs=Advertiser(), scope=Scope.CREATIVE)
def list_posts(call: Call, params: _ListPosts) -> Data:
    """List the posts that an identity may use, newest first, by cursor; a count above 20 counts as 20."""
    if params.keyword and params.identity_type != "AUTH_CODE":
        raise Refusal(errors.NOT_TAKEN_HERE, field="keyword", rule=KEYWORD_WITH_CODES)
    identity = _account(
        call, params.advertiser_id, params.identity_id, params.identity_type, params.identity_authorized_bc_id
    )
    page = grants.list_identity_posts(
        call.means,
        identity=identity,
        keyword=params.keyword,
        item_type=params.item_type,
        exclude_ads_only=params.exclude_adsonly,
        after=params.cursor or None,
        limit=min(params.count, MOST_POSTS),
    )
    return {
        "video_list": [_item(call, one) for one in page.items],
        "cursor": "0" if page.after is None else str(page.after),
        "has_more": page.after is not None,
    }


class _ReadPosts(Params):
    advertiser_id: Id
    identity_type: GrantedType
    identity_id: IdentityId
    identity_authorized_bc_id: Id | None = None
    item_id: Id | None = None
    item_ids: Annotated[list[Id], Items(1, 20)] | None = None


@endpoint("GET", "identity/video/info", needs=Advertiser(), scope=Scope.CREATIVE)
def read_posts(call: Call, params: _ReadPosts) -> Data:
    """Tell one post of an identity, or several; both forms of the answer are there, since clients read either."""
    wanted = params.item_ids if params.item_id is None else [params.item_id]
    if wanted is None:
        raise Refusal(errors.MISSING, fields="item_id")
    identity = _account(
        call, params.advertiser_id, params.identity_id, params.identity_type, params.identity_authorized_bc_id
    )
    rows = [_item(call, one) for one in grants.find_identity_posts(call.means, identity=identity, post_ids=wanted)]
    if params.item_id is None:
        return {"video_detail": None, "video_details": rows}
    if not rows:
        raise Refusal(NOT_FOUND, field="item_id")
    return {"video_detail": rows[0], "video_details": rows}


def _account(
    call: Call, advertiser_id: int, identity_id: str, identity_type: str, business_center_id: int | None
) -> Account:
    """Return the identity that is all that was said of it. Raises: ``not_found``."""
    found = grants.find_identity(call.means, advertiser_id=advertiser_id, identity_id=identity_id)
    if (
        found is None
        or found.identity_type != identity_type
        or business_center_id not in (None, found.business_center_id)
    ):
        raise Refusal(NOT_FOUND, field="identity_id")
    return found


def _row(call: Call, view: Account | Name) -> dict[str, Any]:
    if isinstance(view, Name):
        return {
            **_EMPTY,
            "identity_id": view.identity_id,
            "identity_type": "CUSTOMIZED_USER",
            "display_name": view.display_name,
            "profile_image": "" if view.image is None else preview_of(call, view.image.media, FILE_LINK_LIFE_MS),
        }
    return {
        **_EMPTY,
        "identity_id": view.identity_id,
        "identity_type": view.identity_type,
        "display_name": view.display_name,
        "username": view.handle,
        "identity_authorized_bc_id": None if view.business_center_id is None else str(view.business_center_id),
        "available_status": "AVAILABLE" if view.is_available else "SCOPE_UNAVAILABLE",
        "can_push_video": view.can_push,
        "can_pull_video": view.can_pull,
        "ads_only_mode": view.ads_only,
    }


_EMPTY: dict[str, Any] = {
    "identity_id": "",
    "identity_type": "",
    "display_name": "",
    "username": "",
    "profile_image": "",
    "identity_authorized_bc_id": None,
    "available_status": "AVAILABLE",
    "can_push_video": False,
    "can_pull_video": False,
    "can_use_live_ads": False,
    "can_manage_message": False,
    "ads_only_mode": False,
    "is_gpppa": False,
}


def _item(call: Call, one: IdentityPost) -> dict[str, Any]:
    return items.flat(call, one.post, grant=one.authorization, code=one.code)
