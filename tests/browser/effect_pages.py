"""What the page of a campaign is shown with that held viewers out: people of both arms, and what they did."""

from __future__ import annotations

import random

import msgspec
from django.conf import settings
from django.db import transaction

from attise.kernel.actor import COMMAND
from attise.kernel.limits import DAY_MS
from attise.management.campaigns import queries
from attise.management.campaigns.actions import update_campaign
from attise.measurement.conversions import actions as conversions
from tests.browser.brand import a_brand
from tests.browser.town import Town
from tests.measurement.conversions.builders import NOW_MS, conversion, digest, touch
from tests.measurement.lift.trial import Trial

RATES = {"profile_visit": (0.34, 0.2), "follow": (0.16, 0.06), "complete": (0.55, 0.5), "share": (0.03, 0.02)}
"""Of a type, how many of those shown do it, and of those held out."""


def compared(town: Town) -> str:
    """Return the page of a campaign that held a fifth out, whose ad really moves some signals and leaves others."""
    campaign = a_brand(town).ids["running"]
    update_campaign(town.means, COMMAND, advertiser_id=town.advertiser.id, campaign_id=campaign, holdout_ppm=200_000)
    chance = random.Random(3)
    shop(town)
    trial = Trial(town.means, settings.HOUSE.folder).emptied().opened(campaign=campaign)
    told = []
    for number in range(700):
        person, is_held = f"v{number:03}", chance.random() < 0.2
        of = trial.contest(person, is_held=is_held)
        if not is_held:
            told.append(trial.does(person, "impression", of=of, after_s=2))
        for type_, rates in RATES.items():
            if chance.random() < rates[is_held]:
                told.append(trial.does(person, type_, of=None if is_held or chance.random() < 0.3 else of))
    trial.happens(told)
    trial.told()
    return f"/ads/campagnes/{campaign}"


def shop(town: Town) -> None:
    """Two of three viewers were known to the brand's shop; who bought before buys again more often, ad or no ad."""
    chance, told, touches = random.Random(11), [], []
    own = {"advertiser_id": town.advertiser.id}
    days = (town.means.clock.world_ms() - NOW_MS) / DAY_MS
    for number in range(700):
        person, name = f"v{number:03}", {"emails": (digest(str(number)),), **own}
        if number % 3 == 0:
            continue
        touches.append(touch(number + 1, person, clicked=3, **own))
        told.append(
            conversion(1_000 + number, "Pageview", ago=3, event_id=f"p{number}", decision_id=number + 1, **name)
        )
        before = chance.random() < 0.3
        if before:
            told.append(conversion(3_000 + number, ago=2, event_id=f"b{number}", **name))
        if chance.random() < (0.6 if before else 0.1):
            told.append(conversion(5_000 + number, ago=-days - 0.1, event_id=f"a{number}", **name))
    with transaction.atomic():
        conversions.settle(told, touches, results_of=lambda groups: dict.fromkeys(groups, "SHOPPING"))


def counted(town: Town) -> int:
    """Return a post that an ad of the brand shows, with people of both arms who watched it in the feed."""
    brand = a_brand(town)
    wish = queries.AdWish(campaign_ids=[brand.ids["mixed"]], name="geste")
    ad = queries.page_ads(town.means, advertiser_id=town.advertiser.id, wish=wish, limit=1).items[0]
    post = ad.post
    campaign = brand.ids["mixed"]
    update_campaign(town.means, COMMAND, advertiser_id=town.advertiser.id, campaign_id=campaign, holdout_ppm=200_000)
    trial = Trial(town.means, settings.HOUSE.folder).emptied()
    trial.opened(campaign=campaign, post=post.id, creator=post.creator_id)
    trial.ad = msgspec.structs.replace(trial.ad, advertiser_id=town.advertiser.id, ad_id=ad.id)
    chance, told = random.Random(5), []
    for number in range(500):
        person, is_held = f"v{number:03}", chance.random() < 0.2
        of = trial.contest(person, is_held=is_held)
        if not is_held:
            told.append(trial.does(person, "play", of=of, after_s=3))
        for type_, rates in RATES.items():
            if chance.random() < rates[is_held]:
                told.append(trial.does(person, type_))
    trial.happens(told)
    trial.told()
    return post.id
