"""What a limit allows, and where a charge belongs. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from attise.kernel.limits import LATE_RECEIPT_MS, MINUTE_MS, TOKEN_ENGAGEMENT_MS
from attise.kernel.money import LARGEST_MICROS
from attise.ledger import days

LARGEST_BALANCE_MICROS = 9 * 10**18
"""What one account may hold, so that its balance stays below 2**63."""
ENDLESS = ""
"""The period of what does not begin anew."""

if not LARGEST_MICROS <= LARGEST_BALANCE_MICROS < 2**63 - LARGEST_MICROS:
    raise AssertionError("a balance must bear one more movement without leaving 64 bits")


class Free(enum.StrEnum):
    """Why a charge is free, in the order in which it is judged."""

    RESTORED = "restored"
    """Its token was sealed before the house was brought back from a copy, and it came afterwards."""
    UNKNOWN = "envelope_unknown"
    CLOSED = "envelope_closed"
    OVERDELIVERY = "overdelivery"


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone of an envelope, and the one that follows at a local midnight."""

    name: str
    next_name: str = ""
    next_from_ms: int | None = None

    def at(self, at_ms: int) -> str:
        """Return the zone that rules at a moment (world time)."""
        return self.name if self.next_from_ms is None or at_ms < self.next_from_ms else self.next_name

    def changed(self, name: str, *, now_ms: int) -> Zone:
        """Return the zone with another one to follow at the next midnight of the one that rules now."""
        ruling = self.at(now_ms)
        return Zone(ruling) if name == ruling else Zone(ruling, name, days.next_midnight_ms(ruling, now_ms))


def period_of(kind: str, zone: Zone, at_ms: int) -> str:
    """Return the period of an envelope that a moment (world time) lies in."""
    if kind == "day":
        return days.text_of_day(days.local_day(zone.at(at_ms), at_ms))
    if kind == "week":
        return days.text_of_week(days.local_day(zone.at(at_ms), at_ms))
    return ENDLESS


def span_of(kind: str, zone: Zone, at_ms: int) -> tuple[int, int | None]:
    """Return when the period of a moment begins, and when another one does (world time); (0, None) for what is endless.

    A change of zone may stretch the last day of the old one or cut it short: the end is the first moment whose period
    has another name.
    """
    return (0, None) if period_of(kind, zone, at_ms) == ENDLESS else _span_at(kind, zone, at_ms // MINUTE_MS)


@lru_cache(maxsize=8192)
def _span_at(kind: str, zone: Zone, minute: int) -> tuple[int, int]:
    """Return the span at a minute: no period begins within one."""
    at_ms = minute * MINUTE_MS
    period = period_of(kind, zone, at_ms)
    end_ms = at_ms
    while period_of(kind, zone, end_ms) == period:
        midnight_ms = days.next_midnight_ms(zone.at(end_ms), end_ms)
        change_ms = zone.next_from_ms
        end_ms = midnight_ms if change_ms is None or not end_ms < change_ms < midnight_ms else change_ms
    day = days.local_day(zone.at(at_ms), at_ms)
    first = day if kind == "day" else days.first_of_week(day)
    begin_ms = days.start_of_day_ms(zone.name, first)
    if zone.next_from_ms is not None and begin_ms >= zone.next_from_ms:
        begin_ms = max(days.start_of_day_ms(zone.next_name, first), zone.next_from_ms)  # not shown by any clock before
    return begin_ms, end_ms


def periods_before(kind: str, zone: Zone, at_ms: int) -> list[str]:
    """Return the periods before the one a moment lies in, the later first, as far back as an event may bring a charge.

    None for what does not begin anew; else one at least, and more where a change of zone cut a day short.
    """
    if period_of(kind, zone, at_ms) == ENDLESS:
        return []
    found: list[str] = []
    begins_ms = span_of(kind, zone, at_ms)[0]
    while not found or begins_ms > at_ms - TOKEN_ENGAGEMENT_MS:
        found.append(period_of(kind, zone, begins_ms - 1))
        begins_ms = span_of(kind, zone, begins_ms - 1)[0]
    return found


def periods_at(at_ms: int) -> list[str]:
    """Return every period that any envelope of any zone may be in at a moment."""
    today = days.local_day("UTC", at_ms)
    dates = [today - days.ONE_DAY, today, today + days.ONE_DAY]
    return [ENDLESS, *map(days.text_of_day, dates), *sorted({days.text_of_week(date) for date in dates})]


def ruling_limit(asked_micros: int | None, spent_micros: int) -> int | None:
    """Return the limit that rules where another is asked for: never below what is spent."""
    return None if asked_micros is None else max(asked_micros, spent_micros)


def room_of(limit_micros: int | None, spent_micros: int) -> int | None:
    """Return what is left; None is no limit."""
    return None if limit_micros is None else limit_micros - spent_micros


def is_closed_for(closed_at_ms: int | None, received_at_ms: int) -> bool:
    """Tell whether an event was received too late for an envelope that was closed (both wire time)."""
    return closed_at_ms is not None and received_at_ms > closed_at_ms + LATE_RECEIPT_MS


def is_of_before(restored_at_ms: int, *, sealed_at_ms: int, received_at_ms: int) -> bool:
    """Tell whether an event came with a token of before the house was brought back, and after that (all wire time).

    What it cost may have been charged, invoiced and paid in the days that are gone; what was received before, and is
    settled only now, is as much of this house's books as any other.
    """
    return 0 < sealed_at_ms < restored_at_ms <= received_at_ms


def why_free(
    amount_micros: int, *, received_at_ms: int, bounds: Iterable[tuple[int | None, int | None]]
) -> Free | None:
    """Return why a charge is free, or None when all of it is charged; ``bounds`` are rooms and times of closing."""
    reason = None
    for room_micros, closed_at_ms in bounds:
        if is_closed_for(closed_at_ms, received_at_ms):
            return Free.CLOSED
        if room_micros is not None and amount_micros > room_micros:
            reason = Free.OVERDELIVERY
    return reason


def kind_of(account_key: str) -> str:
    """Return the kind of an account: the first word of its key."""
    return account_key.partition(":")[0]


def is_balanced(amounts: Sequence[int]) -> bool:
    """Tell whether entries make a transfer: two at least, none zero, none beyond the largest, zero in sum."""
    return len(amounts) > 1 and sum(amounts) == 0 and all(0 < abs(amount) <= LARGEST_MICROS for amount in amounts)
