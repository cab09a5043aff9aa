"""Totals are published: step 8 of *an event comes back*, and what makes a new limit or a funded balance count.

Before: the ledger charged, or management set a limit. After: decision processes read the rows above the version they
know, and spend no more than is left.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction

from attise.kernel.means import Means
from attise.ledger.actions import take_touched
from attise.ledger.queries import list_envelopes_by_id
from attise.ledger.views import EnvelopeState
from attise.measurement.attribution.models import Head, Totals
from attise.records.totals import ENVELOPE, EnvelopeTotals, encoder

AT_ONCE: Final = 500
"""Envelopes that one publication looks at; it keeps the writer's lock for some milliseconds."""


def publish_totals(means: Means, *, counted_to_ms: int) -> bool:
    """Publish what envelopes hold now that were touched, or whose period is over; tells whether there may be more.

    ``counted_to_ms``: wire time before which every received event is counted. May be killed anywhere and run by any
    number of processes: each publication is one transaction, whole or not at all, and absolute.
    Cost: four statements where nothing is to be told, else seven, whatever their number.
    """
    now_ms, now_wire_ms = means.clock.world_ms(), means.clock.wire_ms()
    with transaction.atomic():
        row = Head.objects.select_for_update(no_key=True).filter(id=1).first()
        if row is None:
            raise AssertionError("the head row of attribution is missing")
        touched = take_touched(AT_ONCE)
        over = Totals.objects.filter(ends_at_ms__lte=now_ms).order_by("ends_at_ms", "object_id")
        ended = list(over.values_list("object_id", flat=True)[:AT_ONCE])
        states = list_envelopes_by_id({*touched, *ended}, at_ms=now_ms) if touched or ended else {}
        Totals.objects.filter(object_id__in=set(ended) - states.keys()).delete()  # the ledger has them no more
        row.version += _write(row.version + 1, states.values())
        row.published_at_ms = max(now_wire_ms, row.published_at_ms)
        row.counted_to_ms = max(counted_to_ms, row.counted_to_ms)
        row.save(force_update=True)
    return max(len(touched), len(ended)) == AT_ONCE


def _write(version: int, states: Collection[EnvelopeState]) -> bool:
    """Write the rows of envelopes under a version; tells whether there were any."""
    rows = [
        Totals(
            object_id=state.envelope.id,
            kind=ENVELOPE,
            version=version,
            ends_at_ms=state.ends_at_ms,
            body=encoder.encode(_record(state)),
        )
        for state in states
    ]
    if rows:
        Totals.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["object_id"],
            update_fields=["kind", "version", "ends_at_ms", "body"],
        )
    return bool(rows)


def _record(state: EnvelopeState) -> EnvelopeTotals:
    return EnvelopeTotals(
        envelope_id=state.envelope.id,
        kind=state.envelope.kind,
        begins_at_ms=state.begins_at_ms,
        ends_at_ms=state.ends_at_ms,
        limit_micros=state.limit_micros,
        spent_micros=state.spent_micros,
        closed_at_ms=state.envelope.closed_at_ms,
    )
