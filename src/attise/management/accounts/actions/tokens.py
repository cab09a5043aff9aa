"""An access token is issued, or stops."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import NAME_CHARACTERS, TOKEN_ADVERTISERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.errors import APP_UNKNOWN, LIST_LENGTH, SCOPE_UNKNOWN
from attise.management.accounts.models import AccessToken, Advertiser, App, TokenAdvertiser
from attise.management.accounts.rules import ALL_SCOPES
from attise.management.accounts.views import TokenView, token_view
from attise.management.outbox.actions import unit, verb
from attise.records.credentials import CredentialKind, hash_of, make_credential
from attise.records.stop import TOKEN_REVOKED, TOKEN_WITHDRAWN


@verb
def issue_token(
    means: Means,
    *,
    app_id: int,
    person_id: int | None,
    advertiser_ids: Iterable[int],
    scopes: Iterable[int] = ALL_SCOPES,
    name: str = "",
) -> tuple[TokenView, str]:
    """Issue an access token for named advertisers; its text is returned here and never again.

    ``person_id`` is who grants it: the token has their roles and dies with their membership. None is the operator.
    Raises: ``app_unknown``, ``not_found``, ``scope_unknown``, ``list_length``, together.
    """
    gather = Gather()
    advertisers = gather.take(clean_advertiser_ids, advertiser_ids)
    scopes = gather.take(clean_scopes, scopes)
    name = gather.take(clean_text, name, field="name", limit=NAME_CHARACTERS, empty=True)
    gather.tell()
    text = make_credential(means.chance, CredentialKind.ACCESS_TOKEN)
    with unit(means):
        if not App.objects.filter(id=app_id).exists():
            raise Refusal(APP_UNKNOWN, field="app_id")
        if Advertiser.objects.filter(id__in=advertisers).count() != len(advertisers):
            raise Refusal(NOT_FOUND, field="advertiser_ids")
        row = AccessToken.objects.create(
            id=means.ids.next(),
            app_id=app_id,
            person_id=person_id,
            token_hash=hash_of(text),
            name=name,
            scopes=list(scopes),
            created_at_ms=means.clock.world_ms(),
        )
        TokenAdvertiser.objects.bulk_create(
            TokenAdvertiser(token=row, advertiser_id=advertiser_id) for advertiser_id in advertisers
        )
    return token_view(row, tuple(advertisers)), text


@verb
def revoke_token(means: Means, *, token_id: int) -> TokenView:
    """Stop a token: from this answer on no look-up finds it. Doing it twice does it once. Raises: ``not_found``."""
    with unit(means) as work:
        row = _locked(token_id)
        if row.revoked_at_ms is None:
            row.revoked_at_ms = means.clock.world_ms()
            row.save()
            work.stays(TOKEN_REVOKED, token_id)
        advertisers = _advertisers_of(row)
    return token_view(row, advertisers)


@verb
def withdraw_token(means: Means, *, business_center_id: int, token_id: int) -> None:
    """Take the advertisers of one Business Center away from a token; one that is left with none is revoked.

    Why: a token may serve several Business Centers, and an administrator of one speaks for that one alone.
    Raises: ``not_found`` when the token reaches none of them.
    """
    with unit(means) as work:
        row = _locked(token_id)
        work.stays(TOKEN_WITHDRAWN, token_id, business_center_id=business_center_id)
        reached = TokenAdvertiser.objects.filter(token=row, advertiser__business_center_id=business_center_id)
        if row.revoked_at_ms is not None or not reached.exists():
            raise Refusal(NOT_FOUND, field="token_id")
        if len(_advertisers_of(row)) == reached.count():
            row.revoked_at_ms = means.clock.world_ms()
            row.save()
        else:
            reached.delete()


def clean_advertiser_ids(values: Iterable[int]) -> list[int]:
    """Return ids without repetition, in rising order. Raises: ``list_length``."""
    listed = sorted(set(values))
    if not 1 <= len(listed) <= TOKEN_ADVERTISERS:
        raise Refusal(LIST_LENGTH, field="advertiser_ids", got=len(listed), least=1, limit=TOKEN_ADVERTISERS)
    return listed


def clean_scopes(values: Iterable[int]) -> list[int]:
    """Return scopes without repetition, in rising order. Raises: ``scope_unknown``."""
    listed = list(values)
    if not listed or any(isinstance(value, bool) or value not in ALL_SCOPES for value in listed):
        raise Refusal(SCOPE_UNKNOWN, field="scopes")
    return sorted(set(listed))


def _locked(token_id: int) -> AccessToken:
    row = AccessToken.objects.select_for_update(no_key=True).filter(id=token_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="token_id")
    return row


def _advertisers_of(row: AccessToken) -> tuple[int, ...]:
    rows = TokenAdvertiser.objects.filter(token=row).order_by("advertiser_id")
    return tuple(rows.values_list("advertiser_id", flat=True))
