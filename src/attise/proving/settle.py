"""``attise bench settle``: events from the log to counters and charges, in process, three in ten of them paid for.

The ceiling of a round is the bulk insert-if-absent of the same events' keys, ``SETTLE_EVENTS`` in a transaction: what
the database would do if nothing had to be judged, counted, charged or kept. Rounds are interleaved and medians quoted.
Then the whole log is counted anew (``attise verify counters``) and the ledger too, over everything that was settled.
``settle/replay`` is a million events from a log that nobody has read yet: what a house does that stood still.
``settle/balance`` is an edge and a process that settles beside one another, and what management's writes wait for then
(``proving.balance``). ``cpu_us`` is the processor time of an event, that of the thread which reads ahead included;
others on the core do not lengthen it as they do the clock's.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from attise.kernel import garbage
from attise.kernel.limits import SETTLE_EVENTS, SETTLE_EVENTS_BEHIND
from attise.kernel.means import Means
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.proving.balance import balance
from attise.proving.result import Row, quantile
from attise.records.event import Event, encode_event, key_of
from attise.records.token import AdClaims, Claims, TokenKind

if TYPE_CHECKING:
    from attise.kernel.house import House

ROUNDS: Final = 5
PER_ROUND, PER_ROUND_QUICK = 20_000, 4_000
REPLAYED, REPLAYED_QUICK = 1_000_000, 20_000
APPENDED: Final = 50
"""Events of one batch of the log, as an edge gathers them."""
ADVERTISERS, POSTS, CREATORS, VIEWERS = 20, 2_000, 400, 20_000
ADS_EACH: Final = 5
PAID: Final = 0.75
"""Of decisions; with 2.5 events each, three events in ten are paid for."""
PRICE_MICROS: Final = 8_700


def run(means: Means, house: House, *, quick: bool) -> list[Row]:
    """Settle rounds of events beside bare inserts, recount, then replay."""
    from attise.measurement.attribution.actions import Settler
    from attise.measurement.attribution.whose import BY_TOKENS

    world = World(means)
    garbage.look_seldom()  # as the process that settles does
    log = SqliteLog(house.folder, may_write=True)
    try:
        settler = Settler(log, whose=BY_TOKENS, results_of=lambda _: {})
        rounds = _rounds(means, world, log, settler, per_round=PER_ROUND_QUICK if quick else PER_ROUND)
        replay = _replay(means, world, log, settler, many=REPLAYED_QUICK if quick else REPLAYED)
    finally:
        log.close()
    beside = balance(means, house, world, quick=quick)
    return [rounds, replay, beside]


class World:
    """Who is shown what, who pays, and what devices send of it."""

    def __init__(self, means: Means) -> None:
        """Fund advertisers without end and open their limits."""
        self._means = means
        self._chance = random.Random(7)  # noqa: S311 - no secret
        self._envelopes = _open(means)
        self._serial = 0
        self._begin_ms = means.clock.wire_ms() - 6 * 3_600_000
        self.decisions = self.paid = self.events = 0

    def begin_at(self, at_ms: int) -> None:
        """Have decisions to come be of this moment and the ones after it (wire time), a millisecond each."""
        self._begin_ms = at_ms - self._serial

    def happen(self, many: int) -> list[Event]:
        """Return so many events of new decisions, nearly in the order in which they would come."""
        found: list[Event] = []
        while len(found) < many:
            found += self._of_decision()
        for event in found[:many]:
            self.events += 1
            self.decisions += event.type == "impression"
            self.paid += event.type == "impression" and event.is_paid
        return found[:many]

    def _of_decision(self) -> Iterator[Event]:
        self._serial += 1
        viewer, post = self._chance.randrange(VIEWERS), self._chance.randrange(POSTS)
        sealed_ms = self._begin_ms + self._serial
        ad = self._ad(self._chance.randrange(ADVERTISERS * ADS_EACH)) if self._chance.random() < PAID else None
        claims = Claims(
            kind=TokenKind.ORGANIC if ad is None else TokenKind.AD,
            decision_id=sealed_ms << 22 | self._serial % 4096,
            feed_id=1,
            post_id=10_000 + post,
            creator_id=100 + post % CREATORS,
            viewer=f"viewer-{viewer:016}",
            session_id=f"session-{viewer}",
            surface="feed",
            decided_at_ms=sealed_ms,
            sealed_at_ms=sealed_ms,
            duration_ms=15_000,
            place=3,
            snapshot_version=1,
            model_version=1,
            is_exploration=False,
            ad=ad,
        )
        yield self._event("impression", claims, 300)
        yield self._event("view_2s", claims, 2_400)
        if self._serial % 2:
            yield self._event("like" if self._serial % 8 == 1 else "view_6s", claims, 7_000)

    def _event(self, type_: str, claims: Claims, after_ms: int) -> Event:
        event_id, at_ms = f"{type_}-{self._serial}", claims.sealed_at_ms + after_ms
        return Event(
            key=key_of(type_, event_id, claims.viewer, claims),
            event_id=event_id,
            type=type_,
            person=claims.viewer,
            at_ms=at_ms,
            received_ms=at_ms,
            received_at_ms=at_ms,
            post_id=claims.post_id,
            creator_id=claims.creator_id,
            watch_ms=after_ms - 300 if type_.startswith("view") else -1,
            claims=claims,
            session_id=claims.session_id,
            block=f"net-{claims.post_id % 997}",
        )

    def _ad(self, number: int) -> AdClaims:
        return AdClaims(
            ad_id=900_000 + number,
            adgroup_id=800_000 + number // 2,
            campaign_id=700_000 + number // ADS_EACH,
            advertiser_id=number // ADS_EACH,
            billing_event="OCPM",
            price_micros=PRICE_MICROS,
            currency="EUR",
            envelopes=self._envelopes[number // ADS_EACH],
            fee_ppm=0,
            share_ppm=100_000,
            view_goal_ms=0,
            click_window="SEVEN_DAYS",
            view_window="ONE_DAY",
            engaged_view_window="OFF",
            attribution_event_count="EVERY",
            pixel_id=0,
            grant_id=1,
            is_spark=True,
        )


def _open(means: Means) -> list[tuple[int, ...]]:
    from django.db import transaction

    from attise.kernel.actor import COMMAND
    from attise.ledger import actions as ledger

    found = []
    with transaction.atomic(), ledger.batch(means, "EUR"):
        for number in range(ADVERTISERS):
            payer, micros = f"advertiser:{number}", 10**14
            ledger.open_account(means, key=payer, currency="EUR", is_prepaid=True)
            entries = {payer: micros, "outside:bench": -micros}
            ledger.move(means, COMMAND, key=f"fund:{number}", currency="EUR", reason="funding", entries=entries)
            opened = [
                ledger.open_envelope(
                    means,
                    key=f"{name}:{number}",
                    kind=kind,
                    payer=payer,
                    currency="EUR",
                    timezone="Europe/Paris",
                    limit_micros=10**13,
                )
                for name, kind in (("campaign", "day"), ("adgroup", "day"), ("grant", "grant"))
            ]
            found.append(tuple(one.id for one in opened))
    return found


def _append(log: SqliteLog, events: list[Event], *, at_ms: int) -> None:
    for begin in range(0, len(events), APPENDED):
        part = events[begin : begin + APPENDED]
        log.append([Entry(EntryKind.EVENT, 0, encode_event(one)) for one in part], at_ms=at_ms)


def _settle(means: Means, settler: Any, times_ms: list[float]) -> tuple[float, float]:
    """Settle to the end of the log; returns the seconds, and those of this process's processor time."""
    begin = last = time.perf_counter()
    cpu_s = time.process_time()
    while not settler.settle(means).is_end:
        now = time.perf_counter()
        times_ms.append((now - last) * 1000)
        last = now
    return time.perf_counter() - begin, time.process_time() - cpu_s


def _rounds(means: Means, world: World, log: SqliteLog, settler: Any, *, per_round: int) -> Row:
    speeds: list[float] = []
    ceilings: list[float] = []
    costs_us: list[float] = []
    times_ms: list[float] = []
    for round_ in range(ROUNDS):
        _tell(f"round {round_ + 1} of {ROUNDS}")
        events = world.happen(per_round)
        _append(log, events, at_ms=means.clock.wire_ms())
        took_s, cpu_s = _settle(means, settler, times_ms)
        speeds.append(per_round / took_s)
        costs_us.append(cpu_s / per_round * 1e6)
        ceilings.append(per_round / _insert_bare(events))
    _tell("recount")
    checks = {"cpu_us": round(statistics.median(costs_us), 1), **_checks(world, log)}
    speed, ceiling = statistics.median(speeds), statistics.median(ceilings)
    return Row(
        "settle/events",
        f"{SETTLE_EVENTS} to {SETTLE_EVENTS_BEHIND} a batch, {100 * world.paid // world.events} % paid for",
        round(ceiling, 1),
        round(speed, 1),
        round(speed / ceiling, 3),
        round(quantile(times_ms, 0.5), 2),
        round(quantile(times_ms, 0.99), 2),
        checks,
        _is_fine(checks),
    )


def _replay(means: Means, world: World, log: SqliteLog, settler: Any, *, many: int) -> Row:
    times_ms: list[float] = []
    for begin in range(0, many, 100_000):
        _append(log, world.happen(min(100_000, many - begin)), at_ms=means.clock.wire_ms())
    _tell(f"replay of {many} events")
    took_s, cpu_s = _settle(means, settler, times_ms)
    cpu_us = round(cpu_s / many * 1e6, 1)
    checks: dict[str, float | int | str] = {"seconds": round(took_s, 1), "cpu_us": cpu_us, **_sums(world)}
    return Row(
        "settle/replay",
        f"{many} events",
        None,
        round(many / took_s, 1),
        None,
        round(quantile(times_ms, 0.5), 2),
        round(quantile(times_ms, 0.99), 2),
        checks,
        _is_fine(checks),
    )


def _is_fine(checks: dict[str, float | int | str]) -> bool:
    """Tell whether what was checked holds; figures without a wrong value are told and not judged."""
    judged = {name: value for name, value in checks.items() if name not in {"seconds", "cpu_us", "counted", "charged"}}
    return all(value in {0, "none"} for value in judged.values())


def _checks(world: World, log: SqliteLog) -> dict[str, float | int | str]:
    """Count everything anew."""
    from attise.ledger.verify import verify_ledger
    from attise.measurement.attribution.recount import recount
    from attise.measurement.attribution.whose import BY_TOKENS

    counters = recount(log, whose=BY_TOKENS).difference
    return {**_sums(world), "recount": counters or "none", "ledger": verify_ledger().difference or "none"}


def _sums(world: World) -> dict[str, float | int | str]:
    """Return how many were counted and charged, and how far that is from what was sent."""
    from attise.ledger.queries import balance_of
    from attise.measurement.counters.queries import list_counts

    counts = list_counts(range(10_000, 10_000 + POSTS)).values()
    counted = sum(one.of("impressions").total for one in counts)
    paid = sum(10**14 - balance_of(f"advertiser:{number}", "EUR") for number in range(ADVERTISERS))
    return {
        "counted": counted,
        "charged": paid // PRICE_MICROS,
        "impressions_off": abs(counted - world.decisions),
        "charges_off": abs(paid - world.paid * PRICE_MICROS),
    }


def _insert_bare(events: list[Event]) -> float:
    """Insert the events' keys where they are absent, a transaction a batch; returns the seconds."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS beside_settled (key BLOB PRIMARY KEY, expires_at_ms BIGINT)")
        begin = time.perf_counter()
        for first in range(0, len(events), SETTLE_EVENTS):
            part = events[first : first + SETTLE_EVENTS]
            places = ", ".join(["(%s, %s)"] * len(part))
            statement = f"INSERT INTO beside_settled VALUES {places} ON CONFLICT (key) DO NOTHING RETURNING key"  # noqa: S608
            with transaction.atomic():
                cursor.execute(statement, [value for one in part for value in (one.key, one.received_ms)])
                cursor.fetchall()
        return time.perf_counter() - begin


def _tell(what: str) -> None:
    sys.stderr.write(f"bench settle: {what}\n")
    sys.stderr.flush()
