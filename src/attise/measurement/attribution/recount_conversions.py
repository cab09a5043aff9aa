"""Touches and conversions told anew from the log, and credits given anew from the rows; compared with what is stored.

The log says which touches there were and what pages and servers told; where it no longer begins where counting began,
these cannot be told anew. Credits are a function of the rows that stand, so they are always given anew. What was let go
of (people who were erased, what is older than any window) is no difference, and what was credited to it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from attise.kernel.ids import NODE_BITS, SEQUENCE_BITS
from attise.kernel.limits import CONVERSION_LIFE_MS, HOUR_MS
from attise.kernel.means import Means
from attise.ledger import storing
from attise.measurement.attribution.actions.bring_back import event_rows
from attise.measurement.attribution.models import AdEvent
from attise.measurement.attribution.reading import Cut, Mark, Reader
from attise.measurement.attribution.recount import (
    Difference,
    Memory,
    Recount,
    beginning,
    none_left,
    same,
    settled,
    take_upto,
)
from attise.measurement.attribution.touching import touches_of
from attise.measurement.attribution.whose import Asked, Whose
from attise.measurement.conversions import recount as stored
from attise.measurement.conversions import summing
from attise.measurement.conversions.evidence import parts
from attise.measurement.conversions.queries import kept_since_ms
from attise.measurement.conversions.rules import Touched, merged
from attise.measurement.conversions.telling import Batch
from attise.measurement.ingest.log import EventLog
from attise.records.event import RESULTS

Known = Callable[[Collection[str]], set[str]]
"""Says which of some pseudonyms are of people who are there."""


@dataclass
class Pages:
    """What settling would have written of touches and conversions, in memory."""

    memory: Memory
    touches: dict[int, Touched] = field(default_factory=dict)
    batch: Batch = field(default_factory=Batch)
    tellings: int = 0

    def take(self, cut: Cut) -> None:
        """Settle a cut in memory."""
        for touched in touches_of(*self.memory.take(cut)):
            before = self.touches.get(touched.decision_id)
            self.touches[touched.decision_id] = touched if before is None else merged(before, touched)
        for one in cut.conversions:
            self.batch.tell(one)
        self.tellings += len(cut.conversions)

    def told(self) -> dict[int, stored.Told]:
        """Return what conversions say, by their id."""
        return {row.id: stored.told_of(row) for rows in self.batch.rows.values() for row in rows}

    def names(self) -> set[tuple[int, str, bytes]]:
        """Return the hashed names of conversions."""
        return {(row.id, kind, value) for row, kind, value in self.batch.names if row.id not in self.batch.refused}


def recount_conversions(
    means: Means,
    log: EventLog,
    *,
    whose: Whose,
    known: Known,
) -> Recount:
    """Tell touches and conversions anew, give credits anew, and compare; ``events`` of the result are tellings.

    Raises: Outage. Cost: as the recount of counters, and five statements for every 500 conversions.
    """
    began, is_whole = beginning(log)
    pages = Pages(Memory(Asked(whose)))
    try:
        if is_whole:
            reader = Reader(log)
            mark = take_upto(pages.take, reader, Mark(began, 0), settled())
            with storing.snapshot():
                take_upto(pages.take, reader, mark, settled())
                _compare_touches(means, pages, known)
                _compare_told(means, pages)
                _compare_credits()
        else:
            with storing.snapshot():
                _compare_credits()
    except Difference as found:
        return Recount(str(found), pages.tellings, is_whole)
    return Recount(None, pages.tellings, is_whole)


def _compare_touches(means: Means, pages: Pages, known: Known) -> None:
    left = dict(pages.touches)
    for found in stored.iterate_touches():
        same(f"touch of decision {found.decision_id}", left.pop(found.decision_id, None), found)
    old_id = max(means.clock.wire_ms() - CONVERSION_LIFE_MS, 0) << (NODE_BITS + SEQUENCE_BITS)
    people = {one.person for one in left.values() if one.person}
    here = {"", *(person for part in parts(sorted(people)) for person in known(part))}
    none_left("touch of decision", {id_: one for id_, one in left.items() if id_ >= old_id and one.person in here})


def _compare_told(means: Means, pages: Pages) -> None:
    left, names, final = pages.told(), pages.names(), set()
    for id_, found in stored.iterate_told():
        expected = left.pop(id_, None)
        if expected is None:
            same(f"conversion {id_}", None, found["event"])
            continue
        passed = stored.LET_GO if found["is_final"] else frozenset()
        if found["is_final"]:
            final.add(id_)
        for name in stored.TOLD:
            if name not in passed:
                same(f"{name} of conversion {id_}", expected[name], found[name])
    old_ms = means.clock.world_ms() - CONVERSION_LIFE_MS
    none_left("conversion", {id_: told["event"] for id_, told in left.items() if told["at_ms"] >= old_ms})
    wanted = {name for name in names if name[0] not in final and name[0] not in left}
    for name in stored.iterate_names():
        if name not in wanted:
            same(f"name of conversion {name[0]}", None, name[1])
        wanted.discard(name)
    none_left("name of conversion", {id_: kind for id_, kind, _ in wanted})


def _compare_credits() -> None:
    wrong = stored.first_wrong_credit()
    if wrong is not None:
        raise Difference(wrong)
    _compare_hours()


def _compare_hours() -> None:
    """Add up anew what ads are credited with by the hour, of hours whose conversions are all still kept."""
    since_ms = kept_since_ms()
    if since_ms is None:
        return
    since_ms += -since_ms % HOUR_MS
    expected = event_rows(summing.iterate_counted(since_ms=since_ms))
    names = ("ad_id", "hour_ms", "kind", "conversions", "results", "value_micros")
    told = AdEvent.objects.filter(hour_ms__gte=since_ms).exclude(kind__in=RESULTS)
    for *key, conversions, results, micros in told.values_list(*names):
        found = [conversions, results, micros]
        same(f"conversions of ad {'/'.join(map(str, key))}", expected.pop(tuple(key), None), found)
    none_left("conversions of ad", expected)
