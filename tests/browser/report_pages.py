"""What pages of reports are shown with: days of ads that people of several sorts met, and reports of them."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from attise.doors.site.own_reports import plans
from attise.doors.site.own_reports.files import later
from attise.doors.site.report_files import write
from attise.kernel.actor import COMMAND
from attise.ledger.days import local_day
from attise.management.campaigns import queries
from attise.management.saved_reports.actions import save_report
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.reports.actions import export, roll_up, tasks
from attise.records.decision import CoarseViewer
from tests.browser.brand import a_brand
from tests.browser.town import Town
from tests.ledger.payers import an_envelope
from tests.measurement.attribution.happened import Happened, ad_claims, claims, event
from tests.measurement.reports.facing import Facing

DAYS, PEOPLE = 8, 14
_AGES, _GENDERS = ("AGE_18_24", "AGE_25_34", "AGE_35_44", ""), ("FEMALE", "MALE", "")
_WHERE = (("FR", "FR-IDF"), ("FR", "FR-BRE"), ("BE", ""), ("CH", ""))


def reported(town: Town) -> Town:
    """Let people meet some ads of the brand over days, and roll up what came of it."""
    folder = settings.HOUSE.folder
    a_brand(town)
    listed = queries.page_ads(town.means, advertiser_id=town.advertiser.id, wish=queries.AdWish(), limit=4).items
    happened, chance = Happened(town.means, folder).emptied(), random.Random(7)
    payer = f"advertiser:{town.advertiser.id}"
    envelopes = (an_envelope(town.means, f"told:{town.advertiser.id}", None, payer=payer),)
    for _day in range(DAYS):
        for number in range(PEOPLE):
            ad = chance.choice(listed)
            named = {"ad_id": ad.id, "adgroup_id": ad.adgroup_id, "campaign_id": ad.campaign_id}
            price = chance.randrange(40_000, 420_000)
            of_ad = ad_claims(
                envelopes,
                advertiser_id=town.advertiser.id,
                price_micros=price,
                is_spark=ad.kind != "standard",
                goal="CLICK",
                **named,
            )
            of = claims(town.means, of_ad, viewer=f"v{number}", post_id=0 if ad.post is None else ad.post.id)
            Facing.decide(happened, of, viewer=_somebody(chance, f"v{number}"))
            did = ["impression", *(one for one in ("play", "view_6s", "click", "like") if chance.random() < 0.4)]
            happened.settle(*(event(town.means, one, of, after_s=9) for one in did))
        town.clock.advance(seconds=86_400)
    happened.close()
    _roll_up(town, folder)
    return town


def _somebody(chance: random.Random, name: str) -> CoarseViewer:
    country, region = chance.choice(_WHERE)
    age, gender, os = chance.choice(_AGES), chance.choice(_GENDERS), chance.choice(("android", "ios"))
    return CoarseViewer(*(name, age, gender, country, region, "fr", os, 300, True, (), (), (), False))


def _roll_up(town: Town, folder: Any) -> None:
    house, log = SimpleNamespace(folder=folder), SqliteLog(folder, may_write=False)
    while not export(town.means, house, log).is_end:
        pass
    log.close()
    while not roll_up(town.means, house).is_end:
        pass


def a_report(town: Town, name: str = "Chaque jour, par pays", **asked: Any) -> int:
    """Keep a report of the brand."""
    plan = plans.Plan(
        **{
            "dimensions": ("stat_time_day", "country_code"),
            "metrics": ("spend", "impressions", "clicks", "ctr"),
            **asked,
        }
    )
    mine = {"advertiser_id": town.advertiser.id}
    return save_report(town.means, COMMAND, name=name, plan=plans.written(plan), **mine).id


def reports(town: Town) -> str:
    """Return the list with reports that are kept and a file that was written, beside one that waits."""
    reported(town)
    a_report(town)
    a_report(town, "Âges et sexes", level="account", dimensions=("age", "gender"), period="7_days")
    today = local_day(town.advertiser.timezone, town.means.clock.world_ms())
    asked = plans.asked_of(plans.Plan(dimensions=("stat_time_day",)), town.advertiser, today)
    for form in ("xlsx", "fr"):
        mine = {"advertiser_id": town.advertiser.id, "name": "Chaque jour, par pays", "person_id": town.ines.id}
        later(town.means, asked, form, **mine)
        if form == "xlsx":
            tasks.write_next(town.means, settings.HOUSE, write)
    return "/ads/rapports"


def report(town: Town) -> str:
    """Return a report by the day, with its chart."""
    return f"/ads/rapports/{a_report(reported(town))}"


def refused(town: Town) -> str:
    """Return the builder with what cannot be told."""
    a_brand(town)
    asked = {
        "niveau": "campagne",
        "par": ["heure", "age"],
        "mesures": "spend",
        "periode": "365-jours",
        "pays": "Atlantis",
    }
    return f"/ads/rapports/nouveau?{urlencode(asked, doseq=True)}"


def broken_down(town: Town) -> str:
    """Return the table of campaigns, broken down by country, beside the days before."""
    reported(town)
    town.clock.advance(seconds=86_400)
    return "/ads/campagnes?ventilation=pays&comparer=avant&periode=7-jours"
