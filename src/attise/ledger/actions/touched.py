"""Whoever tells others what envelopes hold takes note of those that were touched."""

from __future__ import annotations

from attise.ledger.models import Touched


def take_touched(limit: int) -> list[int]:
    """Take note of up to ``limit`` touches, the oldest first, and return the envelopes they were of, by rising id.

    In the caller's transaction: if that is undone, nothing was taken. Whoever reads the envelopes afterwards in the
    same transaction reads them as they were touched, or later. Callers must not run beside one another, or the older
    reading of two could be the last to be told. Cost: two statements.
    """
    rows = dict(Touched.objects.order_by("id").values_list("id", "envelope_id")[:limit])
    if rows:
        Touched.objects.filter(id__in=list(rows)).delete()
    return sorted(set(rows.values()))
