"""Posts that viewers reported, those with the most reports since anybody looked first.

The same for the operator's page and for the API: a door, because reports are measurement's, decisions management's.
"""

from __future__ import annotations

from dataclasses import dataclass

from attise.kernel.paging import Page
from attise.management.posts.queries import find_posts
from attise.management.posts.views import PostView
from attise.management.review.queries import last_rulings
from attise.management.review.views import RulingView
from attise.measurement.counters.queries import NOTHING, Reported, list_counts, list_reported


@dataclass(frozen=True, slots=True)
class ReportedPost:
    """A post with its reports and the last decision on it."""

    post: PostView
    organic: int
    paid: int
    views: int
    ruling: RulingView | None

    @property
    def total(self) -> int:
        """All reports, where the feed showed it and where an ad did."""
        return self.organic + self.paid

    @property
    def fresh(self) -> int:
        """Reports since the last decision."""
        return max(0, self.total - (0 if self.ruling is None else self.ruling.reports))


def page_reported(*, after: int | None = None, limit: int = 50) -> Page[ReportedPost]:
    """Return what was reported since anybody looked, the most reports first; ``after``: how many were given before.

    Cost: four statements, over all posts that were ever reported; few are.
    """
    waiting, posts, rulings = _waiting()
    waiting.sort(key=lambda one: (_seen(rulings, one) - one.total, one.post_id))
    begin = after or 0
    shown = waiting[begin : begin + limit]
    counts = list_counts([one.post_id for one in shown])
    return Page(
        [
            ReportedPost(
                posts[one.post_id],
                one.organic,
                one.paid,
                counts.get(one.post_id, NOTHING).of("views").total,
                rulings.get(one.post_id),
            )
            for one in shown
        ],
        begin + limit if len(waiting) > begin + limit else None,
    )


def get_reported(post: PostView) -> ReportedPost:
    """Return one post with its reports, if any. Cost: two statements."""
    counts = list_counts([post.id]).get(post.id, NOTHING)
    reports = counts.of("reports")
    ruling = last_rulings([post.id]).get(post.id)
    return ReportedPost(post, reports.organic, reports.paid, counts.of("views").total, ruling)


def count_reported() -> int:
    """Return how many posts wait for a look. Cost: three statements."""
    return len(_waiting()[0])


def _waiting() -> tuple[list[Reported], dict[int, PostView], dict[int, RulingView]]:
    """Return what was reported since anybody looked and is not deleted, with the posts and their last decisions."""
    reported = list_reported()
    rulings = last_rulings([one.post_id for one in reported])
    fresh = [one for one in reported if one.total > _seen(rulings, one)]
    posts = find_posts([one.post_id for one in fresh])
    kept = [one for one in fresh if one.post_id in posts and posts[one.post_id].state != "deleted"]
    return kept, posts, rulings


def _seen(rulings: dict[int, RulingView], one: Reported) -> int:
    ruling = rulings.get(one.post_id)
    return 0 if ruling is None else ruling.reports
