"""A lot that was drawn some days ago, and what its posts have lived since."""

from __future__ import annotations

import random
from collections.abc import Sequence

from django.conf import settings

from attise.kernel.actor import COMMAND
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.kernel.means import Means
from attise.management.authorizations import actions as grants
from attise.management.campaigns.actions import announce_lot, draw_lot
from attise.management.campaigns.models import Ad as Declared
from attise.management.campaigns.models import Lot, LotPost
from attise.management.campaigns.rules.boosting import BoostWish
from attise.management.campaigns.rules.drawing import LotWish
from attise.management.campaigns.views import LotView
from attise.management.posts.models import Post
from attise.measurement.attribution.models import Ad, AdHour
from attise.measurement.counters.models import Hour, Subject
from tests.campaign_rows import FRANCE

DRAWN_DAYS, ADS_DAYS = 5, 2
"""How long ago it was drawn, and for how long its ads showed its posts."""
PAID = 30


def a_lot(
    means: Means, advertiser_id: int, posts: Sequence[Post], *, promoted: int = 1, name: str = "A draw", days: int = 3
) -> LotView:
    """Have creators let an advertiser use some posts, and the advertiser name them."""
    for post in posts:
        _view, code = grants.grant_post(means, COMMAND, creator_id=post.creator_id, post_id=post.id, days=30)
        grants.redeem(means, COMMAND, advertiser_id=advertiser_id, code=code)
    boost = BoostWish(
        post_id=0,
        name=name,
        objective_type="TRAFFIC",
        optimization_goal="CLICK",
        budget_micros=50_000_000,
        days=days,
        location_ids=(FRANCE,),
        call_to_action="LEARN_MORE",
        landing_page_url="https://shop.example/soups",
    )
    wish = LotWish(post_ids=tuple(one.id for one in posts), promoted=promoted, boost=boost)
    return announce_lot(means, COMMAND, house=settings.HOUSE, advertiser_id=advertiser_id, wish=wish)


def drawn(means: Means, lot: LotView) -> LotView:
    """Have it drawn."""
    return draw_lot(means, COMMAND, house=settings.HOUSE, advertiser_id=lot.advertiser_id, lot_id=lot.id)


def lived_on(means: Means, lot_id: int, *, more: float = 1.0, seed: int = 4) -> None:
    """Have a lot be drawn days ago, and its ads bring each post they showed ``more`` times as many views again."""
    chance = random.Random(seed)
    now_ms = means.clock.world_ms()
    drawn_ms = now_ms // HOUR_MS * HOUR_MS - DRAWN_DAYS * DAY_MS
    lot = Lot.objects.get(id=lot_id)
    days = int(lot.wish["days"])
    Lot.objects.filter(id=lot_id).update(drawn_at_ms=drawn_ms, ends_at_ms=drawn_ms + days * DAY_MS)
    hours, shown = [], []
    for one in LotPost.objects.filter(lot_id=lot_id).order_by("place"):
        age_h, size = chance.randrange(30, 60), 30 * chance.lognormvariate(0, 0.5)
        Post.objects.filter(id=one.post_id).update(published_at_ms=drawn_ms - age_h * HOUR_MS)
        own = []
        for at_ms in range(drawn_ms - age_h * HOUR_MS, now_ms, HOUR_MS):
            views = round(size * 0.985 ** ((at_ms - drawn_ms) / HOUR_MS + age_h) * chance.uniform(0.8, 1.2))
            views += round(views * more) if one.is_promoted and at_ms >= drawn_ms else 0
            own.append(Hour(subject_id=one.post_id, hour_ms=at_ms, is_paid=False, views=views, impressions=views))
        if one.is_promoted:
            own += [
                Hour(subject_id=one.post_id, hour_ms=drawn_ms + hour * HOUR_MS, is_paid=True, views=PAID)
                for hour in range(24 * ADS_DAYS)
            ]
            shown.append(one)
        hours += own
        creator_id = Post.objects.get(id=one.post_id).creator_id
        for is_paid in (False, True):
            views = sum(hour.views for hour in own if hour.is_paid is is_paid)
            Subject.objects.create(
                subject_id=one.post_id, is_paid=is_paid, kind="post", creator_id=creator_id, views=views
            )
    Hour.objects.bulk_create(hours)
    for one in shown:
        declared = Declared.objects.get(id=one.ad_id)
        Ad.objects.create(
            ad_id=declared.id,
            advertiser_id=lot.advertiser_id,
            post_id=one.post_id,
            creator_id=declared.creator_id,
            adgroup_id=declared.adgroup_id,
            campaign_id=lot.campaign_id,
            currency="EUR",
            envelope_id=0,
        )
        AdHour.objects.bulk_create(
            AdHour(ad_id=one.ad_id, hour_ms=drawn_ms + hour * HOUR_MS, views=PAID) for hour in range(24 * ADS_DAYS)
        )
