"""The organisation itself: which Business Centers a token reaches, and their members.

Members are named by their person's id. Roles count in the whole Business Center.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from attise.doors.marketing_api.endpoint import BusinessCenter, Call, Data, Params, endpoint
from attise.doors.marketing_api.links import absolute
from attise.doors.marketing_api.wire import errors, lists
from attise.doors.marketing_api.wire.kinds import Between, Id, Items, Length
from attise.doors.marketing_api.wire.lists import LARGEST_PAGE, page_info
from attise.kernel.actor import Actor
from attise.kernel.errors import N_, NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage
from attise.management.accounts import actions, queries
from attise.management.accounts.rules import Permission, Roles, Scope
from attise.management.accounts.views import BusinessCenterView, InvitationView, MemberView
from attise.management.outbox.actions import unit, verb

PageNumber = Annotated[int, Between(1, LARGEST_PAGE)]
Keyword = Annotated[str, Length(0, 500)]
UserRole = Literal["ADMIN", "STANDARD"]
AdvertiserRole = Literal["ADMIN", "OPERATOR", "ANALYST"]
FinanceRole = Literal["MANAGER", "ANALYST"]
RelationStatus = Literal["BOUND", "PENDING", "REJECTED", "UNBOUND"]
INVITATION_PAGE = "/invitation/"
ROLES_ARE_WHOLE = N_("roles count in the whole Business Center here, not asset by asset")
NOT_THEIRS = N_("people choose their own name")


class _CenterFilter(Params):
    keyword: Keyword = ""
    keyword_type: str | None = None
    relation_type: str | None = None


class _ListCenters(Params):
    bc_id: Id | None = None
    scene: str | None = None
    filtering: _CenterFilter = _CenterFilter()
    page: PageNumber = 1
    page_size: Annotated[int, Between(1, 50)] = 10


@endpoint("GET", "bc/get", needs=BusinessCenter(permission=None), scope=Scope.AD_ACCOUNT)
def list_centers(call: Call, params: _ListCenters) -> Data:
    """List the Business Centers that the token reaches, with what its granter is there."""
    wanted = call.grant.business_center_ids if params.bc_id is None else (params.bc_id,)
    keyword = params.filtering.keyword.casefold()
    found = [
        view
        for view in queries.list_business_centers(wanted)
        if keyword in view.name.casefold() or keyword == str(view.id)
    ]
    page = lists.cut(found, params.page, params.page_size)
    return {
        "list": [_center_row(view, call.grant.roles[view.id]) for view in page.items],
        "page_info": page_info(page),
    }


def _center_row(view: BusinessCenterView, roles: Roles) -> dict[str, Any]:
    return {
        "bc_info": {
            "bc_id": str(view.id),
            "name": view.name,
            "company": view.company,
            "currency": view.currency,
            "registered_area": view.country,
            "status": "ENABLE",
            "timezone": view.timezone,
            "type": "NORMAL",
            "verification_status": None,
        },
        "user_role": roles.role,
        "ext_user_role": {"finance_role": roles.finance_role or None},
    }


class _MemberFilter(Params):
    keyword: Keyword = ""
    user_role: UserRole | None = None
    relation_status: RelationStatus = "BOUND"


class _ListMembers(Params):
    bc_id: Id
    filtering: _MemberFilter = _MemberFilter()
    page: PageNumber = 1
    page_size: Annotated[int, Between(1, 20)] = 10


@endpoint("GET", "bc/member/get", needs=BusinessCenter(Permission.READ), scope=Scope.AD_ACCOUNT)
def list_members(call: Call, params: _ListMembers) -> Data:
    """List members; those invited and not yet here are the ones whose relation is ``PENDING``."""
    asked = params.filtering
    page: NumberedPage[dict[str, Any]]
    if asked.relation_status == "BOUND":
        members = queries.list_members(
            params.bc_id, params.page, params.page_size, keyword=asked.keyword, role=asked.user_role or ""
        )
        page = NumberedPage([_member_row(one) for one in members.items], members.page, members.page_size, members.total)
    else:
        invited = queries.list_invitations(call.means, params.bc_id) if asked.relation_status == "PENDING" else []
        rows = [
            _invitation_row(one)
            for one in invited
            if asked.keyword.casefold() in one.email and asked.user_role in (None, one.roles.role)
        ]
        page = lists.cut(rows, params.page, params.page_size)
    return {"list": page.items, "page_info": page_info(page)}


def _member_row(view: MemberView) -> dict[str, Any]:
    return {
        "user_id": str(view.person_id),
        "user_name": view.display_name,
        "user_email": view.email,
        "relation_status": "BOUND",
        **_roles_of(view.roles),
    }


def _invitation_row(view: InvitationView) -> dict[str, Any]:
    return {
        "user_id": None,
        "user_name": None,
        "user_email": view.email,
        "relation_status": "PENDING",
        **_roles_of(view.roles),
    }


def _roles_of(roles: Roles) -> dict[str, Any]:
    return {
        "user_role": roles.role,
        "advertiser_role": roles.advertiser_role or None,
        "ext_user_role": {"finance_role": roles.finance_role or None},
    }


class _ExtUserRole(Params):
    finance_role: FinanceRole | None = None


class _InviteMembers(Params):
    bc_id: Id
    emails: Annotated[list[str], Items(1, 50)]
    user_role: UserRole = "STANDARD"
    advertiser_role: AdvertiserRole = "ANALYST"
    ext_user_role: _ExtUserRole = _ExtUserRole()
    asset_type: Literal["ADVERTISER"] = "ADVERTISER"
    asset_ids: list[Id] | None = None


@endpoint(
    "POST",
    "bc/member/invite",
    needs=BusinessCenter(Permission.MANAGE_MEMBERS),
    scope=Scope.AD_ACCOUNT,
    spelled={"email": "emails", "role": "user_role"},
)
def invite_members(call: Call, params: _InviteMembers) -> Data:
    """Invite people by e-mail address, all of them or none.

    No mail is sent: besides the dialect's empty answer, each invitation's link is told, for the caller to hand over.
    A list of ad accounts must hold all of them: a role that was meant for some would silently count for the others.
    """
    _check_assets(params)
    person_id = call.grant.person_id
    actor = call.actor if person_id is None else Actor("person", person_id, call.actor.origin)
    invited = _invite(call.means, actor, params)
    return {
        "invitations": [
            {"email": invitation.email, "url": absolute(call, INVITATION_PAGE + secret)}
            for invitation, secret in invited
        ]
    }


@verb
def _invite(means: Means, actor: Actor, params: _InviteMembers) -> list[tuple[InvitationView, str]]:
    """Invite everybody in one unit; returns each invitation with its secret."""
    with unit(means):
        return [
            actions.invite_member(
                means,
                actor,
                business_center_id=params.bc_id,
                email=email,
                role=params.user_role,
                advertiser_role="" if params.user_role == "ADMIN" else params.advertiser_role,
                finance_role=params.ext_user_role.finance_role or "",
            )
            for email in dict.fromkeys(params.emails)
        ]


def _check_assets(params: _InviteMembers) -> None:
    """Refuse ad accounts of elsewhere, and for anyone but an administrator, some of one's own without the others."""
    if not params.asset_ids:
        return
    own = {view.id for view in queries.list_advertisers_of_business_center(params.bc_id)}
    if not own.issuperset(params.asset_ids):
        raise Refusal(NOT_FOUND, field="asset_ids")
    if params.user_role != "ADMIN" and own != set(params.asset_ids):
        raise Refusal(errors.NOT_TAKEN_HERE, field="asset_ids", rule=ROLES_ARE_WHOLE)


class _ChangeMember(Params):
    bc_id: Id
    user_id: Id
    user_name: str | None = None
    user_role: UserRole | None = None
    advertiser_role: AdvertiserRole | None = None
    ext_user_role: _ExtUserRole = _ExtUserRole()


@endpoint(
    "POST",
    "bc/member/update",
    needs=BusinessCenter(Permission.MANAGE_MEMBERS),
    scope=Scope.AD_ACCOUNT,
    spelled={"person_id": "user_id", "role": "user_role"},
)
def change_member(call: Call, params: _ChangeMember) -> Data:
    """Give a member other roles; what is not sent stays."""
    before = queries.get_member(params.bc_id, params.user_id)
    if params.user_name not in (None, before.display_name):
        raise Refusal(errors.NOT_TAKEN_HERE, field="user_name", rule=NOT_THEIRS)
    actions.change_member(
        call.means,
        call.actor,
        business_center_id=params.bc_id,
        person_id=params.user_id,
        role=params.user_role or before.roles.role,
        advertiser_role=params.advertiser_role or before.roles.advertiser_role,
        finance_role=params.ext_user_role.finance_role or before.roles.finance_role,
    )
    return {}


class _RemoveMember(Params):
    bc_id: Id
    user_id: Id | None = None
    user_email: str | None = None


@endpoint(
    "POST",
    "bc/member/delete",
    needs=BusinessCenter(Permission.MANAGE_MEMBERS),
    scope=Scope.AD_ACCOUNT,
    spelled={"person_id": "user_id"},
)
def remove_member(call: Call, params: _RemoveMember) -> Data:
    """End a membership, named by the person's id or e-mail address."""
    person_id = params.user_id
    if person_id is None and params.user_email:
        person = queries.find_person_by_email(params.user_email)
        if person is None:
            raise Refusal(NOT_FOUND, field="user_email")
        person_id = person.id
    if person_id is None:
        raise Refusal(errors.MISSING, fields="user_id")
    actions.remove_member(call.means, call.actor, business_center_id=params.bc_id, person_id=person_id)
    return {}
