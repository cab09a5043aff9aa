"""What is over is swept: keys and buckets past their time, quarters of days gone by, watch times."""

from __future__ import annotations

from typing import Any

from attise.kernel.means import Means
from attise.measurement.attribution.groups import KEPT_MS as QUARTERS_KEPT_MS
from attise.measurement.attribution.keys import KEPT_MS
from attise.measurement.attribution.models import GroupQuarter, Pace, Settled
from attise.measurement.counters.actions import sweep_watched


def sweep(means: Means, *, limit: int) -> int:
    """Take away up to ``limit`` rows of each sort; returns how many went. Cost: two statements a sort."""
    wire_ms, world_ms = means.clock.wire_ms(), means.clock.world_ms()
    gone = sum(_sweep(model, wire_ms, limit) for model in (Settled, Pace))
    old = GroupQuarter.objects.filter(quarter_ms__lt=world_ms - QUARTERS_KEPT_MS)
    gone += int(old.delete()[0])
    return gone + sweep_watched(before_ms=wire_ms - KEPT_MS, limit=limit)


def _sweep(model: Any, wire_ms: int, limit: int) -> int:
    over = model.objects.filter(expires_at_ms__lt=wire_ms).order_by("expires_at_ms")
    keys = list(over.values_list("key", flat=True)[:limit])
    return int(model.objects.filter(key__in=keys).delete()[0]) if keys else 0
