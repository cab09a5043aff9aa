"""Promoted posts taken together, day by day from where the ads of each begin. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attise.kernel.limits import DAY_MS
from attise.measurement.reports.promoted import Course


@dataclass(frozen=True, slots=True)
class Day:
    """A day of several posts; views of one post, in the mean."""

    number: int
    """0: the first day of its ads; below: before them."""
    posts: int
    """That are told of: those of which the whole day is known."""
    organic: float
    paid: float
    without: float | None
    """Organic views without ads; None before them, and where it cannot be told."""


def days_of(courses: Sequence[Course]) -> list[Day]:
    """Return the days of promoted posts, in their order.

    Where it can be told of some what they would have come to, days are of those alone: each day's views stand beside
    what the same posts were to be expected to have.
    """
    known = [one for one in courses if one.is_enough] or list(courses)
    parts: dict[int, list[tuple[int, int, int | None]]] = {}
    for course in known:
        for number, part in _whole_days(course).items():
            parts.setdefault(number, []).append(part)
    return [_day(number, parts[number]) for number in sorted(parts)]


def _day(number: int, of_posts: Sequence[tuple[int, int, int | None]]) -> Day:
    many = len(of_posts)
    expected = [without for _organic, _paid, without in of_posts if without is not None]
    return Day(
        number,
        many,
        sum(organic for organic, _paid, _without in of_posts) / many,
        sum(paid for _organic, paid, _without in of_posts) / many,
        sum(expected) / many if len(expected) == many else None,
    )


def _whole_days(course: Course) -> dict[int, tuple[int, int, int | None]]:
    """Return organic, paid and expected views of a post by day, of days that it lived through whole."""
    span, size = course.span, DAY_MS // course.span.step_ms
    by_day: dict[int, list[int]] = {}
    for place, at_ms in enumerate(course.steps):
        by_day.setdefault((at_ms - span.from_ms) // DAY_MS, []).append(place)
    found = {}
    for number, places in by_day.items():
        begin_ms = span.from_ms + number * DAY_MS
        if len(places) < size or begin_ms + DAY_MS > span.seen_ms or begin_ms < span.starts_ms:
            continue
        expected = [course.without[place] for place in places]
        without = None if any(one is None for one in expected) else sum(one or 0 for one in expected)
        found[number] = (
            sum(course.organic[place] for place in places),
            sum(course.paid[place] for place in places),
            without,
        )
    return found
