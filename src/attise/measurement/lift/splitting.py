"""What a split test came to: two sides of viewers that chance made, compared by what their ads brought. Pure.

Compared are all whom the test met, shown an ad or not: chance alone made these arms. A rate is told of 5,000
impressions of each side, what something costs or leads to of 100 of it: below, there is no verdict, but how much more
it takes. A verdict is the interval's (``comparing``); its sides must be as large as chance makes them (``balance``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS
from attise.kernel.money import MICROS
from attise.measurement.lift.arms import Floats, Share, share_of
from attise.measurement.lift.balance import Balance, balance_of
from attise.measurement.lift.comparing import LEAST_EVENTS, Difference, Relative, Z, compare, relative
from attise.measurement.lift.planning import detectable, spread_of_rate
from attise.measurement.lift.study import Verdict
from attise.measurement.reports.compared import Sides

LEAST_IMPRESSIONS: Final = 5_000
"""Of each side, for a rate of impressions."""
LEAST_CONVERSIONS: Final = 100
"""Of each side, for what one of them costs, or how often one follows a click."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is compared: so many events for each unit."""

    name: str
    events: str
    units: str
    counted: str
    """Of which there must be ``least`` on each side."""
    least: int
    less_is_better: bool = False


MEASURES: Final = (
    Measure("completion_rate", "completions", "impressions", "impressions", LEAST_IMPRESSIONS),
    Measure("cost_per_cart", "charged", "carts", "carts", LEAST_CONVERSIONS, less_is_better=True),
    Measure("follow_rate", "follows", "impressions", "impressions", LEAST_IMPRESSIONS),
    Measure("comment_rate", "comments", "impressions", "impressions", LEAST_IMPRESSIONS),
    Measure("click_rate", "clicks", "impressions", "impressions", LEAST_IMPRESSIONS),
    Measure("conversion_rate", "conversions", "clicks", "conversions", LEAST_CONVERSIONS),
)
SUMS: Final = ("impressions", "completions", "clicks", "follows", "comments", "carts", "conversions", "charged_micros")
"""What is told of each side beside; micros are of the advertiser's money."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a comparison still lacks."""

    counted: str
    more: int
    """Of it, on the side that has less."""
    days: int | None
    """About how many more at the pace so far; None: nothing came yet."""


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of both sides."""

    measure: Measure
    first: Share
    second: Share
    difference: Difference
    """What the first has more than the second."""
    relative: Relative | None
    lacking: Lacking | None
    verdict: Verdict
    """``MORE``: the first has more; of a cost, that is worse."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One measure of one side on one day."""

    ratio: float
    low: float | None
    high: float | None
    """Ends of the interval that holds the truth 95 times of 100; None: too few did it to say how it scatters."""


@dataclass(frozen=True, slots=True)
class Day:
    """What both sides came to on one day, by decisions."""

    day: int
    """By the advertiser's clock, counted from 1970-01-01."""
    sums: dict[str, tuple[int, int]]
    """By name of ``SUMS``."""
    rates: dict[str, tuple[Rate | None, Rate | None]]
    """By name of ``MEASURES``; None where there is nothing that it is a rate of."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A split test's result as it stands."""

    viewers: tuple[int, int]
    """Whom it met, by their sides; below, who of them had an ad of theirs on screen."""
    seen: tuple[int, int]
    balance: Balance
    sums: dict[str, tuple[int, int]]
    """By name of ``SUMS``: what each side came to, exactly."""
    lines: list[Line]
    days: list[Day]
    """From the first on which an ad of it was shown to the last, none left out."""


def compared(met: Mapping[str, int], sides: Sides, *, run_ms: int) -> Compared:
    """Return what a test came to, of whom it met and what its ads brought of them. ``run_ms``: for how long it ran.

    What the ads of the other side brought of somebody is left out: it was decided before the test began.
    """
    people = list(met)
    is_second = np.fromiter(met.values(), np.int64, len(people)) == 1
    places = {person: place for place, person in enumerate(people)}
    rows = np.array([row for row, one in enumerate(sides.people) if one in places], np.int64)
    at = np.array([places[one] for one in sides.people if one in places], np.int64)
    daily = {name: _own(sides, name, rows, is_second[at]) for name in sides.sums}
    brought = {name: _added(found, at, len(people)) for name, found in daily.items()}
    done = _measured(brought)
    arms = (~is_second, is_second)
    sizes = [int(arm.sum()) for arm in arms]
    balance = balance_of(*sizes, expected=0.5)
    seen = [int((done["impressions"][arm] > 0).sum()) for arm in arms]
    sums = {name: (int(brought[name][arms[0]].sum()), int(brought[name][arms[1]].sum())) for name in SUMS}
    return Compared(
        (sizes[0], sizes[1]),
        (seen[0], seen[1]),
        balance,
        sums,
        [_line(one, done, arms, sums, is_broken=not balance.is_right, run_ms=run_ms) for one in MEASURES],
        _days(sides.days[rows], daily, is_second[at]),
    )


def least_effect(viewers: float, rate: float) -> float:
    """Return the least difference of two rates that would be seen four times of five, of so many viewers in all."""
    spread = spread_of_rate(min(max(rate, 0.0), 1.0))
    return detectable(spread, first=viewers / 2, second=viewers / 2)


def _own(sides: Sides, name: str, rows: NDArray[np.int64], is_second: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return what each row's own side brought, int64[rows]."""
    first, second = sides.sums[name]
    found: NDArray[np.int64] = np.where(is_second, second[rows], first[rows]).astype(np.int64)
    return found


def _added(values: NDArray[np.int64], at: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    """Return the sums of values by their places, int64[many]."""
    found = np.zeros(many, np.int64)
    np.add.at(found, at, values)
    return found


def _measured(brought: Mapping[str, NDArray[np.int64]]) -> dict[str, Floats]:
    """Return what was brought as numbers that rates are made of: micros become whole units, no money from here on."""
    done = {name: found.astype(np.float64) for name, found in brought.items()}
    done["charged"] = done.pop("charged_micros") / MICROS
    return done


def _days(days: NDArray[np.int64], daily: Mapping[str, NDArray[np.int64]], is_second: NDArray[np.bool_]) -> list[Day]:
    """Return what both sides came to day by day. Args: of each person and day one place, in any order."""
    if not len(days):
        return []
    done, found = _measured(daily), []
    order = np.argsort(days, kind="stable")
    every = range(int(days.min()), int(days.max()) + 1)
    ends = np.searchsorted(days[order], [*every, every[-1] + 1])
    for place, day in enumerate(every):
        rows = order[ends[place] : ends[place + 1]]
        arms = (rows[~is_second[rows]], rows[is_second[rows]])
        sums = {name: (int(daily[name][arms[0]].sum()), int(daily[name][arms[1]].sum())) for name in SUMS}
        rates = {
            one.name: (
                _rate(done[one.events][arms[0]], done[one.units][arms[0]]),
                _rate(done[one.events][arms[1]], done[one.units][arms[1]]),
            )
            for one in MEASURES
        }
        found.append(Day(day, sums, rates))
    return found


def _rate(events: Floats, units: Floats) -> Rate | None:
    """Return the rate of one side's people of a day; who did nothing on it changes neither it nor its variance."""
    found = share_of(events, units)
    if not found.units:
        return None
    if found.active < LEAST_EVENTS:
        return Rate(found.ratio, None, None)
    half = Z * math.sqrt(found.variance)
    return Rate(found.ratio, max(found.ratio - half, 0.0), found.ratio + half)


def _line(
    measure: Measure,
    done: Mapping[str, Floats],
    arms: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    sums: Mapping[str, tuple[int, int]],
    *,
    is_broken: bool,
    run_ms: int,
) -> Line:
    first, second = (share_of(done[measure.events][arm], done[measure.units][arm]) for arm in arms)
    difference = compare(first, second)
    lacking = _lacking(measure, min(sums[measure.counted]), run_ms)
    return Line(
        measure,
        first,
        second,
        difference,
        relative(first, second),
        lacking,
        _verdict(difference, is_broken=is_broken, is_lacking=lacking is not None),
    )


def _verdict(difference: Difference, *, is_broken: bool, is_lacking: bool) -> Verdict:
    if is_broken:
        return Verdict.BROKEN
    if is_lacking or not difference.is_told:
        return Verdict.TOO_LITTLE
    if not difference.differs:
        return Verdict.NOT_TOLD
    return Verdict.MORE if difference.difference > 0 else Verdict.LESS


def _lacking(measure: Measure, have: int, run_ms: int) -> Lacking | None:
    more = measure.least - have
    if more <= 0:
        return None
    days = math.ceil(more / have * run_ms / DAY_MS) if have > 0 and run_ms > 0 else None
    return Lacking(measure.counted, more, days)
