"""Money moves between accounts: balanced, once, never below what a prepaid account has."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.errors import Refusal
from attise.kernel.money import LARGEST_MICROS, share_out
from attise.ledger import actions, queries
from attise.ledger.errors import LedgerRefused
from attise.ledger.queries import Movements
from attise.ledger.verify import verify_ledger
from tests.ledger.payers import EURO, OPERATOR, OUTSIDE, PAYER, REVENUE, an_envelope, an_event, charge, envelope, fund

pytestmark = pytest.mark.django_db


def move(means, entries, *, key="k", currency="EUR", reason="payout", memo=""):
    with transaction.atomic():
        return actions.move(means, OPERATOR, key=key, currency=currency, reason=reason, entries=entries, memo=memo)


def test_a_transfer_says_who_moved_what_and_why(means, clock):
    made = move(means, {"house:bank": -5, "creator:7": 5}, memo="virement")
    assert made == queries.find_transfer("k")
    assert made.entries == (("creator:7", 5), ("house:bank", -5))
    assert (made.actor, made.reason, made.memo, made.at_ms) == ("host:1", "payout", "virement", clock.world_ms())
    assert [one.by_kind for one in queries.list_totals()] == [{"creator": 5, "house": -5}]


@pytest.mark.parametrize(
    "entries", [{}, {"a": 0}, {"a": 1}, {"a": 1, "b": -2}, {"a": 0, "b": 0}, {"a": 10**16, "b": -(10**16)}]
)
def test_entries_that_do_not_balance_are_a_bug_and_leave_nothing(means, entries):
    with pytest.raises(AssertionError):
        move(means, entries)
    assert queries.list_accounts(entries) == []


def test_the_same_key_is_the_same_transfer(means):
    first = move(means, {"a": 5, "b": -5})
    assert move(means, {"b": -5, "a": 5}, memo="said otherwise") == first
    for entries, reason in (
        ({"a": 6, "b": -6}, "payout"),
        ({"a": 5, "b": -5}, "funding"),
        ({"a": 5, "c": -5}, "payout"),
    ):
        with pytest.raises(Refusal) as refused:
            move(means, entries, reason=reason)
        assert refused.value.code == "transfer_key_reused"
    assert queries.balance_of("a", "EUR") == 5


def test_the_same_key_in_another_currency_is_refused(means):
    move(means, {"a": 5, "b": -5})
    with pytest.raises(Refusal) as refused:
        move(means, {"a": 5, "b": -5}, currency="USD")
    assert refused.value.code == "transfer_key_reused"
    assert queries.list_accounts(["a", "b"], currency="USD") == []


def test_funding_raises_the_balance_and_a_refund_lowers_it_never_below_what_is_spent(means):
    fund(means, 100 * EURO)
    day = an_envelope(means, "campaign:1", None)
    charge(means, an_event(means, (day,), 30 * EURO))
    state = envelope(means, PAYER)
    assert (state.limit_micros, state.spent_micros, state.room_micros) == (100 * EURO, 30 * EURO, 70 * EURO)
    with pytest.raises(LedgerRefused) as refused:
        move(means, {PAYER: -70 * EURO - 1, OUTSIDE: 70 * EURO + 1}, key="refund", reason="refund")
    assert refused.value.code == "balance_too_low"
    assert refused.value.english == "The balance does not cover this amount: 70.00 EUR are available."
    move(means, {PAYER: -70 * EURO, OUTSIDE: 70 * EURO}, key="refund", reason="refund")
    assert queries.balance_of(PAYER, "EUR") == 0
    assert envelope(means, PAYER).room_micros == 0
    assert verify_ledger().difference is None


def test_no_account_leaves_sixty_four_bits(means):
    for number in range(1000):
        move(means, {"a": LARGEST_MICROS, "b": -LARGEST_MICROS}, key=str(number))
    with pytest.raises(LedgerRefused) as refused:
        move(means, {"a": 1, "b": -1}, key="one more")
    assert refused.value.code == "balance_too_large"
    assert verify_ledger().difference is None


def test_an_account_has_one_balance_for_each_currency(means):
    move(means, {"creator:7": 5, "house:bank": -5})
    move(means, {"creator:7": 9, "house:bank": -9}, currency="USD", key="usd")
    assert {one.currency: one.balance_micros for one in queries.list_accounts(["creator:7"])} == {"EUR": 5, "USD": 9}
    assert [one.currency for one in queries.list_totals()] == ["EUR", "USD"]
    assert verify_ledger().difference is None


def test_an_account_that_owes_does_not_become_prepaid(means):
    move(means, {"creator:7": 5, "house:bank": -5})
    with transaction.atomic():
        actions.open_account(means, key="creator:7", currency="EUR", is_prepaid=True)
    assert envelope(means, "creator:7").room_micros == 5
    with pytest.raises(Refusal) as refused, transaction.atomic():
        actions.open_account(means, key="house:bank", currency="EUR", is_prepaid=True)
    assert refused.value.code == "envelope_key_reused"
    with pytest.raises(Refusal), transaction.atomic():
        actions.open_account(means, key="creator:7", currency="USD", is_prepaid=True)


def test_a_statement_is_read_from_both_ends_and_leaves_charges_to_another_list(means):
    transfers = [fund(means, EURO) for _ in range(7)]
    day = an_envelope(means, "campaign:1", None)
    events = [an_event(means, (day,), 1) for _ in range(3)]
    charge(means, *events)
    newest_first = [one.id for one in reversed(transfers)]
    page = queries.list_statement(PAYER, "EUR", limit=3)
    assert [line.transfer_id for line in page.items] == newest_first[:3]
    rest = queries.list_statement(PAYER, "EUR", after=page.after, limit=4)
    assert ([line.transfer_id for line in rest.items], rest.after) == (newest_first[3:], None)
    assert len(queries.list_statement(PAYER, "EUR", by_charge=True).items) == 3
    numbered = queries.page_statement([PAYER, OUTSIDE], 2, 4)
    assert (numbered.total, numbered.pages, len(numbered.items)) == (14, 4, 4)
    assert {(line.account_key, line.amount_micros) for line in numbered.items} == {(PAYER, EURO), (OUTSIDE, -EURO)}
    now = means.clock.world_ms()
    funding, refund, went = Movements(("funding",)), Movements(("refund",)), Movements(is_credit=False)
    assert queries.page_statement([PAYER], 1, 10, from_ms=now, to_ms=now + 1, which=[funding]).total == 7
    assert queries.page_statement([PAYER], 1, 10, from_ms=now + 1).total == 0
    assert queries.page_statement([PAYER, OUTSIDE], 1, 10, which=[went, refund]).total == 7
    assert queries.page_statement([PAYER], 1, 10, which=[]).items == []
    assert queries.sum_statement([PAYER, OUTSIDE]) == {PAYER: 7 * EURO, OUTSIDE: -7 * EURO}
    assert queries.sum_statement([PAYER], which=[Movements(but_reasons=("funding",))]) == {}


@given(st.integers(0, LARGEST_MICROS), st.integers(0, 1_000_000), st.integers(0, 1_000_000))
def test_a_split_by_parts_per_million_is_the_whole_amount(amount, fee_ppm, share_ppm):
    weights = [fee_ppm, share_ppm, max(1, 2_000_000 - fee_ppm - share_ppm)]
    assert sum(share_out(amount, weights)) == amount


def test_rounding_goes_to_the_largest_remainder_and_every_leg_is_reversed_together(means):
    fund(means, EURO)
    day = an_envelope(means, "campaign:1", None)
    parts = share_out(100, [33, 33, 34])
    event = an_event(means, (day,), 100, legs=tuple(zip(("house:fee", "creator:7", REVENUE), parts, strict=True)))
    charge(means, event)
    with transaction.atomic():
        actions.reverse_charge(means, OPERATOR, charge_key=event.key, currency="EUR", key="r", reason="invalid_traffic")
    assert [one.balance_micros for one in queries.list_accounts(["house:fee", "creator:7", REVENUE])] == [0, 0, 0]
    assert queries.balance_of(PAYER, "EUR") == EURO
