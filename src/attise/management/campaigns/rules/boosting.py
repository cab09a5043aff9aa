"""A boost as it is wished: one post, one goal, a budget a day, some days; and the campaign that it comes to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from attise.kernel.errors import FIELD_INVALID, N_, Refusal, Refusals
from attise.kernel.gather import Gather
from attise.kernel.limits import DAY_MS
from attise.management.authorizations.views import Usable
from attise.management.campaigns.errors import EVENT_REQUIRED
from attise.management.campaigns.rules import budgets, objectives, schedules
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.choices import check_choice
from attise.management.campaigns.rules.creative import BY_CODE, Aim, Creative, clean_creative
from attise.management.campaigns.targeting_rules import ADULTS, clean_targeting
from attise.records.targeting import Targeting

BOOSTED: Final = ("TRAFFIC", "VIDEO_VIEWS", "REACH", "ENGAGEMENT", "WEB_CONVERSIONS")
"""Objectives of a boost, with each of their goals. Leads and app installs need a form or an app."""
DAYS_MOST: Final = 90
_FIELDS: Final = {"campaign.": "", "creatives[0].": "", "targeting.locations": "location_ids"}
"""How fields of campaign, ad group and ad begin, and what those of a wish have in its place."""
_LATER: Final = Usable("later", BY_CODE)
"""The identity that the creator's word will bring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostWish:
    """What an advertiser wishes of a boost, checked or not. It is kept as JSON: fields are added with a default."""

    post_id: int
    name: str
    objective_type: str
    optimization_goal: str
    budget_micros: int
    """A day."""
    days: int
    location_ids: tuple[int, ...]
    call_to_action: str = ""
    landing_page_url: str = ""
    pixel_id: int | None = None
    optimization_event: str = ""


def check_wish(
    wish: BoostWish,
    *,
    asked_days: int,
    category: str,
    currency: str,
    plain_pages: bool,
    least_eur: int = budgets.CAMPAIGN_EUR,
) -> None:
    """Refuse, together, all that would be refused once the creator has agreed, as far as it can be known before.

    ``asked_days``: for how long the post is asked for; ``category``: the advertiser's; ``plain_pages``: as of ``Aim``.
    Raises: the refusals of objectives, goals, budgets, events, targeting and creatives, at the fields of a wish.
    """
    gather = Gather()
    gather.take(check_goal, wish)
    if asked_days < wish.days:
        gather.add(Refusal(FIELD_INVALID, field="asked_days", rule=N_("it covers the days of the boost")))
    gather.take(check_length, wish)
    gather.take(
        budgets.clean_adgroup_budget,
        budgets.DAY,
        wish.budget_micros,
        is_alone=True,
        days=1,
        currency=currency,
        least_eur=least_eur,
    )
    aim = Aim(wish.optimization_goal, plain_pages=plain_pages)
    gather.take(clean_creative, creative_of(wish, _LATER), aim)
    gather.take(_check_targeting, wish, category)
    gather.tell()


def _check_targeting(wish: BoostWish, category: str) -> None:
    try:
        clean_targeting(targeting_of(wish), objective_type=wish.objective_type, category=category)
    except Refusal as refusal:
        raise at_wish(refusal) from None
    except Refusals as several:
        raise Refusals([at_wish(refusal) for refusal in several.items]) from None


def at_wish(refusal: Refusal) -> Refusal:
    """Return a refusal of campaign, ad group or ad at the field of the wish: the three share none."""
    field = refusal.field or ""
    for begins, becomes in _FIELDS.items():
        if field.startswith(begins):
            return refusal.at(becomes + field.removeprefix(begins))
    return refusal


def check_length(wish: BoostWish) -> None:
    """Refuse what is no length of a boost. Raises: ``field_invalid``."""
    if not 1 <= wish.days <= DAYS_MOST:
        raise Refusal(FIELD_INVALID, field="days", rule=N_("it is from 1 to 90"))


def check_goal(wish: BoostWish) -> None:
    """Refuse a goal that no boost has, or one without its event. Raises: the refusals of objectives and events."""
    check_choice(wish.objective_type, BOOSTED, field="objective_type")
    goal = objectives.check_goal(wish.objective_type, wish.optimization_goal)
    gather = Gather()
    for name in ("pixel_id", "optimization_event") if goal.needs_event else ():
        if not getattr(wish, name):
            gather.add(Refusal(EVENT_REQUIRED, field=name, goal=goal.name))
    gather.tell()


def campaign_of(wish: BoostWish) -> CampaignDraft:
    """Return the campaign; its budget is its ad group's."""
    return CampaignDraft(name=wish.name, objective_type=wish.objective_type)


def adgroup_of(wish: BoostWish, *, now_ms: int) -> AdGroupDraft:
    """Return the ad group: adults, from now on, for so many days of 24 hours; bids are set within the budget."""
    return AdGroupDraft(
        name=wish.name,
        optimization_goal=wish.optimization_goal,
        pixel_id=wish.pixel_id,
        optimization_event=wish.optimization_event,
        budget_mode=budgets.DAY,
        budget_micros=wish.budget_micros,
        schedule_type=schedules.START_END,
        starts_at_ms=now_ms,
        ends_at_ms=now_ms + wish.days * DAY_MS,
        targeting=targeting_of(wish),
    )


def targeting_of(wish: BoostWish) -> Targeting:
    """Return whom the ad group is for."""
    return Targeting(locations=wish.location_ids, age_groups=ADULTS)


def creative_of(wish: BoostWish, usable: Usable, *, post_id: int | None = None) -> Creative:
    """Return the ad: the original post, with its button; ``post_id``: of another post than the wish names."""
    return Creative(
        name=wish.name,
        identity_type=usable.identity_type,
        identity_id=usable.identity_id,
        business_center_id=usable.business_center_id,
        post_id=wish.post_id if post_id is None else post_id,
        call_to_action=wish.call_to_action,
        landing_page_url=wish.landing_page_url,
    )


def kept(wish: BoostWish) -> dict[str, Any]:
    """Return a wish as it is stored."""
    found: dict[str, Any] = msgspec.to_builtins(wish)
    return found


def wish_of(body: Mapping[str, Any]) -> BoostWish:
    """Return a stored wish. Raises: msgspec.ValidationError."""
    return msgspec.convert(body, BoostWish)
