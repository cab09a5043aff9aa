"""What came of lots, for both doors: the posts that chance chose beside those that it left out.

A door, because lots are management's and counters measurement's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.management.campaigns.views import LotView
from attise.management.posts.queries import find_posts
from attise.management.posts.views import PostView
from attise.measurement.attribution.queries import list_hours_of_ads
from attise.measurement.counters.queries import Cuts, list_organic_hours, list_organic_views, list_paid_hours
from attise.measurement.reports.drawn import (
    LEAST_MS,
    Drawn,
    DrawnCourse,
    Effect,
    changes_of,
    course_of_lot,
    effect_of,
)
from attise.measurement.reports.promoted import AFTER_MOST_MS, Floats, post_of

TOGETHER_MOST: Final = 50
"""Lots that are taken together, the newest."""
_VIEWS: Final = ("views",)


@dataclass(frozen=True, slots=True)
class LotPostResult:
    """What was counted of a post of a lot."""

    post_id: int
    post: PostView | None
    is_promoted: bool
    recent: int
    """Organic views of the day before the draw, with which it is compared."""
    organic: int
    """Since the draw."""
    paid: int
    """By ads of the lot; of a post that was left out, by any."""


@dataclass(frozen=True, slots=True)
class LotResult:
    """What came of a lot."""

    course: DrawnCourse
    posts: list[LotPostResult]
    gone: int
    """Posts that nobody can be shown any more; they are counted for what they had."""


@dataclass(frozen=True, slots=True)
class LotsTogether:
    """Several lots taken together."""

    lots: int
    promoted: int
    left_out: int
    effect: Effect


def result_of(lot: LotView, *, now_ms: int) -> LotResult | None:
    """Return what came of a lot; None: it is not drawn. Cost: five statements, and the hours of its posts."""
    drawn = _drawn_of(lot, now_ms=now_ms)
    if drawn is None:
        return None
    course = course_of_lot(drawn, now_ms=now_ms, chance=lot.id)
    there = find_posts(one.post_id for one in lot.posts)
    posts = [
        LotPostResult(
            told.post_id,
            there.get(told.post_id),
            is_promoted=bool(told.is_promoted),
            recent=counted.between(course.from_ms - DAY_MS, course.from_ms),
            organic=counted.between(course.from_ms, course.seen_ms),
            paid=counted.between(course.from_ms, course.seen_ms, is_paid=True),
        )
        for told, counted in zip(lot.posts, drawn.posts, strict=True)
    ]
    return LotResult(course, posts, sum(one.post is None or one.post.state != "live" for one in posts))


def together_of(lots: Sequence[LotView], *, now_ms: int) -> LotsTogether | None:
    """Return what ads brought in several lots, from each draw up to now; None: of none is anything told yet.

    Cost: a statement for each lot, three rows for each of its posts.
    """
    found = [one for lot in lots[:TOGETHER_MOST] if (one := _changes_of(lot, now_ms=now_ms)) is not None]
    if not found:
        return None
    promoted = sum(sum(drawn) for _changes, drawn in found)
    left_out = sum(len(drawn) for _changes, drawn in found) - promoted
    return LotsTogether(len(found), promoted, left_out, effect_of(found, chance=lots[0].id))


def _changes_of(lot: LotView, *, now_ms: int) -> tuple[Floats, Sequence[bool]] | None:
    """Return by how much the views of each post of a lot changed, and which were drawn; None: too early to say.

    The hours of the day before and those since are added up by the database: nothing else of them is looked at.
    """
    if lot.drawn_at_ms is None or lot.ends_at_ms is None:
        return None
    from_ms = lot.drawn_at_ms // HOUR_MS * HOUR_MS
    seen_ms = min(now_ms // HOUR_MS * HOUR_MS, lot.ends_at_ms + AFTER_MOST_MS)
    if seen_ms - from_ms < LEAST_MS:
        return None
    cuts = Cuts(from_ms - DAY_MS, from_ms, seen_ms, seen_ms, seen_ms - from_ms)
    views = list_organic_views([one.post_id for one in lot.posts], cuts)
    posts = [
        post_of(from_ms, [(at_ms, False, many) for at_ms, many in views.get(one.post_id, [])]) for one in lot.posts
    ]
    is_promoted = [bool(one.is_promoted) for one in lot.posts]
    return changes_of(Drawn(posts, is_promoted, from_ms, lot.ends_at_ms), (from_ms, seen_ms)), is_promoted


def _drawn_of(lot: LotView, *, now_ms: int) -> Drawn | None:
    if lot.drawn_at_ms is None or lot.ends_at_ms is None:
        return None
    ids = [one.post_id for one in lot.posts]
    published = {one.id: one.published_at_ms for one in find_posts(ids).values()}
    organic = list_organic_hours(ids, _VIEWS, before_ms=now_ms)
    left = [one.post_id for one in lot.posts if not one.is_promoted]
    paid = list_paid_hours(left, _VIEWS, from_ms=lot.drawn_at_ms, before_ms=now_ms)
    by_ad = list_hours_of_ads([one.ad_id for one in lot.posts if one.ad_id is not None], _VIEWS)
    posts = []
    for one in lot.posts:
        shown = paid.get(one.post_id, []) if one.ad_id is None else by_ad.get(one.ad_id, [])
        hours = [(hour_ms, False, views) for hour_ms, (views,) in organic.get(one.post_id, [])]
        hours += [(hour_ms, True, views) for hour_ms, (views,) in shown]
        posts.append(post_of(published.get(one.post_id, lot.drawn_at_ms), hours))
    return Drawn(posts, [bool(one.is_promoted) for one in lot.posts], lot.drawn_at_ms, lot.ends_at_ms)
