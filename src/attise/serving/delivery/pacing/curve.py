"""When people watch: the traffic of a day by quarters of an hour, learned by weekday, in an advertiser's own zone.

A day is what the zone's calendar says, of 23, 24 or 25 hours: its slices are quarters of real time, each with the
weight of the quarter that its clocks show. An hour that comes twice has its traffic twice, one that is skipped none.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from attise.kernel.clock import to_datetime, to_ms

Floats = NDArray[np.float64]

SLICE_MS: Final = 15 * 60_000
SLICES: Final = 96
"""Of an ordinary day."""
MOST_SLICES: Final = 100
WEEKDAYS: Final = 7
MEMORY: Final = 0.3
"""The weight of the newest day in a weekday's average."""
TYPICAL: Final = (
    *(1.6, 0.9, 0.6, 0.4, 0.35, 0.5, 1.1, 2.2, 2.9, 3.0, 3.1, 3.6),
    *(4.9, 4.8, 4.0, 3.9, 4.1, 4.9, 5.9, 6.8, 7.6, 8.0, 7.1, 4.2),
)
"""By hour: the shape that a new house begins with. No promise: the first days replace it."""


@dataclass(frozen=True)
class Curve:
    """``weights`` float64[7, 96]: traffic by weekday (0: Monday) and local quarter; ``days`` float64[7]: those seen."""

    weights: Floats
    days: Floats

    def of_weekday(self, weekday: int) -> Floats:
        """Return the forecast of a weekday, float64[96], leaning on all days as long as few of its own were seen."""
        own = self.days[weekday] / (1.0 + self.days[weekday])
        seen = self.days.sum()
        everyday = self.weights.mean(axis=0) if not seen else np.average(self.weights, axis=0, weights=self.days)
        found: Floats = own * self.weights[weekday] + (1.0 - own) * everyday
        return found


def typical() -> Curve:
    """Return the curve of a house that has seen no day yet."""
    return Curve(np.tile(np.repeat(np.array(TYPICAL) / 4, SLICES // 24), (WEEKDAYS, 1)), np.zeros(WEEKDAYS))


def learned(curve: Curve, weekday: int, traffic: Floats) -> Curve:
    """Return the curve after a day. Args: traffic: float64[96], requests by local quarter; NaN: none was there.

    The first day of a weekday replaces what was told without it; each later one weighs ``MEMORY``.
    """
    share = max(MEMORY, 1.0 / (1.0 + curve.days[weekday]))
    weights, days = curve.weights.copy(), curve.days.copy()
    known = ~np.isnan(traffic)
    weights[weekday, known] = (1 - share) * weights[weekday, known] + share * traffic[known]
    days[weekday] += 1
    return Curve(weights, days)


@dataclass(frozen=True)
class Day:
    """One local day: from ``begins_at_ms`` to ``ends_at_ms`` (world time); ``traffic`` float64[92..100] by slice."""

    begins_at_ms: int
    ends_at_ms: int
    weekday: int
    traffic: Floats

    def quarters(self, zone: str) -> NDArray[np.int64]:
        """Return which quarter the zone's clocks show in each slice, int64[slices]."""
        return np.array(_local_quarters(zone, self.begins_at_ms, self.ends_at_ms), np.int64)


def day_of(curve: Curve, zone: str, at_ms: int, dayparting: bytes = b"") -> Day:
    """Return the local day that a moment (world time) lies in, with the traffic that an ad group may meet in it.

    Args: dayparting: 336 bits from Monday 00:00 in the zone, the first the highest of its byte; empty: always.
    """
    begins, ends, weekday = _bounds(zone, at_ms)
    quarters = np.array(_local_quarters(zone, begins, ends), np.int64)
    traffic = curve.of_weekday(weekday)[quarters] * open_quarters(dayparting, weekday)[quarters]
    return Day(begins, ends, weekday, traffic)


def open_quarters(dayparting: bytes, weekday: int) -> Floats:
    """Return for each quarter of a weekday whether it is open, float64[96] of 0 and 1."""
    if not dayparting:
        return np.ones(SLICES)
    bits = np.unpackbits(np.frombuffer(dayparting, np.uint8))
    return np.repeat(bits[weekday * 48 : (weekday + 1) * 48], 2).astype(np.float64)


def traffic_of_weekdays(curve: Curve, dayparting: bytes = b"") -> Floats:
    """Return the traffic of a whole day of each weekday, float64[7]: what days to come are counted by."""
    return np.array(
        [(curve.of_weekday(day) * open_quarters(dayparting, day)).sum() for day in range(WEEKDAYS)], np.float64
    )


def traffic_of_days(by_weekday: Floats, first_weekday: int, days: Floats) -> Floats:
    """Return the traffic of the ``days`` (whole and part) that follow, the first being a ``first_weekday``.

    Args: by_weekday: float64[7]; days: float64[n], none negative. Cost: nothing that grows with the days.
    """
    order = np.roll(by_weekday, -first_weekday)
    whole = np.concatenate([[0.0], np.cumsum(order)])
    weeks, rest = np.divmod(np.floor(days).astype(np.int64), WEEKDAYS)
    part = order[rest] * (days - np.floor(days))
    found: Floats = weeks * whole[-1] + whole[rest] + part
    return found


@lru_cache(maxsize=4_096)
def _local_quarters(zone: str, begins_at_ms: int, ends_at_ms: int) -> tuple[int, ...]:
    info = ZoneInfo(zone)
    found = []
    for moment_ms in range(begins_at_ms, ends_at_ms, SLICE_MS):
        shown = to_datetime(moment_ms).astimezone(info)
        found.append(shown.hour * 4 + shown.minute // 15)
    return tuple(found)


@lru_cache(maxsize=4_096)
def _bounds_at(zone: str, quarter: int) -> tuple[int, int, int]:
    info = ZoneInfo(zone)
    today = to_datetime(quarter * SLICE_MS).astimezone(info).date()
    begins, ends = (
        to_ms(dt.datetime.combine(day, dt.time(), tzinfo=info).astimezone(dt.UTC))
        for day in (today, today + dt.timedelta(days=1))
    )
    return begins, ends, today.weekday()


def _bounds(zone: str, at_ms: int) -> tuple[int, int, int]:
    """Return begin, end and weekday of a local day; every zone of today has its midnight at a quarter of UTC."""
    return _bounds_at(zone, at_ms // SLICE_MS)
