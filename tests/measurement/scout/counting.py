"""Counters of posts at a moment, for tests of what the scout makes of them."""

from __future__ import annotations

from django.db import transaction

from attise.measurement.counters import actions as counters
from attise.measurement.counters.folding import Subject
from attise.measurement.counters.tally import Tally


def count(post_id: int, at_ms: int, *, is_paid: bool = False, **signals: int) -> None:
    """Count so many of some signals of a post in the hour of a moment (world time)."""
    tally = Tally()
    for name, step in signals.items():
        tally.add(Subject("post", post_id, post_id % 10), name, at_ms, is_paid=is_paid, step=step)
    with transaction.atomic():
        counters.count(tally, states={}, watched={}, followed=())
