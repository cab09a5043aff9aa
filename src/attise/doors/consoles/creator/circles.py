"""How far the feed has taken a creator's posts, as the page of one and the list of all show it."""

from __future__ import annotations

from typing import Any

from attise.doors.site.tongues import spoken
from attise.management.posts.views import PostView
from attise.measurement.circles import queries, words
from attise.measurement.circles.views import CircleView

DOTS = {"testing": "scheduled", "open": "active", "stopped": "ended"}
"""By which dot of the catalogue of statuses a state is drawn."""


def circle_of(post: PostView) -> dict[str, Any] | None:
    """Return what the page of a post shows; None for what the feed does not show. Three queries at most."""
    if post.ads_only or post.visibility == "private":
        return None
    found = queries.find_circle(post.id)
    if found is None:
        return {"is_met": False}
    tongue = spoken()
    met = min(found.met, found.batch)
    return {
        "is_met": True,
        **told(found),
        "audience": words.audience(found.circle, found.last, tongue, is_tested=found.batch > 0),
        "since_ms": found.since_ms,
        "batch": found.batch,
        "met": met,
        "filled": round(100 * met / found.batch) if found.batch else 0,
        "moves": [
            {"at_ms": one.at_ms, "words": words.reason(one.reason, one.met, tongue)}
            for one in queries.list_moves(post.id)
        ],
    }


def told(found: CircleView) -> dict[str, Any]:
    """Return where a post is, in a few words: circles are counted from one."""
    return {
        "dot": DOTS[found.state],
        "state": words.state(found.state, spoken()),
        "number": found.circle + 1,
        "several": found.last + 1,
        "is_everyone": found.circle == found.last,
    }
