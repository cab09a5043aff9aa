"""What is too old to be compared is let go of, with the facts of its time."""

from __future__ import annotations

from django.db import transaction

from attise.kernel.limits import FACTS_LIFE_MS
from attise.kernel.means import Means
from attise.measurement.lift.models import Act, Exposure, Meeting

AT_ONCE = 5_000


def sweep(means: Means) -> int:
    """Let go of some of those for whom no ad won, or whom no test met, for longer than facts are kept.

    Returns how many rows went.
    """
    before_ms = means.clock.world_ms() - FACTS_LIFE_MS
    gone = 0
    with transaction.atomic():
        rows = Exposure.objects.filter(last_at_ms__lt=before_ms).order_by("last_at_ms")
        for campaign_id, holdout_ppm, person in rows.values_list("campaign_id", "holdout_ppm", "person")[:AT_ONCE]:
            key = {"campaign_id": campaign_id, "person": person}
            gone += Exposure.objects.filter(holdout_ppm=holdout_ppm, **key).delete()[0]
            if not Exposure.objects.filter(**key).exists():
                gone += Act.objects.filter(**key).delete()[0]
        met = Meeting.objects.filter(last_at_ms__lt=before_ms).order_by("last_at_ms")
        for split_id, person in met.values_list("split_id", "person")[:AT_ONCE]:
            gone += Meeting.objects.filter(split_id=split_id, person=person).delete()[0]
    return gone
