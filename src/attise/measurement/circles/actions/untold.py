"""Whoever tells decisions of posts takes note of those that moved."""

from __future__ import annotations

from attise.measurement.circles.models import Untold


def take_untold(limit: int) -> set[int]:
    """Take note of up to ``limit`` moves, the oldest first, and return the posts that moved.

    In the caller's transaction, as ``ledger.actions.take_touched``: whoever reads standings afterwards in it reads them
    as they were moved, or later. Cost: one statement where nothing moved, else two.
    """
    rows = dict(Untold.objects.order_by("id").values_list("id", "post_id")[:limit])
    if rows:
        Untold.objects.filter(id__in=list(rows)).delete()
    return set(rows.values())
