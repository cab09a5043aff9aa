"""The one-step boost of a post, and which posts to boost."""

from __future__ import annotations

from typing import Annotated, Literal

from django.conf import settings

from attise.doors.marketing_api.ad_fields import SPELLED as AD_SPELLED
from attise.doors.marketing_api.adgroup_fields import SPELLED as ADGROUP_SPELLED
from attise.doors.marketing_api.adgroup_fields import AdGroupFields, read_draft
from attise.doors.marketing_api.asked import Objective
from attise.doors.marketing_api.campaign import EDITS
from attise.doors.marketing_api.endpoint import AnyToken, Call, CreatorAccount, Data, Params, endpoint
from attise.doors.marketing_api.once import once
from attise.doors.marketing_api.wire.kinds import Amount, Id, Items, Length
from attise.doors.marketing_api.wire.times import entity_time
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.rules import Scope
from attise.management.campaigns import actions
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative

Boostable = Literal["REACH", "TRAFFIC", "VIDEO_VIEWS", "ENGAGEMENT"]
Period = Literal["PAST_72_HOURS", "PAST_ONE_MONTH", "PAST_THREE_MONTHS", "PAST_SIX_MONTHS"]
SPELLED = {
    **ADGROUP_SPELLED,
    "campaign.name": "campaign_name",
    "campaign.objective_type": "objective_type",
    **{inside: outside.removeprefix("creatives[].") for inside, outside in AD_SPELLED.items()},
    **{
        f"creatives[].{name}": name
        for name in ("identity_type", "identity_id", "call_to_action", "landing_page_url", "operation_status")
    },
}


class _Boost(AdGroupFields, kw_only=True):
    advertiser_id: Id
    objective_type: Boostable
    optimization_goal: str
    budget_mode: Literal["BUDGET_MODE_DAY", "BUDGET_MODE_TOTAL"]
    budget: Amount
    identity_type: str
    identity_id: Annotated[str, Length(1, 80)]
    tiktok_item_id: Id
    identity_authorized_bc_id: Id | None = None
    campaign_name: str = ""
    ad_name: str = ""
    call_to_action: str = ""
    landing_page_url: str = ""
    request_id: Id | None = None


@endpoint("POST", "business/spark_ad/create", needs=EDITS, scope=Scope.ADS, spelled=SPELLED)
def boost(call: Call, params: _Boost) -> Data:
    """Boost a post in one step: make a campaign, an ad group and the ad, or none of them.

    Names that are not given are made from the post and the time; the budget is the ad group's.
    """
    owner = f"advertiser:{params.advertiser_id}"
    return once(call, owner, params.request_id, params, lambda: _boost(call, params))


def _boost(call: Call, params: _Boost) -> dict[str, str]:
    name = f"Spark {params.tiktok_item_id} {entity_time(call.means.clock.world_ms())}"
    adgroup = read_draft(params, get_advertiser(params.advertiser_id).currency, name=params.adgroup_name or name)
    creative = Creative(
        name=params.ad_name,
        identity_type=params.identity_type,
        identity_id=params.identity_id,
        business_center_id=params.identity_authorized_bc_id,
        post_id=params.tiktok_item_id,
        call_to_action=params.call_to_action,
        landing_page_url=params.landing_page_url,
    )
    made = actions.boost(
        call.means,
        call.actor,
        house=settings.HOUSE,
        advertiser_id=params.advertiser_id,
        campaign=CampaignDraft(name=params.campaign_name or name, objective_type=params.objective_type),
        adgroup=adgroup,
        creative=creative,
    )
    return {"campaign_id": str(made.campaign.id), "adgroup_id": str(made.adgroup.id), "ad_id": str(made.ad.id)}


class _RecommendOwn(Params, kw_only=True):
    business_id: Id
    video_ids: Annotated[list[Id], Items(0, 100)] | None = None
    exclude_video_ids: Annotated[list[Id], Items(0, 100)] | None = None
    time: Period | None = None
    objective_type: Objective | None = None


@endpoint("GET", "business/video/recommend", needs=CreatorAccount("video.list"))
def recommend_own(_call: Call, params: _RecommendOwn) -> Data:
    """Tell which posts of the account to boost: none, as long as nothing is counted to judge them by."""
    del params
    return {"videos": []}


class _Recommend(Params, kw_only=True):
    tcm_account_id: Annotated[str, Length(1, 80)]
    video_ids: Annotated[list[Id], Items(0, 100)] | None = None
    exclude_video_ids: Annotated[list[Id], Items(0, 100)] | None = None
    time: Period | None = None
    objective_type: Objective | None = None


@endpoint("GET", "spark_ad/recommend", needs=AnyToken(), scope=Scope.CREATIVE)
def recommend(_call: Call, params: _Recommend) -> Data:
    """Tell which creators' posts to boost: none, as long as nothing is counted to judge them by."""
    del params
    return {"videos": []}
