"""Amounts are whole micros: read strictly, written plainly, shared out to the last one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.money import LARGEST_MICROS, exact_amount, format_amount, parse_amount, share_out


@pytest.mark.parametrize(
    ("text", "micros"),
    [("50", 50_000_000), ("0.87", 870_000), ("0", 0), ("12.30", 12_300_000), ("1.500000", 1_500_000)],
)
def test_a_plain_decimal_is_read(text, micros):
    assert parse_amount(text, exponent=2) == micros


@pytest.mark.parametrize(
    "text",
    ["", "1e3", "NaN", "+1", "-1", " 1", "1 ", "1,5", ".5", "5.", "0.875", "١", "1_0", "Infinity", "10000000000"],
)
def test_anything_else_is_none(text):
    assert parse_amount(text, exponent=2) is None


def test_decimals_are_those_of_the_currency():
    assert parse_amount("100", exponent=0) == 100_000_000
    assert parse_amount("100.0", exponent=0) == 100_000_000
    assert parse_amount("100.5", exponent=0) is None


@given(st.integers(0, LARGEST_MICROS // 10_000))
def test_what_is_written_is_read_back(cents):
    micros = cents * 10_000
    assert parse_amount(format_amount(micros), exponent=2) == micros


@given(
    st.integers(0, LARGEST_MICROS),
    st.lists(st.integers(0, 1_000_000), min_size=1, max_size=8).filter(lambda weights: sum(weights) > 0),
)
def test_parts_add_up_and_none_is_a_micro_off(total, weights):
    parts = share_out(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, []), (1, [0, 0]), (1, [2, -1])])
def test_what_cannot_be_shared_out_is_a_bug(total, weights):
    with pytest.raises(ValueError, match=r"."):
        share_out(total, weights)


@given(st.integers(-LARGEST_MICROS, LARGEST_MICROS), st.sampled_from([0, 2, 3]))
def test_an_exact_amount_loses_no_micro_and_says_its_currencys_decimals(micros, exponent):
    told = f"{exact_amount(micros, exponent=exponent):f}"
    whole, _, decimals = told.partition(".")
    assert int(whole + decimals.ljust(6, "0")) == micros
    assert len(decimals) >= exponent
    assert len(decimals) == exponent or not decimals.endswith("0")
