"""Several processes, one budget: what is decided once it is spent stays within the promise, and all of it gets spent.

A ledger that charges whole or not at all; events that come late, out of order or never; totals that are published each
second and read half a second late; a settling that stands still for a minute; a process that is killed and forgets.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field

import pytest

from attise.records.totals import EnvelopeTotals, Totals, TotalsHead
from attise.serving.delivery.allowance import Allowances

START_MS = 1_790_000_000_000
DAY_MS = 86_400_000
BUDGET = 50_000_000
CAMPAIGN, GROUP = 21, 31
MOST_AFTER = 100
"""Decisions after the end that the promise allows whatever they are worth."""


@dataclass
class Fleet:
    """A world of one second a step."""

    processes: int
    seed: int
    price: int
    chance: float
    """That a decision is paid for: shown, or clicked."""
    per_second: int
    late: float = 0.02
    """Of what is paid for, the part that comes an hour later."""
    certain: bool = True
    standstill: tuple[int, int] = (0, 0)
    """Seconds between which nothing is settled."""
    kill_at: int = -1
    tells: bool = True
    """Whether totals tell whose decisions were charged."""
    spent: int = 0
    free: int = 0
    after: int = 0
    """Decisions that were taken when nothing could be charged any more."""
    events: list[tuple[int, int]] = field(default_factory=list)
    by_node: dict[int, int] = field(default_factory=dict)

    def run(self, seconds: int) -> Fleet:
        self.chance_of = random.Random(self.seed)
        self.fleet = [Allowances(node=node, started_at_ms=START_MS - DAY_MS) for node in range(self.processes)]
        told = self._totals(0, START_MS)
        for second in range(seconds):
            now_ms = START_MS + second * 1_000
            for allowance in self.fleet:
                allowance.heed(told, processes=self.processes)
            if second == self.kill_at:
                self.fleet[0] = Allowances(node=0, started_at_ms=now_ms)
            for turn in range(self.per_second):
                self._decide(now_ms + turn * 1_000 // self.per_second)
            if not self.standstill[0] <= second < self.standstill[1]:
                told = self._settle(second, now_ms)
            else:
                told = Totals(TotalsHead(told.head.version, now_ms, told.head.counted_to_ms))
        return self

    def _decide(self, at_ms: int) -> None:
        node = self.chance_of.randrange(self.processes)
        allowance = self.fleet[node]
        expected = self.price if self.certain else round(self.price * self.chance)
        bounds = (CAMPAIGN, GROUP)
        if not allowance.may_spend(bounds, self.price, now_ms=at_ms, wire_ms=at_ms, expected_micros=expected):
            return
        if self.spent + self.price > BUDGET:
            self.after += 1
        allowance.hold(bounds, expected, wire_ms=at_ms, certain=self.certain)
        if self.chance_of.random() < self.chance:
            is_late = self.chance_of.random() < self.late
            delay_ms = 3_600_000 if is_late else int(self.chance_of.expovariate(1 / 20_000))
            heapq.heappush(self.events, (at_ms + delay_ms, node))

    def _settle(self, second: int, now_ms: int) -> Totals:
        """Charge what was received until now, as the ledger does: all of a price, or nothing."""
        while self.events and self.events[0][0] <= now_ms:
            _, node = heapq.heappop(self.events)
            if self.spent + self.price > BUDGET:
                self.free += self.price
            else:
                self.spent += self.price
                self.by_node[node] = self.by_node.get(node, 0) + self.price
        return self._totals(second + 1, now_ms)

    def _totals(self, version: int, now_ms: int) -> Totals:
        nodes = (tuple(sorted(self.by_node.items())) or ((0, 0),)) if self.tells else ()
        rows = [
            EnvelopeTotals(one, "day", START_MS, START_MS + DAY_MS, limit, self.spent, None, nodes)
            for one, limit in ((CAMPAIGN, 2 * BUDGET), (GROUP, BUDGET))
        ]
        return Totals(TotalsHead(version, now_ms, now_ms), tuple(rows))


IMPRESSIONS = {"price": 8_000, "chance": 0.9, "certain": True}
CLICKS = {"price": 400_000, "chance": 0.02, "certain": False}


@pytest.mark.parametrize("paid", [IMPRESSIONS, CLICKS], ids=["impressions", "clicks"])
@pytest.mark.parametrize(("processes", "share"), [(1, 0.01), (4, 0.02)])
@pytest.mark.parametrize("seed", [0])
def test_what_is_decided_after_the_end_is_within_the_promise_and_the_budget_is_used(paid, processes, share, seed):
    world = Fleet(processes=processes, seed=seed, per_second=15, **paid).run(3_000)
    assert world.spent <= BUDGET
    assert world.spent >= 0.97 * BUDGET, "what never comes is let go of, and spent after all"
    worth = world.after * world.price * (1 if world.certain else world.chance)
    assert world.after <= MOST_AFTER or worth <= share * BUDGET
    assert world.free <= (0.02 if world.certain else 0.06) * BUDGET, (
        "late impressions, and clicks as chance brings them"
    )


def test_where_totals_do_not_tell_whose_decisions_were_charged_the_promise_holds_too():
    for paid in (IMPRESSIONS, CLICKS):
        world = Fleet(processes=4, seed=2, per_second=15, tells=False, **paid).run(2_500)
        assert world.after <= MOST_AFTER
        assert world.spent >= 0.97 * BUDGET
        assert world.free <= 0.06 * BUDGET


def test_a_budget_that_is_spent_in_minutes_is_not_held_up_by_what_was_charged_already():
    world = Fleet(processes=1, seed=2, per_second=15, tells=False, **IMPRESSIONS)
    assert world.run(800).spent >= 0.97 * BUDGET


@pytest.mark.parametrize("processes", [1, 4])
def test_where_settling_stands_still_every_process_ends_at_its_slice(processes):
    world = Fleet(processes=processes, seed=1, per_second=100, standstill=(0, 150), **IMPRESSIONS).run(150)
    assert world.spent == 0
    assert len(world.events) * world.price <= BUDGET
    world = Fleet(processes=processes, seed=1, per_second=100, standstill=(20, 80), **IMPRESSIONS).run(400)
    assert world.after <= MOST_AFTER
    assert world.free <= 0.02 * BUDGET


def test_a_process_that_forgot_what_it_had_decided_costs_no_more_than_the_promise():
    for seed in range(2):
        world = Fleet(processes=4, seed=seed, per_second=20, kill_at=200, **IMPRESSIONS).run(1_500)
        assert world.after <= MOST_AFTER
        assert world.free <= 0.02 * BUDGET
        assert world.spent >= 0.97 * BUDGET


def test_the_promise_notices_when_holds_are_forgotten(monkeypatch):
    monkeypatch.setattr(Allowances, "hold", lambda *_, **__: None)
    world = Fleet(processes=4, seed=0, per_second=200, **IMPRESSIONS).run(300)
    assert world.free > 0.02 * BUDGET


@pytest.mark.long
@pytest.mark.parametrize("paid", [IMPRESSIONS, CLICKS], ids=["impressions", "clicks"])
@pytest.mark.parametrize(("processes", "share"), [(1, 0.01), (4, 0.02)])
@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_decisions_a_second_keep_the_promise_through_faults(paid, processes, share, seed):
    world = Fleet(processes=processes, seed=seed, per_second=1_000, standstill=(40, 70), kill_at=90, **paid).run(1_500)
    worth = world.after * world.price * (1 if world.certain else world.chance)
    assert world.spent <= BUDGET
    assert world.after <= MOST_AFTER or worth <= share * BUDGET
    assert world.spent >= 0.97 * BUDGET
    assert world.free <= (0.02 if world.certain else 0.10) * BUDGET
