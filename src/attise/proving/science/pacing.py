"""Pacing: days of auctions whose end is known, against the best constant in hindsight.

A day has auctions as traffic brings them, not quite as forecast, and dearer in the evening. A budget buys a share of
them, by shading its bid or by taking part less often; what is spent is known a minute later. *Used* is the share of the
budget that is spent, *error* the mean distance from the plan as a share of it, *hindsight* what was won beside what the
best constant multiplier (or the best constant share) would have. *Market* is twelve budgets that all pace and bid
against each other: the spread of a minute's change of ln λ tells whether they swing.
Passes: used >= 97 %, error <= 5 %, hindsight >= 95 %, in every day of every seed; nothing charged above a budget; swing
<= 0.1.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.proving.result import Row, quantile
from attise.proving.science.cases import told
from attise.serving.delivery.pacing.budgets import SHADE, THROTTLE, Budgets, days_of, first_levels
from attise.serving.delivery.pacing.control import bids, no_pace, step
from attise.serving.delivery.pacing.curve import Floats, day_of, typical
from attise.serving.delivery.pacing.hindsight import best_entry, best_multiplier
from attise.serving.delivery.pacing.replay import replay

START_MS: Final = 1_790_000_000_000
MINUTE_MS: Final = 60_000
MINUTES: Final = 1_440
PRICE: Final = 3_500.0
"""Micros that the middle auction costs."""
TIGHT: Final = (0.15, 0.5, 0.85)
"""Budgets, as shares of what all that could be won would cost."""
STRATEGIES: Final = {"shading": SHADE, "throttling": THROTTLE}
BIDDERS: Final = 12
USED, ERROR, HINDSIGHT, SWING = 0.97, 0.05, 0.95, 0.1

ZONE: Final = "Europe/Paris"
DAY: Final = day_of(typical(), ZONE, START_MS)
DAYS: Final = days_of([DAY])


@dataclass(frozen=True)
class Log:
    """A day's auctions by rising ``minute``: what each is worth to the bidder, what it costs, and luck in 0..1."""

    minute: NDArray[np.int64]
    value: Floats
    price: Floats
    luck: Floats


@dataclass(frozen=True)
class Course:
    """How a budget went through a day."""

    used: float
    error: float
    hindsight: float
    charged: int


def run(seeds: Sequence[int], *, quick: bool) -> Row:
    """Measure the case."""
    auctions = 20_000 if quick else 100_000
    courses: dict[str, list[Course]] = {name: [] for name in STRATEGIES}
    over, took_ms, swings = 0, [], []
    for seed in seeds:
        log = a_day(seed, auctions)
        for name, mode in STRATEGIES.items():
            for tight in TIGHT:
                limit = int(log.price[log.price <= log.value].sum() * tight)
                began = time.perf_counter()
                course = pace_a_day(log, limit, mode)
                took_ms.append((time.perf_counter() - began) * 1_000 / MINUTES)
                courses[name].append(course)
                over += max(0, course.charged - limit)
        swings.append(swing_of_a_market(seed))
    checks: dict[str, float | int | str] = {"charged_above": over, "market_swing": told(swings, 3)}
    for name, found in courses.items():
        checks |= {
            f"{name}_used": told([one.used for one in found], 4),
            f"{name}_error": told([one.error for one in found], 4),
            f"{name}_hindsight": told([one.hindsight for one in found], 4),
        }
    every = [one for found in courses.values() for one in found]
    passes = all(one.used >= USED and one.error <= ERROR and one.hindsight >= HINDSIGHT for one in every)
    return Row(
        name="science/pacing",
        scale=f"{auctions} auctions, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(1_000 / quantile(took_ms, 0.5), 1),
        ratio=None,
        p50_ms=round(quantile(took_ms, 0.5), 4),
        p99_ms=round(quantile(took_ms, 0.99), 4),
        checks=checks,
        ok=passes and over == 0 and max(swings) <= SWING,
    )


def a_day(seed: int, auctions: int) -> Log:
    """Return the auctions of a day whose hours are not quite those of the forecast."""
    chance = np.random.default_rng([seed, 11])
    hours = np.repeat(np.exp(chance.normal(0, 0.2, 24)), 4)
    weights = np.repeat(DAY.traffic * hours, 15)
    minute = np.repeat(np.arange(MINUTES), chance.multinomial(auctions, weights / weights.sum()))
    dear = np.exp(0.25 * np.sin((minute / 60 - 20) / 24 * 2 * np.pi))
    value = 5_000 * np.exp(chance.normal(0, 0.5, auctions))
    price = PRICE * dear * np.exp(chance.normal(0, 0.6, auctions))
    return Log(minute, value, price, chance.random(auctions))


def pace_a_day(log: Log, limit: int, mode: int) -> Course:
    """Return how a budget goes through a day: a step a minute, what is spent known a minute later."""
    found = replay(
        DAY.begins_at_ms + log.minute * MINUTE_MS, log.value, log.price, limit, zone=ZONE, mode=mode, luck=log.luck
    )
    paid = np.bincount(log.minute, log.price * found.won, MINUTES)
    planned = np.cumsum(np.repeat(DAY.traffic / 15, 15)) / DAY.traffic.sum()
    error = float(np.abs(np.cumsum(paid) / limit - planned).mean())
    best = (best_entry if mode == THROTTLE else best_multiplier)(log.value, log.price, limit)
    won = float(log.value[found.won].sum())
    return Course(float(paid.sum()) / limit, error, won / best.value, int(paid.sum()))


def swing_of_a_market(seed: int) -> float:
    """Return the standard deviation of a minute's change of ln λ where everybody paces, after the first two hours."""
    chance = np.random.default_rng([seed, 12])
    limits = np.exp(chance.normal(np.log(80_000_000), 0.5, BIDDERS)).astype(np.int64)
    pace, spent, levels = no_pace(), np.zeros(BIDDERS), []
    known = [spent.copy(), spent.copy()]
    for minute in range(MINUTES):
        budgets = _budgets(limits, known[-2].astype(np.int64), SHADE)
        pace = step(pace, budgets, DAYS, now_ms=DAY.begins_at_ms + minute * MINUTE_MS)
        auctions = int(60 * DAY.traffic[minute // 15] / DAY.traffic.mean())
        offers = chance.lognormal(np.log(20_000), 0.5, (auctions, BIDDERS)) * bids(pace, budgets)
        offers[:, spent >= limits] = 0
        second = np.sort(offers, axis=1)[:, -2]
        np.add.at(spent, offers.argmax(axis=1), np.maximum(second, 500.0))
        known.append(spent.copy())
        levels.append(pace.level.copy())
    return float(np.diff(np.array(levels)[120:], axis=0).std())


def _budgets(limits: NDArray[np.int64], spent: NDArray[np.int64], mode: int) -> Budgets:
    many = len(limits)
    modes = np.full(many, mode, np.int8)
    return Budgets(
        np.arange(1, many + 1),
        np.full(many, DAY.begins_at_ms, np.int64),
        limits,
        spent,
        np.zeros(many, np.int64),
        np.zeros(many),
        modes,
        np.full(many, PRICE),
        np.zeros(many),
        first_levels(modes),
    )
