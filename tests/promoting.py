"""Posts that ads showed for two days, and others that could have been promoted then and were not."""

from __future__ import annotations

import random
from dataclasses import dataclass

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.kernel.means import Means
from attise.management.authorizations.models import Authorization
from attise.management.posts.models import Post
from attise.measurement.attribution.models import Ad, AdHour
from attise.measurement.counters.models import Hour, Subject

BEGAN_DAYS, ADS_DAYS = 5, 2
"""How long ago its ads began, and for how long they showed it."""
PAID = 25
"""Paid views of an hour."""


@dataclass
class Promoted:
    """What there is: the first post that was shown, and those that were left out."""

    post: Post
    left: list[Post]


def promoted(means: Means, posts: list[Post], *, advertiser_id: int, more: float = 1.0, shown: int = 1) -> Promoted:
    """Have ads of an advertiser show the first posts, and bring each ``more`` times as many views again in the feed.

    All were published some days before ads began, and could have been promoted: codes of them were bound by then.
    """
    chance = random.Random(12)
    now_ms = means.clock.world_ms()
    began_ms = now_ms // HOUR_MS * HOUR_MS - BEGAN_DAYS * DAY_MS
    hours = []
    for number, post in enumerate(posts):
        age_h = chance.randrange(30, 60)
        Post.objects.filter(id=post.id).update(published_at_ms=began_ms - age_h * HOUR_MS)
        if not Authorization.objects.filter(post_id=post.id).exists():
            _open(means, post)
        Authorization.objects.filter(post_id=post.id).update(
            state="bound", starts_at_ms=began_ms - HOUR_MS, ends_at_ms=now_ms + 20 * DAY_MS
        )
        size = 30 * chance.lognormvariate(0, 0.5)
        for at_ms in range(began_ms - age_h * HOUR_MS, now_ms, HOUR_MS):
            views = round(size * 0.985 ** ((at_ms - began_ms) / HOUR_MS + age_h) * chance.uniform(0.7, 1.3))
            views += round(views * more) if number < shown and at_ms >= began_ms else 0
            hours.append(Hour(subject_id=post.id, hour_ms=at_ms, is_paid=False, views=views, impressions=views))
    paid = {
        post.id: [
            Hour(subject_id=post.id, hour_ms=began_ms + hour * HOUR_MS, is_paid=True, views=PAID, impressions=PAID)
            for hour in range(24 * ADS_DAYS)
        ]
        for post in posts[:shown]
    }
    hours += [one for of_post in paid.values() for one in of_post]
    Hour.objects.bulk_create(hours)
    for post in posts:
        for is_paid in (False, True):
            views = sum(one.views for one in hours if one.subject_id == post.id and one.is_paid is is_paid)
            if views:
                kept = {"kind": "post", "creator_id": post.creator_id}
                Subject.objects.create(subject_id=post.id, is_paid=is_paid, views=views, impressions=views, **kept)
    facts = {"adgroup_id": 71, "campaign_id": 72, "currency": "EUR", "envelope_id": 0}
    for ad_id, post in enumerate(posts[:shown], 7_000):
        own = {"advertiser_id": advertiser_id, "post_id": post.id, "creator_id": post.creator_id}
        Ad.objects.create(ad_id=ad_id, **own, **facts)
        AdHour.objects.bulk_create(
            AdHour(ad_id=ad_id, hour_ms=one.hour_ms, views=one.views, impressions=one.views) for one in paid[post.id]
        )
    return Promoted(posts[0], posts[shown:])


def _open(means: Means, post: Post) -> None:
    now_ms = means.clock.world_ms()
    Authorization.objects.create(
        id=means.ids.next(),
        kind="post",
        creator_id=post.creator_id,
        post=post,
        state="bound",
        starts_at_ms=now_ms,
        created_at_ms=now_ms,
        modified_at_ms=now_ms,
    )
