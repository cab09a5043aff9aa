"""Two clocks, both injected: world time and wire time.

*World time* is what people plan with: schedules, budget days, expiry, reminders, attribution windows, ages in the
feed. *Wire time* is what machines wait on: token lives, grace periods, leases, rate limits. A served world runs both
off the machine's clock, world time shifted by one offset that only a sandbox moves; a headless run drives both from
one ``FakeClock``.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Final, Protocol

from attise.kernel.limits import DAY_MS

STEP_MS = 1_000
"""How far the machine's clock may run ahead before wire time follows it."""
FAR_MS: Final = 1 << 62
"""Later than anything that is told a time; a span added to it is still a whole number of 64 bits."""


class Clock(Protocol):
    """What a room may ask about time."""

    def world_ms(self) -> int:
        """Return world time, milliseconds since the Unix epoch, UTC."""
        ...

    def wire_ms(self) -> int:
        """Return wire time, milliseconds since the Unix epoch, UTC; never goes back within a process."""
        ...

    def moment_ms(self) -> tuple[int, int]:
        """Return world time and wire time of one moment, as above."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds on a clock that only goes forward; differences alone have a meaning."""
        ...

    def pause(self, seconds: float) -> None:
        """Return when that much time has passed."""
        ...


class SystemClock:
    """The machine's clock; ``offset_ms`` shifts world time alone.

    Wire time runs with the steady clock from where the machine's stood at the start, so that a clock set back cannot
    make it go back; one set forward (by a time server, some time after the machine's start) is followed.
    """

    def __init__(self, offset_ms: int = 0) -> None:
        """Start with world time ``offset_ms`` ahead of wire time."""
        self.offset_ms = offset_ms
        self._anchor_ms = _machine_ms() - _steady_ns() // 1_000_000
        self._setting = threading.Lock()

    def wire_ms(self) -> int:
        """Return wire time in epoch milliseconds."""
        now_ms = self._anchor_ms + _steady_ns() // 1_000_000
        if _machine_ms() - now_ms <= STEP_MS:
            return now_ms
        with self._setting:
            steady_ms = _steady_ns() // 1_000_000
            self._anchor_ms = max(self._anchor_ms, _machine_ms() - steady_ms)
            return self._anchor_ms + steady_ms

    def world_ms(self) -> int:
        """Return world time in epoch milliseconds."""
        return self.wire_ms() + self.offset_ms

    def moment_ms(self) -> tuple[int, int]:
        """Return both in epoch milliseconds."""
        wire_ms = self.wire_ms()
        return wire_ms + self.offset_ms, wire_ms

    def monotonic_s(self) -> float:
        """Return the seconds since the machine was started, those it slept included."""
        return _steady_ns() / 1_000_000_000

    def pause(self, seconds: float) -> None:
        """Return when that much time has passed."""
        time.sleep(seconds)


def _machine_ms() -> int:
    """Return what the machine's clock says."""
    return time.time_ns() // 1_000_000


def _steady_ns() -> int:
    """Return the machine's steady clock, which where there is such a one does not stop while the machine sleeps.

    Why: what was read before a sleep is as old as the sleep.
    """
    which = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if which is None else time.clock_gettime_ns(which)


class FakeClock:
    """A clock that moves only when told; for tests and headless worlds."""

    def __init__(self, now_ms: int = 1_790_000_000_000) -> None:
        """Start both times at ``now_ms``."""
        self._wire_ms = now_ms
        self.offset_ms = 0

    def advance(self, *, seconds: float = 0, days: float = 0) -> None:
        """Move both clocks forward."""
        step = round((seconds + days * 86_400) * 1000)
        if step < 0:
            raise ValueError("a clock does not go back")
        self._wire_ms += step

    def wire_ms(self) -> int:
        """Return wire time in epoch milliseconds."""
        return self._wire_ms

    def world_ms(self) -> int:
        """Return world time in epoch milliseconds."""
        return self._wire_ms + self.offset_ms

    def moment_ms(self) -> tuple[int, int]:
        """Return both in epoch milliseconds."""
        return self._wire_ms + self.offset_ms, self._wire_ms

    def monotonic_s(self) -> float:
        """Return wire time as seconds."""
        return self._wire_ms / 1000

    def pause(self, seconds: float) -> None:
        """Return at once: nobody waits for a clock that moves only when told."""


def to_datetime(epoch_ms: int) -> dt.datetime:
    """Return the aware UTC datetime of an epoch in milliseconds."""
    return dt.datetime.fromtimestamp(epoch_ms / 1000, tz=dt.UTC)


def to_ms(moment: dt.datetime) -> int:
    """Return the epoch milliseconds of an aware datetime."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without zone has no instant")
    delta = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return delta.days * DAY_MS + delta.seconds * 1000 + delta.microseconds // 1000


def rfc3339(epoch_ms: int) -> str:
    """Return ``2026-11-22T04:33:20Z``, with milliseconds only where there are any."""
    moment = to_datetime(epoch_ms)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{epoch_ms % 1000:03d}Z" if epoch_ms % 1000 else f"{text}Z"
