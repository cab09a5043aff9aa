"""The ledger as a state machine beside a plain model of it: any interleaving of verbs, days and retries agrees.

The model keeps sums in dictionaries and works dates out by itself; it knows nothing of batches, rows or locks.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from attise.kernel.chance import SeededChance
from attise.kernel.clock import FakeClock
from attise.kernel.errors import Refusal
from attise.kernel.ids import ClockIds
from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.ledger import actions, queries
from attise.ledger.models import Account, EnvelopePeriod
from attise.ledger.verify import verify_ledger
from attise.records.charge import Charge
from tests.ledger.payers import OPERATOR, OUTSIDE

PAYERS = ("advertiser:1", "advertiser:2")
ZONES = ("Europe/Paris", "Pacific/Auckland", "America/Los_Angeles", "America/Santiago")
LIMITS = (
    ("day", "day", PAYERS[0], ZONES[0], 120),
    ("week", "week", PAYERS[0], ZONES[1], 300),
    ("total", "total", PAYERS[0], ZONES[0], None),
    ("other's day", "day", PAYERS[1], ZONES[2], 60),
)


@dataclass
class Limit:
    """An envelope as the model has it."""

    id: int
    kind: str
    payer: str
    zones: list[tuple[int, str]]
    """From when (world time) which zone rules."""
    asked: list[tuple[str, int | None]]
    """From which period on which limit holds."""
    spent: dict[str, int] = field(default_factory=dict)
    closed_at: int | None = None

    def date(self, at_ms: int) -> dt.date:
        zone = next(zone for since, zone in reversed(self.zones) if since <= at_ms)
        return dt.datetime.fromtimestamp(at_ms // 1000, ZoneInfo(zone)).date()

    def period(self, at_ms: int) -> str:
        if self.kind not in {"day", "week"}:
            return ""
        date = self.date(at_ms)
        if self.kind == "day":
            return date.isoformat()
        monday = date - dt.timedelta(days=(date.weekday() + 1) % 7 - 1)
        return monday.strftime("%G-W%V")

    def limit(self, period: str) -> int | None:
        return next(limit for since, limit in reversed(self.asked) if since <= period)

    def room(self, period: str) -> int | None:
        limit = self.limit(period)
        return None if limit is None else max(0, limit - self.spent.get(period, 0))


def answer(act, *given, **named):
    """Return what a verb answers and None, or None and the code of its refusal; in a transaction of its own."""
    try:
        with transaction.atomic():
            return act(*given, **named), None
    except Refusal as refusal:
        return None, refusal.code


def divide_by_nothing():
    raise ZeroDivisionError


class Books(RuleBasedStateMachine):
    """Two payers with a balance each, four limits, and the clock."""

    @initialize()
    def open(self):
        from django.conf import settings

        self.clock = FakeClock()
        self.means = Means(self.clock, SeededChance("machine"), ClockIds(self.clock, 2), settings.HOUSE.secrets)
        self.limits: dict[str, Limit] = {}
        self.balances: dict[str, int] = {}
        self.charges: dict[str, tuple[Charge, str, dict[str, str]]] = {}
        """By key: what was asked, what was answered, and the period of each limit."""
        self.fundings: dict[int, tuple[str, int]] = {}
        self.reversed: set[int | str] = set()
        self.serial = 0
        self.zone_changed_ms = 0
        with transaction.atomic(), actions.batch(self.means, "EUR"):
            for key, kind, payer, zone, limit in LIMITS:
                self.balances[payer] = 0
                made = actions.open_envelope(
                    self.means, key=key, kind=kind, payer=payer, currency="EUR", timezone=zone, limit_micros=limit
                )
                self.limits[key] = Limit(made.id, kind, payer, [(0, zone)], [("", limit)])
        self.move(PAYERS[0], 1000)

    def number(self) -> int:
        self.serial += 1
        return self.serial

    def keys_of(self, payer: str) -> list[str]:
        return [key for key, limit in self.limits.items() if limit.payer == payer]

    def pay(self, entries: dict[str, int]) -> None:
        for account, micros in entries.items():
            self.balances[account] = self.balances.get(account, 0) + micros

    # Transfers -----------------------------------------------------------------------------------------------------

    @rule(payer=st.sampled_from(PAYERS), micros=st.sampled_from([-200, -1, 1, 200, 1000]))
    def move(self, payer, micros):
        entries = {payer: micros, OUTSIDE: -micros}
        key = f"move:{self.number()}"
        made, code = answer(
            actions.move, self.means, OPERATOR, key=key, currency="EUR", reason="funding", entries=entries
        )
        assert code == ("balance_too_low" if self.balances[payer] + micros < 0 else None)
        if made is None:
            return
        self.fundings[made.id] = (payer, micros)
        self.pay(entries)

    @precondition(lambda self: self.fundings)
    @rule(data=st.data())
    def undo_a_move(self, data):
        made = data.draw(st.sampled_from(sorted(self.fundings)))
        payer, micros = self.fundings[made]
        _, code = answer(
            actions.reverse_transfer,
            self.means,
            OPERATOR,
            transfer_id=made,
            currency="EUR",
            key=f"undo:{self.number()}",
            reason="chargeback",
        )
        too_low = "balance_too_low" if self.balances[payer] - micros < 0 else None
        assert code == ("already_reversed" if made in self.reversed else too_low)
        if code is not None:
            return
        self.reversed.add(made)
        self.pay({payer: -micros, OUTSIDE: micros})

    # Charges -------------------------------------------------------------------------------------------------------

    def an_event(self, data, payer: str, ago_ms: int | None = None, named: list[str] | None = None) -> Charge:
        """Draw an event near the edges: of rooms, of a minute after a closing, of yesterday and today."""
        if named is None:
            named = data.draw(st.lists(st.sampled_from(self.keys_of(payer)), min_size=1, unique=True))
        if ago_ms is None:
            ago_ms = data.draw(st.sampled_from([0, 60_000, DAY_MS // 2, DAY_MS]))
        bounds, decided = [self.limits[key] for key in named], self.clock.world_ms() - ago_ms
        rooms = [self.balances[payer], *(one.room(one.period(decided)) for one in bounds)]
        least = min(room for room in rooms if room is not None)
        micros = data.draw(st.sampled_from([0, 1, 50, least, least + 1]))
        closed = [one.closed_at + 60_000 for one in bounds if one.closed_at is not None]
        edges = [self.clock.wire_ms(), *closed, *(edge + 1 for edge in closed)]
        return Charge(
            key=f"event:{self.number()}",
            envelopes=tuple(one.id for one in bounds),
            amount_micros=micros,
            legs=(("creator:7", micros // 3), ("house:revenue", micros - micros // 3)),
            decided_at_ms=decided,
            received_at_ms=data.draw(st.sampled_from(edges)),
        )

    def expect(self, asked: Charge) -> str:
        """Return what the model says of a new charge, and take it."""
        bounds = {key: limit for key, limit in self.limits.items() if limit.id in asked.envelopes}
        periods = {key: limit.period(asked.decided_at_ms) for key, limit in bounds.items()}
        payer = next(iter(bounds.values())).payer
        rooms = [self.balances[payer], *(bounds[key].room(period) for key, period in periods.items())]
        outcome = "charged"
        if any(one.closed_at is not None and asked.received_at_ms > one.closed_at + 60_000 for one in bounds.values()):
            outcome = "envelope_closed"
        elif any(room is not None and asked.amount_micros > room for room in rooms):
            outcome = "overdelivery"
        self.charges[asked.key] = (asked, outcome, periods)
        if outcome == "charged" and asked.amount_micros:
            self.pay({payer: -asked.amount_micros, **dict(asked.legs)})
            for key, period in periods.items():
                bounds[key].spent[period] = bounds[key].spent.get(period, 0) + asked.amount_micros
        return outcome

    @rule(data=st.data(), payers=st.lists(st.sampled_from(PAYERS), min_size=1, max_size=5))
    def charge(self, data, payers):
        self.settle([self.an_event(data, payer) for payer in payers])

    @rule(data=st.data(), key=st.sampled_from([key for key, *_ in LIMITS]))
    def an_event_of_yesterday_meets_a_new_limit(self, data, key):
        self.clock.advance(days=1)
        self.set_limit(data, key)
        self.settle([self.an_event(data, self.limits[key].payer, DAY_MS, [key])])

    def settle(self, asked: list[Charge]) -> None:
        with transaction.atomic(), actions.batch(self.means, "EUR") as book:
            answers = actions.charge_many(book, asked)
        for one, told in zip(asked, answers, strict=True):
            assert (told.reason or told.outcome) == self.expect(one)
            assert told.charged_micros in {0, one.amount_micros}

    @precondition(lambda self: self.charges)
    @rule(data=st.data(), is_altered=st.booleans())
    def charge_again(self, data, is_altered):
        asked, outcome, _ = self.charges[data.draw(st.sampled_from(sorted(self.charges)))]
        if is_altered:
            micros = asked.amount_micros + 1
            asked = Charge(
                asked.key, asked.envelopes, micros, (("x", micros),), asked.decided_at_ms, asked.received_at_ms
            )
        with transaction.atomic(), actions.batch(self.means, "EUR") as book:
            (told,) = actions.charge_many(book, [asked])
        assert (told.reason or told.outcome) == ("conflict" if is_altered else outcome)

    @precondition(lambda self: self.charges)
    @rule(data=st.data(), is_joined=st.booleans())
    def give_back(self, data, is_joined):
        self.give_back_one(data, data.draw(st.sampled_from(sorted(self.charges))), is_joined=is_joined)

    @rule(data=st.data(), key=st.sampled_from([key for key, *_ in LIMITS]))
    def give_back_under_a_lower_limit(self, data, key):
        event = self.an_event(data, self.limits[key].payer, 0, [key])
        self.settle([event])
        self.limit_is(key, 0)
        self.give_back_one(data, event.key, is_joined=False)

    def give_back_one(self, data, key, *, is_joined):
        asked, outcome, periods = self.charges[key]
        later = self.an_event(data, PAYERS[0])

        def act():
            with actions.batch(self.means, "EUR") as book:
                actions.reverse_charge(
                    self.means,
                    OPERATOR,
                    charge_key=key,
                    currency="EUR",
                    key=f"credit:{self.number()}",
                    reason="invalid_traffic",
                )
                return actions.charge_many(book, [later] if is_joined else [])

        answers, code = answer(act)
        moved = outcome == "charged" and asked.amount_micros > 0
        again = "already_reversed" if key in self.reversed else None
        assert code == (again if moved else "not_reversible")
        if answers is None:
            return
        self.reversed.add(key)
        payer = self.limits[next(iter(periods))].payer
        self.pay({payer: asked.amount_micros, **{account: -micros for account, micros in asked.legs}})
        for limit, period in periods.items():
            self.limits[limit].spent[period] -= asked.amount_micros
        for one in answers:
            assert (one.reason or one.outcome) == self.expect(later)

    @rule(data=st.data(), is_sealed=st.booleans())
    def lose_a_transaction(self, data, is_sealed):
        """Whatever a transaction did is undone with it; the next one begins where the last left off."""
        asked = [self.an_event(data, payer) for payer in PAYERS]
        with suppress(ZeroDivisionError), transaction.atomic():
            with actions.batch(self.means, "EUR") as book:
                actions.charge_many(book, asked)
                actions.set_limit(self.means, key=self.keys_of(PAYERS[0])[0], limit_micros=5)
                if not is_sealed:
                    divide_by_nothing()
            transaction.set_rollback(True)

    # Limits --------------------------------------------------------------------------------------------------------

    @rule(data=st.data(), key=st.sampled_from([key for key, *_ in LIMITS]))
    def set_limit(self, data, key):
        spent = self.limits[key].spent.get(self.limits[key].period(self.clock.world_ms()), 0)
        self.limit_is(key, data.draw(st.sampled_from([None, 0, 50, 1000, spent, max(0, spent - 1)])))

    def limit_is(self, key, micros):
        with transaction.atomic():
            actions.set_limit(self.means, key=key, limit_micros=micros)
        limit = self.limits[key]
        limit.asked.append((limit.period(self.clock.world_ms()), micros))

    @rule(key=st.sampled_from([key for key, *_ in LIMITS]), is_closed=st.booleans())
    def close_or_reopen(self, key, is_closed):
        limit = self.limits[key]
        with transaction.atomic():
            (actions.close_envelope if is_closed else actions.reopen_envelope)(self.means, key=key)
        if not is_closed:
            limit.closed_at = None
        elif limit.closed_at is None:
            limit.closed_at = self.clock.wire_ms()

    @rule(zone=st.sampled_from(ZONES), payer=st.sampled_from(PAYERS))
    def change_zone(self, zone, payer):
        now = self.clock.world_ms()
        if now < self.zone_changed_ms + 30 * DAY_MS:
            return  # management allows one in 30 days
        self.zone_changed_ms = now
        with transaction.atomic():
            actions.set_timezone(self.means, payer=payer, timezone=zone)
        for key in self.keys_of(payer):
            limit = self.limits[key]
            old = limit.zones[-1][1]
            tomorrow = dt.datetime.fromtimestamp(now // 1000, ZoneInfo(old)).date() + dt.timedelta(days=1)
            midnight = dt.datetime.combine(tomorrow, dt.time(), ZoneInfo(old))
            limit.zones.append((round(midnight.timestamp() * 1000), zone))

    @rule(hours=st.sampled_from([0.01, 5, 12, 24, 24 * 7, 24 * 31]))
    def time_passes(self, hours):
        self.clock.advance(seconds=hours * 3600)

    @rule(days=st.integers(0, 2))
    def world_time_is_moved(self, days):
        self.clock.offset_ms += days * DAY_MS

    # What must always be so ----------------------------------------------------------------------------------------

    @invariant()
    def accounts_are_what_was_moved_and_sum_to_nothing(self):
        held = dict(Account.objects.values_list("key", "balance_micros"))
        assert sum(held.values()) == 0
        assert {key: micros for key, micros in held.items() if micros} == {
            key: micros for key, micros in getattr(self, "balances", {}).items() if micros
        }
        assert all(held.get(payer, 0) >= 0 for payer in PAYERS)

    @invariant()
    def nothing_is_spent_above_a_limit(self):
        limits = {limit.id: limit for limit in getattr(self, "limits", {}).values()}
        for row in EnvelopePeriod.objects.all():
            assert row.limit_micros is None or row.spent_micros <= row.limit_micros
            limit = limits.get(row.envelope_id)
            if limit is not None:
                asked = limit.limit(row.period)
                assert row.spent_micros == limit.spent.get(row.period, 0)
                assert row.limit_micros == (None if asked is None else max(asked, row.spent_micros))

    @invariant()
    def what_is_asked_for_is_what_is_there(self):
        now = self.clock.world_ms() if hasattr(self, "clock") else 0
        for key, state in queries.list_envelopes(getattr(self, "limits", {}), at_ms=now).items():
            limit = self.limits[key]
            assert state.period == limit.period(now)
            assert state.room_micros == limit.room(state.period)
            assert state.envelope.closed_at_ms == limit.closed_at

    def teardown(self):
        assert verify_ledger().difference is None
