"""What would make a campaign do better, and doing it."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.advice import (
    Recommendation,
    Recommendations,
    TakenRecommendation,
    tell_recommendation,
)
from attise.doors.native_api.schemas.common import PathId
from attise.doors.site.advised import advice_on, advice_over, take
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns import queries
from attise.management.campaigns.owners import advertiser_of_campaign
from attise.management.campaigns.views import CampaignView

group = Group("Campaigns")


@group.get("/v1/campaigns/{campaign_id}/recommendations", gives=Recommendations)
def list_recommendations(call: Call, campaign_id: PathId) -> Recommendations:
    """List what would make a campaign do better, the gravest first, five at most; nothing of one that is off."""
    view = _campaign(call, campaign_id)
    items = [tell_recommendation(one, view.currency) for one in advice_on(call.means, call.house, view)]
    return Recommendations(items=items)


@group.get("/v1/advertisers/{advertiser_id}/recommendations", gives=Recommendations)
def list_recommendations_over_all(call: Call, advertiser_id: PathId) -> Recommendations:
    """List what would make an advertiser's campaigns do better, the gravest first, five at most over all of them.

    Of the newest twelve that are on. Each is done at the campaign that it names. Grants that end are told of each
    campaign alone.
    """
    advertiser = get_advertiser(advertiser_id)
    found = advice_over(call.means, call.house, advertiser.id)
    return Recommendations(items=[tell_recommendation(one, advertiser.currency) for one in found])


@group.post("/v1/campaigns/{campaign_id}/recommendations/take", gives=Recommendation, refuses=(409,))
def take_recommendation(call: Call, campaign_id: PathId, body: TakenRecommendation) -> Recommendation:
    """Do what a recommendation says, by the action that anybody would take for it.

    One that is not made any more is `not_found`: what it rested on has changed. A grant is its creator's to renew.
    """
    view = _campaign(call, campaign_id)
    return tell_recommendation(take(call.means, call.house, call.actor, view, body.key), view.currency)


def _campaign(call: Call, campaign_id: int) -> CampaignView:
    return queries.get_campaign(call.means, advertiser_id=advertiser_of_campaign(campaign_id), campaign_id=campaign_id)
