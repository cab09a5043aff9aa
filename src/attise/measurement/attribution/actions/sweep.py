"""What is over is swept: keys and buckets past their time, quarters of days gone by, watch times."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.measurement.attribution.groups import KEPT_MS as QUARTERS_KEPT_MS
from attise.measurement.attribution.keys import KEPT_MS
from attise.measurement.attribution.models import GroupQuarter, Pace, Settled
from attise.measurement.counters.actions import sweep_watched


def sweep(means: Means, *, limit: int, is_behind: bool = False) -> int:
    """Take away up to ``limit`` rows of each sort; returns how many went. Cost: two statements a sort.

    ``is_behind``: events wait that were received before now, for which buckets of that time are kept.
    """
    wire_ms, world_ms = means.clock.wire_ms(), means.clock.world_ms()
    gone = _sweep_keys(wire_ms, limit)
    if not is_behind:
        gone += int(Pace.objects.filter(expires_at_ms__lt=wire_ms).delete()[0])
    old = GroupQuarter.objects.filter(quarter_ms__lt=world_ms - QUARTERS_KEPT_MS)
    gone += int(old.delete()[0])
    return gone + sweep_watched(before_ms=wire_ms - KEPT_MS, limit=limit)


def _sweep_keys(wire_ms: int, limit: int) -> int:
    over = Settled.objects.filter(expires_at_ms__lt=wire_ms).order_by("expires_at_ms")
    keys = list(over.values_list("key", flat=True)[:limit])
    return int(Settled.objects.filter(key__in=keys).delete()[0]) if keys else 0
