"""An advertiser boosts posts in one step: a campaign, ad groups and ads, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.campaigns.actions.create_adgroup import create_adgroup
from attise.management.campaigns.actions.create_ads import create_ads
from attise.management.campaigns.actions.create_campaign import create_campaign
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.views import AdGroupView, AdView, CampaignView
from attise.management.outbox.actions import unit, verb


@dataclass(frozen=True, slots=True)
class Boosted:
    """What a boost made."""

    campaign: CampaignView
    adgroup: AdGroupView
    ad: AdView


@verb
def boost(
    means: Means,
    actor: Actor,
    *,
    house: House,
    advertiser_id: int,
    campaign: CampaignDraft,
    adgroup: AdGroupDraft,
    creative: Creative,
) -> Boosted:
    """Make a campaign, an ad group and an ad.

    Fields of refusals begin with ``campaign.`` where they are the campaign's and with ``creatives[0].`` where they are
    the ad's. Raises: as ``create_campaign``, ``create_adgroup`` and ``create_ads``; then nothing is made.
    """
    asked: dict[str, Any] = {"house": house, "advertiser_id": advertiser_id}
    return boost_each(means, actor, **asked, campaign=campaign, boosts=[(adgroup, creative)])[0]


@verb
def boost_each(
    means: Means,
    actor: Actor,
    *,
    house: House,
    advertiser_id: int,
    campaign: CampaignDraft,
    boosts: Sequence[tuple[AdGroupDraft, Creative]],
) -> list[Boosted]:
    """Make a campaign of several posts, each with an ad group and an ad of its own, in their order.

    Raises: as ``boost``; then nothing is made.
    """
    with unit(means):
        made = _campaign(means, actor, advertiser_id, campaign)
        return [_boosted(means, actor, house, made, *one) for one in boosts]


def _boosted(
    means: Means, actor: Actor, house: House, campaign: CampaignView, draft: AdGroupDraft, creative: Creative
) -> Boosted:
    owner = campaign.advertiser_id
    group = create_adgroup(means, actor, advertiser_id=owner, campaign_id=campaign.id, draft=draft)
    (ad,) = create_ads(means, actor, house=house, advertiser_id=owner, adgroup_id=group.id, creatives=[creative])
    return Boosted(campaign, group, ad)


def _campaign(means: Means, actor: Actor, advertiser_id: int, draft: CampaignDraft) -> CampaignView:
    """Make the campaign; its refusals say that they are the campaign's."""
    try:
        return create_campaign(means, actor, advertiser_id=advertiser_id, draft=draft)
    except Refusal as refusal:
        raise refusal.at(f"campaign.{refusal.field}") from None
    except Refusals as several:
        raise Refusals([refusal.at(f"campaign.{refusal.field}") for refusal in several.items]) from None
