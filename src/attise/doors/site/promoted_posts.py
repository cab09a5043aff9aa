"""The posts that an advertiser's ads have shown, each with its course, and all of them together; for both doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attise.management.posts.queries import find_posts
from attise.management.posts.views import PostView
from attise.measurement.attribution.queries import list_posts_shown
from attise.measurement.reports.promoted import Course, Gain, Together, together
from attise.measurement.reports.promoted_days import Day, days_of
from attise.measurement.reports.queries import find_courses


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

    as_of_ms: int | None
    """World time: of the hours that were over then; None: nothing was worked out yet."""
    posts: list[PromotedPost]
    days: list[Day]
    before: int
    during: PartTogether
    after: PartTogether
    in_all: PartTogether


def promoted_posts(advertiser_id: int) -> PromotedTogether:
    """Return the newest posts that an advertiser's ads have shown, by those ads, as the worker last worked them out.

    Cost: two statements.
    """
    kept = find_courses(advertiser_id)
    told = [] if kept is None else kept.courses
    there = find_posts(post_id for post_id, _course in told)
    posts = [PromotedPost(there[post_id], course) for post_id, course in told if post_id in there]
    courses = [one.course for one in posts]
    return PromotedTogether(
        None if kept is None else kept.as_of_ms,
        posts,
        days_of(courses),
        sum(one.before for one in courses),
        _part([one.during for one in courses]),
        _part([one.after for one in courses if one.after is not None]),
        _part([one.in_all for one in courses]),
    )


def is_awaited(found: PromotedTogether, advertiser_id: int) -> bool:
    """Tell whether an advertiser's ads have shown a post of which nothing was worked out yet. Cost: one statement."""
    return found.as_of_ms is None and bool(list_posts_shown(advertiser_id=advertiser_id, limit=1))


def _part(gains: Sequence[Gain]) -> PartTogether:
    told = [one for one in gains if one.without is not None]
    return PartTogether(
        sum(one.organic for one in gains),
        sum(one.paid for one in gains),
        round(sum(one.without or 0.0 for one in told)) if told else None,
        sum(one.organic for one in told),
        together(gains),
    )
