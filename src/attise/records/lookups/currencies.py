"""Currencies an advertiser may hold, and what a minimum in euros is in each.

Place: accounts name them, campaigns ask for minimums, doors format amounts.
Owns: `data/currencies.csv`, by ISO 4217 code.

`per_eur` is a rounded planning ratio, not an exchange rate: it converts the minimums of
budgets, which are set in euros, and lets offers of several currencies meet in one auction
(each pays a share of its own bid, in its own currency). No amount that somebody owes or owns is
ever converted; a ledger balance keeps its currency.
"""

from __future__ import annotations

from typing import Final

import msgspec

from attise.records.lookups.table import Table

MICROS_PER_UNIT: Final = 1_000_000
_LEADING_FIGURES: Final = 2


class Currency(msgspec.Struct, frozen=True, kw_only=True):
    """One currency; `exponent` counts the decimals of its amounts (JPY 0, EUR 2, KWD 3).

    `symbol` is unambiguous among these rows (`US$`, not `$`). One euro is taken as
    `per_eur_numerator / per_eur_denominator` units.
    """

    code: str
    exponent: int
    symbol: str
    name_fr: str
    name_en: str
    per_eur_numerator: int
    per_eur_denominator: int

    @property
    def smallest_micros(self) -> int:
        """The smallest amount that can be written in this currency, in micros."""
        steps_per_unit: int = 10**self.exponent
        return MICROS_PER_UNIT // steps_per_unit


TABLE = Table("currencies.csv", Currency, lambda row: (row.code,))


def all() -> tuple[Currency, ...]:  # noqa: A001 - read as `currencies.all()`
    """Return every currency, the euro first."""
    return TABLE.rows


def get(code: str) -> Currency:
    """Return the currency of this code. Raises: KeyError when there is none."""
    return TABLE.get(code)


def find(text: str) -> Currency | None:
    """Return the currency whose ISO 4217 code is exactly `text`, or None."""
    return TABLE.find(text)


def minimum_in(currency: str, eur_micros: int) -> int:
    """Return a minimum given in euros as a minimum in `currency`, in micros of it.

    Rule: euros stay as they are. Elsewhere the amount is converted exactly, then rounded up
    to its two leading figures (42.50 becomes 43, 16 400 becomes 17 000), and never finer
    than the currency's smallest amount.
    Raises: KeyError for an unknown currency, ValueError for a negative amount.
    Invariants: result >= the exact conversion; 0 stays 0; a greater minimum in euros never
    gives a smaller result.
    """
    row = get(currency)
    if eur_micros < 0:
        raise ValueError(f"a minimum is never negative, got {eur_micros} micros")
    if currency == "EUR":
        return eur_micros
    exact_micros = _divide_up(eur_micros * row.per_eur_numerator, row.per_eur_denominator)
    figures = len(str(exact_micros))
    step_micros: int = max(10 ** max(figures - _LEADING_FIGURES, 0), row.smallest_micros)
    return _divide_up(exact_micros, step_micros) * step_micros


def _divide_up(amount: int, divisor: int) -> int:
    return -(-amount // divisor)
