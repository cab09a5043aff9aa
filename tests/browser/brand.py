"""A brand with campaigns in every state that a table can show, each reached as it is in life."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from attise.kernel.actor import COMMAND
from attise.kernel.clock import FakeClock
from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.kernel.money import MICROS
from attise.management.accounts import queries as accounts
from attise.management.authorizations import queries as authorizations
from attise.management.authorizations.views import AuthorizationView
from attise.management.campaigns import actions, queries
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.views import AdGroupView, AdView, CampaignView
from attise.management.library import actions as library
from attise.management.library.models import Video
from attise.management.review import actions as review
from attise.records.terms import Terms
from tests.browser.town import Town
from tests.campaigns import a_campaign, an_ad, an_adgroup, fund


@dataclass
class Brand:
    """What the town's brand runs; ``ids`` names what stories speak of."""

    town: Town
    ids: dict[str, int] = field(default_factory=dict)

    def later(self, means: Means, clock: FakeClock) -> Brand:
        """Return the same brand for one of the tests that begin with it."""
        return Brand(self.town.later(means, clock), dict(self.ids))

    def campaign(self, name: str, euros: int = 50, **more: Any) -> CampaignView:
        return a_campaign(self.town.means, self.town.advertiser.id, name, **{"budget_micros": euros * MICROS, **more})

    def group(self, campaign: CampaignView, name: str = "France, 18 ans et plus", **more: Any) -> AdGroupView:
        return an_adgroup(self.town.means, campaign, name, **more)

    def spark(
        self, group: AdGroupView, caption: str, *, days: int = 60, verdict: str = "approved", **more: Any
    ) -> tuple[AdView, AuthorizationView]:
        """Make an ad of a new post, whose review is over unless ``verdict`` is empty."""
        post = self.town.a_post(caption)
        grant, code = self.town.a_grant(post, days=days, terms=more.pop("terms", None))
        self.town.applied(code)
        bound = authorizations.find_bound_post(self.town.means, advertiser_id=self.town.advertiser.id, post_id=post.id)
        assert bound is not None
        ad = an_ad(self.town.means, group, bound.identity_id, post.id, name=caption, **more)
        return self.reviewed(ad, verdict), grant

    def reviewed(self, ad: AdView, verdict: str) -> AdView:
        if not verdict:
            return ad
        rejected = {"rule": "misleading_claim", "note": "La phrase « efface les rides en une nuit » promet trop."}
        review.decide(
            self.town.means,
            COMMAND,
            house=settings.HOUSE,
            ad_id=ad.id,
            creative_version=ad.creative_version,
            verdict=verdict,
            **(rejected if verdict == "rejected" else {}),
        )
        return queries.get_ad(self.town.means, advertiser_id=ad.advertiser_id, ad_id=ad.id)

    def standard(self, group: AdGroupView, name: str) -> AdView:
        """Make an ad of an imported video under the brand's own name."""
        means, advertiser = self.town.means, self.town.advertiser
        media = self.town.a_post("Hidden", visibility="private").media
        video_id = f"v10033g50000{media.key}"
        Video.objects.create(
            id=means.ids.next(),
            video_id=video_id,
            advertiser_id=advertiser.id,
            media=media,
            file_name="studio.mp4",
            created_at_ms=0,
            modified_at_ms=0,
        )
        identity = library.create_identity(
            means, COMMAND, advertiser_id=advertiser.id, display_name=accounts.get_advertiser(advertiser.id).name
        )
        creative = Creative(
            name=name,
            identity_type="CUSTOMIZED_USER",
            identity_id=identity.identity_id,
            video_id=video_id,
            image_ids=(f"{video_id}-1.1",),
            ad_text="La crème qui tient tout l’hiver",
            call_to_action="SHOP_NOW",
            landing_page_url="https://shop.example/hiver",
        )
        made = actions.create_ads(
            means,
            COMMAND,
            house=settings.HOUSE,
            advertiser_id=advertiser.id,
            adgroup_id=group.id,
            creatives=[creative],
        )
        return self.reviewed(made[0], "approved")


def a_brand(town: Town, *, euros: int = 2_000) -> Brand:
    """Fill the town's brand."""
    brand, means = Brand(town), town.means
    if euros:
        fund(means, town.advertiser.id, euros)
    now = means.clock.world_ms()
    brand.campaign("Nouvelle gamme printemps")
    paused = brand.campaign("Savon, hors saison", 60)
    brand.spark(brand.group(paused), "Le savon qui mousse à peine")
    actions.switch_campaigns(means, COMMAND, advertiser_id=town.advertiser.id, campaign_ids=[paused.id], to="DISABLE")
    later = brand.campaign("Calendrier de l’avent", 90)
    brand.spark(brand.group(later, starts_at_ms=now + 20 * DAY_MS), "24 jours, 24 minis")
    rejected = brand.campaign("Sérum nuit, promesse forte", 50)
    ad, _ = brand.spark(brand.group(rejected), "J’ai effacé mes rides en une nuit", verdict="rejected")
    brand.ids["rejected"] = ad.id
    waiting = brand.campaign("Huile de nuit", 55)
    brand.spark(brand.group(waiting), "Trois gouttes avant de dormir", verdict="")
    standard = brand.campaign("Crème hiver · vidéo studio", 90, budget_mode="BUDGET_MODE_TOTAL")
    brand.standard(brand.group(standard), "Studio, plan large")
    mixed = brand.campaign("Brume visage · dans mon sac", 60)
    group = brand.group(mixed, "France et Belgique", bid_micros=400_000)
    brand.spark(group, "Brume : le geste de 16 h")
    off, _ = brand.spark(group, "Mon sac de sport, version hiver", operation_status="DISABLE")
    blocked, grant = brand.spark(group, "La brume dans le métro")
    ending = brand.campaign("Baume lèvres · test 24 h", 80)
    brand.spark(
        brand.group(ending, schedule_type="SCHEDULE_START_END", ends_at_ms=now + 30 * DAY_MS),
        "Baume lèvres, test 24 h",
        days=7,
    )
    running = brand.campaign("Sérum C · routine du matin", 120)
    brand.spark(
        brand.group(running, schedule_type="SCHEDULE_START_END", ends_at_ms=now + 40 * DAY_MS),
        "Sérum C, un mois après, sans filtre",
    )
    town.revoke(grant)
    town.clock.advance(days=1)
    brand.ids |= {
        "running": running.id,
        "mixed": mixed.id,
        "group": group.id,
        "blocked": blocked.id,
        "off": off.id,
        "paused": paused.id,
    }
    return brand


def an_asking_brand(town: Town) -> Brand:
    """Have ads on the creator's posts ask for their word: two wait for it, one has it."""
    brand, terms = Brand(town), Terms(approve_each_ad=True)
    group = brand.group(brand.campaign("Sérum C · routine du matin"))
    said, _ = brand.spark(group, "Baume lèvres, test 24 h", terms=terms)
    actions.say_word(town.means, COMMAND, creator_id=town.creator.id, ad_id=said.id, verdict="approved")
    brand.spark(group, "La brume dans le métro", terms=terms)
    waiting, _ = brand.spark(group, "Sérum C, un mois après, sans filtre", terms=terms)
    post = waiting.post
    assert post is not None
    brand.ids |= {"said": said.id, "waiting": waiting.id, "post": post.id}
    return brand


def a_queue(town: Town) -> Brand:
    """Have three ads wait for a reviewer, the first since more than a day, the last appealed."""
    brand, means = Brand(town), town.means
    group = brand.group(brand.campaign("Huile de nuit", 55))
    late, _ = brand.spark(group, "Trois gouttes avant de dormir", verdict="")
    town.clock.advance(seconds=25 * 3600)
    fresh, _ = brand.spark(group, "L’huile, avant et après", verdict="")
    town.clock.advance(seconds=2400)
    refused, _ = brand.spark(group, "J’ai effacé mes rides en une nuit", verdict="rejected")
    note = "La phrase est dite en plaisantant, et l’étude est citée à l’écran."
    actions.appeal(means, COMMAND, advertiser_id=town.advertiser.id, ad_id=refused.id, note=note)
    town.clock.advance(seconds=1200)
    brand.ids |= {"late": late.id, "fresh": fresh.id, "appealed": refused.id}
    return brand
