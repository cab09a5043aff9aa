"""What is still to come of young clicks: near the truth through the day, where counting alone is far below it."""

from __future__ import annotations

import random

import pytest

from attise.kernel.limits import DAY_MS, HOUR_MS, MINUTE_MS
from attise.measurement.attribution.maturing import Quarter, due_milli

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
