"""The posts that an advertiser's ads have shown, each with its course, and all of them together; for both doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attise.doors.site.promoted import BESIDE_MOST, PROMOTED_MOST, promotion_of
from attise.management.posts.queries import find_posts
from attise.management.posts.views import PostView
from attise.measurement.attribution.queries import list_posts_shown
from attise.measurement.reports.promoted import Course, Gain, Together, together
from attise.measurement.reports.promoted_days import Day, days_of


@dataclass(frozen=True, slots=True)
class PromotedPost:
    """A promoted post."""

    post: PostView
    course: Course


@dataclass(frozen=True, slots=True)
class PartTogether:
    """A part of the course of several posts."""

    organic: int
    paid: int
    without: int | None
    """Of the posts of which it can be told; None: of none."""
    organic_told: int
    """Organic views of those."""
    effect: Together | None


@dataclass(frozen=True, slots=True)
class PromotedTogether:
    """Promoted posts, and what they came to together."""

    posts: list[PromotedPost]
    days: list[Day]
    before: int
    during: PartTogether
    after: PartTogether
    in_all: PartTogether


def promoted_posts(*, now_ms: int, advertiser_id: int) -> PromotedTogether:
    """Return the newest posts that an advertiser's ads have shown, ``PROMOTED_MOST`` at most, by those ads.

    Cost: six statements for each.
    """
    shown = list_posts_shown(advertiser_id=advertiser_id, limit=PROMOTED_MOST)
    there = find_posts(shown)
    posts = []
    for post_id in shown:
        if post_id not in there:
            continue
        course = promotion_of(there[post_id], now_ms=now_ms, advertiser_id=advertiser_id, most=BESIDE_MOST)
        if course is not None:
            posts.append(PromotedPost(there[post_id], course))
    courses = [one.course for one in posts]
    return PromotedTogether(
        posts,
        days_of(courses),
        sum(one.before for one in courses),
        _part([one.during for one in courses]),
        _part([one.after for one in courses if one.after is not None]),
        _part([one.in_all for one in courses]),
    )


def _part(gains: Sequence[Gain]) -> PartTogether:
    told = [one for one in gains if one.without is not None]
    return PartTogether(
        sum(one.organic for one in gains),
        sum(one.paid for one in gains),
        round(sum(one.without or 0.0 for one in told)) if told else None,
        sum(one.organic for one in told),
        together(gains),
    )
