"""Campaigns: an objective and a budget, made, changed, switched and looked at."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.campaigns import (
    CampaignAnswer,
    CampaignDraft,
    CampaignEdit,
    ChangeAnswer,
    NameFilter,
    ObjectiveFilter,
    StatusFilter,
    SwitchChange,
    changes_of,
    draft_of,
    tell_campaign,
    tell_change,
)
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId, Removed
from attise.management.accounts import queries as accounts
from attise.management.campaigns import actions, queries
from attise.management.campaigns.owners import advertiser_of_campaign
from attise.management.campaigns.status import StatusWish

group = Group("Campaigns")


@group.post("/v1/advertisers/{advertiser_id}/campaigns", gives=CampaignAnswer, status=201, refuses=(409,))
def create_campaign(call: Call, advertiser_id: PathId, body: CampaignDraft) -> CampaignAnswer:
    """Make a campaign of an advertiser."""
    advertiser = accounts.get_advertiser(advertiser_id)
    view = actions.create_campaign(call.means, call.actor, advertiser_id=advertiser.id, draft=draft_of(body))
    return tell_campaign(view)


@group.get("/v1/advertisers/{advertiser_id}/campaigns", gives=Listing[CampaignAnswer])
def list_campaigns(
    call: Call,
    advertiser_id: PathId,
    name: NameFilter = "",
    status: StatusFilter | None = None,
    objective_type: ObjectiveFilter | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[CampaignAnswer]:
    """List an advertiser's campaigns, newest first."""
    after = read_cursor(call, cursor)
    advertiser = accounts.get_advertiser(advertiser_id)
    wish = queries.CampaignWish(name=name, objective_type=objective_type, status=StatusWish(primary=status))
    page = queries.page_campaigns(call.means, advertiser_id=advertiser.id, wish=wish, after=after, limit=limit)
    return listing(call, Listing[CampaignAnswer], page, tell_campaign)


@group.get("/v1/campaigns/{campaign_id}", gives=CampaignAnswer)
def get_campaign(call: Call, campaign_id: PathId) -> CampaignAnswer:
    """Get a campaign; a deleted one is still told."""
    return tell_campaign(
        queries.get_campaign(call.means, advertiser_id=advertiser_of_campaign(campaign_id), campaign_id=campaign_id)
    )


@group.patch("/v1/campaigns/{campaign_id}", gives=CampaignAnswer, refuses=(409,))
def edit_campaign(call: Call, campaign_id: PathId, body: CampaignEdit) -> CampaignAnswer:
    """Change a campaign; a new budget rules the current period at once.

    With a `revision` that is not the campaign's any more nothing is changed: `edited_meanwhile`, 409.
    """
    view = actions.update_campaign(
        call.means,
        call.actor,
        advertiser_id=advertiser_of_campaign(campaign_id),
        campaign_id=campaign_id,
        expected_revision=body.revision,
        **changes_of(body),
    )
    return tell_campaign(view)


@group.post("/v1/campaigns/{campaign_id}/switch", gives=CampaignAnswer, refuses=(409,))
def switch_campaign(call: Call, campaign_id: PathId, body: SwitchChange) -> CampaignAnswer:
    """Switch a campaign on or off; off, no decision falls on it two seconds after the answer."""
    owner = advertiser_of_campaign(campaign_id)
    actions.switch_campaigns(
        call.means, call.actor, advertiser_id=owner, campaign_ids=[campaign_id], to=body.operation_status
    )
    return tell_campaign(queries.get_campaign(call.means, advertiser_id=owner, campaign_id=campaign_id))


@group.delete("/v1/campaigns/{campaign_id}", gives=Removed)
def delete_campaign(call: Call, campaign_id: PathId) -> Removed:
    """Delete a campaign with its ad groups and ads, for good; what they earned stays counted."""
    owner = advertiser_of_campaign(campaign_id)
    actions.switch_campaigns(call.means, call.actor, advertiser_id=owner, campaign_ids=[campaign_id], to="DELETE")
    return Removed()


@group.get("/v1/campaigns/{campaign_id}/history", gives=Listing[ChangeAnswer])
def list_campaign_history(
    call: Call, campaign_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ChangeAnswer]:
    """List the changes of a campaign, newest first: who, when, before and after."""
    after = read_cursor(call, cursor)
    page = queries.page_history(
        advertiser_id=advertiser_of_campaign(campaign_id),
        level="campaign",
        object_id=campaign_id,
        after=after,
        limit=limit,
    )
    return listing(call, Listing[ChangeAnswer], page, tell_change)
