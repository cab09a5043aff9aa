"""The one-step boost of a post, and which posts to boost."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings

from attise.doors.marketing_api.ad_fields import SPELLED as AD_SPELLED
from attise.doors.marketing_api.adgroup_fields import SPELLED as ADGROUP_SPELLED
from attise.doors.marketing_api.adgroup_fields import AdGroupFields, read_draft
from attise.doors.marketing_api.asked import Objective
from attise.doors.marketing_api.campaign import EDITS
from attise.doors.marketing_api.endpoint import AnyToken, Call, CreatorAccount, Data, Params, endpoint
from attise.doors.marketing_api.links import poster_of, preview_of
from attise.doors.marketing_api.once import once
from attise.doors.marketing_api.wire.kinds import Amount, Id, Items, Length
from attise.doors.marketing_api.wire.times import entity_time
from attise.kernel.tongue import ENGLISH
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.rules import Scope
from attise.management.campaigns import actions
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.posts.queries import find_posts
from attise.management.posts.views import PostView
from attise.measurement.counters.queries import NOTHING, CountsView, list_counts
from attise.measurement.scout import queries as scout
from attise.measurement.scout import words
from attise.measurement.scout.views import StandingView

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


LEVELS = {"boost_now": "HIGH", "too_early": "MEDIUM", "watch": "LOW"}
"""What the dialect calls a verdict; what is too late is not recommended."""
SHOWN = {"video_views": "views", "likes": "likes", "comments": "comments", "shares": "shares"}
RECOMMENDED_MOST = 100


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
def recommend_own(call: Call, params: _RecommendOwn) -> Data:
    """Tell which young posts of the account to boost, the best first; how, is told by the scout."""
    found = _scouted(call, params, creator_ids=[params.business_id])
    return {"videos": [{name: value for name, value in one.items() if name != "creator_handle"} for one in found]}


class _Recommend(Params, kw_only=True):
    tcm_account_id: Annotated[str, Length(1, 80)]
    video_ids: Annotated[list[Id], Items(0, 100)] | None = None
    exclude_video_ids: Annotated[list[Id], Items(0, 100)] | None = None
    time: Period | None = None
    objective_type: Objective | None = None


@endpoint("GET", "spark_ad/recommend", needs=AnyToken(), scope=Scope.CREATIVE)
def recommend(call: Call, params: _Recommend) -> Data:
    """Tell which creators' young posts to boost, the best first."""
    hidden = {*SHOWN, "audience_countries"}
    found = _scouted(call, params)
    return {"videos": [{name: value for name, value in one.items() if name not in hidden} for one in found]}


def _scouted(
    call: Call, params: _RecommendOwn | _Recommend, *, creator_ids: list[int] | None = None
) -> list[dict[str, Any]]:
    """Return the public posts that may still be boosted, as far as they are asked for; all are young."""
    page = scout.page_standings(verdicts=LEVELS, creator_ids=creator_ids, page_size=RECOMMENDED_MOST)
    posts = find_posts(one.post_id for one in page.items)
    counts = list_counts(posts)
    left_out = set(params.exclude_video_ids or [])
    asked = set(params.video_ids or posts)
    return [
        _recommended(call, one, posts[one.post_id], counts.get(one.post_id, NOTHING))
        for one in page.items
        if one.post_id in posts and posts[one.post_id].is_public and one.post_id in asked - left_out
    ]


def _recommended(call: Call, one: StandingView, post: PostView, counts: CountsView) -> dict[str, Any]:
    media = post.media
    return {
        "recommendation_level": LEVELS[one.verdict],
        "item_id": str(post.id),
        "creator_handle": post.creator_handle,
        "embed_url": None if media is None else preview_of(call, media),
        "thumbnail_url": None if media is None else poster_of(call, media),
        "create_time": str(post.published_at_ms // 1000),
        **{name: counts.of(signal).total for name, signal in SHOWN.items()},
        "audience_countries": [],
        "reasons": [words.sentence(reason, ENGLISH) for reason in one.reasons],
    }
