"""Reads of credentials, on the path of every request: one query for each, none for a text that cannot be one."""

from __future__ import annotations

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Concat

from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.management.accounts.errors import APP_SECRET_WRONG, APP_UNKNOWN
from attise.management.accounts.models import (
    AccessToken,
    App,
    Creator,
    CreatorToken,
    HostKey,
    Link,
    Member,
    TokenAdvertiser,
)
from attise.management.accounts.rules import ADMIN, Roles
from attise.management.accounts.views import (
    AppView,
    CreatorGrant,
    HostKeyView,
    LinkView,
    TokenGrant,
    TokenView,
    app_view,
    creator_grant_view,
    host_key_view,
    link_view,
    token_view,
)
from attise.records.credentials import CredentialKind, hash_of, is_same, is_spelled


def find_token(secret_text: str) -> TokenGrant | None:
    """Return what an access token may do now, or None: never granted, revoked, or its granter has left.

    The granter's membership is read by the same query, for the Business Center of each advertiser: a removed member's
    token is dead with the answer that removed them. Cost: one query.
    """
    if not is_spelled(secret_text, CredentialKind.ACCESS_TOKEN):
        return None
    membership = (
        Member.objects.filter(
            person_id=OuterRef("token__person_id"),
            person__is_active=True,
            business_center_id=OuterRef("advertiser__business_center_id"),
            removed_at_ms__isnull=True,
        )
        .annotate(words=Concat("role", Value("|"), "advertiser_role", Value("|"), "finance_role"))
        .values("words")
    )
    rows = list(
        TokenAdvertiser.objects.filter(token__token_hash=hash_of(secret_text), token__revoked_at_ms__isnull=True)
        .annotate(words=Subquery(membership[:1], output_field=CharField()))
        .order_by("advertiser_id")
        .values_list(
            "advertiser_id",
            "advertiser__business_center_id",
            "words",
            "token_id",
            "token__app_id",
            "token__person_id",
            "token__scopes",
        )
    )
    roles: dict[int, Roles] = {}
    center_of: dict[int, int] = {}
    for advertiser_id, center_id, words, _, _, person_id, _ in rows:
        if person_id is None:
            roles[center_id] = ADMIN
        elif words is None:
            continue
        else:
            roles[center_id] = Roles(*words.split("|"))
        center_of[advertiser_id] = center_id
    if not center_of:
        return None
    *_, token_id, app_id, person_id, scopes = rows[0]
    return TokenGrant(
        token_id=token_id,
        app_id=app_id,
        person_id=person_id,
        scopes=frozenset(scopes),
        advertiser_ids=tuple(center_of),
        business_center_ids=tuple(roles),
        roles=roles,
        business_center_of=center_of,
    )


def find_creator_token(text: str) -> CreatorGrant | None:
    """Return what an app's token may do for a creator, also when its day is over (see ``expires_at_ms``).

    None: never given, revoked, or the creator is gone. Cost: one query.
    """
    if not is_spelled(text, CredentialKind.CREATOR_TOKEN):
        return None
    row = CreatorToken.objects.filter(
        token_hash=hash_of(text), revoked_at_ms__isnull=True, creator__state=Creator.State.ACTIVE
    ).first()
    return None if row is None else creator_grant_view(row)


def find_host_key(text: str) -> HostKeyView | None:
    """Return the live host key that a text is, or None. Cost: one query."""
    if not is_spelled(text, CredentialKind.HOST_KEY):
        return None
    row = HostKey.objects.filter(key_hash=hash_of(text), revoked_at_ms__isnull=True).first()
    return None if row is None else host_key_view(row)


def list_host_keys() -> list[HostKeyView]:
    """Return every host key, revoked ones too, newest first."""
    return [host_key_view(row) for row in HostKey.objects.order_by("-id")]


def find_app(app_id: int) -> AppView | None:
    """Return an app, or None."""
    row = App.objects.filter(id=app_id).first()
    return None if row is None else app_view(row)


def get_app(app_id: int) -> AppView:
    """Return an app. Raises: ``app_unknown``."""
    found = find_app(app_id)
    if found is None:
        raise Refusal(APP_UNKNOWN, field="app_id")
    return found


def list_apps(owner_id: int) -> list[AppView]:
    """Return the apps that a person made, newest first."""
    return [app_view(row) for row in App.objects.filter(owner_id=owner_id).order_by("-id")]


def check_app(app_id: int, secret: str) -> AppView:
    """Return the app that proves itself by its secret. Raises: ``app_unknown``, ``app_secret_wrong``."""
    row = App.objects.filter(id=app_id).first()
    if row is None:
        raise Refusal(APP_UNKNOWN, field="app_id")
    if not is_spelled(secret, CredentialKind.APP_SECRET) or not is_same(secret, row.secret_hash):
        raise Refusal(APP_SECRET_WRONG, field="secret")
    return app_view(row)


def list_tokens_of_business_center(business_center_id: int) -> list[TokenView]:
    """Return the live tokens that reach an advertiser of the Business Center, newest first.

    ``advertiser_ids`` names this Business Center's alone: whom else a token serves is not its business.
    """
    reached: dict[int, list[int]] = {}
    for token_id, advertiser_id in (
        TokenAdvertiser.objects.filter(
            advertiser__business_center_id=business_center_id, token__revoked_at_ms__isnull=True
        )
        .order_by("advertiser_id")
        .values_list("token_id", "advertiser_id")
    ):
        reached.setdefault(token_id, []).append(advertiser_id)
    rows = AccessToken.objects.filter(id__in=list(reached)).order_by("-id")
    return [token_view(row, tuple(reached[row.id])) for row in rows]


def find_link(means: Means, secret: str) -> LinkView | None:
    """Return what following a link would do, without following it; None when it is dead.

    Why: programs that preview addresses open links too; only a person's own gesture may use one up.
    """
    if not is_spelled(secret, CredentialKind.LINK):
        return None
    row = Link.objects.filter(
        secret_hash=hash_of(secret), used_at_ms__isnull=True, expires_at_ms__gt=means.clock.wire_ms()
    ).first()
    return None if row is None else link_view(row)
