"""A creator agrees that an app acts for their account, and the app keeps its token fresh.

The access token is good for a day, the refresh token for a year; both on wire time. Refreshing makes a new access token
and leaves the refresh token as it is, so that a lost answer can be asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attise.kernel.errors import Refusal
from attise.kernel.limits import CREATOR_REFRESH_LIFE_MS, CREATOR_TOKEN_LIFE_MS, OAUTH_CODE_LIFE_MS
from attise.kernel.means import Means
from attise.management.accounts.actions.oauth import check_redirect
from attise.management.accounts.errors import (
    APP_MISMATCH,
    CREATOR_GONE,
    OAUTH_CODE_DEAD,
    REFRESH_TOKEN_DEAD,
    REFRESH_TOKEN_EXPIRED,
    SCOPE_UNKNOWN,
)
from attise.management.accounts.models import Creator, CreatorCode, CreatorToken
from attise.management.accounts.queries import check_app, find_creator_token, get_creator
from attise.management.accounts.rules import CREATOR_SCOPES
from attise.management.accounts.views import CreatorGrant, creator_grant_view
from attise.management.outbox.actions import unit, verb
from attise.records.credentials import CredentialKind, hash_of, is_spelled, make_credential
from attise.records.stop import CREATOR_TOKEN_REVOKED


@dataclass(frozen=True, slots=True)
class CreatorTokenView:
    """A grant with the texts of its tokens, which are told here and never again."""

    grant: CreatorGrant
    access_token: str
    refresh_token: str


@verb
def agree_creator(
    means: Means, *, app_id: int, creator_id: int, redirect_uri: str, scopes: Iterable[str] = CREATOR_SCOPES
) -> str:
    """Keep a creator's agreement and return its code, for the app alone; one hour of wire time, once.

    The caller has seen the creator's own session. Raises: ``app_unknown``, ``redirect_uri_unknown``, ``scope_unknown``,
    ``not_found``, ``creator_gone``.
    """
    check_redirect(app_id, redirect_uri)
    wanted = list(dict.fromkeys(scopes))
    if not wanted or not set(wanted) <= set(CREATOR_SCOPES):
        raise Refusal(SCOPE_UNKNOWN, field="scope")
    if not get_creator(creator_id).is_active:
        raise Refusal(CREATOR_GONE, field="creator_id")
    code = make_credential(means.chance, CredentialKind.CREATOR_CODE)
    with unit(means):
        CreatorCode.objects.create(
            id=means.ids.next(),
            app_id=app_id,
            creator_id=creator_id,
            code_hash=hash_of(code),
            scopes=wanted,
            redirect_uri=redirect_uri,
            expires_at_ms=means.clock.wire_ms() + OAUTH_CODE_LIFE_MS,
        )
    return code


@verb
def exchange_creator(means: Means, *, app_id: int, secret: str, auth_code: str, redirect_uri: str) -> CreatorTokenView:
    """Turn a creator's agreement into tokens; of any number who try at once, one gets them.

    Raises: ``app_unknown``, ``app_secret_wrong``, ``app_mismatch`` when the code is another app's, ``oauth_code_dead``
    when it was used, is past its end, was never given, was given for another address, or the creator is gone.
    """
    check_app(app_id, secret)
    if not is_spelled(auth_code, CredentialKind.CREATOR_CODE):
        raise Refusal(OAUTH_CODE_DEAD, field="auth_code")
    now = means.clock.wire_ms()
    with unit(means):
        row = CreatorCode.objects.select_related("creator").filter(code_hash=hash_of(auth_code)).first()
        if row is None or row.redirect_uri != redirect_uri or row.creator.state != Creator.State.ACTIVE:
            raise Refusal(OAUTH_CODE_DEAD, field="auth_code")
        if row.app_id != app_id:
            raise Refusal(APP_MISMATCH, field="app_id")
        alive = CreatorCode.objects.filter(id=row.id, used_at_ms__isnull=True, expires_at_ms__gt=now)
        if not alive.update(used_at_ms=now):
            raise Refusal(OAUTH_CODE_DEAD, field="auth_code")
        access = make_credential(means.chance, CredentialKind.CREATOR_TOKEN)
        refresh = make_credential(means.chance, CredentialKind.CREATOR_REFRESH)
        made = CreatorToken.objects.create(
            id=means.ids.next(),
            app_id=app_id,
            creator_id=row.creator_id,
            token_hash=hash_of(access),
            refresh_hash=hash_of(refresh),
            scopes=row.scopes,
            expires_at_ms=now + CREATOR_TOKEN_LIFE_MS,
            refresh_expires_at_ms=now + CREATOR_REFRESH_LIFE_MS,
            created_at_ms=means.clock.world_ms(),
        )
    return CreatorTokenView(creator_grant_view(made), access, refresh)


@verb
def refresh_creator(means: Means, *, app_id: int, secret: str, refresh_token: str) -> CreatorTokenView:
    """Make a new access token; the one before stops.

    Raises: ``app_unknown``, ``app_secret_wrong``, ``refresh_token_dead``, ``refresh_token_expired``.
    """
    check_app(app_id, secret)
    if not is_spelled(refresh_token, CredentialKind.CREATOR_REFRESH):
        raise Refusal(REFRESH_TOKEN_DEAD, field="refresh_token")
    now = means.clock.wire_ms()
    access = make_credential(means.chance, CredentialKind.CREATOR_TOKEN)
    with unit(means):
        row = (
            CreatorToken.objects.select_for_update(no_key=True)
            .filter(
                refresh_hash=hash_of(refresh_token),
                app_id=app_id,
                revoked_at_ms__isnull=True,
                creator__state=Creator.State.ACTIVE,
            )
            .first()
        )
        if row is None:
            raise Refusal(REFRESH_TOKEN_DEAD, field="refresh_token")
        if now >= row.refresh_expires_at_ms:
            raise Refusal(REFRESH_TOKEN_EXPIRED, field="refresh_token")
        row.token_hash = hash_of(access)
        row.expires_at_ms = min(now + CREATOR_TOKEN_LIFE_MS, row.refresh_expires_at_ms)
        row.save()
    return CreatorTokenView(creator_grant_view(row), access, refresh_token)


@verb
def revoke_creator_token(means: Means, *, app_id: int, secret: str, access_token: str) -> bool:
    """Stop a token and its refresh token at its app's word; returns whether there was one to stop.

    Raises: ``app_unknown``, ``app_secret_wrong``, ``app_mismatch``.
    """
    check_app(app_id, secret)
    grant = find_creator_token(access_token)
    if grant is None:
        return False
    if grant.app_id != app_id:
        raise Refusal(APP_MISMATCH, field="app_id")
    end_creator_token(means, token_id=grant.token_id)
    return True


@verb
def end_creator_token(means: Means, *, token_id: int) -> None:
    """Stop a token and its refresh token; one that is not there, or stopped already, stays as it is."""
    with unit(means) as work:
        rows = CreatorToken.objects.filter(id=token_id, revoked_at_ms__isnull=True)
        if rows.update(revoked_at_ms=means.clock.world_ms()):
            work.stays(CREATOR_TOKEN_REVOKED, token_id)
