"""Access requests: a Business Center asks for a creator's account, the creator answers at the host."""

from __future__ import annotations

from typing import Any

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.access_requests import AccessDraft, Answerer, AskedAnswer, RequestAnswer
from attise.doors.native_api.schemas.authorizations import AuthorizationAnswer, tell_authorization
from attise.doors.native_api.schemas.common import PathId
from attise.kernel.clock import rfc3339
from attise.management.authorizations import actions, queries
from attise.management.authorizations.views import AccessRequestView

group = Group("Access requests")
PAGE = "/acces/"
"""Where a creator opens the link of a request in their own session, followed by its secret."""


@group.post("/v1/access-requests", gives=AskedAnswer, status=201, refuses=(404,))
def request_access(call: Call, body: AccessDraft) -> AskedAnswer:
    """Ask for a creator's account.

    `url` is a link of ten minutes, used once: draw it as a QR code. It is in this answer alone.
    """
    view, secret = actions.request_access(
        call.means, call.actor, business_center_id=body.bc_id, permissions=body.permissions
    )
    return AskedAnswer(**_facts(view), url=call.absolute(PAGE + secret))


@group.get("/v1/access-requests/{request_id}", gives=RequestAnswer)
def get_access_request(call: Call, request_id: PathId) -> RequestAnswer:
    """Get an access request as it stands."""
    return RequestAnswer(**_facts(queries.get_access_request(call.means, request_id=request_id)))


@group.post("/v1/access-requests/{request_id}/accept", gives=AuthorizationAnswer, refuses=(409,))
def accept_access(call: Call, request_id: PathId, body: Answerer) -> AuthorizationAnswer:
    """Accept for the creator signed in at the host, who saw the asker's name and the permissions."""
    view = actions.accept_access(call.means, call.actor, creator_id=body.creator_id, request_id=request_id)
    return tell_authorization(view)


@group.post("/v1/access-requests/{request_id}/refuse", gives=RequestAnswer, refuses=(409,))
def refuse_access(call: Call, request_id: PathId, body: Answerer) -> RequestAnswer:
    """Refuse for the creator signed in at the host."""
    view = actions.refuse_access(call.means, call.actor, creator_id=body.creator_id, request_id=request_id)
    return RequestAnswer(**_facts(view))


def _facts(view: AccessRequestView) -> dict[str, Any]:
    return {
        "request_id": str(view.id),
        "bc_id": str(view.business_center_id),
        "bc_name": view.business_center_name,
        "permissions": list(view.permissions),
        "state": view.state,
        "creator_id": None if view.creator_id is None else str(view.creator_id),
        "authorization_id": None if view.authorization_id is None else str(view.authorization_id),
        "expires_at": rfc3339(view.expires_at_ms),
        "created_at": rfc3339(view.created_at_ms),
    }
