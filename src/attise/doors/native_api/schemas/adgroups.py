"""Shapes of ad groups: whom they are meant for, when they run, what is bid and what may be spent."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.campaigns import (
    Amount,
    Name,
    PrimaryStatus,
    Revision,
    Switch,
    Word,
    among,
    one_of,
)
from attise.doors.native_api.schemas.common import Given, GivenId, GivenMoment, Told, ToldId, ToldMoment, told_id
from attise.doors.native_api.schemas.posts import tell_moment
from attise.doors.native_api.schemas.targeting import TargetingAnswer, TargetingDraft, read_targeting, tell_targeting
from attise.kernel.clock import rfc3339
from attise.kernel.limits import DAYPARTS, FREQUENCY_DAYS_MOST, FREQUENCY_MOST
from attise.management.campaigns import status
from attise.management.campaigns.rules import bids, budgets, delivery, objectives, schedules
from attise.management.campaigns.rules.adgroup import AdGroupDraft as Draft
from attise.management.campaigns.views import AdGroupView

Goal = Annotated[Word, one_of(objectives.GOALS)]
GoalFilter = Annotated[Word, among(objectives.GOALS), one_of(objectives.GOALS)]
BillingEvent = Annotated[Word, one_of(objectives.BILLING_EVENTS)]
BidType = Annotated[Word, one_of(bids.BID_TYPES)]
GroupBudgetMode = Annotated[Word, one_of(budgets.GROUP_MODES)]
Promotion = Annotated[Word, one_of(objectives.PROMOTION_TYPES)]
PlacementType = Annotated[Word, one_of(delivery.PLACEMENT_TYPES)]
Placement = Annotated[Word, one_of(delivery.PLACEMENTS)]
Event = Annotated[Word, one_of(delivery.OPTIMIZATION_EVENTS)]
Pacing = Annotated[Word, one_of(delivery.PACINGS)]
ScheduleType = Annotated[Word, one_of(schedules.SCHEDULE_TYPES)]
ClickWindow = Annotated[Word, one_of(delivery.CLICK_WINDOWS)]
ViewWindow = Annotated[Word, one_of(delivery.VIEW_WINDOWS)]
EngagedViewWindow = Annotated[Word, one_of(delivery.ENGAGED_VIEW_WINDOWS)]
EventCount = Annotated[Word, one_of(delivery.EVENT_COUNTS)]
BrandSafety = Annotated[Word, one_of(delivery.BRAND_SAFETY_TYPES)]
Dayparting = Annotated[
    str,
    Field(max_length=DAYPARTS, description="336 signs of 0 and 1: half hours from Monday 00:00, local. Empty: always."),
]
Times = Annotated[int, Field(ge=1, le=FREQUENCY_MOST, description="Impressions per viewer at most, with its days.")]
Days = Annotated[int, Field(ge=1, le=FREQUENCY_DAYS_MOST)]


class AdGroupDraft(Given):
    """An ad group to make in a campaign. What is left out takes the house's usual value."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "France, 18 and over",
                    "optimization_goal": "CLICK",
                    "budget_mode": "BUDGET_MODE_DAY",
                    "budget_micros": 50_000_000,
                    "targeting": {"locations": ["FR"], "age_groups": ["18-24", "25-34"]},
                }
            ]
        }
    )
    name: Name
    optimization_goal: Annotated[Goal, Field(description="What results are; it goes with the objective.")]
    targeting: TargetingDraft
    billing_event: Annotated[BillingEvent | None, Field(description="Left out: the goal's.")] = None
    bid_type: Annotated[BidType | None, Field(description="Left out: custom with a bid, else without.")] = None
    bid_micros: Annotated[Amount | None, Field(description="Per 1,000 impressions, per click or per view.")] = None
    conversion_bid_micros: Annotated[Amount | None, Field(description="The target cost of a result, of OCPM.")] = None
    promotion_type: Promotion | None = None
    placement_type: PlacementType = "PLACEMENT_TYPE_NORMAL"
    placements: Annotated[list[Placement], Field(max_length=len(delivery.PLACEMENTS))] = []
    pixel_id: GivenId | None = None
    app_id: GivenId | None = None
    optimization_event: Event | None = None
    pacing: Pacing = delivery.SMOOTH
    budget_mode: Annotated[
        GroupBudgetMode | None, Field(description="Needed unless the campaign shares its budget out; then fixed.")
    ] = None
    budget_micros: Amount | None = None
    schedule_type: ScheduleType = schedules.FROM_NOW
    starts_at: Annotated[GivenMoment | None, Field(description="Left out: now.")] = None
    ends_at: Annotated[GivenMoment | None, Field(description="Of SCHEDULE_START_END.")] = None
    dayparting: Dayparting = ""
    frequency: Times | None = None
    frequency_days: Days | None = None
    click_window: ClickWindow | None = None
    view_window: ViewWindow | None = None
    engaged_view_window: EngagedViewWindow | None = None
    attribution_event_count: EventCount = "UNSET"
    comment_disabled: bool = False
    share_disabled: bool = False
    video_download_disabled: bool = False
    brand_safety_type: BrandSafety = "NO_BRAND_SAFETY"
    operation_status: Switch = "ENABLE"


class AdGroupEdit(Given):
    """What to change of an ad group; what is left out or null stays. A targeting replaces all that was."""

    name: Name | None = None
    targeting: TargetingDraft | None = None
    bid_type: BidType | None = None
    bid_micros: Amount | None = None
    conversion_bid_micros: Amount | None = None
    pacing: Pacing | None = None
    budget_micros: Amount | None = None
    schedule_type: ScheduleType | None = None
    starts_at: GivenMoment | None = None
    ends_at: GivenMoment | None = None
    dayparting: Dayparting | None = None
    frequency: Times | None = None
    frequency_days: Days | None = None
    click_window: ClickWindow | None = None
    view_window: ViewWindow | None = None
    engaged_view_window: EngagedViewWindow | None = None
    attribution_event_count: EventCount | None = None
    comment_disabled: bool | None = None
    share_disabled: bool | None = None
    video_download_disabled: bool | None = None
    brand_safety_type: BrandSafety | None = None
    revision: Revision | None = None


class ScheduledBudget(Given):
    """A daily budget that begins at the advertiser's next midnight."""

    scheduled_budget_micros: Annotated[Amount | None, Field(description="null: forget the one that was to begin.")]


class AdGroupAnswer(Told):
    """An ad group at the moment of asking."""

    adgroup_id: ToldId
    campaign_id: ToldId
    campaign_name: str
    advertiser_id: ToldId
    name: str
    objective_type: str
    optimization_goal: str
    billing_event: str
    bid_type: str
    bid_micros: int | None
    conversion_bid_micros: int | None
    promotion_type: str | None
    placement_type: str
    placements: list[str]
    pixel_id: ToldId | None
    app_id: ToldId | None
    optimization_event: str | None
    pacing: str
    budget_mode: str
    budget_micros: Annotated[int | None, Field(description="null: the campaign's budget is shared out.")]
    scheduled_budget_micros: Annotated[
        int | None, Field(description="A budget that begins at the next local midnight.")
    ]
    scheduled_from: ToldMoment | None
    currency: str
    spent_micros: Annotated[int, Field(description="Of the budget's current period: today, the week, or all.")]
    schedule_type: str
    starts_at: ToldMoment
    ends_at: Annotated[ToldMoment | None, Field(description="null: it goes on until it is stopped.")]
    dayparting: str
    frequency: int | None
    frequency_days: int | None
    click_window: str
    view_window: str
    engaged_view_window: str | None
    attribution_event_count: str
    comment_disabled: bool
    share_disabled: bool
    video_download_disabled: bool
    brand_safety_type: str
    targeting: TargetingAnswer
    operation_status: str
    status: Annotated[PrimaryStatus, Field(description="Whether it runs, coarsely.")]
    secondary_status: Annotated[str, Field(description="The first reason in a fixed order, at the moment of asking.")]
    revision: int
    created_at: ToldMoment
    modified_at: ToldMoment
    deleted: bool


_SPELLED = {"starts_at": "starts_at_ms", "ends_at": "ends_at_ms"}
_TEXTS = ("promotion_type", "optimization_event", "engaged_view_window")
"""What is null here and an empty text in the room."""
CLEARED_BY_NULL = frozenset(
    {"bid_micros", "conversion_bid_micros", "frequency", "frequency_days", "engaged_view_window"}
)
"""What a change takes away by null; any other field that is null stays as it is."""


def draft_of(body: AdGroupDraft) -> Draft:
    """Return the draft that the room takes. Raises: the refusals of ``read_targeting``, together."""
    facts = {name: getattr(body, name) for name in AdGroupDraft.model_fields}
    return Draft(
        **{
            **{_SPELLED.get(name, name): value for name, value in facts.items()},
            **{name: facts[name] or "" for name in _TEXTS},
            "placements": tuple(body.placements),
            "targeting": read_targeting(body.targeting),
        }
    )


def changes_of(body: AdGroupEdit) -> dict[str, Any]:
    """Return what a body changes, under the names of the room. Raises: the refusals of ``read_targeting``, together."""
    found: dict[str, Any] = {}
    for name in body.model_fields_set - {"revision"}:
        value = getattr(body, name)
        if value is None and name not in CLEARED_BY_NULL:
            continue
        if name == "targeting":
            value = read_targeting(value)
        found[_SPELLED.get(name, name)] = "" if value is None and name in _TEXTS else value
    return found


def tell_adgroup(view: AdGroupView) -> AdGroupAnswer:
    """Return an ad group as callers see it."""
    return AdGroupAnswer(
        adgroup_id=str(view.id),
        campaign_id=str(view.campaign_id),
        campaign_name=view.campaign_name,
        advertiser_id=str(view.advertiser_id),
        name=view.name,
        objective_type=view.objective_type,
        optimization_goal=view.optimization_goal,
        billing_event=view.billing_event,
        bid_type=view.bid_type,
        bid_micros=view.bid_micros,
        conversion_bid_micros=view.conversion_bid_micros,
        promotion_type=view.promotion_type or None,
        placement_type=view.placement_type,
        placements=list(view.placements),
        pixel_id=told_id(view.pixel_id),
        app_id=told_id(view.app_id),
        optimization_event=view.optimization_event or None,
        pacing=view.pacing,
        budget_mode=view.budget_mode,
        budget_micros=view.budget_micros,
        scheduled_budget_micros=view.scheduled_budget_micros,
        scheduled_from=tell_moment(view.scheduled_from_ms),
        currency=view.currency,
        spent_micros=view.spent_micros,
        schedule_type=view.schedule_type,
        starts_at=rfc3339(view.starts_at_ms),
        ends_at=tell_moment(view.ends_at_ms),
        dayparting=view.dayparting,
        frequency=view.frequency,
        frequency_days=view.frequency_days,
        click_window=view.click_window,
        view_window=view.view_window,
        engaged_view_window=view.engaged_view_window or None,
        attribution_event_count=view.attribution_event_count,
        comment_disabled=view.comment_disabled,
        share_disabled=view.share_disabled,
        video_download_disabled=view.video_download_disabled,
        brand_safety_type=view.brand_safety_type,
        targeting=tell_targeting(view.targeting),
        operation_status=view.operation_status,
        status=status.primary_status(view.secondary_status),
        secondary_status=view.secondary_status,
        revision=view.revision,
        created_at=rfc3339(view.created_at_ms),
        modified_at=rfc3339(view.modified_at_ms),
        deleted=view.is_deleted,
    )
