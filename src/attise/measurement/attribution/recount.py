"""Everything counted anew from the log, by the same steps, and compared with what the house says.

The log tells what happened, in its order; from it follows every counter, state and outcome, and which charges there
are. What became of a charge is the ledger's to say (``attise verify ledger`` recounts that); here each is matched with
its event, and what ads spent with their charges. Whoever settles may go on meanwhile: the comparison is as of one
moment.

Where the log no longer begins where counting began (batches are let go of after a month), nothing can be recounted;
then what is counted in all is compared with what is counted by the hour, and that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from attise.kernel.limits import HOUR_MS
from attise.ledger import queries as books
from attise.ledger import storing
from attise.ledger.actions.charge import CHARGED
from attise.measurement.attribution.actions.count_acts import SIGNAL_OF
from attise.measurement.attribution.judging import Known, Prepared, Verdict, judge, note_too_many, prepare
from attise.measurement.attribution.models import AdEvent, AdHour, Outcome, Position
from attise.measurement.attribution.paces import Held, time_of
from attise.measurement.attribution.reading import Cut, Mark, Reader
from attise.measurement.attribution.whose import Asked, Whose
from attise.measurement.counters.actions import StateKey
from attise.measurement.counters.folding import State, is_on
from attise.measurement.counters.queries import iterate_hours, iterate_states, iterate_subjects
from attise.measurement.counters.signals import SIGNALS, WIDTH
from attise.measurement.ingest.log import EventLog
from attise.records.charge import EVENT

AT_ONCE: Final = 1_000
MOST_KEYS: Final = 4_000_000
"""Keys beyond which those past their time are looked for and forgotten."""


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount found: the first difference, or None; and how far it could go."""

    difference: str | None
    events: int
    is_whole: bool
    """Whether the log still begins where counting began."""


class Difference(Exception):  # noqa: N818 - what was looked for
    """The first thing that is not as the log says."""


@dataclass
class Memory:
    """What settling would know and have written, in memory."""

    asked: Asked
    keys: dict[bytes, int] = field(default_factory=dict)
    filled: Held = field(default_factory=Held)
    """As settling keeps them, and lets go of them."""
    states: dict[StateKey, State] = field(default_factory=dict)
    watched: dict[int, int] = field(default_factory=dict)
    hours: dict[tuple[int, bool, int], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * WIDTH))
    ad_hours: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * WIDTH))
    outcomes: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    """Types that counted and that were doubted, by decision."""
    charges: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """Ad, hour of the decision and micros that were asked, by key of the charge."""
    events: int = 0

    def take(self, cut: Cut) -> tuple[Prepared, Verdict]:
        """Settle the events of a cut in memory; returns how they were judged."""
        self.asked.learn(cut.events)
        prepared = prepare(cut.events, self.asked)
        known = Known(
            {key for key in prepared.keys if key not in self.keys},
            filled=self.filled,
            states={key: self.states[key] for key in prepared.states if key in self.states},
            watched={key: self.watched[key] for key in prepared.decisions if key in self.watched},
        )
        verdict = judge(prepared, known)
        note_too_many(verdict, prepared, self._insert_absent)
        self.keys.update((key, prepared.keys[key]) for key in verdict.taken)
        if cut.events:
            self.filled.keep(verdict.filled, received_ms=time_of(prepared.received_ms, cut.at_ms))
        self.states.update(verdict.states)
        self.watched.update(verdict.watched)
        self.events += len(cut.events)
        self._add(verdict)
        if len(self.keys) > MOST_KEYS and cut.events:
            received_ms = cut.events[-1].received_ms
            self.keys = {key: until for key, until in self.keys.items() if until >= received_ms}
        return prepared, verdict

    def _insert_absent(self, rows: list[tuple[bytes, int]]) -> set[bytes]:
        new = {key: until for key, until in rows if key not in self.keys}
        self.keys.update(new)
        return set(new)

    def _add(self, verdict: Verdict) -> None:
        for row, counts in verdict.tally.hours.items():
            _add_to(self.hours[row], counts)
        for place, counts in verdict.ad_hours.items():
            _add_to(self.ad_hours[place], counts)
        for decision_id, one in verdict.outcomes.items():
            kept = self.outcomes[decision_id]
            kept[0] |= one.counted
            kept[1] |= one.doubted
        for billed in verdict.billable:
            hour_ms = billed.claims.decided_at_ms - billed.claims.decided_at_ms % HOUR_MS
            self.charges[billed.charge.key] = (billed.ad.ad_id, hour_ms, billed.charge.amount_micros)


def recount(log: EventLog, *, whose: Whose) -> Recount:
    """Count anew what the log holds up to where it is settled, and compare. Raises: Outage.

    Cost: some 40 µs an event, and a pass over all counters; memory by keys of the last three days, hours and states.
    """
    began, is_whole = beginning(log)
    memory = Memory(Asked(whose))
    try:
        if is_whole:
            reader, mark = Reader(log), Mark(began, 0)
            mark = take_upto(memory.take, reader, mark, settled())
            with storing.snapshot():
                take_upto(memory.take, reader, mark, settled())
                _compare(memory)
        else:
            with storing.snapshot():
                _compare_sums()
    except Difference as found:
        return Recount(str(found), memory.events, is_whole)
    return Recount(None, memory.events, is_whole)


def beginning(log: EventLog) -> tuple[int, bool]:
    """Return the position after which counting began, and whether the log still holds all from there on."""
    began = Position.objects.values_list("began", flat=True).get(id=1)
    first = log.oldest()
    return began, first is None or first[0] <= began + 1


def settled() -> Mark:
    """Return up to where the log is settled."""
    return Mark(*Position.objects.values_list("position", "entries").get(id=1))


def take_upto(take: Callable[[Cut], object], reader: Reader, mark: Mark, end: Mark) -> Mark:
    """Take from one place to another; the log may reach further. Raises: Difference, when it ends before."""
    while mark < end:
        cut = reader.cut(mark, limit=AT_ONCE, upto=end)
        take(cut)
        if cut.end == mark:
            raise Difference(f"the log ends at {mark.position} and is said to be settled up to {end.position}")
        mark = cut.end
    return mark


def _compare(memory: Memory) -> None:
    """Compare everything with what the house says. Raises: Difference."""
    _compare_counts("post, ad or profile", dict(memory.hours), iterate_hours())
    in_all: dict[tuple[int, bool], list[int]] = {}
    for (subject_id, is_paid, _), counts in memory.hours.items():
        _add_to(in_all.setdefault((subject_id, is_paid), [0] * WIDTH), counts)
    _compare_counts("all of", in_all, iterate_subjects())
    ads: Iterator[tuple[tuple[int, int], tuple[int, ...]]] = (
        ((row[0], row[1]), tuple(row[2:]))
        for row in AdHour.objects.values_list("ad_id", "hour_ms", *SIGNALS).iterator()
    )
    _compare_counts("ad", dict(memory.ad_hours), ads)
    states = {key: (is_on(state), state) for key, state in memory.states.items()}
    for key, found in iterate_states():
        same(f"state {'/'.join(map(str, key))}", states.pop(key, None), found)
    none_left("state", states)
    outcomes = {key: tuple(kept) for key, kept in memory.outcomes.items()}
    for decision_id, counted, doubted in Outcome.objects.values_list("decision_id", "counted", "doubted").iterator():
        same(f"outcome of decision {decision_id}", outcomes.pop(decision_id, None), (counted, doubted))
    none_left("outcome of decision", outcomes)
    _compare_acts()
    _compare_money(memory)


def _compare_acts() -> None:
    """Compare acts that are results with what the hours of their ads count; the database tells the first that differs.

    Raises: Difference.
    """
    for act, signal in SIGNAL_OF.items():
        hour = AdHour.objects.filter(ad_id=OuterRef("ad_id"), hour_ms=OuterRef("hour_ms")).values(signal)
        acts = AdEvent.objects.filter(kind=act).annotate(counted=Coalesce(Subquery(hour), 0))
        others = acts.exclude(conversions=F("counted"), results=F("counted")).order_by("ad_id", "hour_ms")
        for ad_id, hour_ms, counted, *told in others.values_list(
            *("ad_id", "hour_ms", "counted", "conversions", "results")
        )[:1]:
            same(f"{act} as result of ad {ad_id}/{hour_ms}", [counted, counted], told)


def _compare_money(memory: Memory) -> None:
    """Match every charge of the ledger with its event, and what ads spent with their charges. Raises: Difference."""
    asked = dict(memory.charges)
    spent: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    after = ""
    while rows := books.list_charged(EVENT, after=after):
        for key, outcome, micros in rows:
            place = asked.pop(key, None)
            same(f"charge {key}", None if place is None else place[2], micros)
            if place is not None:
                row = spent[place[:2]]
                at = 0 if outcome == CHARGED else 2
                row[at] += 1
                row[at + 1] += micros
        after = rows[-1][0]
    none_left("charge", asked)
    names = ("ad_id", "hour_ms", "charged", "spent_micros", "free", "free_micros")
    for ad_id, hour_ms, *money in AdHour.objects.values_list(*names).iterator():
        expected = spent.pop((ad_id, hour_ms), [0, 0, 0, 0])
        same(f"money of ad {ad_id} in hour {hour_ms}", tuple(expected), tuple(money))
    none_left("money of ad", spent)


def _compare_sums() -> None:
    """Compare what is counted in all with what is counted by the hour. Raises: Difference."""
    in_all: dict[tuple[int, bool], list[int]] = {}
    for (subject_id, is_paid, _), counts in iterate_hours():
        _add_to(in_all.setdefault((subject_id, is_paid), [0] * WIDTH), counts)
    _compare_counts("all of", in_all, iterate_subjects())


def _compare_counts(name: str, expected: dict[Any, list[int]], found: Iterable[tuple[Any, tuple[int, ...]]]) -> None:
    for key, counts in found:
        wanted = expected.pop(key, None) or [0] * WIDTH
        for signal, one, other in zip(SIGNALS, wanted, counts, strict=True):
            same(f"{signal} of {name} {'/'.join(map(str, key))}", one, other)
    none_left(name, {key: counts for key, counts in expected.items() if any(counts)})


def same(what: str, by_log: object, by_house: object) -> None:
    """Compare two values. Raises: Difference."""
    if by_log != by_house:
        raise Difference(f"{what}: {by_log} by the log, {by_house} by the house")


def none_left(name: str, left: dict[Any, Any]) -> None:
    """See that the log tells of nothing that the house does not have. Raises: Difference."""
    if left:
        key = min(left)
        said = "/".join(map(str, key)) if isinstance(key, tuple) else key
        raise Difference(f"{name} {said}: {left[key]} by the log, none by the house")


def _add_to(kept: list[int], more: Iterable[int]) -> None:
    for place, count in enumerate(more):
        kept[place] += count
