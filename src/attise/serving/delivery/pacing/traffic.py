"""What one process saw of traffic: requests by quarter of an hour, of five weeks; every zone's curve comes from it.

Quarters are of UTC, so one count serves all zones: a zone's day is cut out of it when its curve is asked for, and read
in its own clocks' quarters. A process that counts its own requests alone learns the same shape as any other.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import MINUTE_MS
from attise.serving.delivery.pacing.curve import SLICE_MS, SLICES, Curve, Floats, day_of, learned, typical

DAYS: Final = 37
"""What is kept: five weeks, and room for zones and long days at both ends."""
WHOLE_DAYS: Final = 35
LEAST_REQUESTS: Final = 96
"""A day of fewer says nothing of its shape."""
RATE_MINUTES: Final = 15


class Traffic:
    """Counts, and what is made of them. One writer; readers may be other threads."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._counts = np.zeros(DAYS * SLICES, np.int64)
        self._quarter = -1
        """The newest quarter that is counted, since 1970."""
        self._began_ms = -1
        self._curves: dict[str, tuple[int, Curve]] = {}

    def seen(self, now_ms: int, requests: int = 1) -> None:
        """Count requests at a moment (world time). Those of before the newest quarter count in theirs. Cost: 0.3 µs."""
        quarter = now_ms // SLICE_MS
        if quarter > self._quarter:
            self._turn_to(quarter)
        elif quarter <= self._quarter - len(self._counts):
            return
        self._counts[quarter % len(self._counts)] += requests
        if self._began_ms < 0 or now_ms < self._began_ms:
            self._began_ms = now_ms

    def per_minute(self, now_ms: int) -> float:
        """Return how many requests a minute there were, of late: in this quarter and the one before it."""
        if self._quarter < 0:
            return 0.0
        now = now_ms // SLICE_MS
        recent = sum(self._of(quarter) for quarter in (now - 1, now))
        span_ms = now_ms - max((now - 1) * SLICE_MS, self._began_ms)
        return recent / max(span_ms / MINUTE_MS, 1.0)

    def curve_of(self, zone: str, now_ms: int) -> Curve:
        """Return a zone's curve, of its whole days before today. Cost: some milliseconds once a day and zone."""
        today = day_of(typical(), zone, now_ms)
        known = self._curves.get(zone)
        if known is None or known[0] != today.begins_at_ms:
            known = self._curves[zone] = (today.begins_at_ms, self._learned(zone, today.begins_at_ms))
        return known[1]

    def encode(self) -> bytes:
        """Return the bytes to keep over a restart."""
        return msgspec.msgpack.encode((self._quarter, self._began_ms, self._counts.tolist()))

    def _turn_to(self, quarter: int) -> None:
        size = len(self._counts)
        if quarter - self._quarter >= size or self._quarter < 0:
            self._counts[:] = 0
        else:
            self._counts[np.arange(self._quarter + 1, quarter + 1) % size] = 0
        self._quarter = quarter

    def _of(self, quarter: int) -> int:
        inside = self._quarter - len(self._counts) < quarter <= self._quarter
        return int(self._counts[quarter % len(self._counts)]) if inside else 0

    def _learned(self, zone: str, before_ms: int) -> Curve:
        days, ends = [], before_ms
        for _ in range(WHOLE_DAYS):
            day = day_of(typical(), zone, ends - 1)
            if day.begins_at_ms < max(self._began_ms, 0) or self._began_ms < 0:
                break
            days.append(day)
            ends = day.begins_at_ms
        curve = typical()
        for day in reversed(days):
            traffic = self._between(day.begins_at_ms, day.ends_at_ms)
            if traffic.sum() >= LEAST_REQUESTS:
                curve = learned(curve, day.weekday, _by_quarter(traffic, day.quarters(zone)))
        return curve

    def _between(self, begins_at_ms: int, ends_at_ms: int) -> Floats:
        first = begins_at_ms // SLICE_MS
        return np.array([self._of(first + one) for one in range((ends_at_ms - begins_at_ms) // SLICE_MS)], np.float64)


def _by_quarter(traffic: Floats, quarters: NDArray[np.int64]) -> Floats:
    """Return a day's traffic by what the clocks show: the mean of what comes twice, NaN for what is skipped."""
    times = np.bincount(quarters, minlength=SLICES)
    sums = np.bincount(quarters, traffic, SLICES)
    return np.where(times > 0, sums / np.maximum(times, 1), np.nan)


def decode_traffic(body: bytes) -> Traffic:
    """Return what was kept; nothing seen where the bytes are of another release."""
    made = Traffic()
    try:
        quarter, began_ms, counts = msgspec.msgpack.decode(body, type=tuple[int, int, list[int]])
        kept = np.array(counts, np.int64)
    except (msgspec.MsgspecError, OverflowError, ValueError):
        return made
    if len(kept) == DAYS * SLICES and (kept >= 0).all():
        made._quarter, made._began_ms, made._counts = quarter, began_ms, kept  # noqa: SLF001 - its own maker
    return made
