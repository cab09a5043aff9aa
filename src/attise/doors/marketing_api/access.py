"""Who asks, and whether they may name what they name: the checks between the route and the parameters.

A token is looked up with every request, so that a revoked one is dead with the answer that revoked it. A foreign
advertiser or Business Center and one that does not exist are told in the same words, and so is a role that is too low.
"""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from attise.doors.marketing_api.endpoint import (
    Advertiser,
    Endpoint,
)
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.reading import Gathered
from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.management.accounts import queries as accounts
from attise.management.accounts.views import TokenGrant

HEADER = "Access-Token"
HEADER_CHARACTERS = 512


def authenticate(request: HttpRequest) -> TokenGrant:
    """Return what the token of the header may do now. Raises: ``dialect_token_missing``, ``dialect_token_invalid``."""
    grant = accounts.find_token(token_text(request))
    if grant is None:
        raise Refusal(errors.TOKEN_INVALID)
    return grant


def token_text(request: HttpRequest) -> str:
    """Return the text of the header, the only place a token is taken from."""
    text = request.headers.get(HEADER, "")
    if not text:
        raise Refusal(errors.TOKEN_MISSING)
    if len(text) > HEADER_CHARACTERS or not text.isascii() or not text.isprintable():
        raise Refusal(errors.TOKEN_INVALID)
    return text


def check_scope(endpoint: Endpoint, grant: TokenGrant) -> None:
    """Refuse a token that was not granted what the endpoint is about."""
    if endpoint.scope is not None and int(endpoint.scope) not in grant.scopes:
        raise Refusal(errors.SCOPE_MISSING, scope=int(endpoint.scope))


def check_named(endpoint: Endpoint, grant: TokenGrant, gathered: Gathered) -> None:
    """Refuse an advertiser or a Business Center that the token does not reach, or not with the right that is needed.

    Its name alone is read here, before any other value is judged. A list is refused whole for one stranger in it.
    """
    for needs in endpoint.named:
        member = next(member for member in endpoint.shape.members if member.name == needs.name)
        value = gathered.read(member)
        if value is None:  # only where the endpoint does not require it
            continue
        can = grant.can_on_advertiser if isinstance(needs, Advertiser) else grant.can_on_business_center
        if not all(can(one, needs.permission) for one in (value if isinstance(value, list) else [value])):
            raise Refusal(errors.NO_PERMISSION)


def actor_of(request: HttpRequest, grant: TokenGrant | None) -> Actor:
    """Return who acts, for histories: the token, and where from, truncated."""
    return Actor("token", 0 if grant is None else grant.token_id, origin_of(request))


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
