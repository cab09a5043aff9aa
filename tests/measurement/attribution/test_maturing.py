"""What is still to come of young clicks: near the truth through the day, where counting alone is far below it."""

from __future__ import annotations

import random
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.limits import DAY_MS, HOUR_MS, MINUTE_MS
from attise.measurement.attribution.maturing import (
    USUAL_CLICKS,
    USUAL_CONVERSIONS,
    USUAL_DELAY_MS,
    USUAL_RATE,
    Quarter,
    Quarters,
    conversions_due,
    due_milli,
)

QUARTER_MS = 15 * MINUTE_MS
MIDNIGHT_MS = 20_000 * DAY_MS


def day_of_clicks(seed: int, *, rate: float, delay_ms: float, per_quarter: int = 12) -> list[tuple[int, int | None]]:
    """Return clicks of two days and a half, each with when it converts."""
    chance = random.Random(seed)
    found = []
    for quarter in range(-96, 144):
        for _ in range(per_quarter):
            at_ms = MIDNIGHT_MS + quarter * QUARTER_MS + chance.randrange(QUARTER_MS)
            converts = chance.random() < rate
            found.append((at_ms, at_ms + round(chance.expovariate(1 / delay_ms)) if converts else None))
    return found


def seen_at(clicks, now_ms: int) -> list[Quarter]:
    rows: dict[int, list[int]] = {}
    for at_ms, converted_ms in clicks:
        if at_ms <= now_ms:
            row = rows.setdefault(at_ms - at_ms % QUARTER_MS, [0, 0, 0])
            row[0] += 1
            if converted_ms is not None and converted_ms <= now_ms:
                row[1] += 1
                row[2] += converted_ms - at_ms
    return [Quarter(at_ms, *row) for at_ms, row in rows.items()]


@pytest.mark.parametrize("delay_hours", [0.5, 2, 6])
@pytest.mark.parametrize("hour", [6, 12, 20])
def test_counted_and_due_together_are_near_what_comes_in_the_end(delay_hours, hour):
    now_ms = MIDNIGHT_MS + hour * HOUR_MS
    ratios, counted = [], []
    for seed in range(8):
        clicks = day_of_clicks(seed, rate=0.1, delay_ms=delay_hours * HOUR_MS)
        quarters = seen_at(clicks, now_ms)
        today = sum(one.conversions for one in quarters if one.quarter_ms >= MIDNIGHT_MS)
        ends = sum(1 for at_ms, then in clicks if MIDNIGHT_MS <= at_ms <= now_ms and then is not None)
        ratios.append((today + due_milli(quarters, since_ms=MIDNIGHT_MS, now_ms=now_ms) / 1_000) / ends)
        counted.append(today / ends)
    mean, plain = sum(ratios) / len(ratios), sum(counted) / len(counted)
    assert abs(mean - 1) < 0.2
    assert abs(mean - 1) < abs(plain - 1) or plain > 0.95


def test_nothing_is_due_of_what_is_old_or_has_converted():
    old = Quarter(MIDNIGHT_MS, 10, 2, 2 * HOUR_MS)
    assert due_milli([old], since_ms=MIDNIGHT_MS, now_ms=MIDNIGHT_MS + 3 * DAY_MS) == 0
    assert due_milli([Quarter(MIDNIGHT_MS, 2, 5, 0)], since_ms=MIDNIGHT_MS, now_ms=MIDNIGHT_MS) == 0
    assert due_milli([], since_ms=0, now_ms=1) == 0


def test_never_more_than_the_clicks_that_wait():
    young = [Quarter(MIDNIGHT_MS, 3, 0, 0), Quarter(MIDNIGHT_MS - DAY_MS, 1, 50, 50 * DAY_MS)]
    assert 0 < due_milli(young, since_ms=MIDNIGHT_MS, now_ms=MIDNIGHT_MS) <= 3_000


def one_click_after_the_other(quarters: list[Quarter], *, since_ms: int, now_ms: int) -> float:
    """Return what is due as the article says it, of each click that waits: ``r (1 - F) / (1 - r F)``."""
    conversions = sum(one.conversions for one in quarters)
    mean_ms = (sum(one.delay_ms for one in quarters) + USUAL_CONVERSIONS * USUAL_DELAY_MS) / (
        conversions + USUAL_CONVERSIONS
    )
    by_now = {one: 1 - exp(-max(now_ms - one.quarter_ms, 0) / max(mean_ms, 1.0)) for one in quarters}
    grown = sum(one.clicks * by_now[one] for one in quarters)
    rate = min((conversions + USUAL_RATE * USUAL_CLICKS) / (grown + USUAL_CLICKS), 1.0)
    due = 0.0
    for one in quarters:
        if one.quarter_ms >= since_ms and by_now[one] < 1:
            each = rate * (1 - by_now[one]) / (1 - rate * by_now[one])
            due += each * max(one.clicks - one.conversions, 0)
    return due


A_QUARTER = st.builds(
    Quarter,
    st.integers(-288, 8).map(lambda place: MIDNIGHT_MS + place * QUARTER_MS),
    st.integers(0, 5_000),
    st.integers(0, 300),
    st.integers(0, 20 * DAY_MS),
)
GROUPS = st.lists(st.lists(A_QUARTER, max_size=12, unique_by=lambda one: one.quarter_ms), min_size=1, max_size=4)


@given(GROUPS, st.integers(-96, 8))
def test_many_groups_at_once_are_what_each_is_by_its_clicks(groups, place):
    since_ms, now_ms = MIDNIGHT_MS + place * QUARTER_MS, MIDNIGHT_MS + 9 * QUARTER_MS
    starts = sorted({one.quarter_ms for quarters in groups for one in quarters})
    tables = np.zeros((3, len(groups), len(starts)))
    for row, quarters in enumerate(groups):
        for one in quarters:
            tables[:, row, starts.index(one.quarter_ms)] = one[1:]
    together = conversions_due(Quarters(np.array(starts, np.float64), *tables), since_ms=since_ms, now_ms=now_ms)
    for quarters, due in zip(groups, together, strict=True):
        expected = one_click_after_the_other(quarters, since_ms=since_ms, now_ms=now_ms)
        assert due == pytest.approx(expected, rel=1e-6, abs=1e-6)
        assert abs(due_milli(quarters, since_ms=since_ms, now_ms=now_ms) - expected * 1_000) <= 0.5 + 1e-3
        assert 0 <= due <= sum(max(one.clicks - one.conversions, 0) for one in quarters) + 1e-6
