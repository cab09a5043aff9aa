"""Events that were refused are noted, so that whoever sent them sees what to mend: the newest of each pixel."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from attise.kernel.limits import REFUSED_OF_PIXEL
from attise.measurement.conversions.models import Refused
from attise.records.conversion import RefusedEvent


def note_refused(events: Collection[RefusedEvent]) -> None:
    """Note refused events, and let go of those that more than ``REFUSED_OF_PIXEL`` newer ones of their pixel follow.

    May be told the same again. Invariants: a transaction is open. Cost: one statement, and two for each pixel.
    """
    if not connection.in_atomic_block:
        raise AssertionError("refused events are noted with the place in the log that they came from")
    rows = [
        Refused(
            id=one.id,
            pixel_id=one.pixel_id,
            advertiser_id=one.advertiser_id,
            event=one.event,
            event_id=one.event_id,
            source=one.source.value,
            code=one.code,
            field=one.field,
            received_at_ms=one.received_at_ms,
        )
        for one in events
    ]
    Refused.objects.bulk_create(rows, ignore_conflicts=True)
    for pixel_id in sorted({one.pixel_id for one in events}):
        kept = Refused.objects.filter(pixel_id=pixel_id).order_by("-id").values_list("id", flat=True)
        last = list(kept[REFUSED_OF_PIXEL : REFUSED_OF_PIXEL + 1])
        if last:
            Refused.objects.filter(pixel_id=pixel_id, id__lte=last[0]).delete()
