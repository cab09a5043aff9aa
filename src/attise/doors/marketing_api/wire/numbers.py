"""Numbers of answers: amounts are decimals inside and JSON numbers outside, exact to the last one; never a float."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from attise.doors.marketing_api.wire import errors
from attise.kernel.errors import Refusal
from attise.kernel.money import MICROS, parse_amount
from attise.records.lookups import currencies

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)


def encode(value: Any) -> bytes:
    """Return the JSON of an answer."""
    return _ENCODER.encode(value)


def decode(text: bytes) -> Any:
    """Return an answer that was kept, its amounts as decimals again."""
    return _DECODER.decode(text)


def amount(micros: int | None, currency: str) -> Decimal:
    """Return an amount as the dialect tells it: with the decimals of its currency; 0 where there is none.

    Why: clients call ``float()`` on amounts, which ``null`` would end.
    """
    exponent = currencies.get(currency).exponent
    return (Decimal(micros or 0) / MICROS).quantize(Decimal(1).scaleb(-exponent))


def micros_of(text: str | None, currency: str, field: str) -> int | None:
    """Return the micros of an amount that was sent; None stays None. Raises: ``dialect_value``."""
    if text is None:
        return None
    micros = parse_amount(text, exponent=currencies.get(currency).exponent)
    if micros is None:
        raise Refusal(errors.VALUE, field=field, rule=errors.RULE_AMOUNT_DECIMALS)
    return micros
