"""Split tests for the pages that tell of them: the same video as a Spark and as a standard ad, and what it came to."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import msgspec
from django.conf import settings

from attise.doors.site.split_results import weigh
from attise.kernel.actor import COMMAND
from attise.kernel.limits import DAY_MS
from attise.management.campaigns import actions, queries
from attise.management.campaigns.rules.pairing import PairWish
from attise.management.campaigns.views import SplitView
from attise.management.library.models import Video
from attise.management.posts.actions import add_comment
from attise.measurement.reports.models import Watermark
from attise.records.event import Event
from tests.browser.brand import Brand
from tests.browser.town import Town
from tests.campaigns import fund
from tests.measurement.attribution.happened import claims
from tests.measurement.lift.trial import Trial
from tests.measurement.reports.facing import decision_of

RATES = {"complete": (0.42, 0.3), "click": (0.03, 0.026), "follow": (0.02, 0.0), "comment": (0.008, 0.0)}
"""Of a type, how many do it on the Spark side, and on the standard one."""


def drafted(town: Town) -> SplitView:
    """Draft a test of two formats; the video lies in the library already, as the post's own file."""
    fund(town.means, town.advertiser.id, 1_000)
    brand = Brand(town)
    campaign = brand.campaign("Sérum C · routine du matin", 120)
    spark, _ = brand.spark(brand.group(campaign), "Sérum C, un mois après, sans filtre")
    video = Video.objects.create(
        id=town.means.ids.next(),
        video_id="v10033g50000serum",
        advertiser_id=town.advertiser.id,
        media_id=town.a_post("Hidden", visibility="private").media_id,
        file_name="serum-c.mp4",
        created_at_ms=0,
        modified_at_ms=0,
    )
    wish = PairWish(name="Sérum C : deux formats", ad_id=spark.id, video_id=video.video_id, display_name="Aubrée")
    split = actions.pair_formats(town.means, COMMAND, house=settings.HOUSE, advertiser_id=town.advertiser.id, wish=wish)
    group = queries.AdWish(adgroup_ids=[split.sides[1].object_id])
    for one in queries.list_ads(town.means, advertiser_id=town.advertiser.id, wish=group).items:
        brand.reviewed(one, "approved" if one.review == "pending" else "")
    return queries.get_split(advertiser_id=town.advertiser.id, split_id=split.id)


DAYS = 6
SAID = ("Elle tient vraiment sous la pluie ?", "Je la veux pour ma mère", "On dirait ma salle de bain le matin")


def launched(town: Town, *, people: int = 400) -> SplitView:
    """Launch it, and have people watch on some days, one impression each; ten thousand are enough for a verdict."""
    split = drafted(town)
    asked = {"advertiser_id": town.advertiser.id, "split_id": split.id}
    running = actions.launch_split(town.means, COMMAND, **asked)
    town.clock.advance(seconds=DAY_MS / 1_000)
    chance = random.Random(8)
    trial = Trial(town.means, settings.HOUSE.folder).emptied().opened()
    for day in range(DAYS):
        trial.happens(_watched(town, split, trial, chance, range(day, people, DAYS)))
        town.clock.advance(seconds=DAY_MS / 1_000)
    trial.told()
    _said(town, split)
    Watermark.objects.update(complete_to_ms=town.clock.world_ms())
    weigh(settings.HOUSE, running, now_ms=town.clock.world_ms())
    return running


def _watched(town: Town, split: SplitView, trial: Trial, chance: random.Random, people: Iterable[int]) -> list[Event]:
    told = []
    for number in people:
        side, person = int(chance.random() < 0.5), f"v{number:05}"
        ad = msgspec.structs.replace(trial.ad, advertiser_id=town.advertiser.id, adgroup_id=split.sides[side].object_id)
        more = {"viewer": person, "post_id": 0 if side else trial.post, "creator_id": 0 if side else trial.creator}
        of = claims(trial.means, ad, **more)
        trial.keep(msgspec.structs.replace(decision_of(of), splits=((split.id, side),)))
        told.append(trial.does(person, "impression", of=of, after_s=2))
        told += [
            trial.does(person, type_, of=of, after_s=70)
            for type_, rates in RATES.items()
            if chance.random() < rates[side]
        ]
    return told


def _said(town: Town, split: SplitView) -> None:
    """Have viewers say something on the Spark ad."""
    (ad,) = queries.get_ads(town.means, advertiser_id=town.advertiser.id, ad_ids=queries.ads_of_side(split, 0))
    assert ad.post is not None
    for text in SAID:
        who = {"viewer_id": town.means.ids.next(), "follows": (), "event": b""}
        add_comment(town.means, comment_id=town.means.ids.next(), post_id=ad.post.id, text=text, ad_id=ad.id, **who)


def split_page(make: Callable[[Town], SplitView]) -> Callable[[Town], str]:
    """Return the page of the test that is made."""
    return lambda town: f"/ads/comparaison/{make(town).id}"
