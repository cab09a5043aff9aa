"""Deltas that nobody needs any more go."""

from __future__ import annotations

from itertools import takewhile
from typing import Final

from attise.kernel.limits import DELTA_LIFE_MS
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.snapshots.models import Delta

AT_ONCE: Final = 1_000


def sweep(means: Means) -> int:
    """Remove the deltas that are older than two days of wire time; returns how many went.

    A reader that lacks one of them begins again from the newest file, which is never older than an hour of changes.
    """
    gone = 0
    while part := _sweep_some(means):
        gone += part
    return gone


@verb
def _sweep_some(means: Means) -> int:
    """Remove some, from the oldest on, so that what stays has no gap."""
    before_ms = means.clock.wire_ms() - DELTA_LIFE_MS
    with unit(means):
        oldest = Delta.objects.order_by("number").values_list("number", "made_at_ms")[:AT_ONCE]
        over = [number for number, _ in takewhile(lambda row: row[1] <= before_ms, oldest)]
        if over:
            Delta.objects.filter(number__lte=over[-1]).delete()
    return len(over)
