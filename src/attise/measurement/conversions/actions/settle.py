"""Conversions and touches are settled: written once, completed by their copies, credited.

A step of *an event comes back*, in the transaction that settles a batch of the log. Before: the log holds what pages
and servers told, and the batch's events were counted. After: reports read the rows.

What is touched by a batch is credited anew as a whole, so that the order in which things were told does not matter:
credits are a function of the rows that stand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from attise.kernel.limits import HOUR_MS
from attise.ledger import storing
from attise.measurement.conversions import evidence, rules
from attise.measurement.conversions.models import Conversion as Row
from attise.measurement.conversions.models import MatchKey, Touch
from attise.measurement.conversions.rules import Touched
from attise.measurement.conversions.steps import Steps
from attise.measurement.conversions.summing import Place
from attise.measurement.conversions.telling import TOLD, Batch
from attise.records.conversion import Conversion

_EARLIEST = {
    "person": "CASE WHEN {old} = '' THEN {new} ELSE {old} END",
    **dict.fromkeys(
        ("seen_at_ms", "engaged_at_ms", "clicked_at_ms"),
        "CASE WHEN {old} = 0 OR ({new} <> 0 AND {new} < {old}) THEN {new} ELSE {old} END",
    ),
}


@dataclass(slots=True)
class Settled:
    """What a batch came to."""

    written: int = 0
    copies: int = 0
    """Tellings of what was told before."""
    completed: int = 0
    """Of them, those that added something."""
    credited: int = 0
    """Conversions whose credit is another than before."""
    places: set[Place] = field(default_factory=set)
    """Where something may count now that did not, or no more."""


def settle(
    conversions: Sequence[Conversion] = (),
    touches: Collection[Touched] = (),
    *,
    results_of: Callable[[Iterable[int]], Mapping[int, str]],
    position: int = 0,
) -> Settled:
    """Settle a batch, in the order of the log. One process at a time, within its transaction.

    ``touches`` are of events that were counted (``rules.touch_of``), one for each decision. ``results_of`` ad groups
    is asked, by group, which kind of event (``rules.kind_of``) each is there for; those that have none are left out.
    ``position``: of the log, beyond which nothing of the batch lies. May be told the same again: nothing changes.
    Invariants: a transaction is open. Cost: none for nothing; two statements for touches that no conversion waits for;
    about fourteen where conversions are told.
    """
    if not connection.in_atomic_block:
        raise AssertionError("conversions are settled with the events around them")
    settled, steps = Settled(), Steps()
    affected = _write_touches(touches) if touches else set()
    if conversions:
        affected |= _write(conversions, settled, steps)
    if affected:
        _credit(affected, settled, steps, results_of)
    steps.write(position)
    return settled


# ---- touches


def _write_touches(touches: Collection[Touched]) -> set[int]:
    """Write touches, of each kind the earliest, and return the conversions that may be theirs."""
    rows = [_row(one) for one in sorted(touches, key=lambda one: one.decision_id)]
    storing.merge(Touch, rows, unique=("decision_id",), changes=_EARLIEST)
    return evidence.conversions_after(touches)


def _row(one: Touched) -> tuple[object, ...]:
    return (
        *(one.decision_id, one.advertiser_id, one.campaign_id, one.adgroup_id, one.ad_id, one.post_id, one.person),
        *(one.seen_at_ms, one.engaged_at_ms, one.clicked_at_ms),
        *(one.windows.click_days, one.windows.engaged_days, one.windows.view_days, one.counts_once),
    )


# ---- conversions


def _write(conversions: Sequence[Conversion], settled: Settled, steps: Steps) -> set[int]:
    """Write what is new, complete what was told before, and return all whose credit may be another now."""
    batch = Batch()
    known = Row.objects.filter(key__in={one.key for one in conversions}).order_by("at_ms", "id")
    for row in known:
        steps.meet(row)
        batch.rows.setdefault(bytes(row.key), []).append(row)
    for one in conversions:
        batch.tell(one)
    steps.begin(batch.new)
    settled.written, settled.copies, settled.completed = len(batch.new), batch.copies, batch.completed
    # What the names of somebody who refused led to before is credited without them.
    affected = evidence.conversions_beside(batch.refused)
    MatchKey.objects.filter(conversion_id__in=batch.refused).delete()
    Row.objects.bulk_create(list(batch.new.values()))
    if batch.changed:
        Row.objects.bulk_update(list(batch.changed.values()), TOLD)
    keys = [
        MatchKey(conversion=row, advertiser_id=row.advertiser_id, kind=kind, value=value)
        for row, kind, value in batch.names
        if row.id not in batch.refused
    ]
    MatchKey.objects.bulk_create(keys, ignore_conflicts=True)
    told = [row for row in (*batch.new.values(), *batch.changed.values()) if row.standing == Row.Standing.GOOD]
    affected |= {row.id for row in told}
    # A name that leads to a click now has led to nothing before.
    return affected | evidence.conversions_beside([row.id for row in told if row.decision_id])


# ---- credits


def _credit(
    ids: Iterable[int], settled: Settled, steps: Steps, results_of: Callable[[Iterable[int]], Mapping[int, str]]
) -> None:
    """Credit conversions anew, but for those that are final, and note whose credit changed and where they count."""
    rows = list(Row.objects.filter(id__in=set(ids), standing=Row.Standing.GOOD))
    for row in rows:  # also those that stay as they are: what they are worth may have been told only now
        settled.places |= _places(row)
        steps.meet(row)
    found = evidence.touches_for([row for row in rows if not row.is_final])
    changed: dict[int, Row] = {}
    groups: set[tuple[int, str]] = set()
    for row in rows:
        if row.is_final:
            continue
        credit = rules.credit_of(found.get(row.id, ()), at_ms=row.at_ms, click_decision_id=row.decision_id)
        result = evidence.result_of(credit)
        if result != tuple(getattr(row, name) for name in evidence.RESULT):
            groups |= {(row.credited_decision_id, row.event), (int(result[0]), row.event)}
            for name, value in zip(evidence.RESULT, result, strict=True):
                setattr(row, name, value)
            row.is_counted = credit is not None
            settled.places |= _places(row)
            changed[row.id] = row
    if changed:
        kinds = results_of({row.adgroup_id for row in changed.values() if row.adgroup_id})
        for row in changed.values():
            row.is_result = bool(row.adgroup_id) and kinds.get(row.adgroup_id) == rules.kind_of(row.event)
        Row.objects.bulk_update(list(changed.values()), [*evidence.RESULT, "is_counted", "is_result"])
        _count_once({group for group in groups if group[0]}, steps)
    settled.credited = len(changed)


def _places(row: Row) -> set[Place]:
    """Return where a conversion counts, as it is credited."""
    if not row.credited_decision_id:
        return set()
    return {Place(row.adgroup_id, row.ad_id, row.decided_at_ms - row.decided_at_ms % HOUR_MS, row.credited_decision_id)}


def _count_once(groups: Collection[tuple[int, str]], steps: Steps) -> None:
    """Have of each event only the first count, where the ad group of a touch says so."""
    decisions = Touch.objects.filter(decision_id__in={one for one, _ in groups}, counts_once=True)
    once = set(decisions.values_list("decision_id", flat=True))
    if not once:
        return
    seen: set[tuple[int, str]] = set()
    changed = []
    rows = Row.objects.filter(credited_decision_id__in=once, event__in={event for _, event in groups})
    for row in rows.order_by("at_ms", "id"):
        is_first = (row.credited_decision_id, row.event) not in seen
        seen.add((row.credited_decision_id, row.event))
        if row.is_counted != is_first:
            steps.meet(row)
            row.is_counted = is_first
            changed.append(row)
    if changed:
        Row.objects.bulk_update(changed, ["is_counted"])
