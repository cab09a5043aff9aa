"""Spark codes: an advertiser applies a creator's code, sees the post behind it, and lists what it applied.

The code is given back byte for byte, as it was applied, to the advertiser that applied it and to nobody else.
"""

from __future__ import annotations

from typing import Annotated, Literal

from django.conf import settings

from attise.doors.marketing_api import items
from attise.doors.marketing_api.access import address_of
from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.wire.codes import SECOND_CODE
from attise.doors.marketing_api.wire.kinds import Between, Id, Length
from attise.doors.marketing_api.wire.lists import LARGEST_PAGE, page_info
from attise.kernel.errors import Refusal
from attise.management.accounts.rules import Permission, Scope
from attise.management.attempts.actions import Guard, record_failure, refuse_if_too_many
from attise.management.authorizations import actions, queries
from attise.management.authorizations.errors import AUTH_CODE_FORMAT_ERROR

Code = Annotated[str, Length(1, 512)]


class _Authorize(Params):
    advertiser_id: Id
    auth_code: Code
    original_post_auth_code: Annotated[str, Length(0, 512)] = ""


@endpoint(
    "POST",
    "tt_video/authorize",
    needs=Advertiser(Permission.APPLY_CODES),
    scope=Scope.CREATIVE,
    spelled={"code": "auth_code", "original_code": SECOND_CODE},
)
def authorize(call: Call, params: _Authorize) -> Data:
    """Apply a code; applying it again is a success. Old clients read nothing of the answer, some read both ids.

    With that of the post a duet or stitch was made with, both are applied, or neither.
    """
    bound = actions.redeem(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        code=params.auth_code,
        original_code=params.original_post_auth_code or None,
        guards=_guards(call) or None,
    )
    return {"item_id": str(bound.post.id), "identity_id": bound.identity_id}


class _Info(Params):
    advertiser_id: Id
    auth_code: Code


@endpoint("GET", "tt_video/info", needs=Advertiser(), scope=Scope.CREATIVE, spelled={"code": "auth_code"})
def tell(call: Call, params: _Info) -> Data:
    """Tell the post behind a code, before and after it is applied. A guess that fails counts like one in authorize."""
    guards = _guards(call)
    refuse_if_too_many(call.means, guards)
    try:
        seen = queries.preview_code(call.means, advertiser_id=params.advertiser_id, code=params.auth_code)
    except Refusal as refusal:
        if refusal.reason is AUTH_CODE_FORMAT_ERROR and guards:
            record_failure(call.means, guards)
        raise
    return items.nested(call, seen.post, seen.authorization, code=seen.code, identity_id=seen.identity_id)


class _List(Params):
    advertiser_id: Id
    item_types: list[Literal["VIDEO", "CAROUSEL"]] | None = None
    keyword: Annotated[str, Length(0, 500)] = ""
    page: Annotated[int, Between(1, LARGEST_PAGE)] = 1
    page_size: Annotated[int, Between(1, 50)] = 20


@endpoint("GET", "tt_video/list", needs=Advertiser(), scope=Scope.CREATIVE)
def list_posts(call: Call, params: _List) -> Data:
    """List the posts that the advertiser applied, newest first, whatever became of their grants since."""
    page = queries.list_bound_posts(
        call.means,
        advertiser_id=params.advertiser_id,
        keyword=params.keyword,
        item_types=params.item_types or ("VIDEO", "CAROUSEL"),
        page=params.page,
        page_size=params.page_size,
    )
    return {
        "list": [
            items.nested(call, one.post, one.authorization, code=one.code, identity_id=one.identity_id)
            for one in page.items
        ],
        "page_info": page_info(page),
    }


class _Unbind(Params):
    advertiser_id: Id
    item_id: Id


@endpoint(
    "POST",
    "tt_video/unbind",
    needs=Advertiser(Permission.APPLY_CODES),
    scope=Scope.CREATIVE,
    spelled={"post_id": "item_id"},
)
def unbind(call: Call, params: _Unbind) -> Data:
    """Remove from the list a post whose grant is over."""
    actions.unbind(call.means, call.actor, advertiser_id=params.advertiser_id, post_id=params.item_id)
    return {}


def _guards(call: Call) -> list[Guard]:
    """Return what makes a guesser of codes wait; nothing does in a sandbox."""
    if not settings.HOUSE.has_limits:
        return []
    return actions.guards_of(str(call.actor), address_of(call.request))
