"""Amounts that can be paid, keys that can be kept, and what movements are called. Pure."""

from __future__ import annotations

import enum

from attise.kernel.money import LARGEST_MICROS, format_amount, parse_amount
from attise.kernel.text import clean_text
from attise.management.billing.errors import AMOUNT_NOT_PAYABLE, GIVE_BACK_REASON, BillingRefused
from attise.records.lookups import currencies

FUNDING = "funding"
"""From outside."""
REFUND = "refund"
"""To outside."""
TRANSFER = "transfer"
"""Between a Business Center and one of its advertisers."""
INVALID_TRAFFIC = "invalid_traffic"
"""A charge given back: who watched or clicked was no viewer."""
BILLING_ERROR = "billing_error"
"""A charge given back: the house charged what it should not have."""
GIVEN_BACK = (INVALID_TRAFFIC, BILLING_ERROR)
MEMO_CHARACTERS = 140


class Sort(enum.StrEnum):
    """What a movement is to whom it concerns."""

    ADDED = "added"
    """From outside."""
    RETURNED = "returned"
    """To outside."""
    INCREASED = "increased"
    """From a Business Center or an advertiser, or by a correction."""
    DECREASED = "decreased"


def sort_of(kind: str, amount_micros: int) -> Sort:
    """Return what a movement is, by its reason and its sign."""
    if kind in {FUNDING, REFUND}:
        return Sort.ADDED if kind == FUNDING else Sort.RETURNED
    return Sort.INCREASED if amount_micros > 0 else Sort.DECREASED


TEST_CREDIT_MICROS = 10_000 * 1_000_000
"""What an advertiser of a sandbox or a demo begins with, in its currency."""
TEST_CREDIT_KEY = "test_credit"
KEY_CHARACTERS = 60


def check_amount(micros: int, currency: str, *, field: str = "amount_micros") -> int:
    """Return an amount that can be paid in a currency. Raises: ``amount_not_payable``."""
    if not 0 < micros <= LARGEST_MICROS or micros % currencies.get(currency).smallest_micros:
        raise _not_payable(currency, field)
    return micros


def read_amount(text: str, currency: str, *, field: str = "amount") -> int:
    """Return the micros of a plain decimal such as ``12.50``. Raises: ``amount_not_payable``."""
    micros = parse_amount(text, exponent=currencies.get(currency).exponent)
    if micros is None:
        raise _not_payable(currency, field)
    return check_amount(micros, currency, field=field)


def check_given_back(reason: str) -> str:
    """Return a reason for which charges are given back. Raises: ``give_back_reason_unknown``."""
    if reason not in GIVEN_BACK:
        raise BillingRefused(GIVE_BACK_REASON, field="reason", choices=", ".join(GIVEN_BACK))
    return reason


def check_key(key: str) -> str:
    """Return a caller's key. Raises: the rules of texts."""
    return clean_text(key, field="key", limit=KEY_CHARACTERS)


def _not_payable(currency: str, field: str) -> BillingRefused:
    row = currencies.get(currency)
    return BillingRefused(
        AMOUNT_NOT_PAYABLE,
        field=field,
        currency=currency,
        step=format_amount(row.smallest_micros, exponent=row.exponent),
        most=format_amount(LARGEST_MICROS, exponent=row.exponent),
    )
