"""The steps of a span as charts and files name them: days, or the hours of a single one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.measurement.counters.spans import Span

Value = TypeVar("Value")


def names(span: Span, zone: str, language: str) -> list[tuple[str, str]]:
    """Return of each step its whole name and a short one, in a zone."""
    moments = [to_datetime(at_ms).astimezone(ZoneInfo(zone)) for at_ms in span.starts]
    if span.is_by_hour:
        return [(formats.clock(one, language), formats.clock(one, language)) for one in moments]
    return [(formats.day(one.date(), language), formats.day_short(one.date(), language)) for one in moments]


def keys(span: Span, zone: str) -> list[str]:
    """Return what files call each step: an ISO date, or a date and a time."""
    moments = [to_datetime(at_ms).astimezone(ZoneInfo(zone)) for at_ms in span.starts]
    if span.is_by_hour:
        return [one.strftime("%Y-%m-%d %H:%M") for one in moments]
    return [one.date().isoformat() for one in moments]


def with_coming(values: Sequence[Value], span: Span) -> list[Value | None]:
    """Return the values of the steps that have begun, and nothing for each that is still to come."""
    return [*values, *([None] * (len(span.starts) - len(values)))]
