"""A key of the host is made, or stops."""

from __future__ import annotations

from attise.kernel.actor import COMMAND, Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.limits import NAME_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.models import HostKey
from attise.management.accounts.views import HostKeyView, host_key_view
from attise.management.outbox.actions import unit, verb
from attise.records.change import ChangeKind
from attise.records.credentials import CredentialKind, hash_of, make_credential


@verb
def make_host_key(means: Means, actor: Actor = COMMAND, *, name: str) -> tuple[HostKeyView, str]:
    """Make a key of the host; its text is returned here and never again. All keys are equal, and the journal has it."""
    name = clean_text(name, field="name", limit=NAME_CHARACTERS)
    text = make_credential(means.chance, CredentialKind.HOST_KEY)
    with unit(means) as work:
        row = HostKey.objects.create(
            id=means.ids.next(), name=name, key_hash=hash_of(text), created_at_ms=means.clock.world_ms()
        )
        work.notice("operator", 0, "host_key_made", row.id, by=str(actor), name=name)
    return host_key_view(row), text


@verb
def revoke_host_key(means: Means, actor: Actor = COMMAND, *, host_key_id: int) -> HostKeyView:
    """Stop a key at once: the next look-up does not find it, and decision processes are told its hash.

    Doing it twice does it once. Raises: ``not_found``.
    """
    with unit(means) as work:
        row = HostKey.objects.select_for_update(no_key=True).filter(id=host_key_id).first()
        if row is None:
            raise Refusal(NOT_FOUND, field="host_key_id")
        if row.revoked_at_ms is None:
            row.revoked_at_ms = means.clock.world_ms()
            row.save()
            work.change(ChangeKind.KEY_STOPPED, row.id, hash=row.key_hash)
            work.notice("operator", 0, "host_key_revoked", row.id, by=str(actor), name=row.name)
    return host_key_view(row)
