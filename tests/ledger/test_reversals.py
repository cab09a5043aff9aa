"""What was moved is moved back: whole, once, by a transfer that names the one it reverses."""

import pytest
from django.db import transaction

from attise.kernel.errors import Refusal
from attise.ledger import actions, queries
from attise.ledger.verify import verify_ledger
from tests.ledger.payers import EURO, OPERATOR, PAYER, REVENUE, an_envelope, an_event, charge, envelope, fund

pytestmark = pytest.mark.django_db


def give_back(means, event, *, key="credit:1", reason="invalid_traffic"):
    with transaction.atomic():
        return actions.reverse_charge(
            means, OPERATOR, charge_key=event.key, currency="EUR", key=key, reason=reason, memo="31 clicks"
        )


def take_back(means, transfer, *, key="undo:1"):
    with transaction.atomic():
        return actions.reverse_transfer(
            means, OPERATOR, transfer_id=transfer.id, currency="EUR", key=key, reason="chargeback"
        )


def test_a_charge_is_given_back_to_the_day_that_paid_it(means, clock):
    fund(means, 100 * EURO)
    day = an_envelope(means, "campaign:1", 10 * EURO)
    event = an_event(means, (day,), 10 * EURO, legs=(("creator:7", 4 * EURO), (REVENUE, 6 * EURO)))
    charge(means, event)
    period = envelope(means, "campaign:1").period
    clock.advance(days=3)
    made = give_back(means, event)
    assert made.entries == ((PAYER, 10 * EURO), ("creator:7", -4 * EURO), (REVENUE, -6 * EURO))
    assert made.reverses == queries.find_charge(event.key).id
    assert queries.balance_of(PAYER, "EUR") == 100 * EURO
    assert {one.period: one.spent_micros for one in queries.list_periods(day)} == {period: 0}
    assert (envelope(means, PAYER).limit_micros, envelope(means, PAYER).spent_micros) == (100 * EURO, 0)
    statement = queries.list_statement(PAYER, "EUR").items
    assert [line.reason for line in statement] == ["invalid_traffic", "funding"], "a credit is told, with its reason"
    assert verify_ledger().difference is None


def test_a_charge_is_given_back_once(means):
    fund(means, 100 * EURO)
    day = an_envelope(means, "campaign:1", None)
    event, other = an_event(means, (day,), 10 * EURO), an_event(means, (day,), EURO)
    charge(means, event, other)
    first = give_back(means, event)
    assert give_back(means, event) == first
    with pytest.raises(Refusal) as refused:
        give_back(means, event, key="credit:2")
    assert refused.value.code == "already_reversed"
    for said in ({"reason": "goodwill"}, {}):
        with pytest.raises(Refusal) as refused:
            give_back(means, event if said else other, **said)
        assert refused.value.code == "transfer_key_reused"
    assert queries.balance_of(PAYER, "EUR") == 99 * EURO


def test_what_moved_nothing_or_is_a_reversal_is_not_reversed(means):
    funding = fund(means, 100 * EURO)
    day = an_envelope(means, "campaign:1", 5 * EURO)
    paid, free = an_event(means, (day,), EURO), an_event(means, (day,), 5 * EURO)
    nothing = an_event(means, (day,), 0, legs=())
    charge(means, paid, free, nothing)
    for event in (free, nothing):
        with pytest.raises(Refusal) as refused:
            give_back(means, event)
        assert refused.value.code == "not_reversible"
    reversal = give_back(means, paid)
    for transfer in (reversal, queries.find_transfer("credit:1")):
        with pytest.raises(Refusal) as refused:
            take_back(means, transfer)
        assert refused.value.code == "not_reversible"
    with pytest.raises(Refusal) as refused, transaction.atomic():
        actions.reverse_transfer(
            means,
            OPERATOR,
            transfer_id=queries.find_charge(paid.key).id,
            currency="EUR",
            key="undo:1",
            reason="chargeback",
        )
    assert refused.value.code == "not_reversible", "a charge is given back as a charge"
    with pytest.raises(Refusal) as refused:
        give_back(means, an_event(means, (day,), 1))
    assert refused.value.code == "not_found"
    with pytest.raises(Refusal) as refused, transaction.atomic():
        actions.reverse_transfer(
            means, OPERATOR, transfer_id=funding.id, currency="USD", key="undo:1", reason="chargeback"
        )
    assert refused.value.code == "not_found", "of another currency"


def test_funding_is_undone_unless_it_is_spent(means):
    funding = fund(means, 10 * EURO)
    day = an_envelope(means, "campaign:1", None)
    event = an_event(means, (day,), 1)
    charge(means, event)
    with pytest.raises(Refusal) as refused:
        take_back(means, funding)
    assert refused.value.code == "balance_too_low"
    give_back(means, event)
    take_back(means, funding)
    assert (envelope(means, PAYER).limit_micros, queries.balance_of(PAYER, "EUR")) == (0, 0)
    assert verify_ledger().difference is None


def test_a_limit_that_was_kept_up_by_spend_comes_down_with_it(means):
    fund(means, 500 * EURO)
    day = an_envelope(means, "campaign:1", 100 * EURO)
    event = an_event(means, (day,), 80 * EURO)
    charge(means, event, an_event(means, (day,), 10 * EURO))
    with transaction.atomic():
        actions.set_limit(means, key="campaign:1", limit_micros=50 * EURO)
    assert envelope(means, "campaign:1").limit_micros == 90 * EURO
    give_back(means, event)
    assert (envelope(means, "campaign:1").limit_micros, envelope(means, "campaign:1").spent_micros) == (
        50 * EURO,
        10 * EURO,
    )
    assert charge(means, an_event(means, (day,), 40 * EURO + 1)).reason == "overdelivery"


def test_what_is_written_in_an_open_book_is_reversed_in_it(means):
    fund(means, 10 * EURO)
    day = an_envelope(means, "campaign:1", 10 * EURO)
    event = an_event(means, (day,), 10 * EURO)
    with transaction.atomic(), actions.batch(means, "EUR") as book:
        actions.charge_many(book, [event])
        back = actions.reverse_charge(
            means, OPERATOR, charge_key=event.key, currency="EUR", key="c", reason="invalid_traffic"
        )
        again = actions.reverse_charge(
            means, OPERATOR, charge_key=event.key, currency="EUR", key="c", reason="invalid_traffic"
        )
        assert again == back
        with pytest.raises(Refusal) as refused:
            actions.reverse_charge(means, OPERATOR, charge_key=event.key, currency="EUR", key="d", reason="goodwill")
        assert refused.value.code == "already_reversed"
        (answer,) = actions.charge_many(book, [an_event(means, (day,), 10 * EURO)])
    assert answer.outcome == "charged", "what was given back may be spent again"
    assert verify_ledger().difference is None
