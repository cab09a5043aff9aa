"""The worker looks at young posts: which, and when. A door, since posts and counters do not know each other."""

from __future__ import annotations

from attise.doors.site.means import means
from attise.kernel.limits import HOUR_MS
from attise.management.posts.queries import list_recent
from attise.measurement.scout import actions
from attise.measurement.scout.bounds import CANDIDATES_MOST, GRID_H
from attise.measurement.scout.counted import Candidate


def scout() -> int:
    """Rank the posts of the last four days when it is time, and judge past trials; returns how many were ranked."""
    actions.judge_trials(means())
    if not actions.is_due(means()):
        return 0
    recent = list_recent(since_ms=means().clock.world_ms() - GRID_H * HOUR_MS, limit=CANDIDATES_MOST)
    candidates = [
        Candidate(
            post_id=one.id,
            creator_id=one.creator_id,
            category=one.category,
            published_at_ms=one.published_at_ms,
            duration_s=one.duration_ms / 1_000 if one.duration_ms else None,
        )
        for one in recent
    ]
    return actions.analyse(means(), candidates)
