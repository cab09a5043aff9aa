"""Days of auctions to pace budgets over: what was worth how much, and what it cost, in the order it came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attise.serving.delivery.pacing.budgets import SHADE, Budgets, Days, days_of, first_levels
from attise.serving.delivery.pacing.control import BudgetPace, bids, entries, no_pace, step
from attise.serving.delivery.pacing.curve import Day, day_of, typical
from attise.serving.delivery.pacing.hindsight import Best, best_entry, best_multiplier

NOON_MS = 1_790_000_000_000
MINUTE_MS = 60_000
DAY: Day = day_of(typical(), "Europe/Paris", NOON_MS)
DAYS: Days = days_of([DAY])
PRICE = 3_500.0


@dataclass(frozen=True)
class Log:
    """A day's auctions by rising ``minute``."""

    minute: np.ndarray
    value: np.ndarray
    price: np.ndarray
    chance: np.ndarray

    def of_minute(self, minute: int) -> slice:
        return slice(*np.searchsorted(self.minute, [minute, minute + 1]))


def a_log(seed: int, auctions: int = 20_000, *, spread: float = 0.5) -> Log:
    """Draw a day whose hours are not quite those that were forecast, and whose evening is dearer."""
    chance = np.random.default_rng(seed)
    hours = np.exp(chance.normal(0, 0.2, 24))
    weights = np.repeat(DAY.traffic * np.repeat(hours, 4) / 15, 15)
    minute = np.repeat(np.arange(1_440), chance.multinomial(auctions, weights / weights.sum()))
    dear = np.exp(0.25 * np.sin((minute / 60 - 20) / 24 * 2 * np.pi))
    return Log(
        minute,
        5_000 * np.exp(chance.normal(0, spread, auctions)),
        PRICE * dear * np.exp(chance.normal(0, 0.6, auctions)),
        chance.random(auctions),
    )


def a_budget(limit: int, spent: int = 0, *, mode: int = SHADE, price: float = PRICE, **fields) -> Budgets:
    values = {
        "envelope_id": [31],
        "begins_at_ms": [DAY.begins_at_ms],
        "limit_micros": [limit],
        "spent_micros": [spent],
        "day": [0],
        **fields,
    }
    return Budgets(
        **{name: np.array(value, np.int64) for name, value in values.items()},
        later=np.zeros(1),
        mode=np.array([mode], np.int8),
        price_micros=np.array([price]),
        cap=np.zeros(1),
        first=first_levels(np.array([mode], np.int8)),
        first_brake=np.zeros(1),
    )


@dataclass
class Course:
    """How a day went: by minute what was spent, and the multiplier."""

    spent: list[int]
    level: list[float]
    value: float
    limit: int

    @property
    def used(self) -> float:
        return self.spent[-1] / self.limit

    @property
    def error(self) -> float:
        """Mean distance from the plan, as a share of the budget."""
        planned = np.cumsum(np.repeat(DAY.traffic / 15, 15)) / DAY.traffic.sum()
        return float(np.abs(np.array(self.spent) / self.limit - planned).mean())


def run(log: Log, limit: int, *, mode: int = SHADE, delay: int = 1, start: BudgetPace | None = None) -> Course:
    """Pace one budget over a day, a step a minute; what is spent is known ``delay`` minutes later. Never over it."""
    pace = no_pace() if start is None else start
    course = Course([], [], 0.0, limit)
    spent = 0
    for minute in range(1_440):
        known = course.spent[-1 - delay] if len(course.spent) > delay else 0
        budgets = a_budget(limit, known, mode=mode)
        pace = step(pace, budgets, DAYS, now_ms=DAY.begins_at_ms + minute * MINUTE_MS)
        bid, entry = float(bids(pace, budgets)[0]), float(entries(pace, budgets)[0])
        now = log.of_minute(minute)
        won = (bid * log.value[now] >= log.price[now]) & (log.chance[now] < entry)
        won &= spent + np.cumsum(log.price[now] * won) <= limit
        spent += int(log.price[now][won].sum())
        course.spent.append(spent)
        course.level.append(float(pace.level[0]))
        course.value += float(log.value[now][won].sum())
    return course


def budget_of(log: Log, tight: float) -> int:
    """Return a budget that buys this share of what all could be won for."""
    return int(log.price[log.price <= log.value].sum() * tight)


def best_of(log: Log, limit: int, mode: int) -> Best:
    return (best_multiplier if mode == SHADE else best_entry)(log.value, log.price, limit)
