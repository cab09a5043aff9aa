"""Shapes of campaigns, and what the three levels share: the switch, the revision, the history.

Words of choices are those of the house, which its status and its refusals say too; which go together is the room's to
say.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema

from attise.doors.native_api.complaints import complain
from attise.doors.native_api.schemas.common import Given, GivenId, Told, ToldId, ToldMoment, told_id
from attise.doors.native_api.schemas.posts import tell_moment
from attise.kernel.clock import rfc3339
from attise.kernel.errors import N_
from attise.kernel.limits import DECLARED_MICROS, HOLDOUT_PPM_MOST, NAME_SIGNS, PO_NUMBER_CHARACTERS
from attise.management.campaigns import status
from attise.management.campaigns.rules import budgets, choices
from attise.management.campaigns.rules.campaign import CampaignDraft as Draft
from attise.management.campaigns.rules.objectives import OBJECTIVES
from attise.management.campaigns.views import CampaignView, HistoryView

WORD_CHARACTERS = 60
PRIMARY_STATUSES = (status.DELIVERY_OK, status.NOT_DELIVERY, status.DISABLED, status.TIME_DONE, status.DELETED)


def one_of(words: Collection[str]) -> WithJsonSchema:
    """Return the description of a word of which one is chosen; whether it is, and what goes with it, a room says."""
    return WithJsonSchema({"type": "string", "enum": list(words)})


def among(words: Collection[str]) -> AfterValidator:
    """Return the check of a filter's word, which no room is asked about."""

    def check(value: str) -> str:
        if value not in words:
            raise complain(N_("one of these is expected: %(expected)s"), expected=", ".join(words))
        return value

    return AfterValidator(check)


Word = Annotated[str, Field(max_length=WORD_CHARACTERS)]
Name = Annotated[str, Field(max_length=4 * NAME_SIGNS, description="1 to 512 signs, without emoji.")]
Amount = Annotated[
    int,
    Field(ge=0, le=DECLARED_MICROS, description="Millionths of the advertiser's currency. Zero: none."),
]
Objective = Annotated[Word, one_of(OBJECTIVES)]
BudgetMode = Annotated[Word, one_of(budgets.MODES)]
Switch = Annotated[Word, one_of(choices.SWITCHES)]
Industry = Annotated[Word, one_of(choices.SPECIAL_INDUSTRIES)]
AppPromotion = Annotated[Word, one_of(choices.APP_PROMOTION_TYPES)]
PrimaryStatus = Annotated[Word, one_of(PRIMARY_STATUSES)]
Revision = Annotated[
    int,
    Field(ge=1, le=2**31 - 1, description="The revision you looked at: if it is another by now, nothing is changed."),
]
NameFilter = Annotated[str, Field(max_length=500, description="A part of the name, whatever case and accents.")]
StatusFilter = Annotated[Word, among(PRIMARY_STATUSES), one_of(PRIMARY_STATUSES)]
"""Left out, a list holds all but what was deleted."""
ObjectiveFilter = Annotated[Word, among(OBJECTIVES), one_of(OBJECTIVES)]
Holdout = Annotated[
    int,
    Field(
        ge=0,
        le=HOLDOUT_PPM_MOST,
        description="Share of viewers who are never shown the campaign's ads, in millionths: 100,000 is one in ten.",
    ),
]
PoNumber = Annotated[str, Field(max_length=4 * PO_NUMBER_CHARACTERS)]


class CampaignDraft(Given):
    """A campaign to make: an objective, and a budget unless its ad groups have their own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Autumn soups",
                    "objective_type": "TRAFFIC",
                    "budget_mode": "BUDGET_MODE_DAY",
                    "budget_micros": 50_000_000,
                }
            ]
        }
    )
    name: Name
    objective_type: Objective
    budget_mode: Annotated[
        BudgetMode | None, Field(description="Fixed from then on. Left out without an amount: the ad groups' own.")
    ] = None
    budget_micros: Amount | None = None
    budget_optimize_on: Annotated[
        bool, Field(description="Whether the budget is shared out among the ad groups, which then have none.")
    ] = False
    operation_status: Switch = "ENABLE"
    special_industries: Annotated[
        list[Industry], Field(max_length=len(choices.SPECIAL_INDUSTRIES), description="Homes, jobs or loans.")
    ] = []
    app_promotion_type: AppPromotion | None = None
    app_id: GivenId | None = None
    po_number: Annotated[PoNumber, Field(description="Your own order number.")] = ""
    holdout_ppm: Holdout = 0


class CampaignEdit(Given):
    """What to change of a campaign; what is left out stays. Objective and budget mode are fixed at the creation."""

    name: Name | None = None
    budget_micros: Amount | None = None
    special_industries: Annotated[list[Industry] | None, Field(max_length=len(choices.SPECIAL_INDUSTRIES))] = None
    po_number: PoNumber | None = None
    holdout_ppm: Holdout | None = None
    revision: Revision | None = None


class SwitchChange(Given):
    """A switch, on or off. It asks for no revision: to stop is never refused because somebody edited meanwhile."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"operation_status": "DISABLE"}]})
    operation_status: Literal["ENABLE", "DISABLE"]


class CampaignAnswer(Told):
    """A campaign at the moment of asking."""

    campaign_id: ToldId
    advertiser_id: ToldId
    name: str
    objective_type: str
    budget_mode: str
    budget_micros: Annotated[int | None, Field(description="null: the budgets are the ad groups'.")]
    currency: str
    spent_micros: Annotated[int, Field(description="Of the budget's current period: today, the week, or all.")]
    budget_optimize_on: bool
    operation_status: str
    status: Annotated[PrimaryStatus, Field(description="Whether it runs, coarsely.")]
    secondary_status: Annotated[str, Field(description="The first reason in a fixed order, at the moment of asking.")]
    special_industries: list[str]
    app_promotion_type: str | None
    app_id: ToldId | None
    po_number: str | None
    holdout_ppm: Annotated[int, Field(description="Share of viewers who are never shown its ads, in millionths.")]
    revision: int
    created_at: ToldMoment
    modified_at: ToldMoment
    deleted: bool


class ChangeAnswer(Told):
    """One change of a campaign, an ad group or an ad: who, when, and what it was before and after."""

    change_id: ToldId
    at: ToldMoment
    verb: str
    actor: str
    origin: str | None
    before: dict[str, Any]
    after: dict[str, Any]


def draft_of(body: CampaignDraft) -> Draft:
    """Return the draft that the room takes."""
    facts = body.model_dump()
    return Draft(
        **{
            **facts,
            "special_industries": tuple(body.special_industries),
            "app_promotion_type": body.app_promotion_type or "",
        }
    )


def changes_of(body: CampaignEdit) -> dict[str, Any]:
    """Return what a body changes, under the names of the room."""
    given = {name: getattr(body, name) for name in body.model_fields_set - {"revision"}}
    found = {name: value for name, value in given.items() if value is not None}
    if "special_industries" in found:
        found["special_industries"] = tuple(found["special_industries"])
    return found


def tell_campaign(view: CampaignView) -> CampaignAnswer:
    """Return a campaign as callers see it."""
    return CampaignAnswer(
        campaign_id=str(view.id),
        advertiser_id=str(view.advertiser_id),
        name=view.name,
        objective_type=view.objective_type,
        budget_mode=view.budget_mode,
        budget_micros=view.budget_micros,
        currency=view.currency,
        spent_micros=view.spent_micros,
        budget_optimize_on=view.budget_optimize_on,
        operation_status=view.operation_status,
        status=status.primary_status(view.secondary_status),
        secondary_status=view.secondary_status,
        special_industries=list(view.special_industries),
        app_promotion_type=view.app_promotion_type or None,
        app_id=told_id(view.app_id),
        po_number=view.po_number or None,
        holdout_ppm=view.holdout_ppm,
        revision=view.revision,
        created_at=rfc3339(view.created_at_ms),
        modified_at=rfc3339(view.modified_at_ms),
        deleted=view.is_deleted,
    )


def tell_change(view: HistoryView) -> ChangeAnswer:
    """Return an entry of a history as callers see it; times and ids are written as they are everywhere."""
    return ChangeAnswer(
        change_id=str(view.id),
        at=rfc3339(view.at_ms),
        verb=view.verb,
        actor=view.actor,
        origin=view.origin or None,
        before=tell_values(view.before),
        after=tell_values(view.after),
    )


def tell_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a history as callers see them: moments and ids are written as they are everywhere."""
    return {re.sub(r"_ms$", "", name): _told_value(name, value) for name, value in values.items()}


def _told_value(name: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        if name.endswith("_ms"):
            return tell_moment(value)
        if name.endswith("_id"):
            return str(value)
    return value
