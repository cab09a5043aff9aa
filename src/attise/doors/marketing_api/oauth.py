"""Sign-on: an app gets a token, learns what it may act for, and gives it back.

The person's agreement itself is a page; what it hands to the app is the ``auth_code`` that is exchanged here.
"""

from __future__ import annotations

from typing import Annotated

from attise.doors.marketing_api.endpoint import AnyToken, Beside, Call, Data, NoToken, Params, endpoint
from attise.doors.marketing_api.masks import mask_email
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Id, Length
from attise.kernel.errors import Refusal
from attise.management.accounts import actions, queries
from attise.management.accounts.errors import APP_MISMATCH
from attise.management.accounts.views import TokenView

Secret = Annotated[str, Length(1, 512)]


class _Exchange(Params):
    app_id: Id
    secret: Secret
    auth_code: Secret
    return_advertiser_ids: bool = True


@endpoint("POST", "oauth2/access_token", needs=NoToken())
def exchange_code(call: Call, params: _Exchange) -> Data:
    """Give an app its token for the code that a person's agreement handed it."""
    view, text = actions.exchange_oauth(
        call.means, app_id=params.app_id, secret=params.secret, auth_code=params.auth_code
    )
    data = _told(view, text)
    if not params.return_advertiser_ids:
        del data["advertiser_ids"]
    return data


class _StandardExchange(Params):
    client_id: Id
    client_secret: Secret
    code: Secret
    grant_type: str = "authorization_code"


@endpoint(
    "POST",
    "oauth2/token",
    needs=NoToken(),
    spelled={"app_id": "client_id", "secret": "client_secret", "auth_code": "code"},
)
def exchange_code_plainly(call: Call, params: _StandardExchange) -> Data:
    """Do the same in the words of OAuth; the token's fields lie beside the envelope's own."""
    if params.grant_type != "authorization_code":
        raise Refusal(errors.GRANT_TYPE, field="grant_type", choices="authorization_code")
    view, text = actions.exchange_oauth(
        call.means, app_id=params.client_id, secret=params.client_secret, auth_code=params.code
    )
    return Beside({"token_type": "Bearer", **_told(view, text)})


class _AppProof(Params):
    app_id: Id
    secret: Secret


@endpoint("GET", "oauth2/advertiser/get", needs=AnyToken())
def list_advertisers(call: Call, params: _AppProof) -> Data:
    """List every advertiser that the token may act for, unpaged: this is how clients discover accounts."""
    queries.check_app(params.app_id, params.secret)
    if call.grant.app_id != params.app_id:
        raise Refusal(APP_MISMATCH, field="app_id")
    rows = queries.list_advertisers(call.grant.advertiser_ids)
    return {
        "list": [
            {
                "advertiser_id": str(row.id),
                "advertiser_name": row.name,
                "status": row.status,
                "company": row.company,
                "country": row.country,
                "currency": row.currency,
                "timezone": row.timezone,
            }
            for row in rows
        ]
    }


class _Revocation(Params):
    app_id: Id
    secret: Secret
    access_token: Secret


@endpoint("POST", "oauth2/revoke_token", needs=NoToken())
def revoke(call: Call, params: _Revocation) -> Data:
    """Stop a token, at its own app's word."""
    queries.check_app(params.app_id, params.secret)
    grant = queries.find_token(params.access_token)
    if grant is None:
        raise Refusal(errors.TOKEN_INVALID)
    if grant.app_id != params.app_id:
        raise Refusal(APP_MISMATCH, field="app_id")
    view = actions.revoke_token(call.means, token_id=grant.token_id)
    return {"app_id": str(params.app_id), "advertiser_ids": [str(one) for one in view.advertiser_ids]}


@endpoint("GET POST", "user/info", needs=AnyToken())
def tell_user(call: Call) -> Data:
    """Tell who granted the token; the operator granted those that were made on the command line."""
    grant = call.grant
    person = queries.find_first_operator() if grant.person_id is None else queries.get_person(grant.person_id)
    if person is None:
        app = queries.get_app(grant.app_id)
        name, email, user_id, created_at_ms = app.name, "", app.id, app.created_at_ms
    else:
        name, email, user_id, created_at_ms = person.display_name, person.email, person.id, person.created_at_ms
    return {
        "display_name": name,
        "email": mask_email(email),
        "core_user_id": str(user_id),
        "create_time": created_at_ms // 1000,
        "avatar_url": "",
    }


def _told(view: TokenView, text: str) -> dict[str, Data]:
    return {
        "access_token": text,
        "advertiser_ids": [str(one) for one in view.advertiser_ids],
        "scope": list(view.scopes),
    }
