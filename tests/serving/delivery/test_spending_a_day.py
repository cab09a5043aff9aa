"""A day of one campaign, whole: contests, prices, holds, charges, totals and turns of pacing, in two processes."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from attise.records.feed import ViewerContext
from attise.records.totals import EnvelopeTotals, Totals, TotalsHead
from attise.serving.delivery.allowance import UNCERTAIN_LIFE_MS, Allowances
from attise.serving.delivery.offers import Pace, even_pace, offers_of, paced
from attise.serving.delivery.pacing.curve import typical
from attise.serving.delivery.pacing.turn import Groups, Paces, groups_of, no_paces, take_turn
from attise.serving.delivery.policy import Policy, UserValue
from attise.serving.delivery.state import State
from attise.serving.feed.answer import answer, sent
from attise.serving.feed.posts import from_posts
from tests.delivering import a_request, a_state, an_ad
from tests.serving.delivery.pacing.market import DAY, MINUTE_MS
from tests.serving.feed.stock import posts

ENVELOPE, CAMPAIGNS_AD, RIVALS, REQUESTS = 31, 1, 4, 1_500
CURVE = typical()
STOCK = from_posts(posts(60), now_ms=DAY.begins_at_ms)
POLICY = Policy(user_value=UserValue(0.0, 0.0, 0.0, 0.0))
REACH = {"starts_at_ms": 0, "billing_event": "CPM", "optimization_goal": "REACH", "bid_micros": 9_000_000}
CLICKS = {"starts_at_ms": 0, "bid_micros": 45_000}
CLICK_RATE = 0.2


@dataclass
class Process:
    """What one process has: its allowances, its state, and what its controllers remember."""

    state: State
    groups: Groups
    paces: Paces

    @classmethod
    def begun(cls, ads: list[Any], node: int) -> Process:
        state = a_state(ads, policy=POLICY)
        allowances = Allowances(node=node, started_at_ms=DAY.begins_at_ms - 2 * UNCERTAIN_LIFE_MS)
        [part] = state.parts
        offers = offers_of(part.segment, even_pace(part.segment), allowances, POLICY)
        state = replace(state, parts=(replace(part, offers=offers),), allowances=allowances)
        return cls(state, groups_of(state.segments), no_paces())

    def turn(self, told: Totals, now_ms: int) -> None:
        self.state.allowances.heed(told, processes=2)
        envelopes = {row.envelope_id: row for row in told.envelopes}
        self.paces = take_turn(
            self.paces, self.groups, envelopes, {}, lambda _: CURVE, now_ms=now_ms, slots_per_minute=REQUESTS / 1_440
        )
        [part] = self.state.parts
        pace = Pace(*self.paces.groups.of(part.segment.groups["adgroup_id"]))
        self.state = replace(self.state, parts=(replace(part, offers=paced(part.segment, part.offers, pace)),))


@dataclass
class Day:
    """How it went: what was charged by minute, what was given away, and what was decided when nothing was left."""

    spent: list[int]
    free: int = 0
    after: int = 0
    decided: int = 0


def spend(group: dict[str, Any], limit: int, seed: int) -> Day:
    chance = np.random.default_rng(seed)
    ads = [an_ad(CAMPAIGNS_AD, group={**group, "envelope_id": ENVELOPE, "balance_envelope_id": 0})]
    ads += [an_ad(10 + number, group={**CLICKS, "pacing": "PACING_MODE_FAST"}) for number in range(RIVALS)]
    processes = [Process.begun(ads, node) for node in (1, 2)]
    traffic = np.repeat(DAY.traffic / 15, 15)
    requests = chance.poisson(REQUESTS * traffic / traffic.sum())
    day, events, spent = Day([]), [], 0
    for minute in range(1_440):
        now_ms = DAY.begins_at_ms + minute * MINUTE_MS
        while events and events[0][0] <= now_ms:
            _, price = heapq.heappop(events)
            fits = spent + price <= limit
            spent, day.free = spent + price * fits, day.free + price * (not fits)
        row = EnvelopeTotals(ENVELOPE, "day", DAY.begins_at_ms, DAY.ends_at_ms, limit, spent)
        for process in processes:
            process.turn(Totals(TotalsHead(minute, now_ms, now_ms), (row,)), now_ms)
        for _ in range(requests[minute]):
            state = processes[int(chance.integers(2))].state
            price = ask(state, chance, now_ms)
            if price >= 0:
                day.decided += 1
                day.after += spent + price > limit
                if group is REACH or chance.random() < CLICK_RATE:
                    heapq.heappush(events, (now_ms + int(chance.exponential(30_000)), price))
        day.spent.append(spent)
    return day


def ask(state: State, chance: np.random.Generator, now_ms: int) -> int:
    """Ask for a feed with one slot; return the campaign's price where it won, else -1. Rivals' worth is drawn."""
    rates = dict(enumerate(CLICK_RATE * chance.lognormal(-0.55, 0.35, RIVALS), start=10))
    state.predictor.rates = {
        ad_id: (rate, 0.35, 0.2, 0.04, 0.03, 0.003) for ad_id, rate in {**rates, CAMPAIGNS_AD: CLICK_RATE}.items()
    }
    request = a_request(
        viewer=ViewerContext(""), seed=int(chance.integers(2**63)), now_ms=now_ms, wire_ms=now_ms, count=4
    )
    given = answer(request, STOCK, state, None)
    assert given.fault is None
    sent(request, state, None, given)
    won = [item.decision for item in given.ads if item.decision.winner.ad_id == CAMPAIGNS_AD]
    return won[0].claims.price_micros if won else -1


@pytest.mark.long
@pytest.mark.parametrize(("group", "limit"), [(REACH, 4_000_000), (CLICKS, 4_000_000)], ids=["reach", "clicks"])
def test_a_budget_lasts_the_day_and_is_never_passed(group, limit):
    day = spend(group, limit, 3)
    planned = np.cumsum(np.repeat(DAY.traffic / 15, 15)) / DAY.traffic.sum()
    assert max(day.spent) <= limit
    assert day.spent[-1] >= 0.9 * limit
    assert np.abs(np.array(day.spent) / limit - planned).mean() <= 0.1
    assert day.free <= 0.02 * limit
    assert day.after <= 5
    assert day.decided > 300
