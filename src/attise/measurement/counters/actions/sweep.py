"""What is over is swept: how long a video was watched, once no token of its decision opens any more."""

from __future__ import annotations

from attise.kernel.ids import NODE_BITS, SEQUENCE_BITS
from attise.measurement.counters.models import Watched


def sweep_watched(*, before_ms: int, limit: int) -> int:
    """Take away up to ``limit`` rows of decisions of before a moment (wire time); returns how many."""
    over = Watched.objects.filter(decision_id__lt=before_ms << (NODE_BITS + SEQUENCE_BITS))
    ids = list(over.order_by("decision_id").values_list("decision_id", flat=True)[:limit])
    return int(Watched.objects.filter(decision_id__in=ids).delete()[0]) if ids else 0
