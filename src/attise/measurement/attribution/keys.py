"""What things count once by: 16 bytes, of an event or of what follows from it. Pure."""

from __future__ import annotations

from typing import Final

from attise.kernel.limits import DAY_MS, TOKEN_ENGAGEMENT_MS
from attise.records.event import Event

VIEWED, UNWANTED = "viewed", "unwanted"
"""What a decision has once beside its events: a view of the goal that is paid for, and somebody who did not want it."""
KEPT_MS: Final = TOKEN_ENGAGEMENT_MS + 2 * DAY_MS
"""How long keys are kept beyond the sealing of the token, or the receipt of what came without (wire time)."""


def of_doubt(key: bytes) -> bytes:
    """Return the key of a doubted event: another than its own, so that the same one, believed, still counts."""
    return bytes([key[0] ^ 0xFF]) + key[1:]


def expiry_of(event: Event) -> int:
    """Return until when an event's keys are kept (wire time): no token of its decision opens any more by then."""
    return (event.received_ms if event.claims is None else event.claims.sealed_at_ms) + KEPT_MS
