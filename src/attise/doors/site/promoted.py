"""What ads left of a post, for both doors: its course, beside posts that could have been promoted too and were not.

A door, because grants are management's and counters measurement's. *Could have been*: when its ads began, an advertiser
held a code of it, or its creator's account was open, and everybody could see it; *were not*: no ad has shown it since.
"""

from __future__ import annotations

from typing import Final

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.management.authorizations.queries import list_open_at
from attise.management.posts.queries import find_posts, list_recent
from attise.management.posts.views import PostView
from attise.measurement.attribution.queries import list_ad_hours, list_posts_shown
from attise.measurement.counters.queries import Cuts, list_every_hour, list_organic_views, views_by_ads
from attise.measurement.reports.actions import keep_together
from attise.measurement.reports.promoted import (
    RECENT_MS,
    Course,
    Post,
    Span,
    Together,
    course_of,
    post_of,
    span_of,
    together,
)
from attise.measurement.reports.queries import TogetherView, find_together

OLDEST_MS: Final = 14 * DAY_MS
"""How much older or younger a post may be that it is put beside."""
OTHERS_MOST: Final = 300
PROMOTED_MOST: Final = 30
"""Promoted posts that are taken together, the newest, each beside ``BESIDE_MOST`` others."""
BESIDE_MOST: Final = 60
ASKED: Final = 5_000
"""Posts of those days that are looked at for it, the newest of them."""
VIEWS: Final = ("views",)


def promotions_together(advertiser_id: int | None = None) -> TogetherView | None:
    """Return what ads brought the newest promoted posts, as it was last worked out; None: it never was.

    Of an advertiser: by the ads of theirs. Cost: one keyed read.
    """
    return find_together(advertiser_id or 0)


def weigh_promotions(*, now_ms: int, advertiser_id: int | None = None) -> Together | None:
    """Work out what ads brought the newest promoted posts, taken together, and keep it; of an advertiser, each too.

    None: too few of them can be told of. Cost: six statements for each of ``PROMOTED_MOST`` posts, and the hours of
    those that they are put beside: a second in a large house, so the worker does it.
    """
    shown = list_posts_shown(advertiser_id=advertiser_id, limit=PROMOTED_MOST)
    seen = find_posts(shown)
    courses = []
    for post_id in shown:
        if post_id in seen:
            course = promotion_of(seen[post_id], now_ms=now_ms, advertiser_id=advertiser_id, most=BESIDE_MOST)
            courses += [] if course is None else [(post_id, course)]
    found = together([course.in_all for _post_id, course in courses])
    keep_together(
        advertiser_id or 0,
        found,
        as_of_ms=now_ms // HOUR_MS * HOUR_MS,
        courses=None if advertiser_id is None else courses,
    )
    return found


def promotion_of(
    post: PostView, *, now_ms: int, advertiser_id: int | None = None, most: int = OTHERS_MOST
) -> Course | None:
    """Return the course of a promoted post, None where no ad has shown it; of an advertiser, by the ads of theirs.

    ``most``: how many others it is put beside. Cost: five statements at most; the hours of the post and of those.
    """
    hours = [(hour_ms, is_paid, counts[0]) for hour_ms, is_paid, counts in list_every_hour(post.id, VIEWS)]
    if advertiser_id is not None:
        own = list_ad_hours(post.id, advertiser_id=advertiser_id, signals=VIEWS)
        hours = [one for one in hours if not one[1]] + [(hour_ms, True, counts[0]) for hour_ms, counts in own]
    shown = post_of(post.published_at_ms, hours)
    span = span_of(shown, now_ms=now_ms)
    if span is None:
        return None
    return course_of(shown, _others(post, span, most), now_ms=now_ms)


def _others(post: PostView, span: Span, most: int) -> list[Post]:
    """Return the posts of these days that could have been promoted and were not, those nearest in age first."""
    from_ms = span.from_ms
    could = list_open_at(from_ms)
    if not could.posts and not could.creators:
        return []
    since_ms, before_ms = post.published_at_ms - OLDEST_MS, min(post.published_at_ms + OLDEST_MS, from_ms)
    found = [
        one
        for one in list_recent(since_ms=since_ms, before_ms=before_ms, limit=ASKED)
        if one.id != post.id and (one.id in could.posts or one.creator_id in could.creators)
    ]
    by_ads = views_by_ads(one.id for one in found)
    left = [one for one in found if by_ads.get(one.id) == 0]
    left.sort(key=lambda one: (abs(one.published_at_ms - post.published_at_ms), one.id))
    left = left[:most]
    cuts = Cuts(from_ms - RECENT_MS, from_ms, span.to_ms, span.seen_ms, span.step_ms)
    views = list_organic_views([one.id for one in left], cuts)
    return [
        post_of(one.published_at_ms, [(at_ms, False, many) for at_ms, many in views.get(one.id, [])]) for one in left
    ]
