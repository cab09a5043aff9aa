"""What a draft comes to: what the rooms are asked to make of it, and the most it can cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attise.doors.consoles.advertiser.assistant import goals
from attise.doors.consoles.advertiser.assistant.audience_form import DAYS, targeting_of
from attise.doors.consoles.advertiser.assistant.choosing import PUSH, Chosen
from attise.doors.consoles.advertiser.assistant.objective_form import app_of, lead_pixel
from attise.doors.consoles.money_text import read_money
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.ids import parse_id
from attise.kernel.limits import DAY_MS
from attise.management.campaigns.rules import budgets, schedules
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import CUSTOM, Creative
from attise.management.campaigns.rules.objectives import BID
from attise.management.campaigns.rules.pairing import COVER
from attise.management.pixels import queries as pixels


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


def bid_of(body: dict[str, Any], currency: str) -> int | None:
    """Return the highest bid that a draft names, in micros; None: bids are set by the house, or it cannot be read."""
    return read_money(body["bid"], currency) if body.get("bid") else None


def campaign_of(visit: AdvertiserVisit, body: dict[str, Any]) -> CampaignDraft:
    """Return the campaign; its budget is its ad group's."""
    app = app_of(visit.advertiser.id, body) if goals.leads_to_app(body) else None
    return CampaignDraft(
        name=body["name"],
        objective_type=goals.objective_of(body),
        app_promotion_type="" if app is None else "APP_INSTALL",
        app_id=None if app is None else app.id,
    )


def adgroup_of(visit: AdvertiserVisit, body: dict[str, Any]) -> AdGroupDraft:
    """Return the ad group: from now on, for so many days of 24 hours. Cost: 2 queries at most."""
    now_ms, money, goal = visit.means.clock.world_ms(), money_of(body, visit.advertiser.currency), goals.goal_of(body)
    app = app_of(visit.advertiser.id, body) if goals.leads_to_app(body) else None
    pixel_id, event = _result_of(visit, body)
    bid = bid_of(body, visit.advertiser.currency)
    return AdGroupDraft(
        name=body["name"],
        optimization_goal=goal.name,
        promotion_type="" if app is None else f"APP_{app.platform}",
        pixel_id=pixel_id,
        app_id=None if app is None else app.id,
        optimization_event=event,
        bid_micros=bid if goal.bid == BID else None,
        conversion_bid_micros=None if goal.bid == BID else bid,
        budget_mode=budgets.DAY,
        budget_micros=money.budget_micros,
        schedule_type=schedules.START_END,
        starts_at_ms=now_ms,
        ends_at_ms=now_ms + money.days * DAY_MS,
        targeting=targeting_of(body, platform="" if app is None else app.platform),
    )


def _result_of(visit: AdvertiserVisit, body: dict[str, Any]) -> tuple[int | None, str]:
    """Return the pixel and the event that tell results, where the goal is one that they tell."""
    goal = goals.goal_of(body)
    if goal.needs_event:
        pixel, _colon, event = body.get("event", "").partition(":")
        return parse_id(pixel), event
    if goal.name == goals.IN_APP:
        return None, body.get("app_event", "")
    if goal.name == goals.LEADS:
        pixel_of_leads = lead_pixel(pixels.page_pixels(visit.advertiser.id).items)
        return None if pixel_of_leads is None else pixel_of_leads.id, goals.LEAD_EVENT
    return None, ""


def creative_of(body: dict[str, Any], chosen: Chosen) -> Creative:
    """Return the ad: the original post, or a video as it is published or under the brand's name; with its button."""
    shared: dict[str, Any] = {
        "name": body["name"],
        "call_to_action": body["call_to_action"],
        "landing_page_url": "" if leads_elsewhere(body) else body.get("landing_page_url", ""),
    }
    if chosen.post is not None and chosen.usable is not None:
        becomes = "ads_only" if body.get("ads_only") else "public"
        return Creative(
            identity_type=chosen.usable.identity_type,
            identity_id=chosen.usable.identity_id,
            business_center_id=chosen.usable.business_center_id,
            post_id=chosen.post.id,
            private_becomes=becomes if chosen.is_private else "",
            **shared,
        )
    if chosen.video is None:
        raise AssertionError("an ad shows a post or a video")
    account = chosen.account
    return Creative(
        identity_type=CUSTOM if account is None else account.identity_type,
        identity_id="" if account is None else account.identity_id,
        business_center_id=None if account is None else account.business_center_id,
        video_id=chosen.video.video_id,
        image_ids=(COVER.format(video_id=chosen.video.video_id),),
        ad_text=body.get("ad_text", ""),
        dark_post=chosen.kind != PUSH or bool(body.get("dark")),
        **shared,
    )


def leads_elsewhere(body: dict[str, Any]) -> bool:
    """Tell whether the ad leads to no page of the advertiser's: to a profile, or to an app's page in its store."""
    return goals.leads_to_profile(body) or goals.leads_to_app(body)
