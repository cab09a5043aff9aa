"""How often an app may ask: requests per second, per minute and per day, counted in this process.

The site is one process, so its memory is the count. A restart forgets it, which errs on the caller's side by at most
one window. Time is wire time. The second and the minute are sliding: no eleven requests within any one second pass
where ten may. After the minute's limit was met, the app waits five minutes; after the day's, until midnight UTC.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from attise.doors.marketing_api.wire import errors
from attise.kernel.clock import Clock
from attise.kernel.errors import Refusal
from attise.kernel.limits import DAY_MS

APPS_REMEMBERED = 10_000
MINUTE_S = 60.0
PENALTY_S = 300.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a developer app may ask for."""

    per_second: int
    per_minute: int
    per_day: int


BASIC = Allowance(10, 600, 864_000)
FREQUENT = Allowance(1_000, 600_000, 86_400_000)
"""What servers may send as things happen on pages."""


@dataclass(slots=True)
class _Count:
    seconds: deque[float] = field(default_factory=deque)
    minutes: deque[float] = field(default_factory=deque)
    paused_until_s: float = 0.0
    day: int = 0
    of_day: int = 0


class Rates:
    """Counts of every app; safe to ask from any thread."""

    def __init__(self, allowance: Allowance = BASIC) -> None:
        """Give every app the same allowance."""
        self._allowance = allowance
        self._counts: OrderedDict[int, _Count] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, clock: Clock, app_id: int) -> None:
        """Count one request of an app; a refused one is not counted.

        Raises: ``dialect_rate`` naming the window, in the words that clients look for whatever the language.
        """
        now_s, day = clock.monotonic_s(), clock.wire_ms() // DAY_MS
        with self._lock:
            count = self._counts.setdefault(app_id, _Count())
            self._counts.move_to_end(app_id)
            if len(self._counts) > APPS_REMEMBERED:
                self._counts.popitem(last=False)
            self._check(count, now_s, day)
            count.seconds.append(now_s)
            count.minutes.append(now_s)
            count.of_day += 1

    def _check(self, count: _Count, now_s: float, day: int) -> None:
        allowance = self._allowance
        if count.day != day:
            count.day, count.of_day = day, 0
        _forget(count.seconds, now_s - 1.0)
        _forget(count.minutes, now_s - MINUTE_S)
        if now_s < count.paused_until_s:
            raise Refusal(errors.RATE, window="QPM limit", limit=allowance.per_minute)
        if count.of_day >= allowance.per_day:
            raise Refusal(errors.RATE, window="QPD limit", limit=allowance.per_day)
        if len(count.minutes) >= allowance.per_minute:
            count.paused_until_s = now_s + PENALTY_S
            raise Refusal(errors.RATE, window="QPM limit", limit=allowance.per_minute)
        if len(count.seconds) >= allowance.per_second:
            raise Refusal(errors.RATE, window="QPS limit", limit=allowance.per_second)


def _forget(times: deque[float], before_s: float) -> None:
    while times and times[0] <= before_s:
        times.popleft()
