"""Who hears what of a payout: the creator, and the operator with who did it, for the journal."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.management.earnings.models import Payout
from attise.management.outbox.actions import Unit


def tell(work: Unit, actor: Actor, row: Payout) -> None:
    """Tell what a payout has become."""
    kind = f"payout_{row.state}"
    told = {"amount_micros": row.amount_micros, "currency": row.currency, "note": row.note}
    work.notice("creator", row.creator_id, kind, row.id, **told)
    work.notice("operator", 0, kind, row.id, by=str(actor), creator_id=str(row.creator_id), **told)
