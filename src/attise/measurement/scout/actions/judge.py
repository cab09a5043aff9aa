"""Two days later: what came of the posts that were put to trial."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from attise.kernel.limits import HOUR_MS
from attise.kernel.means import Means
from attise.measurement.counters.queries import list_organic_hours
from attise.measurement.scout.bounds import HORIZON_H, SETTLING_MS
from attise.measurement.scout.counted import growth_of
from attise.measurement.scout.models import Trial

AT_ONCE: Final = 500


def judge_trials(means: Means) -> int:
    """Write the growth of trials whose two days are over; returns how many. May be run at any time, killed anywhere."""
    before_ms = means.clock.world_ms() - HORIZON_H * HOUR_MS - SETTLING_MS
    waiting = list(Trial.objects.filter(growth__isnull=True, at_ms__lte=before_ms).order_by("at_ms", "id")[:AT_ONCE])
    if not waiting:
        return 0
    ends = max(one.at_ms for one in waiting) + HORIZON_H * HOUR_MS
    hours = list_organic_hours({one.post_id for one in waiting}, ("views",), before_ms=ends)
    for one in waiting:
        counted = [(hour_ms, views) for hour_ms, (views,) in hours.get(one.post_id, [])]
        one.growth = growth_of(one.views, counted, one.at_ms, one.at_ms + HORIZON_H * HOUR_MS)
    with transaction.atomic():
        Trial.objects.bulk_update(waiting, ["growth"])
    return len(waiting)
