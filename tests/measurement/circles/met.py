"""Posts, and how people took them, to tell stories of circles with."""

from __future__ import annotations

import numpy as np
from django.db import transaction

from attise.doors.worker.widening import widen
from attise.kernel.means import Means
from attise.measurement.attribution.actions import publish_totals
from attise.measurement.attribution.models import Changed
from attise.measurement.circles.moving import Place, State
from attise.measurement.circles.quality import READ
from attise.measurement.counters import actions as counters
from attise.measurement.counters.folding import Subject
from attise.measurement.counters.tally import Tally
from attise.records.totals import POST

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
NOON_MS = 1_790_000_000_000 // HOUR_MS * HOUR_MS


def counts(met: int, *, loved: float = 0.4, **more: int) -> dict[str, int]:
    """Return what is counted of a post that so many met: ``loved`` of them saw the whole of it."""
    whole = round(met * loved)
    told = {
        "impressions": met,
        "views": round(met * (0.9 + loved / 10)),
        "views_2s": whole + round((met - whole) * 0.7),
        "views_6s": whole + round((met - whole) * 0.4),
        "completions": whole,
        "likes": round(met * loved / 10),
    }
    return {**dict.fromkeys(READ, 0), **told, **more}


def row(**told: int) -> np.ndarray:
    return np.array([[told.get(name, 0) for name in READ]], np.float64)


def at(state: State = State.TESTING, circle: int = 0, since_ms: int = NOON_MS) -> Place:
    return Place(state, circle, since_ms)


def meet(means: Means, post_id: int, told: dict[str, int], *, is_paid: bool = False) -> None:
    """Count something of a post now, as settling does."""
    tally = Tally()
    for signal, step in told.items():
        if step:
            tally.add(Subject("post", post_id, 5), signal, means.clock.world_ms(), is_paid=is_paid, step=step)
    with transaction.atomic():
        counters.count(tally, states={}, watched={}, followed=())
        Changed.objects.create(kind=POST, object_id=post_id)


def widen_house(means: Means, loved: int, skipped: int) -> None:
    """Have two posts be met, and looked at as the worker does: one goes on, the other is stopped."""
    meet(means, loved, counts(1_200, loved=0.6, shares=9, comments=9))
    meet(means, skipped, counts(60, loved=0.02, negatives=45))
    publish_totals(means, counted_to_ms=0)
    widen()
