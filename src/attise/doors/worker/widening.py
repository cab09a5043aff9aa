"""Posts go from circle to circle by what was settled: the worker's turn at it.

Before: settling counted, and totals told which posts changed. After: totals tell decisions how far posts have come. A
door, because it brings floors together that do not know each other: whose a post is, how long and since when, says
management; the rest is measurement's.
"""

from __future__ import annotations

from typing import Final

from attise.doors.site.means import means
from attise.management.posts.queries import find_organic
from attise.measurement.attribution.queries import list_changed_posts
from attise.measurement.circles.actions import Candidate, look
from attise.measurement.circles.queries import get_totals_version, list_due, list_ready

AT_ONCE: Final = 500
"""Posts of one transaction, so that whoever else writes waits for a moment only."""
TURNS: Final = 20
"""Transactions of one turn of the job."""


def widen() -> int:
    """Look at every post that changed, or that the clock may move; returns how many moved. Killed anywhere, run again.

    Cost: four statements where nothing happened.
    """
    moved = 0
    for _ in range(TURNS):
        after = get_totals_version()
        changed, upto = list_changed_posts(after=after, limit=AT_ONCE)
        now_ms = means().clock.world_ms()
        due = list_due(now_ms=now_ms, limit=AT_ONCE)
        if upto == after and not due:
            break
        known, ready = list_ready(changed, now_ms=now_ms) if changed else (set(), set())
        unknown = set(changed) - known
        candidates = {
            one.id: Candidate(one.id, one.creator_id, one.category, one.duration_ms or 0, one.published_at_ms)
            for one in (find_organic(unknown) if unknown else ())
        }
        moved += look(means(), {*ready, *candidates, *due}, candidates, after=after, upto=upto) or 0
        if len(changed) < AT_ONCE and len(due) < AT_ONCE:
            break
    return moved
