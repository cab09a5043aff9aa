"""What was settled is written as facts: the last step of *an event comes back*.

Before: settling wrote steps in its transactions. After: a file of the folder holds them as facts, its row says that it
does, and the watermark stands at its end. Killed anywhere, the next call begins where this one stood:

1. *plan*: a transaction notes up to where the file is to reach. What it is to hold does not change any more;
2. *write*: aside, to the disk, renamed, the folder to the disk. A second time overwrites the first, byte for byte the
   same facts under the same name;
3. *advance*: a transaction makes the file's row and moves the watermark. From now on the file counts, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from django.db import transaction

from attise.kernel.alone import alone
from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.kernel.limits import EXPORT_STEPS
from attise.kernel.means import Means
from attise.measurement.attribution import queries as attribution
from attise.measurement.conversions import queries as conversions
from attise.measurement.ingest.log import EntryKind, EventLog
from attise.measurement.reports.columnar import write_facts
from attise.measurement.reports.folder import aside, folder_of, name_of, publish
from attise.measurement.reports.gathering import facts_of
from attise.measurement.reports.models import File, Watermark
from attise.records.decision import Decision, decode_decision
from attise.records.fact import Fact

NOTED_EVERY_MS: Final = 1_000
"""Where nothing happened, the watermark's time is moved no oftener than this."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What one call came to."""

    facts: int
    is_end: bool
    """Whether all that was settled when it began stands in files."""


@dataclass(frozen=True, slots=True)
class _Plan:
    begin: int
    end: int
    complete_to_ms: int
    is_end: bool


def export(means: Means, house: House, log: EventLog) -> Exported:
    """Write one file of what was settled beyond the watermark, if there is anything, and move the watermark.

    One process at a time; another one's call does nothing. May be killed anywhere. ``log``: where the decisions are.
    Raises: Outage, and then nothing moved. Cost: some 50 µs a fact, and a few statements for five hundred of them.
    """
    folder = folder_of(house)
    with alone(folder) as ours:
        if not ours:
            return Exported(0, is_end=False)
        plan = _plan(means)
        if plan.end == plan.begin:
            return Exported(0, is_end=plan.is_end)
        facts = _gather(log, plan)
        size = 0
        if facts:
            path = folder / name_of(plan.begin, plan.end)
            try:
                write_facts(aside(path), facts)
                size = publish(aside(path), path)
            except OSError as error:  # the disk is full, or goes
                raise Outage(f"the folder of facts: {error.strerror}") from error
        _advance(means, plan, rows=len(facts), size=size)
    return Exported(len(facts), is_end=plan.is_end)


@transaction.atomic
def _plan(means: Means) -> _Plan:
    """Note up to where the next file reaches, or find what was noted before."""
    counted_to_ms = attribution.get_head().counted_to_ms  # read first: all of it is settled up to the mark below
    settled = attribution.get_mark().position
    row = Watermark.objects.select_for_update(no_key=True).get(id=1)
    if row.planned != row.position:
        return _Plan(row.position, row.planned, row.planned_complete_to_ms, is_end=False)
    steps = (
        attribution.find_step_position(after=row.position, number=EXPORT_STEPS),
        conversions.find_step_position(after=row.position, number=EXPORT_STEPS),
    )
    # The steps of one batch stay together: their number is bounded.
    end = min([settled, *(position for position in steps if position is not None)])
    is_end = end == settled
    ahead_ms = means.clock.world_ms() - means.clock.wire_ms()
    if is_end:
        row.planned_counted_to_ms = max(counted_to_ms, row.counted_to_ms)
        row.planned_complete_to_ms = row.planned_counted_to_ms + (ahead_ms if row.planned_counted_to_ms else 0)
    if end == row.position:
        if row.planned_counted_to_ms - row.counted_to_ms >= NOTED_EVERY_MS:
            _reach(row)
            row.save(force_update=True)
        return _Plan(end, end, row.complete_to_ms, is_end=True)
    row.planned = end
    row.save(force_update=True)
    return _Plan(row.position, end, row.planned_complete_to_ms, is_end=is_end)


def _gather(log: EventLog, plan: _Plan) -> list[Fact]:
    steps = attribution.list_steps(after=plan.begin, upto=plan.end)
    told = conversions.list_steps(after=plan.begin, upto=plan.end)
    ids = {step.decision_id for step in steps} | {step.credited_decision_id for step in told} - {0}
    outcomes = attribution.terms_of(ids)
    bodies = log.find_all(EntryKind.DECISION, ids)
    posts = attribution.post_totals({terms.post_id for terms in outcomes.values()} - {0})
    return facts_of(
        steps,
        told,
        outcomes=outcomes,
        decisions={id_: decision for id_, body in bodies.items() if (decision := _decision(body)) is not None},
        posts=posts,
        zones=attribution.zones_of({terms.ad_id for terms in outcomes.values()} | {one.ad_id for one in told} - {0}),
    )


def _decision(body: bytes) -> Decision | None:
    """Return a decision; None where a newer release wrote it: what it charged and counted is told all the same."""
    try:
        return decode_decision(body)
    except msgspec.MsgspecError:
        return None


@transaction.atomic
def _advance(means: Means, plan: _Plan, *, rows: int, size: int) -> None:
    """Let the file count. Raises: Outage where the watermark was moved meanwhile, as when a house is emptied."""
    row = Watermark.objects.select_for_update(no_key=True).get(id=1)
    if (row.position, row.planned) != (plan.begin, plan.end):
        raise Outage("the watermark of facts was moved by another")
    if rows:
        File.objects.create(
            from_position=plan.begin,
            to_position=plan.end,
            rows=rows,
            size_bytes=size,
            written_at_ms=means.clock.wire_ms(),
            complete_to_ms=plan.complete_to_ms,
        )
    row.position = plan.end
    row.facts += rows
    _reach(row)
    row.save(force_update=True)


def _reach(row: Watermark) -> None:
    row.counted_to_ms, row.complete_to_ms = row.planned_counted_to_ms, row.planned_complete_to_ms
