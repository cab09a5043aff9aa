"""Amounts that advertisers declare: whole micros that their currency can write."""

from __future__ import annotations

from attise.kernel.errors import N_, Refusal
from attise.kernel.limits import DECLARED_MICROS
from attise.kernel.money import format_amount
from attise.management.campaigns.errors import AMOUNT_INVALID
from attise.records.lookups import currencies


def clean_amount(micros: int, *, field: str, currency: str) -> int:
    """Return an amount above zero, at most a thousand million units. Raises: ``amount_invalid``."""
    if isinstance(micros, bool) or not isinstance(micros, int) or micros <= 0:
        raise Refusal(AMOUNT_INVALID, field=field, rule=N_("it must be above zero"))
    if micros > DECLARED_MICROS:
        raise Refusal(AMOUNT_INVALID, field=field, rule=N_("it must be at most 1,000,000,000"))
    if micros % currencies.get(currency).smallest_micros:
        raise Refusal(AMOUNT_INVALID, field=field, rule=N_("it has more decimals than its currency"))
    return micros


def told(micros: int, currency: str) -> str:
    """Return an amount as refusals say it, with the decimals of its currency: ``50.00``."""
    return format_amount(micros, exponent=currencies.get(currency).exponent)
