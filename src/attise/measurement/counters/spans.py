"""Some days up to now, cut into steps, beside as much of the days before: what overviews are told over. Pure.

Counting is by the hour of world time. Days are those of a zone; where its midnight lies within an hour, that hour is
counted with the day it begins.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass

from attise.kernel.limits import HOUR_MS
from attise.ledger.days import ONE_DAY, local_day, start_of_day_ms


@dataclass(frozen=True, slots=True)
class Span:
    """Whole hours from ``from_ms`` up to ``to_ms``, and as many of the days before. World time, ends not included.

    Both reach equally far into their last day, so that a morning is compared with a morning.
    """

    from_ms: int
    to_ms: int
    before_from_ms: int
    before_to_ms: int
    starts: tuple[int, ...]
    """When each step begins, those of today that are still to come too: days, or the hours of a single one."""
    first: dt.date
    last: dt.date

    @property
    def is_by_hour(self) -> bool:
        """Whether steps are hours."""
        return self.first == self.last

    @property
    def steps_begun(self) -> int:
        """How many steps have begun; what is after them is still to come."""
        return bisect_right(self.starts, self.to_ms - 1)

    def step_of(self, hour_ms: int) -> int | None:
        """Return the place of the step that an hour lies in; None: it is of the days before, or of none."""
        return bisect_right(self.starts, hour_ms) - 1 if self.from_ms <= hour_ms < self.to_ms else None

    def is_before(self, hour_ms: int) -> bool:
        """Tell whether an hour is one of the days before that are compared with."""
        return self.before_from_ms <= hour_ms < self.before_to_ms


def span_of(zone: str, now_ms: int, days: int) -> Span:
    """Return the span of ``days`` local days, the present one among them, up to the present hour and with it."""
    last = local_day(zone, now_ms)
    first = last - (days - 1) * ONE_DAY
    from_ms, to_ms = _hour(start_of_day_ms(zone, first)), _hour(now_ms) + HOUR_MS
    today_ms = _hour(start_of_day_ms(zone, last))
    before_last_ms = _hour(start_of_day_ms(zone, first - ONE_DAY))
    if days == 1:
        starts = tuple(range(from_ms, _hour(start_of_day_ms(zone, last + ONE_DAY)), HOUR_MS))
    else:
        starts = tuple(_hour(start_of_day_ms(zone, first + day * ONE_DAY)) for day in range(days))
    return Span(
        from_ms=from_ms,
        to_ms=to_ms,
        before_from_ms=_hour(start_of_day_ms(zone, first - days * ONE_DAY)),
        before_to_ms=min(before_last_ms + to_ms - today_ms, from_ms),
        starts=starts,
        first=first,
        last=last,
    )


def _hour(at_ms: int) -> int:
    return at_ms - at_ms % HOUR_MS
