"""What a draft is for: its objective, the goal that impressions are bought towards, and what both ask of the rest."""

from __future__ import annotations

from typing import Any, Final

from attise.management.campaigns.rules.creative import LEADS_TO_PROFILE
from attise.management.campaigns.rules.objectives import OBJECTIVES, Goal

CONVERSIONS: Final = "WEB_CONVERSIONS"
LEADS: Final = "LEAD_GENERATION"
APPS: Final = "APP_PROMOTION"
OFFERED: Final = ("TRAFFIC", "VIDEO_VIEWS", "REACH", "ENGAGEMENT", CONVERSIONS, LEADS, APPS)
"""Every objective of a campaign, the commonest first."""
IN_APP: Final = "IN_APP_EVENT"
LEAD_EVENT: Final = "FORM"
"""What a lead is where the goal is leads: the event of a form that was sent."""


def field_of(objective: str) -> str:
    """Return the name of the field that chooses among the goals of an objective."""
    return f"goal_{objective.lower()}"


def objective_of(body: dict[str, Any]) -> str:
    """Return the objective that a draft names, or the usual one."""
    named = body.get("objective", "")
    return named if named in OFFERED else OFFERED[0]


def goal_of(body: dict[str, Any]) -> Goal:
    """Return what impressions are bought towards: the goal that the draft names, or the objective's usual one."""
    objective = objective_of(body)
    goals, named = OBJECTIVES[objective].goals, body.get(field_of(objective), "")
    return next((one for one in goals if one.name == named), goals[0])


def leads_to_profile(body: dict[str, Any]) -> bool:
    """Tell whether the ad leads to the creator's profile, and to no page."""
    return goal_of(body).name in LEADS_TO_PROFILE


def leads_to_app(body: dict[str, Any]) -> bool:
    """Tell whether the ad leads to the page of an app in its store, which the draft names."""
    return objective_of(body) == APPS


def needs_link(body: dict[str, Any]) -> bool:
    """Tell whether the ad must lead to a page of the advertiser's."""
    return objective_of(body) in {"TRAFFIC", CONVERSIONS, LEADS}
