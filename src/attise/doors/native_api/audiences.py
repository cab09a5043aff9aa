"""How many people an ad group would be meant for, before it is made."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.audiences import AudienceQuestion, AudienceSize, tell_size
from attise.doors.native_api.schemas.common import PathId
from attise.doors.native_api.schemas.targeting import read_targeting
from attise.doors.site.reach import reach_of
from attise.management.accounts import queries as accounts
from attise.management.campaigns.targeting_rules import clean_targeting

group = Group("Ad groups")


@group.post("/v1/advertisers/{advertiser_id}/audience-size", gives=AudienceSize)
def estimate_audience(call: Call, advertiser_id: PathId, body: AudienceQuestion) -> AudienceSize:
    """Estimate how many viewers an ad group would be meant for; nothing is made.

    Counted by the rules that decisions follow, in a sample of viewers; whose followers are asked for is not looked at.
    """
    advertiser = accounts.get_advertiser(advertiser_id)
    industries = tuple(body.special_industries)
    targeting = clean_targeting(
        read_targeting(body.targeting),
        objective_type=body.objective_type,
        category=advertiser.category,
        special_industries=industries,
    )
    found = reach_of(
        call.means,
        targeting,
        objective=body.objective_type,
        category=advertiser.category,
        special_industries=industries,
    )
    return tell_size(found)
