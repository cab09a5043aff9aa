"""Pacing takes its turns on what totals tell, slows down what spends too fast, and goes on after a restart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from attise.doors.edge.serving.pace import Pacer
from attise.kernel.clock import FakeClock
from attise.records.totals import EnvelopeTotals
from attise.serving.delivery.allowance import Allowances
from attise.serving.delivery.offers import Pace, even_pace, offers_of, paced
from attise.serving.delivery.pacing.budgets import Ints
from attise.serving.delivery.policy import SANDBOX
from tests.delivering import facts_of
from tests.doors.edge.serving.making import a_segment
from tests.snapshot_records import NOON_MS

EURO = 1_000_000


def day(spent: int) -> Callable[[Ints], Ints]:
    begin = NOON_MS // 86_400_000 * 86_400_000
    return facts_of(EnvelopeTotals(7_001, "day", begin, begin + 86_400_000, 50 * EURO, spent))


def spend_too_fast(pacer: Pacer, clock: FakeClock) -> float:
    """Spend half a day's budget in ten minutes; returns what part of its bid the group may offer then."""
    for step in range(121):
        if pacer.is_due():
            pacer.turn([a_segment()], day(step * 25 * EURO // 120), {})
        clock.advance(seconds=5)
    return float(pacer.pace_of(a_segment()).multiplier[0])


def test_a_budget_that_is_spent_too_fast_is_offered_less_of(tmp_path):
    clock = FakeClock(NOON_MS)
    pacer = Pacer(tmp_path, clock)
    assert pacer.number == 0
    assert float(pacer.pace_of(a_segment()).multiplier[0]) == 1.0
    assert 0 < spend_too_fast(pacer, clock) < 0.5
    assert pacer.number == 121


def test_what_controllers_remember_outlives_the_process(tmp_path):
    clock = FakeClock(NOON_MS)
    pacer = Pacer(tmp_path, clock)
    before = spend_too_fast(pacer, clock)
    again = Pacer(tmp_path, clock)
    again.turn([a_segment()], day(25 * EURO), {})
    assert float(again.pace_of(a_segment()).multiplier[0]) < 2 * before
    (tmp_path / "pace").write_bytes(b"\x00" * 5)
    fresh = Pacer(tmp_path, clock)
    assert float(fresh.pace_of(a_segment()).multiplier[0]) == 1.0


def test_offers_at_another_pace_are_those_that_would_be_made_anew():
    segment, allowances = a_segment(), Allowances(node=1, started_at_ms=0)
    even = offers_of(segment, even_pace(segment), allowances, SANDBOX)
    half = Pace(np.array([0.5], np.float32), np.array([0.25], np.float32))
    anew = offers_of(segment, half, allowances, SANDBOX)
    again = paced(segment, even, half)
    assert again.rows.tobytes() == anew.rows.tobytes() != even.rows.tobytes()
    assert again.promise.tobytes() == anew.promise.tobytes()
    assert again.grant_envelope.tobytes() == anew.grant_envelope.tobytes()
