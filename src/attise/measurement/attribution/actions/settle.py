"""Events are settled: steps 2 to 6 of *an event comes back*.

Before: the log holds them, in its order. After: each has counted once, on the original post, organic or paid; what is
paid for is charged; outcomes and hours are written; and the place in the log stands. One batch is one transaction:
killed anywhere it is whole or not there, and the next one begins where the last one ended.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from attise.kernel.ids import NODES, SEQUENCE_BITS
from attise.kernel.limits import SETTLE_BEHIND_BATCHES, SETTLE_EVENTS, SETTLE_EVENTS_BEHIND, SETTLE_EVENTS_SHARED
from attise.kernel.means import Means
from attise.ledger import actions as ledger
from attise.ledger import queries as books
from attise.ledger import storing
from attise.ledger.actions.charge import CHARGED
from attise.measurement.attribution.actions.bring_back import bring_back
from attise.measurement.attribution.actions.count_acts import count_acts
from attise.measurement.attribution.acts import pack
from attise.measurement.attribution.billing import FEES, creator_account
from attise.measurement.attribution.judging import (
    Billable,
    HiddenAd,
    Known,
    Prepared,
    Verdict,
    judge,
    note_too_many,
    prepare,
)
from attise.measurement.attribution.models import (
    Ad,
    AdHour,
    Changed,
    GroupQuarter,
    Hidden,
    Outcome,
    Pace,
    Position,
    Settled,
    Spending,
    Step,
)
from attise.measurement.attribution.paces import LIFE_MS, Held, decode_filled, encode_filled, time_of
from attise.measurement.attribution.queries import get_mark
from attise.measurement.attribution.reading import Cut, Mark, Reader
from attise.measurement.attribution.touching import touches_of
from attise.measurement.attribution.whose import Asked, Whose
from attise.measurement.conversions import actions as conversions
from attise.measurement.counters import actions as counters
from attise.measurement.counters.signals import SIGNALS, WIDTH
from attise.measurement.ingest.log import EventLog
from attise.records.token import AdClaims, Claims
from attise.records.totals import GROUP, POST

FREE: Final = "free"
_MONEY = ("charged", "spent_micros", "shared_micros", "fee_micros", "free", "free_micros")
_NO_MONEY = (0,) * len(_MONEY)
_STEP: Final = (
    *("position", "decision_id", "received_at_ms", "acts", "doubted", "doubt", "watch_ms"),
    *("charged_micros", "outcome", "reason"),
)
_POSITION: Final = ("position", "entries", "events", "duplicates", "doubted")
KNOWN_ADS: Final = 50_000
"""Ads whose row is remembered to be there."""


@dataclass(frozen=True, slots=True)
class Settling:
    """What one batch came to."""

    events: int
    is_end: bool
    """Whether all that was in the log when it was read is settled."""
    at_ms: int
    """Wire time at which what was settled last was committed to the log; 0: nothing was there."""


class _Ahead(NamedTuple):
    """A batch to come, read while the one before was committed."""

    cut: Cut
    prepared: Prepared | None
    """None: somebody must be asked first."""


class Settler:
    """Settles a log batch by batch; keeps what was read ahead between two batches. Belongs to one thread.

    A second thread reads and prepares a batch while the one before it is committed, which waits for the disk and needs
    no interpreter; each waits for the other, so that nothing here is ever used by both.
    """

    def __init__(
        self,
        log: EventLog,
        *,
        whose: Whose,
        results_of: Callable[[Iterable[int]], dict[int, str]],
        batch_events: int = SETTLE_EVENTS,
    ) -> None:
        """Settle this log.

        ``whose`` posts and profiles are is asked where no token says so; ``results_of`` ad groups, by group, are the
        acts or kinds of event that each is there for. ``batch_events``: as many events are one transaction; more
        where nobody waits for the writer's lock.
        """
        self._reader = Reader(log)
        self._batch_events = batch_events
        self._whose, self._asked = whose, Asked(whose)
        self._results_of = results_of
        self.is_shared = False
        """Whether somebody else writes now and then, as whoever settles sees it: batches stay smaller then."""
        self._mark: Mark | None = None
        self._restored_at_ms = 0
        self._held: Held | None = None
        self._began = 0
        self._known_ads: set[int] = set()
        self._without_end = 0
        self._second = ThreadPoolExecutor(1, "settle-ahead")
        self._coming: Future[_Ahead] | None = None

    @property
    def is_behind(self) -> bool:
        """Whether so much waits in the log that batches are large."""
        return self._without_end >= SETTLE_BEHIND_BATCHES

    def settle(self, means: Means) -> Settling:
        """Settle a batch of events in one transaction; a large one, of ``SETTLE_EVENTS_BEHIND``, far behind.

        Raises: Outage when the log cannot be read.
        Any number of processes may do so: each batch is taken by one, under the lock of the row of the position.
        Cost: some thirty statements whatever the number of events, ten of them where nothing is paid for.
        """
        if self._mark is None:
            self._mark, self._restored_at_ms = get_mark(), books.restored_at_ms()
        ahead, is_end = self._take_ahead(self._mark)
        cut = ahead.cut
        self._without_end = 0 if cut.is_end else self._without_end + 1
        if cut.end == cut.begin:
            return Settling(0, is_end, cut.at_ms)
        prepared = ahead.prepared
        if prepared is None:
            self._asked.learn(cut.events)
            prepared = prepare(cut.events, self._asked)
        with transaction.atomic():
            row = storing.lock(Position, (*_POSITION, "began"), column="id", value=1)
            if row is None:
                raise AssertionError("the row of the position is missing")
            if row[:2] != cut.begin:
                self._forget()  # another process was here: begin where it ended
                return Settling(0, is_end=False, at_ms=0)
            if row[-1] != self._began:  # what was counted before was taken away, as in a sandbox that is emptied
                self._forget()
                self._asked = Asked(self._whose)
                self._asked.learn(cut.events)
                prepared = prepare(cut.events, self._asked)
            held = _read_paces() if self._held is None else self._held
            verdict = self._write(means, cut, prepared, held)
            seen = (*cut.end, row[2] + len(cut.events), row[3] + verdict.duplicates, row[4] + verdict.doubted)
            storing.change(Position, dict(zip(_POSITION, seen, strict=True)), column="id", value=1)
            if not cut.is_end:
                self._coming = self._second.submit(self._look_ahead, cut.end)
        if self._coming is not None:
            wait([self._coming])
        self._mark, self._held, self._began = cut.end, held, row[-1]
        held.keep(verdict.filled, received_ms=time_of(prepared.received_ms, cut.at_ms))
        self._known_ads |= verdict.ads.keys()
        if len(self._known_ads) > KNOWN_ADS:
            self._known_ads.clear()
        return Settling(len(cut.events), is_end, cut.at_ms)

    def _write(self, means: Means, cut: Cut, prepared: Prepared, held: Held) -> Verdict:
        """Write what a batch comes to, in the transaction of the caller."""
        verdict = self._settle(means, cut, prepared, held) if cut.events else Verdict()
        if cut.conversions:
            self._credit(means, cut, conversions=cut.conversions)
        if cut.refused:
            conversions.note_refused(cut.refused)
        return verdict

    def _take_ahead(self, mark: Mark) -> tuple[_Ahead, bool]:
        """Return the batch after a place, and whether the log ends with it. Raises: Outage.

        Of what was read ahead nobody can say the latter: more may have come since.
        """
        coming, self._coming = self._coming, None
        if coming is not None:
            ahead = coming.result()
            if ahead.cut.begin == mark and ahead.cut.end != mark:
                return ahead, False
        cut = self._reader.cut(mark, limit=self._most)
        return _Ahead(cut, None), cut.is_end

    @property
    def _most(self) -> int:
        """How many events the next batch takes."""
        if not self.is_behind:
            return self._batch_events
        return max(self._batch_events, SETTLE_EVENTS_SHARED if self.is_shared else SETTLE_EVENTS_BEHIND)

    def _look_ahead(self, mark: Mark) -> _Ahead:
        """Read and prepare the batch after a place. Raises: Outage. Asks no database but the log."""
        cut = self._reader.cut(mark, limit=self._most)
        return _Ahead(cut, prepare(cut.events, self._asked) if self._asked.knows_all(cut.events) else None)

    def _forget(self) -> None:
        """Forget what other batches left behind: somebody else may have changed it."""
        self._mark, self._held = None, None
        self._known_ads.clear()

    def _settle(self, means: Means, cut: Cut, prepared: Prepared, held: Held) -> Verdict:
        """Judge events and write what they come to, in the transaction of the caller."""
        fresh = storing.insert_absent_keys(Settled, prepared.keys)
        known = Known(
            fresh,
            filled=held,
            states=counters.read_states(prepared.states),
            watched=counters.read_watched(prepared.decisions),
        )
        verdict = judge(prepared, known)
        touches = touches_of(prepared, verdict)
        note_too_many(verdict, prepared, lambda rows: storing.insert_absent_keys(Settled, dict(rows)))
        _give_back(fresh - verdict.taken)
        _write_paces(held, verdict, time_of(prepared.received_ms, cut.at_ms))
        counters.count(verdict.tally, states=verdict.states, watched=verdict.watched, followed=verdict.followed)
        money = _charge(means, verdict, self._restored_at_ms)
        _write_outcomes(verdict, cut.reaches)
        _write_steps(verdict, cut.reaches)
        self._write_ads(verdict, money)
        storing.append(Hidden, verdict.hidden, names=HiddenAd._fields)
        if verdict.acted:
            count_acts(verdict.acted, results_of=self._results_of)
        _note_changed(verdict)
        if touches:
            self._credit(means, cut, touches=touches)
        return verdict

    def _credit(self, means: Means, cut: Cut, **told: Any) -> None:
        """Have conversions credited, and what ads, ad groups and decisions came to follow."""
        settled = conversions.settle(**told, results_of=self._results_of, position=cut.reaches)
        bring_back(settled.places, now_ms=means.clock.world_ms(), position=cut.reaches)

    def _write_ads(self, verdict: Verdict, money: dict[tuple[int, int], list[int]]) -> None:
        new = [
            _ad_row(claims, ad) for ad_id, (claims, ad) in sorted(verdict.ads.items()) if ad_id not in self._known_ads
        ]
        storing.insert_absent(Ad, new, key="ad_id")
        nothing = [0] * WIDTH
        rows = [
            (*verdict.ad_hours.get(key, nothing), *key, *money.get(key, _NO_MONEY))
            for key in sorted(verdict.ad_hours.keys() | money.keys())
        ]
        storing.add(AdHour, rows, unique=("ad_id", "hour_ms"), sums=(*SIGNALS, *_MONEY))
        quarters = [(*key, *counts, 0, 0, 0) for key, counts in sorted(verdict.quarters.items())]
        sums = ("spent_micros", "impressions", "clicks", "views_6s")
        storing.add(GroupQuarter, quarters, unique=("adgroup_id", "quarter_ms"), sums=sums)


def _read_paces() -> Held:
    """Return what buckets hold, as all batches left them. Cost: one statement, over the batches of the last while."""
    held = Held()
    for expires_at_ms, body in Pace.objects.order_by("id").values_list("expires_at_ms", "body").iterator():
        held.keep(decode_filled(bytes(body)), received_ms=expires_at_ms - LIFE_MS)
    return held


def _write_paces(held: Held, verdict: Verdict, received_ms: int) -> None:
    """Write what a batch left in buckets as one row, and let rows go that nothing falls into the buckets of any more.

    By the time of the log and not by the clock's: a log that is settled late has the same doubts.
    """
    if held.turns_at(received_ms):
        Pace.objects.filter(expires_at_ms__lt=received_ms).delete()
    if verdict.filled:
        row = (received_ms + LIFE_MS, encode_filled(verdict.filled))
        storing.append(Pace, [row], names=("expires_at_ms", "body"))


def _give_back(untaken: set[bytes]) -> None:
    """Let keys go that were there for events which were not believed after all: believed later, they count."""
    if untaken:
        Settled.objects.filter(key__in=list(untaken)).delete()


def _charge(means: Means, verdict: Verdict, restored_at_ms: int) -> dict[tuple[int, int], list[int]]:
    """Charge what is paid for; returns what ads spent, by ad and hour of the decision, in the order of ``_MONEY``."""
    money: dict[tuple[int, int], list[int]] = {}
    spent: dict[tuple[int, str, int], int] = {}
    by_currency: dict[str, list[Billable]] = {}
    for one in verdict.billable:
        by_currency.setdefault(one.ad.currency, []).append(one)
    for currency in sorted(by_currency):
        asked = by_currency[currency]
        with ledger.batch(means, currency) as book:
            answers = ledger.charge_many(book, [one.charge for one in asked], restored_at_ms=restored_at_ms)
        for one, answer in zip(asked, answers, strict=True):
            is_charged = answer.outcome == CHARGED
            outcome = verdict.outcome_of(one.claims, one.ad)
            outcome.outcome, outcome.reason = answer.outcome if is_charged else FREE, answer.reason
            if not is_charged and not answer.reason:
                outcome.reason = answer.outcome
            hour_ms = one.claims.decided_at_ms - one.claims.decided_at_ms % 3_600_000
            row = money.setdefault((one.ad.ad_id, hour_ms), [0] * len(_MONEY))
            if not is_charged:
                row[4] += 1
                row[5] += one.charge.amount_micros
                continue
            legs = dict(one.charge.legs)
            row[0] += 1
            row[1] += answer.charged_micros
            row[2] += legs.get(creator_account(one.claims.creator_id), 0)
            row[3] += legs.get(FEES, 0)
            outcome.charged_micros += answer.charged_micros
            verdict.quarter_of(one.claims, one.ad)[0] += answer.charged_micros
            if answer.charged_micros:
                node = one.claims.decision_id >> SEQUENCE_BITS & (NODES - 1)
                for envelope_id, period in answer.places:
                    place = (envelope_id, period, node)
                    spent[place] = spent.get(place, 0) + answer.charged_micros
    rows = [(*place, micros) for place, micros in sorted(spent.items())]
    storing.add(Spending, rows, unique=("envelope_id", "period", "node"), sums=("spent_micros",))
    return money


def _write_outcomes(verdict: Verdict, position: int) -> None:
    """Add what the batch tells of decisions to their rows. Cost: one statement."""
    rows = []
    for decision_id, one in sorted(verdict.outcomes.items()):
        claims, ad = one.claims, one.ad
        rows.append(
            (
                *(decision_id, ad.ad_id, ad.adgroup_id, ad.campaign_id, ad.advertiser_id),
                *(claims.post_id, claims.creator_id, claims.viewer, ad.billing_event, ad.currency, ad.price_micros),
                *(claims.decided_at_ms, claims.model_version, one.counted, one.doubted, one.doubt, one.watch_ms),
                *(one.charged_micros, one.outcome, one.reason, position, 0, 0),
            )
        )
    storing.merge(
        Outcome,
        rows,
        unique=("decision_id",),
        changes={
            "counted": "{old} | {new}",
            "doubted": "{old} | {new}",
            "doubt": "CASE WHEN {old} = '' OR ({new} <> '' AND {new} < {old}) THEN {new} ELSE {old} END",
            "watch_ms": "CASE WHEN {new} > {old} THEN {new} ELSE {old} END",
            "charged_micros": "{old} + {new}",
            "outcome": "CASE WHEN {new} = '' THEN {old} ELSE {new} END",
            "reason": "CASE WHEN {new} = '' THEN {old} ELSE {new} END",
            "position": "{new}",
        },
    )


def _write_steps(verdict: Verdict, position: int) -> None:
    """Write by itself what the batch added to outcomes, for facts to tell. Cost: one statement."""
    rows = [
        (
            *(position, decision_id, one.received_at_ms, pack(one.acts), one.doubts, one.doubt, one.watched_ms),
            *(one.charged_micros, one.outcome, one.reason),
        )
        for decision_id, one in sorted(verdict.outcomes.items())
        if one.has_grown
    ]
    storing.append(Step, rows, names=_STEP)


def _note_changed(verdict: Verdict) -> None:
    """Have totals of posts and ad groups be told anew."""
    posts = {subject.id for subject in verdict.tally.subjects.values() if subject.kind == POST}
    groups = {adgroup_id for adgroup_id, _ in verdict.quarters}
    changed = [*((POST, one) for one in sorted(posts)), *((GROUP, one) for one in sorted(groups))]
    storing.append(Changed, changed, names=("kind", "object_id"))


def _ad_row(claims: Claims, ad: AdClaims) -> tuple[Any, ...]:
    return (
        *(ad.ad_id, ad.adgroup_id, ad.campaign_id, ad.advertiser_id, claims.post_id, claims.creator_id, ad.currency),
        next(itertools.chain(ad.envelopes, (0,))),
        ad.goal,
    )


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
