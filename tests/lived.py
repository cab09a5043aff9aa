"""Weeks of a brand's ads and of a creator's posts, as settling would have counted them: for pages that draw them."""

from __future__ import annotations

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.management.campaigns import queries
from attise.measurement.attribution.models import Ad, AdEvent, AdHour
from attise.measurement.counters.models import Hour, Subject
from tests.browser.brand import Brand

DAYS = 56
ACTS = {"likes": 14, "comments": 90, "shares": 120, "saves": 60, "follows": 150}
"""Of how many views one does it."""


def live(brand: Brand, *, days: int = DAYS, at_hours: tuple[int, ...] = (9, 20)) -> dict[str, int]:
    """Have a Spark Ad and a standard one run for weeks, and the post be seen beside; returns their ids."""
    town = brand.town
    now_ms = town.means.clock.world_ms()
    mine = {"advertiser_id": town.advertiser.id, "limit": 1}
    spark = queries.page_ads(town.means, wish=queries.AdWish(name="geste"), **mine).items[0]
    standard = queries.page_ads(town.means, wish=queries.AdWish(name="Studio"), **mine).items[0]
    assert spark.post is not None
    ads, hours, events, seen = [], [], [], []
    for ad, post_id, costs in ((spark, spark.post.id, 2), (standard, 0, 5)):
        ads.append(
            Ad(
                ad_id=ad.id,
                adgroup_id=ad.adgroup_id,
                campaign_id=ad.campaign_id,
                advertiser_id=town.advertiser.id,
                post_id=post_id,
                creator_id=town.creator.id if post_id else 0,
                currency="EUR",
                envelope_id=0,
            )
        )
        for day in range(days):
            for hour in at_hours:
                at_ms = now_ms - now_ms % HOUR_MS - day * DAY_MS - hour * HOUR_MS
                views = 900 + 8 * (days - day) + 170 * ((day * costs + hour) % 7)
                hours.append(
                    AdHour(
                        ad_id=ad.id,
                        hour_ms=at_ms,
                        impressions=2 * views,
                        views=views,
                        completions=views * 2 // (3 + costs),
                        clicks=views // (20 * costs),
                        spent_micros=views * 4_100,
                        **{name: views // each for name, each in ACTS.items()},
                    )
                )
                many = views // (130 * costs)
                events.append(
                    AdEvent(
                        ad_id=ad.id, hour_ms=at_ms, kind="SHOPPING", conversions=many, results=many, value_micros=many
                    )
                )
                if post_id:
                    seen += [
                        Hour(
                            subject_id=post_id,
                            hour_ms=at_ms,
                            is_paid=is_paid,
                            views=views * share,
                            impressions=2 * views * share,
                            watch_ms=views * share * (7_400 - 20 * day),
                            **{name: views * share // each for name, each in ACTS.items()},
                        )
                        for is_paid, share in ((False, 2), (True, 1))
                    ]
    Ad.objects.bulk_create(ads)
    AdHour.objects.bulk_create(hours)
    AdEvent.objects.bulk_create(events)
    Hour.objects.bulk_create(seen)
    for is_paid in (False, True):
        whole = {
            name: sum(getattr(one, name) for one in seen if one.is_paid is is_paid)
            for name in ("impressions", "views", "watch_ms", *ACTS)
        }
        kept = {"subject_id": spark.post.id, "is_paid": is_paid, "kind": "post", "creator_id": town.creator.id}
        Subject.objects.create(**kept, **whole)
    return {"spark": spark.id, "standard": standard.id, "post": spark.post.id}
