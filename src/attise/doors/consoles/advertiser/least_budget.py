"""The least budget of a campaign a day, as the operator set it, in an advertiser's currency."""

from __future__ import annotations

from typing import Final

from attise.kernel.money import MICROS, format_amount
from attise.management.campaigns.rules import budgets
from attise.management.policy.queries import get_policy
from attise.records.lookups import currencies

USUAL_MICROS: Final = 50 * MICROS
"""What forms begin with, of whatever currency, where it is no less than the least."""


def least_micros(currency: str) -> int:
    """Return the least budget. Cost: one query."""
    return budgets.least_of_campaign(currency, get_policy().least_budget_micros)


def least_text(currency: str) -> str:
    """Return the least budget as the dialect takes it. Cost: one query."""
    return format_amount(least_micros(currency), exponent=currencies.get(currency).exponent)


def usual_text(currency: str) -> str:
    """Return the budget that a form begins with, in whole units; no form refuses it. Cost: one query."""
    return str(-(-max(USUAL_MICROS, least_micros(currency)) // MICROS))
