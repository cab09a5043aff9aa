"""What facts tell is swept: steps at once, outcomes when the log has let go of their events."""

from __future__ import annotations

from attise.kernel.ids import NODE_BITS, SEQUENCE_BITS
from attise.kernel.limits import OUTCOME_LIFE_MS
from attise.kernel.means import Means
from attise.measurement.attribution.models import Outcome, Step


def sweep_told(means: Means, *, upto: int, limit: int) -> int:
    """Take away up to ``limit`` steps up to a position, and old outcomes that no event changed beyond it.

    Returns how many rows went. A decision's age is that of its id. Cost: two statements of each sort.
    """
    told = Step.objects.filter(position__lte=upto).order_by("position", "id")
    steps = list(told.values_list("id", flat=True)[:limit])
    gone = int(Step.objects.filter(id__in=steps).delete()[0]) if steps else 0
    before_id = max(means.clock.wire_ms() - OUTCOME_LIFE_MS, 0) << (NODE_BITS + SEQUENCE_BITS)
    old = Outcome.objects.filter(decision_id__lt=before_id, position__lte=upto).order_by("decision_id")
    ids = list(old.values_list("decision_id", flat=True)[:limit])
    return gone + (int(Outcome.objects.filter(decision_id__in=ids).delete()[0]) if ids else 0)
