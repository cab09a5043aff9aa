"""Currencies: decimals, and minimums that are never lower than their worth in euros."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.records.lookups import currencies

CODES = [row.code for row in currencies.all()]
EUR_MICROS = st.integers(min_value=0, max_value=10**15)


def exact(code: str, eur_micros: int) -> Fraction:
    row = currencies.get(code)
    return Fraction(eur_micros * row.per_eur_numerator, row.per_eur_denominator)


@pytest.mark.parametrize(
    ("code", "exponent", "smallest_micros"), [("JPY", 0, 1_000_000), ("EUR", 2, 10_000), ("KWD", 3, 1_000)]
)
def test_a_currency_knows_its_decimals(code: str, exponent: int, smallest_micros: int) -> None:
    row = currencies.get(code)
    assert (row.exponent, row.smallest_micros) == (exponent, smallest_micros)


@pytest.mark.parametrize(
    ("code", "eur", "minimum"),
    [
        ("EUR", 50, 50),
        ("EUR", 20, 20),
        ("USD", 50, 58),  # 57.5
        ("GBP", 50, 43),  # 42.5
        ("CHF", 20, 19),  # 19.0
        ("SEK", 50, 550),
        ("XOF", 50, 33_000),  # 32 800
        ("JPY", 50, 8_800),  # 8 750
        ("IDR", 50, 950_000),
        ("KWD", 50, 18),
        ("VND", 20, 600_000),
    ],
)
def test_the_minimums_of_budgets_in_other_currencies(code: str, eur: int, minimum: int) -> None:
    assert currencies.minimum_in(code, eur * 1_000_000) == minimum * 1_000_000


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("eur", [20, 50])
def test_a_minimum_is_at_least_its_worth_and_not_a_tenth_more(code: str, eur: int) -> None:
    minimum = currencies.minimum_in(code, eur * 1_000_000)
    assert exact(code, eur * 1_000_000) <= minimum <= exact(code, eur * 1_000_000) * Fraction(11, 10)


@given(code=st.sampled_from(CODES), eur_micros=EUR_MICROS)
def test_rounding_goes_up_to_an_amount_that_can_be_written(code: str, eur_micros: int) -> None:
    minimum = currencies.minimum_in(code, eur_micros)
    assert minimum >= exact(code, eur_micros)
    if code == "EUR":
        assert minimum == eur_micros
    else:
        assert minimum % currencies.get(code).smallest_micros == 0
        # At most two leading figures differ from zero.
        assert len(str(minimum).rstrip("0")) <= 2


@given(code=st.sampled_from(CODES), first=EUR_MICROS, second=EUR_MICROS)
def test_a_greater_minimum_is_never_told_as_a_smaller_one(code: str, first: int, second: int) -> None:
    low, high = sorted((first, second))
    assert currencies.minimum_in(code, low) <= currencies.minimum_in(code, high)


def test_nothing_stays_nothing_and_a_debt_is_no_minimum() -> None:
    assert {currencies.minimum_in(code, 0) for code in CODES} == {0}
    with pytest.raises(ValueError, match="never negative"):
        currencies.minimum_in("EUR", -1)
    with pytest.raises(KeyError):
        currencies.minimum_in("XXX", 50_000_000)


def test_symbols_are_told_apart() -> None:
    assert CODES[0] == "EUR"
    assert len({row.symbol for row in currencies.all()}) == len(CODES)


def test_ratios_are_positive_fractions_in_lowest_terms() -> None:
    for row in currencies.all():
        assert row.per_eur_numerator > 0
        ratio = Fraction(row.per_eur_numerator, row.per_eur_denominator)
        assert (ratio.numerator, ratio.denominator) == (row.per_eur_numerator, row.per_eur_denominator)


def test_decimals_agree_with_the_published_list() -> None:
    from babel.numbers import get_currency_precision

    assert {row.code: row.exponent for row in currencies.all()} == {
        code: get_currency_precision(code) for code in CODES
    }
