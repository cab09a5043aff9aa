"""Budgets: modes, minimums in every currency, and what a new one may not fall below.

The minimums are set in euros and converted by the table of currencies, rounded up. A campaign needs 50 a day, or 50 in
total, unless the operator set another least budget. An ad group needs two fifths of that a day, or for each day of its
schedule, under a campaign that has a budget; all of it under one that has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from attise.kernel.errors import Reason, Refusal
from attise.kernel.limits import DAY_MS, DECLARED_MICROS
from attise.kernel.money import LARGEST_MICROS, MICROS
from attise.management.campaigns import errors
from attise.management.campaigns.rules.amounts import clean_amount, told
from attise.management.campaigns.rules.choices import check_choice
from attise.records.lookups import currencies

DAY = "BUDGET_MODE_DAY"
TOTAL = "BUDGET_MODE_TOTAL"
DYNAMIC_DAILY = "BUDGET_MODE_DYNAMIC_DAILY_BUDGET"
"""A mean over a week: a day takes at most 125 % of it, a week from Sunday to Saturday seven times it."""
INFINITE = "BUDGET_MODE_INFINITE"
"""No budget of its own."""
MODES = (DAY, TOTAL, DYNAMIC_DAILY, INFINITE)
GROUP_MODES = (DAY, TOTAL, DYNAMIC_DAILY)
DAILY = (DAY, DYNAMIC_DAILY)

CAMPAIGN_EUR = 50 * MICROS
"""The least budget, where the operator set no other."""
DYNAMIC_DAY_PERCENT = 125
DYNAMIC_WEEK_DAYS = 7
TOTAL_OVER_SPEND_PERCENT = 105

if DECLARED_MICROS * DYNAMIC_WEEK_DAYS > LARGEST_MICROS:
    raise AssertionError("the week of the largest budget is an amount that the ledger can hold")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the ledger is asked to hold: per day, per week or in total; None: no limit."""

    main_micros: int | None
    week_micros: int | None = None
    is_daily: bool = False


def limits_of(mode: str, budget_micros: int | None) -> Limits:
    """Return the limits of a budget: of a day or of the whole, and of the week of a dynamic daily one."""
    if budget_micros is None:
        return Limits(None)
    if mode == DYNAMIC_DAILY:
        return Limits(budget_micros * DYNAMIC_DAY_PERCENT // 100, budget_micros * DYNAMIC_WEEK_DAYS, is_daily=True)
    return Limits(budget_micros, is_daily=mode == DAY)


def days_of(starts_at_ms: int, ends_at_ms: int) -> int:
    """Return how many days a schedule has: of 24 hours each, a part of one counts whole."""
    return max(-(-(ends_at_ms - starts_at_ms) // DAY_MS), 1)


def least_of_campaign(currency: str, least_eur: int) -> int:
    """Return the least budget of a campaign in a currency, by the house's least in euros."""
    return currencies.minimum_in(currency, least_eur)


def least_of_adgroup(currency: str, least_eur: int, *, is_alone: bool) -> int:
    """Return the least budget of an ad group, a day: a campaign's where it is alone, else two fifths of it."""
    return currencies.minimum_in(currency, least_eur if is_alone else least_eur * 2 // 5)


def clean_campaign_budget(
    mode: str | None, budget_micros: int | None, *, is_shared: bool, currency: str, least_eur: int = CAMPAIGN_EUR
) -> tuple[str, int | None]:
    """Return mode and amount of a campaign's budget; None as mode with no amount is ``BUDGET_MODE_INFINITE``.

    ``is_shared``: the campaign shares its budget out among its ad groups. Zero is no amount.
    Raises: ``choice_unknown``, ``shared_budget_needs_amount``, ``budget_not_taken``, ``budget_required``,
    ``amount_invalid``, ``budget_too_low``, ``budget_too_low_per_day``.
    """
    budget_micros = budget_micros or None
    if mode is None:
        mode = INFINITE if budget_micros is None else ""
    mode = check_choice(mode, MODES, field="budget_mode")
    if mode == INFINITE:
        if is_shared:
            raise Refusal(errors.OPTIMIZED_NEEDS_BUDGET, field="budget_mode")
        if budget_micros is not None:
            raise Refusal(errors.BUDGET_NOT_TAKEN, field="budget_micros")
        return mode, None
    least = least_of_campaign(currency, least_eur)
    return mode, _at_least(budget_micros, least, currency, reason=_reason(mode))


def clean_adgroup_budget(
    mode: str | None,
    budget_micros: int | None,
    *,
    is_alone: bool,
    days: int,
    currency: str,
    least_eur: int = CAMPAIGN_EUR,
) -> tuple[str, int]:
    """Return mode and amount of an ad group's own budget.

    ``is_alone``: its campaign has no budget; ``days``: those of its schedule, for a total one.
    Raises: as those of a campaign, and ``budget_too_low_for_schedule``.
    """
    mode = check_choice(mode or "", GROUP_MODES, field="budget_mode")
    least = least_of_adgroup(currency, least_eur, is_alone=is_alone)
    if mode != TOTAL:
        return mode, _at_least(budget_micros or None, least, currency, reason=errors.BUDGET_TOO_LOW_PER_DAY)
    reason = errors.BUDGET_TOO_LOW_FOR_SCHEDULE
    return mode, _at_least(budget_micros or None, least * days, currency, reason=reason, days=days)


def check_spent(mode: str, budget_micros: int, *, spent_micros: int, week_spent_micros: int = 0, currency: str) -> None:
    """Refuse a new budget below what is spent of it: today's of a day budget, 105 % of all of a total one.

    Of a dynamic daily budget, what it allows on one day must hold today's spend, and seven times it the week's.
    Raises: ``budget_under_spend``.
    """
    least = least_after_spend(mode, spent_micros=spent_micros, week_spent_micros=week_spent_micros, currency=currency)
    if budget_micros < least:
        raise Refusal(
            errors.BUDGET_UNDER_SPEND,
            field="budget_micros",
            spent=told(max(spent_micros, week_spent_micros), currency),
            minimum=told(least, currency),
            currency=currency,
        )


def least_after_spend(mode: str, *, spent_micros: int, week_spent_micros: int, currency: str) -> int:
    """Return the smallest new budget that what is spent allows, rounded up to what the currency can write."""
    if mode == TOTAL:
        exact = -(-spent_micros * TOTAL_OVER_SPEND_PERCENT // 100)
    elif mode == DYNAMIC_DAILY:
        exact = max(-(-spent_micros * 100 // DYNAMIC_DAY_PERCENT), -(-week_spent_micros // DYNAMIC_WEEK_DAYS))
    else:
        exact = spent_micros
    step = currencies.get(currency).smallest_micros
    return -(-exact // step) * step


def check_mode_stays(before: str, after: str | None) -> None:
    """Refuse another budget mode than the one of the creation. Raises: ``budget_mode_fixed``."""
    if after not in (None, before):
        raise Refusal(errors.BUDGET_MODE_FIXED, field="budget_mode", mode=before)


def _reason(mode: str) -> Reason:
    return errors.BUDGET_TOO_LOW if mode == TOTAL else errors.BUDGET_TOO_LOW_PER_DAY


def _at_least(budget_micros: int | None, least: int, currency: str, *, reason: Reason, **more: int) -> int:
    """Return an amount that reaches the minimum, or refuse with the minimum and its currency."""
    minimum = told(least, currency)
    if budget_micros is None:
        raise Refusal(errors.BUDGET_REQUIRED, field="budget_micros", minimum=minimum, currency=currency)
    clean_amount(budget_micros, field="budget_micros", currency=currency)
    if budget_micros < least:
        raise Refusal(reason, field="budget_micros", minimum=minimum, currency=currency, **more)
    return budget_micros
