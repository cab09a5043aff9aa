"""Conversions and touches end: what no window reaches any more is let go."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from attise.kernel.ids import NODE_BITS, SEQUENCE_BITS
from attise.kernel.limits import CONVERSION_LIFE_MS, REFUSED_LIFE_MS
from attise.kernel.means import Means
from attise.measurement.conversions.models import Conversion, MatchKey, Refused, Step, Touch

AT_ONCE: Final = 1_000


def sweep(means: Means) -> int:
    """Let go of what is older than ``CONVERSION_LIFE_MS``, some of it at once; returns how many rows went.

    May be run at any time and killed anywhere. Touches go by the age of their decision, which its id tells.
    """
    before_id = max(means.clock.wire_ms() - CONVERSION_LIFE_MS, 0) << (NODE_BITS + SEQUENCE_BITS)
    before_ms = means.clock.world_ms() - CONVERSION_LIFE_MS
    with transaction.atomic():
        touches = Touch.objects.filter(decision_id__lt=before_id).order_by("decision_id")
        ended = list(touches.values_list("decision_id", flat=True)[:AT_ONCE])
        # A conversion outlives the touch before it, and would be credited to nothing if it were looked at again.
        Conversion.objects.filter(credited_decision_id__in=ended).update(is_final=True)
        gone, _ = Touch.objects.filter(decision_id__in=ended).delete()
        rows = Conversion.objects.filter(at_ms__lt=before_ms).order_by("at_ms")
        old = list(rows.values_list("id", flat=True)[:AT_ONCE])
        MatchKey.objects.filter(conversion_id__in=old).delete()
        more, _ = Conversion.objects.filter(id__in=old).delete()
        refused = Refused.objects.filter(received_at_ms__lt=means.clock.world_ms() - REFUSED_LIFE_MS)
        mistaken = Refused.objects.filter(id__in=list(refused.values_list("id", flat=True)[:AT_ONCE])).delete()[0]
    return gone + more + mistaken


def sweep_told(*, upto: int, limit: int) -> int:
    """Take away up to ``limit`` steps up to a position of the log, which facts tell; returns how many went."""
    steps = Step.objects.filter(position__lte=upto).order_by("position", "id")
    ids = list(steps.values_list("id", flat=True)[:limit])
    return int(Step.objects.filter(id__in=ids).delete()[0]) if ids else 0
