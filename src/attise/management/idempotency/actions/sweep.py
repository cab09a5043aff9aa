"""Old keys are forgotten."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.idempotency.models import Key

ROWS = 1_000
"""How many rows one sweep deletes at most, so that it never holds writers for long."""


def sweep(means: Means) -> int:
    """Delete keys past their day; returns how many, at most ``ROWS``. Called again while it returns that many."""
    old = Key.objects.filter(expires_at_ms__lte=means.clock.wire_ms()).order_by("expires_at_ms")
    ids = list(old.values_list("id", flat=True)[:ROWS])
    deleted, _ = Key.objects.filter(id__in=ids, expires_at_ms__lte=means.clock.wire_ms()).delete()
    return deleted
