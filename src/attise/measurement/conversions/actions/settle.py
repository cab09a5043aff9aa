"""Conversions and touches are settled: written once, completed by their copies, credited.

A step of *an event comes back*, in the transaction that settles a batch of the log. Before: the log holds what pages
and servers told, and the batch's events were counted. After: reports read the rows.

What is touched by a batch is credited anew as a whole, so that the order in which things were told does not matter:
credits are a function of the rows that stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from django.db import connection

from attise.ledger import storing
from attise.measurement.conversions import evidence, rules
from attise.measurement.conversions.models import Conversion as Row
from attise.measurement.conversions.models import MatchKey, Touch
from attise.measurement.conversions.rules import Touched
from attise.records.conversion import Conversion

_RESULT = ("credited_decision_id", "touch", "touch_at_ms", "campaign_id", "adgroup_id", "ad_id", "post_id")
_TOLD = (
    *("told_by_both", "copies", "value_micros", "currency", "contents"),
    *("has_consent", "click_id", "decision_id", "page_host"),
)
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


def settle(conversions: Sequence[Conversion] = (), touches: Collection[Touched] = ()) -> Settled:
    """Settle a batch, in the order of the log. One process at a time, within its transaction.

    ``touches`` are of events that were counted (``rules.touch_of``), one for each decision. May be told the
    same again: nothing changes. Invariants: a transaction is open. Cost: none for nothing; two statements for
    touches that no conversion waits for; about twelve where conversions are told.
    """
    if not connection.in_atomic_block:
        raise AssertionError("conversions are settled with the events around them")
    settled = Settled()
    affected = _write_touches(touches) if touches else set()
    if conversions:
        affected |= _write(conversions, settled)
    if affected:
        settled.credited = _credit(affected)
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


@dataclass(slots=True)
class _Batch:
    """Rows as they become, by key; and what is to be written."""

    rows: dict[bytes, list[Row]] = field(default_factory=dict)
    new: list[Row] = field(default_factory=list)
    changed: dict[int, Row] = field(default_factory=dict)
    names: list[tuple[Row, str, bytes]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    """Rows whose person refused to one of two who told."""


def _write(conversions: Sequence[Conversion], settled: Settled) -> set[int]:
    """Write what is new, complete what was told before, and return all whose credit may be another now."""
    batch = _Batch()
    known = Row.objects.filter(key__in={one.key for one in conversions}).order_by("at_ms", "id")
    for row in known:
        batch.rows.setdefault(bytes(row.key), []).append(row)
    for one in conversions:
        standing = _standing(one)
        same = next(
            (
                row
                for row in batch.rows.get(one.key, [])
                if row.standing == standing and rules.is_same(row.at_ms, one.at_ms)
            ),
            None,
        )
        if same is None:
            _begin(batch, one, standing)
            settled.written += 1
        elif same.id != one.id:
            settled.copies += 1
            settled.completed += _complete(batch, same, one)
    # What the names of somebody who refused led to before is credited without them.
    affected = evidence.conversions_beside(batch.refused)
    MatchKey.objects.filter(conversion_id__in=batch.refused).delete()
    Row.objects.bulk_create(batch.new)
    if batch.changed:
        Row.objects.bulk_update(list(batch.changed.values()), _TOLD)
    keys = [
        MatchKey(conversion=row, advertiser_id=row.advertiser_id, kind=kind, value=value)
        for row, kind, value in batch.names
        if row.id not in batch.refused
    ]
    MatchKey.objects.bulk_create(keys, ignore_conflicts=True)
    told = [row for row in (*batch.new, *batch.changed.values()) if row.standing == Row.Standing.GOOD]
    affected |= {row.id for row in told}
    # A name that leads to a click now has led to nothing before.
    return affected | evidence.conversions_beside([row.id for row in told if row.decision_id])


def _standing(one: Conversion) -> str:
    if one.doubt:
        return Row.Standing.DOUBTED
    return Row.Standing.TEST if one.is_test else Row.Standing.GOOD


def _begin(batch: _Batch, one: Conversion, standing: str) -> None:
    row = Row(
        id=one.id,
        key=one.key,
        standing=standing,
        pixel_id=one.pixel_id,
        advertiser_id=one.advertiser_id,
        event=one.event,
        event_id=one.event_id,
        source=one.source.value,
        at_ms=one.at_ms,
        received_at_ms=one.received_at_ms,
        value_micros=one.value_micros,
        currency=one.currency,
        contents=_contents(one),
        has_consent=one.has_consent,
        click_id=one.click_id,
        decision_id=one.decision_id,
        page_host=one.page_host,
        doubt=one.doubt,
    )
    batch.rows.setdefault(one.key, []).append(row)
    batch.new.append(row)
    batch.names += [(row, kind, value) for kind, value in rules.names_of(one)]


def _complete(batch: _Batch, row: Row, one: Conversion) -> bool:
    """Add to a row what a further telling of it adds; tells whether that is anything."""
    row.copies += 1
    # A row that this batch makes is written whole at its end.
    if row not in batch.new:
        batch.changed[row.id] = row
    if not rules.completes(row.at_ms, row.source, one) or row.told_by_both:
        return False
    row.told_by_both = True
    if row.value_micros < 0 <= one.value_micros:
        row.value_micros, row.currency = one.value_micros, one.currency
    if not row.contents and (row.currency == one.currency or not one.currency):
        row.contents = _contents(one)
    if not (row.has_consent and one.has_consent):  # whoever refused to one of the two refused
        batch.refused.add(row.id)
        row.has_consent, row.click_id, row.decision_id, row.page_host = False, "", 0, ""
        return True
    if not row.decision_id and (one.decision_id or not row.click_id):
        row.click_id, row.decision_id = one.click_id, one.decision_id
    batch.names += [(row, kind, value) for kind, value in rules.names_of(one)]
    return True


def _contents(one: Conversion) -> list[dict[str, object]]:
    return [msgspec.structs.asdict(content) for content in one.contents]


# ---- credits


def _credit(ids: Iterable[int]) -> int:
    """Credit conversions anew and return how many have another credit now."""
    rows = {row.id: row for row in Row.objects.filter(id__in=set(ids), standing=Row.Standing.GOOD)}
    found = evidence.touches_for(rows.values())
    changed: dict[int, Row] = {}
    groups: set[tuple[int, str]] = set()
    for row in rows.values():
        credit = rules.credit_of(found.get(row.id, ()), at_ms=row.at_ms, click_decision_id=row.decision_id)
        result = _result(credit)
        if result != tuple(getattr(row, name) for name in _RESULT):
            groups |= {(row.credited_decision_id, row.event), (result[0], row.event)}
            for name, value in zip(_RESULT, result, strict=True):
                setattr(row, name, value)
            row.is_counted = credit is not None
            changed[row.id] = row
    if changed:
        Row.objects.bulk_update(list(changed.values()), [*_RESULT, "is_counted"])
        _count_once({group for group in groups if group[0]})
    return len(changed)


def _result(credit: rules.Credit | None) -> tuple[int, str, int, int, int, int, int]:
    if credit is None:
        return (0, "", 0, 0, 0, 0, 0)
    of = credit.touched
    return (of.decision_id, credit.kind.value, credit.at_ms, of.campaign_id, of.adgroup_id, of.ad_id, of.post_id)


def _count_once(groups: Collection[tuple[int, str]]) -> None:
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
            row.is_counted = is_first
            changed.append(row)
    if changed:
        Row.objects.bulk_update(changed, ["is_counted"])
