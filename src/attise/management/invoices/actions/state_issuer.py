"""The operator states who invoices; papers that are issued keep who it was."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.invoices.models import Issuer
from attise.management.invoices.views import IssuerView, issuer_view
from attise.management.outbox.actions import unit, verb

NAME_CHARACTERS, TEXT_CHARACTERS = 200, 500


@verb
def state_issuer(
    means: Means, actor: Actor, *, name: str, address: str, registration: str = "", mention: str = ""
) -> IssuerView:
    """State who invoices from now on. Raises: the rules of texts."""
    gather = Gather()
    said = {
        "name": gather.take(clean_text, name, field="name", limit=NAME_CHARACTERS),
        "address": gather.take(clean_text, address, field="address", limit=TEXT_CHARACTERS, lines=True),
        "registration": gather.take(clean_text, registration, field="registration", limit=NAME_CHARACTERS, empty=True),
        "mention": gather.take(clean_text, mention, field="mention", limit=TEXT_CHARACTERS, lines=True, empty=True),
    }
    gather.tell()
    with unit(means) as work:
        row = Issuer.objects.create(
            id=means.ids.next(), stated_by=str(actor), stated_at_ms=means.clock.world_ms(), **said
        )
        work.notice("operator", 0, "issuer_stated", row.id, by=str(actor), name=row.name)
    return issuer_view(row)
