"""The history of a grant: one more entry, chained to the one before it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.management.authorizations.models import Authorization, HistoryEntry


def record(means: Means, actor: Actor, row: Authorization, verb: str, **body: Any) -> None:
    """Append an entry to a grant whose row is locked or new, and move its head; the caller saves the row.

    ``hash`` is SHA-256 over the previous hash and the canonical row, so that an entry changed, removed or moved is
    found; a removed last entry is found by the grant's own head and count.
    """
    entry = HistoryEntry(
        id=means.ids.next(),
        authorization_id=row.id,
        number=row.history_count + 1,
        at_ms=means.clock.world_ms(),
        verb=verb,
        actor=str(actor),
        origin=actor.origin,
        body=json.dumps(body, separators=(",", ":"), sort_keys=True, ensure_ascii=False),
        previous_hash=row.history_head,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    row.history_count, row.history_head = entry.number, entry.hash


def hash_of(entry: HistoryEntry) -> str:
    """Return the hash an entry must have."""
    fields = [
        entry.previous_hash,
        entry.authorization_id,
        entry.number,
        entry.at_ms,
        entry.verb,
        entry.actor,
        entry.origin,
        entry.body,
    ]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()
