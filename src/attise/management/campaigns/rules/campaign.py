"""A whole campaign, judged: every refusal is told together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import HOLDOUT_PPM_MOST, PO_NUMBER_CHARACTERS
from attise.kernel.text import clean_text
from attise.management.campaigns.errors import HOLDOUT_INVALID
from attise.management.campaigns.rules import budgets
from attise.management.campaigns.rules.choices import (
    APP_PROMOTION_TYPES,
    SPECIAL_INDUSTRIES,
    SWITCHES,
    check_choice,
    check_choices,
)
from attise.management.campaigns.rules.names import clean_name
from attise.management.campaigns.rules.objectives import check_objective


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDraft:
    """What is asked of a campaign; clean ones have every field filled."""

    name: str
    objective_type: str
    budget_mode: str | None = None
    """None: none when there is no amount."""
    budget_micros: int | None = None
    budget_optimize_on: bool = False
    """Whether the campaign's budget is shared out among its ad groups, whose own budgets are then ignored."""
    operation_status: str = "ENABLE"
    special_industries: tuple[str, ...] = ()
    app_promotion_type: str = ""
    app_id: int | None = None
    po_number: str = ""
    holdout_ppm: int = 0
    """Share of viewers, in parts per million, who are never shown its ads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignBasis:
    """What an ad group must know of its campaign."""

    objective_type: str
    budget_mode: str
    budget_micros: int | None
    budget_optimize_on: bool
    currency: str
    least_eur: int = budgets.CAMPAIGN_EUR
    """The house's least budget, in micros of euros."""


def clean_campaign(draft: CampaignDraft, *, currency: str, least_eur: int = budgets.CAMPAIGN_EUR) -> CampaignDraft:
    """Return a campaign as it is kept. Raises: the refusals of its parts, together."""
    gather = Gather()
    name = gather.take(clean_name, draft.name, field="name")
    objective = gather.take(check_objective, draft.objective_type)
    budget = gather.take(
        budgets.clean_campaign_budget,
        draft.budget_mode,
        draft.budget_micros,
        is_shared=draft.budget_optimize_on,
        currency=currency,
        least_eur=least_eur,
    )
    switch = gather.take(check_choice, draft.operation_status, SWITCHES, field="operation_status")
    industries = gather.take(clean_industries, draft.special_industries)
    app_type = gather.take(_clean_app_type, draft.app_promotion_type)
    po_number = gather.take(clean_po_number, draft.po_number)
    holdout_ppm = gather.take(clean_holdout, draft.holdout_ppm)
    gather.tell()
    return CampaignDraft(
        name=name,
        objective_type=objective,
        budget_mode=budget[0],
        budget_micros=budget[1],
        budget_optimize_on=draft.budget_optimize_on,
        operation_status=switch,
        special_industries=industries,
        app_promotion_type=app_type,
        app_id=draft.app_id,
        po_number=po_number,
        holdout_ppm=holdout_ppm,
    )


def clean_industries(values: Iterable[str]) -> tuple[str, ...]:
    """Return special industries, once each. Raises: ``choice_unknown``."""
    return check_choices(values, SPECIAL_INDUSTRIES, field="special_industries")


def clean_po_number(value: str) -> str:
    """Return the advertiser's own order number, or empty. Raises: the refusals of texts."""
    return clean_text(value, field="po_number", limit=PO_NUMBER_CHARACTERS, empty=True)


def clean_holdout(share_ppm: int) -> int:
    """Return the share of viewers who are held out, in parts per million. Raises: ``holdout_invalid``."""
    if isinstance(share_ppm, bool) or not isinstance(share_ppm, int) or not 0 <= share_ppm <= HOLDOUT_PPM_MOST:
        raise Refusal(HOLDOUT_INVALID, field="holdout_ppm")
    return share_ppm


def _clean_app_type(value: str) -> str:
    return value and check_choice(value, APP_PROMOTION_TYPES, field="app_promotion_type")
