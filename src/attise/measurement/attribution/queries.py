"""Reads of attribution: up to where totals speak."""

from __future__ import annotations

from attise.measurement.attribution.models import Head
from attise.records.totals import TotalsHead


def get_head() -> TotalsHead:
    """Return up to where totals speak. Cost: one keyed read."""
    found = Head.objects.filter(id=1).values_list("version", "published_at_ms", "counted_to_ms").first()
    if found is None:
        raise AssertionError("the head row of attribution is missing")
    return TotalsHead(*found)
