"""Ad groups: whom ads are meant for, when, and for how much."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.adgroups import (
    AdGroupAnswer,
    AdGroupDraft,
    AdGroupEdit,
    GoalFilter,
    ScheduledBudget,
    changes_of,
    draft_of,
    tell_adgroup,
)
from attise.doors.native_api.schemas.campaigns import (
    ChangeAnswer,
    NameFilter,
    ObjectiveFilter,
    StatusFilter,
    SwitchChange,
    tell_change,
)
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, GivenId, Limit, Listing, PathId, Removed
from attise.management.accounts import queries as accounts
from attise.management.campaigns import actions, queries
from attise.management.campaigns.owners import advertiser_of_adgroup, advertiser_of_campaign
from attise.management.campaigns.status import StatusWish

group = Group("Ad groups")


@group.post("/v1/campaigns/{campaign_id}/adgroups", gives=AdGroupAnswer, status=201, refuses=(409,))
def create_adgroup(call: Call, campaign_id: PathId, body: AdGroupDraft) -> AdGroupAnswer:
    """Make an ad group in a campaign.

    Without a budget of the campaign's that is shared out it has its own: `budget_mode` and `budget_micros`.
    """
    owner = advertiser_of_campaign(campaign_id)
    view = actions.create_adgroup(
        call.means, call.actor, advertiser_id=owner, campaign_id=campaign_id, draft=draft_of(body)
    )
    return tell_adgroup(view)


@group.get("/v1/campaigns/{campaign_id}/adgroups", gives=Listing[AdGroupAnswer])
def list_adgroups_of_campaign(
    call: Call,
    campaign_id: PathId,
    name: NameFilter = "",
    status: StatusFilter | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[AdGroupAnswer]:
    """List a campaign's ad groups, newest first."""
    after = read_cursor(call, cursor)
    owner = advertiser_of_campaign(campaign_id)
    wish = queries.AdGroupWish(campaign_ids=[campaign_id], name=name, status=StatusWish(primary=status))
    page = queries.page_adgroups(call.means, advertiser_id=owner, wish=wish, after=after, limit=limit)
    return listing(call, Listing[AdGroupAnswer], page, tell_adgroup)


@group.get("/v1/advertisers/{advertiser_id}/adgroups", gives=Listing[AdGroupAnswer])
def list_adgroups(
    call: Call,
    advertiser_id: PathId,
    campaign_id: GivenId | None = None,
    name: NameFilter = "",
    status: StatusFilter | None = None,
    objective_type: ObjectiveFilter | None = None,
    optimization_goal: GoalFilter | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[AdGroupAnswer]:
    """List an advertiser's ad groups, newest first."""
    after = read_cursor(call, cursor)
    advertiser = accounts.get_advertiser(advertiser_id)
    named = None
    if campaign_id is not None:
        named = [queries.get_campaign(call.means, advertiser_id=advertiser.id, campaign_id=campaign_id).id]
    wish = queries.AdGroupWish(
        campaign_ids=named,
        name=name,
        objective_type=objective_type,
        optimization_goal=optimization_goal,
        status=StatusWish(primary=status),
    )
    page = queries.page_adgroups(call.means, advertiser_id=advertiser.id, wish=wish, after=after, limit=limit)
    return listing(call, Listing[AdGroupAnswer], page, tell_adgroup)


@group.get("/v1/adgroups/{adgroup_id}", gives=AdGroupAnswer)
def get_adgroup(call: Call, adgroup_id: PathId) -> AdGroupAnswer:
    """Get an ad group; a deleted one is still told."""
    owner = advertiser_of_adgroup(adgroup_id)
    return tell_adgroup(queries.get_adgroup(call.means, advertiser_id=owner, adgroup_id=adgroup_id))


@group.patch("/v1/adgroups/{adgroup_id}", gives=AdGroupAnswer, refuses=(409,))
def edit_adgroup(call: Call, adgroup_id: PathId, body: AdGroupEdit) -> AdGroupAnswer:
    """Change an ad group; a new budget rules the current period at once.

    Null takes a bid, a frequency or an engaged view window away. With a `revision` that is not the ad group's any more
    nothing is changed: `edited_meanwhile`, 409.
    """
    view = actions.update_adgroup(
        call.means,
        call.actor,
        advertiser_id=advertiser_of_adgroup(adgroup_id),
        adgroup_id=adgroup_id,
        expected_revision=body.revision,
        **changes_of(body),
    )
    return tell_adgroup(view)


@group.post("/v1/adgroups/{adgroup_id}/switch", gives=AdGroupAnswer, refuses=(409,))
def switch_adgroup(call: Call, adgroup_id: PathId, body: SwitchChange) -> AdGroupAnswer:
    """Switch an ad group on or off; off, no decision falls on it two seconds after the answer."""
    owner = advertiser_of_adgroup(adgroup_id)
    actions.switch_adgroups(
        call.means, call.actor, advertiser_id=owner, adgroup_ids=[adgroup_id], to=body.operation_status
    )
    return tell_adgroup(queries.get_adgroup(call.means, advertiser_id=owner, adgroup_id=adgroup_id))


@group.post("/v1/adgroups/{adgroup_id}/scheduled-budget", gives=AdGroupAnswer, refuses=(409,))
def schedule_budget(call: Call, adgroup_id: PathId, body: ScheduledBudget) -> AdGroupAnswer:
    """Have a daily budget begin at the advertiser's next midnight; null forgets the one that was to begin."""
    owner = advertiser_of_adgroup(adgroup_id)
    actions.set_adgroup_budgets(
        call.means, call.actor, advertiser_id=owner, scheduled={adgroup_id: body.scheduled_budget_micros}
    )
    return tell_adgroup(queries.get_adgroup(call.means, advertiser_id=owner, adgroup_id=adgroup_id))


@group.delete("/v1/adgroups/{adgroup_id}", gives=Removed)
def delete_adgroup(call: Call, adgroup_id: PathId) -> Removed:
    """Delete an ad group with its ads, for good; what they earned stays counted."""
    owner = advertiser_of_adgroup(adgroup_id)
    actions.switch_adgroups(call.means, call.actor, advertiser_id=owner, adgroup_ids=[adgroup_id], to="DELETE")
    return Removed()


@group.get("/v1/adgroups/{adgroup_id}/history", gives=Listing[ChangeAnswer])
def list_adgroup_history(
    call: Call, adgroup_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ChangeAnswer]:
    """List the changes of an ad group, newest first: who, when, before and after."""
    after = read_cursor(call, cursor)
    owner = advertiser_of_adgroup(adgroup_id)
    page = queries.page_history(advertiser_id=owner, level="adgroup", object_id=adgroup_id, after=after, limit=limit)
    return listing(call, Listing[ChangeAnswer], page, tell_change)
