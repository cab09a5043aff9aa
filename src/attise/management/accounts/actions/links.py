"""A single-use link is made, and followed."""

from __future__ import annotations

from typing import Any

from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.management.accounts.errors import LINK_DEAD
from attise.management.accounts.models import Link
from attise.management.accounts.views import FollowedLink
from attise.management.outbox.actions import unit, verb
from attise.records.credentials import CredentialKind, hash_of, is_spelled, make_credential


@verb
def make_link(
    means: Means,
    *,
    purpose: str,
    person_id: int | None = None,
    console: str = "",
    invitation: dict[str, Any] | None = None,
    life_ms: int,
) -> str:
    """Return the secret of a new link, which is kept hashed; doors put it into an address.

    ``purpose`` is ``sign_in``, ``reset`` or ``invitation``; ``console`` is where a sign-in lands; ``life_ms`` is wire
    time.
    """
    secret = make_credential(means.chance, CredentialKind.LINK)
    now = means.clock.wire_ms()
    with unit(means):
        Link.objects.create(
            id=means.ids.next(),
            secret_hash=hash_of(secret),
            purpose=Link.Purpose(purpose),
            person_id=person_id,
            console=console,
            invitation=invitation,
            expires_at_ms=now + life_ms,
            created_at_ms=now,
        )
    return secret


@verb
def follow_link(means: Means, secret: str, *, purpose: str | None = None) -> FollowedLink:
    """Use a link up and return what it was for; of any number who follow it at once, one does.

    Name the ``purpose`` the page is for, and a link made for another one stays as it is. Raises: ``link_dead``, for
    whatever reason it is dead: the reasons are not told apart.
    """
    if not is_spelled(secret, CredentialKind.LINK):
        raise Refusal(LINK_DEAD)
    now = means.clock.wire_ms()
    with unit(means):
        rows = Link.objects.filter(secret_hash=hash_of(secret), used_at_ms__isnull=True, expires_at_ms__gt=now)
        if purpose is not None:
            rows = rows.filter(purpose=purpose)
        if not rows.update(used_at_ms=now):
            raise Refusal(LINK_DEAD)
        row = Link.objects.select_related("person").get(secret_hash=hash_of(secret))
        if row.person is not None and not row.person.is_active:
            raise Refusal(LINK_DEAD)
    return FollowedLink(row.purpose, row.person_id, row.console, row.invitation)


def end_links_of(means: Means, person_id: int) -> None:
    """Make every link that signs a person in, or lets them choose a password, dead."""
    now = means.clock.wire_ms()
    Link.objects.filter(person_id=person_id, used_at_ms__isnull=True, expires_at_ms__gt=now).update(expires_at_ms=now)
