"""What a draft comes to: what the rooms are asked to make of it, and the most it can cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attise.doors.consoles.advertiser.assistant.forms import CONVERSIONS, DAYS, OFFERED, leads_to_profile
from attise.doors.consoles.money_text import read_money
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.ids import parse_id
from attise.kernel.limits import DAY_MS
from attise.management.authorizations.views import Usable
from attise.management.campaigns.rules import budgets, schedules
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.rules.objectives import BID, OBJECTIVES, Goal
from attise.management.campaigns.targeting_rules import ADULTS
from attise.records.targeting import Targeting


@dataclass(frozen=True, slots=True)
class Money:
    """What a draft says of money, as far as it says it."""

    budget_micros: int | None
    days: int

    @property
    def most_micros(self) -> int | None:
        """The most that is spent over all its days."""
        return None if self.budget_micros is None else self.budget_micros * self.days


def money_of(body: dict[str, Any], currency: str) -> Money:
    """Return what a draft costs at most; what cannot be read yet is None."""
    typed, days = str(body.get("budget", "")), parse_id(str(body.get("days", ""))) or 0
    return Money(read_money(typed, currency) if typed else None, days if days in DAYS else 0)


def goal_of(body: dict[str, Any]) -> Goal:
    """Return what impressions are bought towards: the usual goal of the objective."""
    objective = body.get("objective", "")
    return OBJECTIVES[objective if objective in OFFERED else OFFERED[0]].goals[0]


def campaign_of(body: dict[str, Any]) -> CampaignDraft:
    """Return the campaign; its budget is its ad group's."""
    return CampaignDraft(name=body["name"], objective_type=body["objective"])


def adgroup_of(visit: AdvertiserVisit, body: dict[str, Any]) -> AdGroupDraft:
    """Return the ad group: from now on, for so many days of 24 hours."""
    now_ms, money, goal = visit.means.clock.world_ms(), money_of(body, visit.advertiser.currency), goal_of(body)
    pixel, _, event = body.get("event", "").partition(":")
    bid = read_money(body["bid"], visit.advertiser.currency) if body.get("bid") else None
    is_for_events = body["objective"] == CONVERSIONS
    return AdGroupDraft(
        name=body["name"],
        optimization_goal=goal.name,
        pixel_id=parse_id(pixel) if is_for_events else None,
        optimization_event=event if is_for_events else "",
        bid_micros=bid if goal.bid == BID else None,
        conversion_bid_micros=None if goal.bid == BID else bid,
        budget_mode=budgets.DAY,
        budget_micros=money.budget_micros,
        schedule_type=schedules.START_END,
        starts_at_ms=now_ms,
        ends_at_ms=now_ms + money.days * DAY_MS,
        targeting=Targeting(
            locations=(int(body["country"]),),
            age_groups=tuple(body.get("ages") or ADULTS),
            gender=body["gender"],
        ),
    )


def creative_of(body: dict[str, Any], usable: Usable) -> Creative:
    """Return the ad: the original post, with its button."""
    return Creative(
        name=body["name"],
        identity_type=usable.identity_type,
        identity_id=usable.identity_id,
        business_center_id=usable.business_center_id,
        post_id=int(body["post_id"]),
        call_to_action=body["call_to_action"],
        landing_page_url="" if leads_to_profile(body["objective"]) else body.get("landing_page_url", ""),
    )
