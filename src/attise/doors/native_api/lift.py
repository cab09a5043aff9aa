"""What a campaign changed, told by who was held out of it."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import PathId
from attise.doors.native_api.schemas.lift import CampaignLift, tell_lift
from attise.doors.site.lifted import lift_of
from attise.management.campaigns import queries
from attise.management.campaigns.owners import advertiser_of_campaign

group = Group("Campaigns")


@group.get("/v1/campaigns/{campaign_id}/lift", gives=CampaignLift)
def get_campaign_lift(call: Call, campaign_id: PathId) -> CampaignLift:
    """Get what a campaign changed: those for whom its ad won beside those held out, for whom it would have.

    Whoever is in the campaign's holdout (`holdout_ppm`) never sees its ads; where one would have won for them, that is
    recorded, and what they do from then on is compared with what those do who were shown it. Without a holdout the
    answer says what a share could tell. Purchases are told of the advertiser's customers alone: a page knows a person
    by a click, so that only those whom it knew before are known alike in both arms. Look once, when the campaign is
    over: who stops at the first good day errs more often than 5 times in 100.
    """
    view = queries.get_campaign(call.means, advertiser_id=advertiser_of_campaign(campaign_id), campaign_id=campaign_id)
    return tell_lift(view, lift_of(call.house, view, now_ms=call.now_ms))
