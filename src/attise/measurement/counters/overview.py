"""What happened on all that is a creator's over some days, step by step, beside the days before.

Of every signal the organic and the paid part apart, so that what pages show as one number is the sum of its two.
"""

from __future__ import annotations

from dataclasses import dataclass

from attise.measurement.counters.models import Hour, Subject
from attise.measurement.counters.queries import CountsView, counts_of_creator, sums_of_signals
from attise.measurement.counters.signals import SIGNALS
from attise.measurement.counters.spans import Span


@dataclass(frozen=True, slots=True)
class CreatorOverview:
    """What happened on a creator's posts and profile."""

    span: Span
    now: CountsView
    before: CountsView
    """Of the days before, as far as they are compared with."""
    steps: list[CountsView]
    """Of each step that has begun, in their order: they make up ``now``."""
    in_all: CountsView
    """Since the beginning."""


def get_creator_overview(creator_id: int, *, span: Span) -> CreatorOverview:
    """Return what happened on a creator's posts and profile. Cost: two statements, over the hours of both spans."""
    now, before = CountsView(), CountsView()
    steps = [CountsView() for _ in range(span.steps_begun)]
    mine = Subject.objects.filter(creator_id=creator_id).values("subject_id")
    rows = Hour.objects.filter(subject_id__in=mine, hour_ms__gte=span.before_from_ms, hour_ms__lt=span.to_ms)
    for row in rows.values("hour_ms", "is_paid").annotate(**sums_of_signals()).order_by():
        step = span.step_of(row["hour_ms"])
        if step is not None:
            _add(steps[step], row)
            _add(now, row)
        elif span.is_before(row["hour_ms"]):
            _add(before, row)
    return CreatorOverview(span, now, before, steps, counts_of_creator(creator_id))


def _add(view: CountsView, row: dict[str, int]) -> None:
    part = view.paid if row["is_paid"] else view.organic
    for name in SIGNALS:
        part[name] = part.get(name, 0) + int(row[f"sum_{name}"])
