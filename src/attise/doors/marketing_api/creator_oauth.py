"""An app gets its token for a creator's account, keeps it fresh, and gives it back.

The creator's agreement itself is a page; what it hands to the app is the ``auth_code``. An account's ``open_id`` is the
creator's id, which the other endpoints of the creator's side call ``business_id``.
"""

from __future__ import annotations

from typing import Annotated, Any

from attise.doors.marketing_api.endpoint import Call, Data, NoToken, Params, endpoint
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Id, Length
from attise.kernel.errors import Refusal
from attise.management.accounts import actions, queries
from attise.management.accounts.actions import CreatorTokenView
from attise.management.accounts.errors import APP_MISMATCH

Secret = Annotated[str, Length(1, 512)]
SPELLED = {"app_id": "client_id", "secret": "client_secret"}


class _Exchange(Params):
    client_id: Id
    client_secret: Secret
    grant_type: str
    auth_code: Secret
    redirect_uri: Annotated[str, Length(1, 2048)]


@endpoint("POST", "tt_user/oauth2/token", needs=NoToken(), spelled=SPELLED)
def exchange(call: Call, params: _Exchange) -> Data:
    """Give an app its tokens for the code that a creator's agreement handed it."""
    _check_grant_type(params.grant_type, "authorization_code")
    made = actions.exchange_creator(
        call.means,
        app_id=params.client_id,
        secret=params.client_secret,
        auth_code=params.auth_code,
        redirect_uri=params.redirect_uri,
    )
    return _told(call, made)


class _Refresh(Params):
    client_id: Id
    client_secret: Secret
    grant_type: str
    refresh_token: Secret


@endpoint("POST", "tt_user/oauth2/refresh_token", needs=NoToken(), spelled=SPELLED)
def refresh(call: Call, params: _Refresh) -> Data:
    """Make a new access token; the refresh token stays the same until its year is over."""
    _check_grant_type(params.grant_type, "refresh_token")
    made = actions.refresh_creator(
        call.means, app_id=params.client_id, secret=params.client_secret, refresh_token=params.refresh_token
    )
    return _told(call, made)


class _Revoke(Params):
    client_id: Id
    client_secret: Secret
    access_token: Secret


@endpoint("POST", "tt_user/oauth2/revoke", needs=NoToken(), spelled=SPELLED)
def revoke(call: Call, params: _Revoke) -> Data:
    """Stop a token and its refresh token."""
    if not actions.revoke_creator_token(
        call.means, app_id=params.client_id, secret=params.client_secret, access_token=params.access_token
    ):
        raise Refusal(errors.TOKEN_INVALID)
    return {}


class _TokenInfo(Params):
    app_id: Id
    access_token: Secret


@endpoint("POST", "tt_user/token_info/get", needs=NoToken())
def tell_token(call: Call, params: _TokenInfo) -> Data:
    """Tell whose account a token is for, and what it may do."""
    grant = queries.find_creator_token(params.access_token)
    if grant is None:
        raise Refusal(errors.TOKEN_INVALID)
    if grant.app_id != params.app_id:
        raise Refusal(APP_MISMATCH, field="app_id")
    if call.means.clock.wire_ms() >= grant.expires_at_ms:
        raise Refusal(errors.TOKEN_EXPIRED)
    return {"app_id": str(grant.app_id), "scope": ",".join(grant.scopes), "creator_id": str(grant.creator_id)}


def _check_grant_type(given: str, wanted: str) -> None:
    if given != wanted:
        raise Refusal(errors.GRANT_TYPE, field="grant_type", choices=wanted)


def _told(call: Call, made: CreatorTokenView) -> dict[str, Any]:
    now_ms = call.means.clock.wire_ms()
    return {
        "access_token": made.access_token,
        "token_type": "Bearer",
        "expires_in": (made.grant.expires_at_ms - now_ms) // 1000,
        "refresh_token": made.refresh_token,
        "refresh_token_expires_in": (made.grant.refresh_expires_at_ms - now_ms) // 1000,
        "open_id": str(made.grant.creator_id),
        "scope": ",".join(made.grant.scopes),
    }
