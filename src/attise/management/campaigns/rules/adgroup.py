"""A whole ad group, judged beside its campaign and its siblings: every refusal is told together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.management.campaigns import errors
from attise.management.campaigns.rules import bids, budgets, delivery, objectives, schedules
from attise.management.campaigns.rules.campaign import CampaignBasis
from attise.management.campaigns.rules.choices import SWITCHES, check_choice
from attise.management.campaigns.rules.names import clean_name
from attise.management.campaigns.rules.objectives import Goal
from attise.management.campaigns.rules.schedules import Schedule
from attise.records.targeting import Targeting


@dataclass(frozen=True, slots=True, kw_only=True)
class AdGroupDraft:
    """What is asked of an ad group; clean ones have every field filled, under the names of the row."""

    name: str
    optimization_goal: str
    billing_event: str | None = None
    """None: the goal's."""
    bid_type: str | None = None
    """None: custom when there is a bid, else maximum delivery."""
    bid_micros: int | None = None
    conversion_bid_micros: int | None = None
    promotion_type: str = ""
    placement_type: str = "PLACEMENT_TYPE_NORMAL"
    placements: tuple[str, ...] = ()
    pixel_id: int | None = None
    app_id: int | None = None
    optimization_event: str = ""
    pacing: str = delivery.SMOOTH
    budget_mode: str | None = None
    budget_micros: int | None = None
    schedule_type: str = schedules.FROM_NOW
    starts_at_ms: int | None = None
    """None: now."""
    ends_at_ms: int | None = None
    dayparting: str = ""
    frequency: int | None = None
    frequency_days: int | None = None
    click_window: str | None = None
    view_window: str | None = None
    engaged_view_window: str = ""
    attribution_event_count: str = "UNSET"
    comment_disabled: bool = False
    share_disabled: bool = False
    video_download_disabled: bool = False
    brand_safety_type: str = "NO_BRAND_SAFETY"
    targeting: Targeting = field(default_factory=Targeting)
    """Already clean."""
    operation_status: str = "ENABLE"


CHANGEABLE = frozenset(
    {
        *("name", "bid_type", "bid_micros", "conversion_bid_micros", "pacing", "budget_micros"),
        *("schedule_type", "starts_at_ms", "ends_at_ms", "dayparting", "frequency", "frequency_days"),
        *("click_window", "view_window", "engaged_view_window", "attribution_event_count"),
        *("comment_disabled", "share_disabled", "video_download_disabled", "brand_safety_type", "targeting"),
    }
)
"""What can change after the creation; the rest is fixed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """Another ad group under a budget that the campaign shares out: all must be alike in these."""

    optimization_goal: str
    bid_type: str
    optimization_event: str


def clean_adgroup(
    draft: AdGroupDraft,
    *,
    campaign: CampaignBasis,
    now_ms: int,
    sibling: Sibling | None = None,
    before: Schedule | None = None,
) -> AdGroupDraft:
    """Return an ad group as it is kept.

    ``sibling``: another ad group of the campaign, if it shares out its budget and has one; ``before``: the schedule so
    far, for a change. Raises: the refusals of its parts, together.
    """
    gather = Gather()
    currency, is_shared = campaign.currency, campaign.budget_optimize_on
    name = gather.take(clean_name, draft.name, field="name")
    goal: Goal | None = gather.take(objectives.check_goal, campaign.objective_type, draft.optimization_goal)
    promotion = gather.take(objectives.check_promotion, campaign.objective_type, draft.promotion_type)
    event = gather.take(delivery.clean_event, draft.optimization_event)
    made = replace(draft, name=name, promotion_type=promotion, optimization_event=event)
    if goal is not None:
        made = _with_goal(gather, made, goal, currency)
    schedule = gather.take(
        schedules.clean_schedule,
        draft.schedule_type,
        draft.starts_at_ms,
        draft.ends_at_ms,
        now_ms=now_ms,
        before=before,
    )
    mode, budget = budgets.INFINITE, None
    if not is_shared:
        taken = gather.take(
            _clean_budget,
            draft,
            schedule,
            is_alone=campaign.budget_mode == budgets.INFINITE,
            currency=currency,
            least_eur=campaign.least_eur,
        )
        mode, budget = taken or (mode, budget)
    placement_type, placements = gather.take(delivery.clean_placements, draft.placement_type, draft.placements) or (
        "",
        (),
    )
    pacing = gather.take(delivery.clean_pacing, draft.pacing, is_shared=is_shared)
    dayparting = gather.take(schedules.clean_dayparting, draft.dayparting)
    frequency = gather.take(delivery.clean_frequency, draft.frequency, draft.frequency_days) or (None, None)
    windows = gather.take(delivery.clean_windows, draft.click_window, draft.view_window) or ("", "")
    engaged = gather.take(delivery.clean_engaged_view_window, draft.engaged_view_window)
    count = gather.take(
        check_choice, draft.attribution_event_count, delivery.EVENT_COUNTS, field="attribution_event_count"
    )
    safety = gather.take(check_choice, draft.brand_safety_type, delivery.BRAND_SAFETY_TYPES, field="brand_safety_type")
    switch = gather.take(check_choice, draft.operation_status, SWITCHES, field="operation_status")
    gather.tell()
    made = replace(
        made,
        budget_mode=mode,
        budget_micros=budget,
        schedule_type=schedule.kind,
        starts_at_ms=schedule.starts_at_ms,
        ends_at_ms=schedule.ends_at_ms,
        placement_type=placement_type,
        placements=placements,
        pacing=pacing,
        dayparting=dayparting,
        frequency=frequency[0],
        frequency_days=frequency[1],
        click_window=windows[0],
        view_window=windows[1],
        engaged_view_window=engaged,
        attribution_event_count=count,
        brand_safety_type=safety,
        operation_status=switch,
    )
    gather.take(
        bids.check_within,
        made.bid_micros,
        made.conversion_bid_micros,
        budgets=(campaign.budget_micros, budget),
        currency=currency,
    )
    for refusal in differences(made, sibling):
        gather.add(refusal)
    gather.tell()
    return made


def differences(made: AdGroupDraft, sibling: Sibling | None) -> Iterable[Refusal]:
    """Give a refusal for each thing in which an ad group differs from those that share its budget."""
    if sibling is None:
        return
    for name in ("optimization_goal", "bid_type", "optimization_event"):
        expected, got = getattr(sibling, name), getattr(made, name)
        if expected != got:
            yield Refusal(errors.GROUPS_DIFFER, field=name, expected=expected or "-", got=got or "-")


def check_fixed(name: str, before: object, after: object) -> None:
    """Refuse another value for what is fixed at the creation. Raises: ``fixed_at_creation``."""
    if before != after:
        raise Refusal(errors.FIXED_AT_CREATION, field=name, value=before)


def _with_goal(gather: Gather, draft: AdGroupDraft, goal: Goal, currency: str) -> AdGroupDraft:
    """Return a draft with what follows from its goal."""
    billing = gather.take(objectives.check_billing, goal, draft.billing_event)
    taken = gather.take(
        bids.clean_bids, goal, draft.bid_type, draft.bid_micros, draft.conversion_bid_micros, currency=currency
    )
    if goal.needs_event:
        for name in ("pixel_id", "optimization_event"):
            if not getattr(draft, name):
                gather.add(Refusal(errors.EVENT_REQUIRED, field=name, goal=goal.name))
    bid_type, bid, conversion_bid = taken or ("", None, None)
    return replace(
        draft, billing_event=billing, bid_type=bid_type, bid_micros=bid, conversion_bid_micros=conversion_bid
    )


def _clean_budget(
    draft: AdGroupDraft, schedule: Schedule | None, *, is_alone: bool, currency: str, least_eur: int
) -> tuple[str, int]:
    """Return mode and amount; a total budget needs a schedule with an end, whose days count."""
    days = 1
    if draft.budget_mode == budgets.TOTAL:
        if draft.schedule_type != schedules.START_END:
            raise Refusal(errors.TOTAL_NEEDS_END, field="schedule_type")
        if schedule is not None and schedule.ends_at_ms is not None:
            days = budgets.days_of(schedule.starts_at_ms, schedule.ends_at_ms)
    return budgets.clean_adgroup_budget(
        draft.budget_mode,
        draft.budget_micros,
        is_alone=is_alone,
        days=days,
        currency=currency,
        least_eur=least_eur,
    )
