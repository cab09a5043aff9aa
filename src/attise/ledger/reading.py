"""Views read off sealed rows; what ``queries`` and the open book share."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from attise.ledger import chain
from attise.ledger.models import Charge, Entry
from attise.ledger.views import ChargeView, TransferView


def charge_view(row: Charge, currency: str) -> ChargeView:
    """Read a charge off its row."""
    return ChargeView(
        row.id,
        row.key,
        currency,
        row.amount_micros,
        row.outcome,
        row.reason,
        tuple(chain.read_places(row.places)),
        tuple(chain.read_legs(row.legs)),
        row.decided_at_ms,
        row.received_at_ms,
    )


def transfer_views(transfers: Any) -> list[TransferView]:
    """Read transfers off a queryset, in its order. Cost: two statements."""
    rows = list(transfers.select_related("batch"))
    entries: dict[int, list[tuple[str, int]]] = defaultdict(list)
    found = Entry.objects.filter(transfer_id__in=[row.id for row in rows]).order_by("transfer_id", "number")
    for transfer_id, account_key, micros in found.values_list("transfer_id", "account__key", "amount_micros"):
        entries[transfer_id].append((account_key, micros))
    return [
        TransferView(
            row.id,
            row.key,
            row.batch.currency,
            row.reason,
            row.actor,
            row.memo,
            row.at_ms,
            tuple(entries[row.id]),
            row.reverses_id,
        )
        for row in rows
    ]
