"""Totals are published: step 8 of *an event comes back*, and what makes a new limit or a funded balance count.

Before: the ledger charged, events were settled, or management set a limit. After: decision processes read the rows
above the version they know, spend no more than is left, and learn what posts and ad groups came to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from msgspec.structs import replace

from attise.kernel.means import Means
from attise.ledger import storing
from attise.ledger.actions import take_touched
from attise.ledger.queries import list_envelopes_by_id
from attise.ledger.views import EnvelopeState
from attise.measurement.attribution.groups import list_group_days
from attise.measurement.attribution.models import Changed, Head, Spending, Totals
from attise.measurement.circles.actions import take_untold
from attise.measurement.circles.queries import circles_told
from attise.measurement.counters.queries import list_post_totals
from attise.records.totals import ENVELOPE, GROUP, POST, EnvelopeTotals, encoder

AT_ONCE: Final = 500
"""Envelopes that one publication looks at; it keeps the writer's lock for some milliseconds."""
CHANGED_AT_ONCE: Final = 500
"""Posts and ad groups, likewise."""


def publish_totals(means: Means, *, counted_to_ms: int) -> bool:
    """Publish what is not as it was last told, or whose period is over; tells whether there may be more.

    ``counted_to_ms``: wire time before which every received event is counted. May be killed anywhere and run by any
    number of processes: each publication is one transaction, whole or not at all, and absolute.
    Cost: six statements where nothing is to be told, else a dozen or so, and one for each zone, whatever their number.
    """
    now_ms, now_wire_ms = means.clock.world_ms(), means.clock.wire_ms()
    with transaction.atomic():
        row = Head.objects.select_for_update(no_key=True).filter(id=1).first()
        if row is None:
            raise AssertionError("the head row of attribution is missing")
        touched = take_touched(AT_ONCE)
        changed = _take_changed()
        over = Totals.objects.filter(ends_at_ms__lte=now_ms).order_by("ends_at_ms", "object_id")
        moved = take_untold(CHANGED_AT_ONCE)
        ended = list(over.values_list("object_id", "kind")[:AT_ONCE])
        rows = [
            *_envelopes({*touched, *(one for one, kind in ended if kind == ENVELOPE)}, now_ms),
            *_groups({*changed[GROUP], *(one for one, kind in ended if kind == GROUP)}, now_ms),
            *_posts(changed[POST] | moved),
        ]
        # The ledger has some of them no more.
        Totals.objects.filter(object_id__in={one for one, _ in ended} - {one[0] for one in rows}).delete()
        row.version += _write(row.version + 1, rows)
        row.published_at_ms = max(now_wire_ms, row.published_at_ms)
        row.counted_to_ms = max(counted_to_ms, row.counted_to_ms)
        row.save(force_update=True)
    return max(len(touched), len(moved), len(ended)) == AT_ONCE or sum(map(len, changed.values())) == CHANGED_AT_ONCE


Told = tuple[int, str, int | None, bytes]
"""Object, kind, end of its period and body."""


def _take_changed() -> dict[str, set[int]]:
    """Return posts and ad groups that changed, by kind, and take what said so away. Cost: two statements.

    What is said several times of an object is taken at once.
    """
    rows = list(Changed.objects.order_by("id").values_list("kind", "object_id")[: CHANGED_AT_ONCE * 20])
    found: dict[str, set[int]] = {POST: set(), GROUP: set()}
    for kind, object_id in rows:
        if sum(map(len, found.values())) == CHANGED_AT_ONCE:
            break
        found[kind].add(object_id)
    for kind, ids in found.items():
        if ids:
            Changed.objects.filter(kind=kind, object_id__in=ids).delete()
    return found


def _envelopes(ids: set[int], now_ms: int) -> list[Told]:
    states = list_envelopes_by_id(ids, at_ms=now_ms).values() if ids else []
    by_node = _spent_by_node(states)
    return [(one.envelope.id, ENVELOPE, one.ends_at_ms, encoder.encode(_record(one, by_node))) for one in states]


def _groups(ids: set[int], now_ms: int) -> list[Told]:
    found = list_group_days(ids, at_ms=now_ms) if ids else []
    return [(one.totals.adgroup_id, GROUP, one.ends_at_ms, encoder.encode(one.totals)) for one in found]


def _posts(ids: set[int]) -> list[Told]:
    if not ids:
        return []
    circles = circles_told(ids)
    counted = (replace(one, circle=circles.get(one.post_id)) for one in list_post_totals(ids))
    return [(one.post_id, POST, None, encoder.encode(one)) for one in counted]


def _write(version: int, rows: list[Told]) -> bool:
    """Write rows under a version; tells whether there were any."""
    if rows:
        storing.put(
            Totals,
            [(object_id, kind, version, ends_at_ms, body) for object_id, kind, ends_at_ms, body in rows],
            unique=("object_id",),
            update=("kind", "version", "ends_at_ms", "body"),
        )
    return bool(rows)


def _spent_by_node(states: Iterable[EnvelopeState]) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """Return what was charged for each process's decisions, by envelope and period. Cost: one statement."""
    ids = [one.envelope.id for one in states if one.spent_micros]
    found: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    if ids:
        periods = {one.period for one in states}
        rows: Any = Spending.objects.filter(envelope_id__in=ids, period__in=periods).order_by("node")
        for envelope_id, period, node, micros in rows.values_list("envelope_id", "period", "node", "spent_micros"):
            found[envelope_id, period].append((node, micros))
    return found


def _record(state: EnvelopeState, by_node: dict[tuple[int, str], list[tuple[int, int]]]) -> EnvelopeTotals:
    return EnvelopeTotals(
        envelope_id=state.envelope.id,
        kind=state.envelope.kind,
        begins_at_ms=state.begins_at_ms,
        ends_at_ms=state.ends_at_ms,
        limit_micros=state.limit_micros,
        spent_micros=state.spent_micros,
        closed_at_ms=state.envelope.closed_at_ms,
        spent_by_node=tuple(by_node.get((state.envelope.id, state.period), ())),
    )
