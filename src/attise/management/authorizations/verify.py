"""Whether histories are whole: every chain recomputed from its first entry."""

from __future__ import annotations

from attise.management.authorizations.actions.history import hash_of
from attise.management.authorizations.models import Authorization, HistoryEntry


def first_broken_history() -> str | None:
    """Return where the first broken chain breaks, in words for the operator, or None when all hold.

    Finds an entry that was changed, removed, added or moved, the last one included. Cost: one pass over all entries.
    """
    number, head, current = 0, "", None
    ends: dict[int, tuple[int, str]] = {}
    for entry in HistoryEntry.objects.order_by("authorization_id", "number").iterator():
        if entry.authorization_id != current:
            number, head, current = 0, "", entry.authorization_id
        if entry.number != number + 1 or entry.previous_hash != head or entry.hash != hash_of(entry):
            return f"authorization {current}, entry {entry.number}: the chain does not hold"
        number, head = entry.number, entry.hash
        ends[current] = (number, head)
    for row in Authorization.objects.only("id", "history_count", "history_head").iterator():
        if ends.get(row.id, (0, "")) != (row.history_count, row.history_head):
            return f"authorization {row.id}: entries after number {ends.get(row.id, (0, ''))[0]} are missing"
    return None
