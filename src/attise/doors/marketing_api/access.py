"""Who asks, and whether they may name what they name: the checks between the route and the parameters.

A token is looked up with every request, so that a revoked one is dead with the answer that revoked it. A foreign
advertiser or Business Center and one that does not exist are told in the same words, and so is a role that is too low.
"""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from attise.doors.marketing_api.endpoint import Advertiser, Call, CreatorAccount, Endpoint, Named, NoToken
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.reading import Gathered
from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.accounts.views import CreatorGrant, TokenGrant

HEADER = "Access-Token"
HEADER_CHARACTERS = 512


def authenticate(request: HttpRequest, means: Means, endpoint: Endpoint) -> TokenGrant | CreatorGrant | None:
    """Return what the token of the header may do now; None where no token is asked for.

    Raises: ``dialect_token_missing``, ``dialect_token_invalid``, ``dialect_token_expired``.
    """
    if isinstance(endpoint.needs, NoToken):
        return None
    text = token_text(request)
    if not isinstance(endpoint.needs, CreatorAccount):
        grant = accounts.find_token(text)
        if grant is None:
            raise Refusal(errors.TOKEN_INVALID)
        return grant
    account = accounts.find_creator_token(text)
    if account is None:
        raise Refusal(errors.TOKEN_INVALID)
    if means.clock.wire_ms() >= account.expires_at_ms:
        raise Refusal(errors.TOKEN_EXPIRED)
    return account


def open_call(request: HttpRequest, means: Means, grant: TokenGrant | CreatorGrant | None) -> Call:
    """Return the call of a request, with who acts for histories: the token, and where from, truncated."""
    origin = origin_of(request)
    if isinstance(grant, CreatorGrant):
        return Call(request, means, Actor("creator_token", grant.token_id, origin), account=grant)
    return Call(request, means, Actor("token", 0 if grant is None else grant.token_id, origin), token=grant)


def token_text(request: HttpRequest) -> str:
    """Return the text of the header, the only place a token is taken from."""
    text = request.headers.get(HEADER, "")
    if not text:
        raise Refusal(errors.TOKEN_MISSING)
    if len(text) > HEADER_CHARACTERS or not text.isascii() or not text.isprintable():
        raise Refusal(errors.TOKEN_INVALID)
    return text


def check_scope(endpoint: Endpoint, grant: TokenGrant | CreatorGrant) -> None:
    """Refuse a token that was not granted what the endpoint is about."""
    wanted: int | str | None = None if endpoint.scope is None else int(endpoint.scope)
    if isinstance(endpoint.needs, CreatorAccount):
        wanted = endpoint.needs.scope
    if wanted is not None and wanted not in grant.scopes:
        raise Refusal(errors.SCOPE_MISSING, scope=wanted)


def check_named(endpoint: Endpoint, grant: TokenGrant | CreatorGrant, gathered: Gathered) -> None:
    """Refuse an advertiser, a Business Center or an account that the token does not reach, or not with this right.

    Its name alone is read here, before any other value is judged. A list is refused whole for one stranger in it.
    """
    if isinstance(grant, CreatorGrant):
        needs = endpoint.needs
        if isinstance(needs, CreatorAccount) and _named(endpoint, gathered, needs.name) != [grant.creator_id]:
            raise Refusal(errors.NO_PERMISSION)
        return
    for named in endpoint.named:
        if not all(_reaches(grant, named, one) for one in _named(endpoint, gathered, named.name)):
            raise Refusal(errors.NO_PERMISSION)


def _reaches(grant: TokenGrant, named: Named, one: int) -> bool:
    if isinstance(named, Advertiser):
        return grant.can_on_advertiser(one, named.permission)
    if named.permission is None:
        return one in grant.business_center_ids
    return grant.can_on_business_center(one, named.permission)


def _named(endpoint: Endpoint, gathered: Gathered, name: str) -> list[int]:
    """Return the ids of a parameter; none where it is absent, since the endpoint does not require it."""
    member = next(member for member in endpoint.shape.members if member.name == name)
    value = gathered.read(member)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def address_of(request: HttpRequest) -> str:
    """Return the address that the edge states for this request, whole; for limits, never stored."""
    stated = request.META.get("HTTP_X_FORWARDED_FOR", "") or request.META.get("REMOTE_ADDR", "")
    return str(stated).rpartition(",")[2].strip()


def origin_of(request: HttpRequest) -> str:
    """Return the truncated address of a request: /24, or /48 of IPv6; empty when unknown."""
    try:
        address = ipaddress.ip_address(address_of(request))
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))  # noqa: PLR2004
