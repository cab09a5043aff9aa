"""Money as whole micros of a currency: never a float, never a silent rounding."""

from __future__ import annotations

import re
from decimal import Decimal

MICROS = 1_000_000
MICRO_PLACES = 6
"""Decimals of an amount that is told to the micro."""
LARGEST_MICROS = 9 * 10**15
"""The largest amount one movement may carry; far above any real one, far below 2**63."""

_AMOUNT = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,6})?")


def parse_amount(text: str, *, exponent: int) -> int | None:
    """Return the micros of a plain decimal like ``50`` or ``0.87``, or None when it is not one.

    ``exponent`` is the currency's number of decimals; more decimals than that are refused, not rounded. Signs,
    spaces, exponents (``1e3``), ``NaN`` and non-ASCII digits are refused.
    """
    if not _AMOUNT.fullmatch(text):
        return None
    whole, _, decimals = text.partition(".")
    if len(decimals.rstrip("0")) > exponent:
        return None
    micros = int(whole) * MICROS + int(decimals.ljust(6, "0") or "0")
    return micros if micros <= LARGEST_MICROS else None


def format_amount(micros: int, *, exponent: int = 2) -> str:
    """Return a plain decimal with ``exponent`` decimals, rounded half to even, for a wire format."""
    quantum = Decimal(1).scaleb(-exponent)
    return str((Decimal(micros) / MICROS).quantize(quantum))


def exact_amount(micros: int, *, exponent: int) -> Decimal:
    """Return an amount with ``exponent`` decimals, and with more where it would be another amount without them."""
    exact = Decimal(micros).scaleb(-MICRO_PLACES)
    rounded = exact.quantize(Decimal(1).scaleb(-exponent))
    return rounded if rounded == exact else exact.normalize()


def share_out(total: int, weights: list[int]) -> list[int]:
    """Split ``total`` micros by whole ``weights`` so that the parts add up to it exactly.

    Largest remainder: each part is the floor of its share, and the micros left over go one each to the largest
    remainders, the earliest first when equal. Invariants: sum(result) == total, each within one micro of its share.
    """
    mass = sum(weights)
    if total < 0 or mass <= 0 or min(weights) < 0:
        raise ValueError("a split needs a total and weights that are not negative, and some weight")
    floors = [total * weight // mass for weight in weights]
    left = total - sum(floors)
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % mass))
    for index in by_remainder[:left]:
        floors[index] += 1
    return floors
