"""Forms begin with a budget that they take, whatever the operator set and whichever the currency."""

from __future__ import annotations

import pytest

from attise.doors.consoles.advertiser.least_budget import least_micros, least_text, usual_text
from attise.doors.consoles.money_text import read_money
from attise.kernel.actor import COMMAND
from attise.kernel.money import MICROS
from attise.management.policy.actions import set_policy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("least", [20, 51, 80])
def test_a_form_begins_with_fifty_or_with_the_least_where_that_is_more(means, least):
    set_policy(means, COMMAND, changes={"least_budget_micros": least * MICROS}, note="Tarifs de janvier")
    assert (least_text("EUR"), usual_text("EUR")) == (f"{least}.00", str(max(least, 50)))


@pytest.mark.parametrize("currency", ["JPY", "USD", "KRW", "GBP"])
def test_it_is_taken_in_every_currency(means, currency):
    typed = read_money(usual_text(currency), currency)
    assert typed is not None
    assert typed >= least_micros(currency)
