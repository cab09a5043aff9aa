"""A person agrees that an app acts for their advertisers, and the app turns the agreement into a token."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.errors import NOT_FOUND, ROLE_TOO_LOW, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import OAUTH_CODE_LIFE_MS
from attise.kernel.means import Means
from attise.management.accounts.actions.tokens import clean_advertiser_ids, clean_scopes, issue_token
from attise.management.accounts.errors import APP_MISMATCH, OAUTH_CODE_DEAD, REDIRECT_URI_UNKNOWN
from attise.management.accounts.models import Advertiser, OAuthCode
from attise.management.accounts.queries import check_app, get_app, memberships_of
from attise.management.accounts.rules import ALL_SCOPES, Permission, can
from attise.management.accounts.views import AppView, TokenView
from attise.management.outbox.actions import unit, verb
from attise.records.credentials import CredentialKind, hash_of, is_spelled, make_credential


def check_redirect(app_id: int, redirect_uri: str) -> AppView:
    """Return the app if it may send people back to this address; ask before anything is shown or sent there.

    The address must be on the app's list letter by letter. Raises: ``app_unknown``, ``redirect_uri_unknown``.
    """
    app = get_app(app_id)
    if redirect_uri not in app.redirect_uris:
        raise Refusal(REDIRECT_URI_UNKNOWN, field="redirect_uri")
    return app


@verb
def agree_oauth(
    means: Means,
    *,
    app_id: int,
    person_id: int,
    advertiser_ids: Iterable[int],
    redirect_uri: str,
    scopes: Iterable[int] = ALL_SCOPES,
) -> str:
    """Keep a person's agreement and return its code, for the app alone; one hour of wire time, once.

    Raises: ``app_unknown``, ``redirect_uri_unknown``; ``list_length``, ``scope_unknown``, together; ``not_found`` when
    the person is no member above one of the advertisers, ``role_too_low`` when their role has nothing to give.
    """
    check_redirect(app_id, redirect_uri)
    gather = Gather()
    advertisers = gather.take(clean_advertiser_ids, advertiser_ids)
    scopes = gather.take(clean_scopes, scopes)
    gather.tell()
    code = make_credential(means.chance, CredentialKind.OAUTH_CODE)
    with unit(means):
        _refuse_what_is_not_theirs(person_id, advertisers)
        OAuthCode.objects.create(
            id=means.ids.next(),
            app_id=app_id,
            code_hash=hash_of(code),
            person_id=person_id,
            advertiser_ids=advertisers,
            scopes=scopes,
            redirect_uri=redirect_uri,
            expires_at_ms=means.clock.wire_ms() + OAUTH_CODE_LIFE_MS,
        )
    return code


@verb
def exchange_oauth(means: Means, *, app_id: int, secret: str, auth_code: str) -> tuple[TokenView, str]:
    """Turn an agreement into an access token; of any number who try at once, one gets it.

    Raises: ``app_unknown`` (40113), ``app_secret_wrong`` (40101), ``app_mismatch`` (40113) when the code is another
    app's, ``oauth_code_dead`` (40110) when it was used, is past its end, was never given, or its giver has left.
    """
    check_app(app_id, secret)
    if not is_spelled(auth_code, CredentialKind.OAUTH_CODE):
        raise Refusal(OAUTH_CODE_DEAD, field="auth_code")
    now = means.clock.wire_ms()
    with unit(means):
        row = OAuthCode.objects.filter(code_hash=hash_of(auth_code)).first()
        if row is None:
            raise Refusal(OAUTH_CODE_DEAD, field="auth_code")
        if row.app_id != app_id:
            raise Refusal(APP_MISMATCH, field="app_id")
        alive = OAuthCode.objects.filter(id=row.id, used_at_ms__isnull=True, expires_at_ms__gt=now)
        if not alive.update(used_at_ms=now):
            raise Refusal(OAUTH_CODE_DEAD, field="auth_code")
        try:
            _refuse_what_is_not_theirs(row.person_id, row.advertiser_ids)
        except Refusal:
            raise Refusal(OAUTH_CODE_DEAD, field="auth_code") from None
        return issue_token(
            means, app_id=app_id, person_id=row.person_id, advertiser_ids=row.advertiser_ids, scopes=row.scopes
        )


def _refuse_what_is_not_theirs(person_id: int, advertiser_ids: list[int]) -> None:
    """Refuse unless the person may connect an app to every one of the advertisers."""
    roles = {membership.business_center_id: membership.roles for membership in memberships_of(person_id)}
    centers = dict(Advertiser.objects.filter(id__in=advertiser_ids).values_list("id", "business_center_id"))
    if any(centers.get(advertiser_id) not in roles for advertiser_id in advertiser_ids):
        raise Refusal(NOT_FOUND, field="advertiser_ids")
    if not all(can(roles[center], Permission.CONNECT_APPS) for center in centers.values()):
        raise Refusal(ROLE_TOO_LOW, field="advertiser_ids")
