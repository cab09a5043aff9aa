"""What goes with what: objective, goal, billing event, bid and promotion type.

Source: the dialect's table of goals (`page`, `client`), where one client's word stood against another's the wider set.
"""

from __future__ import annotations

from dataclasses import dataclass

from attise.kernel.errors import FIELD_REQUIRED, Refusal
from attise.management.campaigns.errors import BILLING_MISMATCH, GOAL_MISMATCH, PROMOTION_MISMATCH
from attise.management.campaigns.rules.choices import check_choice
from attise.records.goals import ACTS

BID, CONVERSION_BID = "bid_micros", "conversion_bid_micros"
"""The two kinds of bid, by the fields that hold them: per billing event, or the target cost of a result."""
CPM, CPC, CPV, OCPM = "CPM", "CPC", "CPV", "OCPM"
BILLING_EVENTS = (CPM, CPC, CPV, OCPM)

_ANYWHERE = ("WEBSITE_OR_DISPLAY", "EXTERNAL_OR_DISPLAY", "WEBSITE")
_APPS = ("APP_ANDROID", "APP_IOS")


@dataclass(frozen=True, slots=True)
class Goal:
    """What one goal of one objective goes with."""

    name: str
    billing: str
    needs_event: bool = False
    """Whether its results are events of a pixel, which must be named."""

    @property
    def bid(self) -> str:
        """The field of a custom bid: a conversion bid where impressions are bought towards a result."""
        return CONVERSION_BID if self.billing == OCPM else BID


@dataclass(frozen=True, slots=True)
class Objective:
    """What one objective takes.

    ``default_promotion`` is taken when none is said; empty: none is needed; None: one must be said.
    """

    name: str
    goals: tuple[Goal, ...]
    promotions: tuple[str, ...]
    default_promotion: str | None

    @property
    def goal_names(self) -> tuple[str, ...]:
        """The goals it takes, the usual one first."""
        return tuple(goal.name for goal in self.goals)


_ALL = (
    Objective("REACH", (Goal("REACH", CPM),), _ANYWHERE, ""),
    Objective(
        "VIDEO_VIEWS",
        (Goal("ENGAGED_VIEW", CPV), Goal("ENGAGED_VIEW_FIFTEEN", CPV), Goal("VIDEO_VIEW", CPV)),
        _ANYWHERE,
        "",
    ),
    Objective("TRAFFIC", (Goal("CLICK", CPC), Goal("TRAFFIC_LANDING_PAGE_VIEW", OCPM)), ("WEBSITE", *_APPS), "WEBSITE"),
    Objective(
        "ENGAGEMENT",
        (Goal("FOLLOWERS", OCPM), Goal("PAGE_VISIT", CPC)),
        ("EXTERNAL_OR_DISPLAY", "WEBSITE_OR_DISPLAY"),
        "EXTERNAL_OR_DISPLAY",
    ),
    Objective(
        "WEB_CONVERSIONS",
        (Goal("CONVERT", OCPM, needs_event=True), Goal("VALUE", OCPM, needs_event=True), Goal("CLICK", CPC)),
        ("WEBSITE",),
        "WEBSITE",
    ),
    Objective(
        "LEAD_GENERATION",
        (Goal("LEAD_GENERATION", OCPM), Goal("CONVERT", OCPM, needs_event=True)),
        ("LEAD_GENERATION", "WEBSITE"),
        "LEAD_GENERATION",
    ),
    Objective(
        "APP_PROMOTION",
        (Goal("INSTALL", OCPM), Goal("IN_APP_EVENT", OCPM), Goal("CLICK", CPC)),
        _APPS,
        None,
    ),
)
OBJECTIVES = {objective.name: objective for objective in _ALL}
"""Every objective that a campaign may have here. Those of shops and catalogues, and reserved buying, are left out."""
GOALS = tuple(dict.fromkeys(goal.name for objective in _ALL for goal in objective.goals))
PROMOTION_TYPES = tuple(dict.fromkeys(name for objective in _ALL for name in objective.promotions))


def check_objective(value: str) -> str:
    """Return an objective. Raises: ``choice_unknown``."""
    return check_choice(value, OBJECTIVES, field="objective_type")


def check_goal(objective_type: str, goal: str) -> Goal:
    """Return what a goal goes with. Raises: ``goal_mismatch``, naming objective and goal."""
    objective = OBJECTIVES[objective_type]
    for known in objective.goals:
        if known.name == goal:
            return known
    raise Refusal(
        GOAL_MISMATCH,
        field="optimization_goal",
        goal=goal,
        objective=objective_type,
        choices=", ".join(objective.goal_names),
    )


def check_billing(goal: Goal, billing_event: str | None) -> str:
    """Return the billing event of a goal; None asks for it. Raises: ``billing_mismatch``, naming both."""
    if billing_event in (None, goal.billing):
        return goal.billing
    raise Refusal(BILLING_MISMATCH, field="billing_event", billing=billing_event, goal=goal.name, expected=goal.billing)


def check_promotion(objective_type: str, promotion_type: str) -> str:
    """Return a promotion type, the objective's own when none is said.

    Raises: ``promotion_mismatch``, naming both;
    ``field_required`` where the objective has none of its own.
    """
    objective = OBJECTIVES[objective_type]
    if promotion_type in objective.promotions:
        return promotion_type
    if promotion_type == "" and objective.default_promotion is None:
        raise Refusal(FIELD_REQUIRED, field="promotion_type")
    if promotion_type == "":
        return objective.default_promotion or ""
    raise Refusal(
        PROMOTION_MISMATCH,
        field="promotion_type",
        promotion=promotion_type,
        objective=objective_type,
        choices=", ".join(objective.promotions),
    )


_RESULTS = {"LEAD_GENERATION": "FORM", "TRAFFIC_LANDING_PAGE_VIEW": "PAGE_VIEW", "INSTALL": "INSTALL"}
"""By goal, the kind of event on a page or in an app that is its result where the ad group names none."""
BOUGHT = "SHOPPING"


def result_of(goal: str, optimization_event: str) -> str:
    """Return what an ad group is there for: an act of viewers, else a kind of event on a page or in an app.

    Acts are of ``records.event.RESULTS``, kinds of ``records.web_events``. Whoever buys views or clicks sells something
    too: of those ad groups it is what was bought.
    """
    return ACTS.get(goal) or optimization_event or _RESULTS.get(goal, BOUGHT)
