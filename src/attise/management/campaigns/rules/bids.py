"""Bids: none for maximum delivery, or one of the kind that the goal's billing asks for."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.errors import Refusal
from attise.management.campaigns.errors import BID_ABOVE_BUDGET, BID_NOT_TAKEN, BID_REQUIRED
from attise.management.campaigns.rules.amounts import clean_amount, told
from attise.management.campaigns.rules.choices import check_choice
from attise.management.campaigns.rules.objectives import BID, CONVERSION_BID, Goal

NO_BID, CUSTOM = "BID_TYPE_NO_BID", "BID_TYPE_CUSTOM"
BID_TYPES = (NO_BID, CUSTOM)


def clean_bids(
    goal: Goal,
    bid_type: str | None,
    bid_micros: int | None,
    conversion_bid_micros: int | None,
    *,
    currency: str,
) -> tuple[str, int | None, int | None]:
    """Return bid type, bid and conversion bid; without a type, a bid makes it custom. Zero is no bid.

    Raises: ``choice_unknown``, ``bid_required``, ``bid_not_taken``, ``amount_invalid``.
    """
    given = {BID: bid_micros or None, CONVERSION_BID: conversion_bid_micros or None}
    if bid_type is None:
        bid_type = CUSTOM if any(given.values()) else NO_BID
    bid_type = check_choice(bid_type, BID_TYPES, field="bid_type")
    taken = {goal.bid} if bid_type == CUSTOM else set[str]()
    for field, micros in given.items():
        if micros is not None and field not in taken:
            raise Refusal(BID_NOT_TAKEN, field=field, bid_type=bid_type, billing=goal.billing)
    if bid_type == CUSTOM:
        micros = given[goal.bid]
        if micros is None:
            raise Refusal(BID_REQUIRED, field=goal.bid)
        clean_amount(micros, field=goal.bid, currency=currency)
    return bid_type, given[BID], given[CONVERSION_BID]


def check_within(
    bid_micros: int | None, conversion_bid_micros: int | None, *, budgets: Iterable[int | None], currency: str
) -> None:
    """Refuse a bid above one of the budgets that bound it. Raises: ``bid_above_budget``."""
    smallest = min((budget for budget in budgets if budget is not None), default=None)
    for field, micros in ((BID, bid_micros), (CONVERSION_BID, conversion_bid_micros)):
        if micros is not None and smallest is not None and micros > smallest:
            raise Refusal(
                BID_ABOVE_BUDGET,
                field=field,
                bid=told(micros, currency),
                budget=told(smallest, currency),
                currency=currency,
            )
