"""A developer app is made, changes its addresses, or gets a new secret."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import NAME_CHARACTERS, REDIRECT_URIS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.errors import APP_UNKNOWN, LIST_LENGTH
from attise.management.accounts.facts import clean_redirect_uri
from attise.management.accounts.models import App
from attise.management.accounts.views import AppView, app_view
from attise.management.outbox.actions import unit, verb
from attise.records.credentials import CredentialKind, hash_of, make_credential


@verb
def create_app(
    means: Means, *, name: str, redirect_uris: Iterable[str] = (), owner_id: int | None = None
) -> tuple[AppView, str]:
    """Make an app; its secret is returned here and never again.

    Raises: the rules of texts, those of ``kernel.urls``, ``list_length``, together.
    """
    gather = Gather()
    name = gather.take(clean_text, name, field="name", limit=NAME_CHARACTERS)
    uris = gather.take(_clean_uris, redirect_uris)
    gather.tell()
    secret = make_credential(means.chance, CredentialKind.APP_SECRET)
    with unit(means):
        row = App.objects.create(
            id=means.ids.next(),
            name=name,
            secret_hash=hash_of(secret),
            redirect_uris=uris,
            owner_id=owner_id,
            created_at_ms=means.clock.world_ms(),
        )
    return app_view(row), secret


@verb
def change_app(
    means: Means, *, app_id: int, name: str | None = None, redirect_uris: Iterable[str] | None = None
) -> AppView:
    """Change an app's name or the addresses it may send people back to. Raises: ``app_unknown`` and those above."""
    gather = Gather()
    if name is not None:
        name = gather.take(clean_text, name, field="name", limit=NAME_CHARACTERS)
    uris = None if redirect_uris is None else gather.take(_clean_uris, redirect_uris)
    gather.tell()
    with unit(means):
        row = _locked(app_id)
        row.name = row.name if name is None else name
        row.redirect_uris = row.redirect_uris if uris is None else uris
        row.save()
    return app_view(row)


@verb
def renew_app_secret(means: Means, *, app_id: int) -> str:
    """Give an app a new secret, shown once; the one before stops. Its tokens live on. Raises: ``app_unknown``."""
    secret = make_credential(means.chance, CredentialKind.APP_SECRET)
    with unit(means):
        row = _locked(app_id)
        row.secret_hash = hash_of(secret)
        row.save()
    return secret


def _locked(app_id: int) -> App:
    row = App.objects.select_for_update(no_key=True).filter(id=app_id).first()
    if row is None:
        raise Refusal(APP_UNKNOWN, field="app_id")
    return row


def _clean_uris(values: Iterable[str]) -> list[str]:
    listed = list(dict.fromkeys(values))
    if len(listed) > REDIRECT_URIS:
        raise Refusal(LIST_LENGTH, field="redirect_uris", got=len(listed), least=0, limit=REDIRECT_URIS)
    return [clean_redirect_uri(value) for value in listed]
