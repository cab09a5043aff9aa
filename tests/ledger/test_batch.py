"""The open book: joined where it was opened, sealed once, in the order of currencies."""

import pytest
from django.db import transaction

from attise.kernel.errors import Refusal
from attise.ledger import actions, chain, queries, storing
from attise.ledger.models import Batch, Charge, Entry, Head, Transfer
from attise.ledger.verify import verify_ledger
from tests.ledger.payers import EURO, OPERATOR, OUTSIDE, PAYER, an_envelope, an_event, charge, fund

HASH = "174d65a253566125ef6870f8ad2b302a229e9a7012f56a844f40f73ada42ba21"
"""Of a story told below: what was sealed years ago must hold with the code of today."""


@pytest.mark.django_db(transaction=True)
def test_the_ledger_writes_in_the_transaction_of_its_caller(means):
    with pytest.raises(AssertionError, match="transaction of its caller"), actions.batch(means, "EUR"):
        pass
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.move(means, OPERATOR, key="k", currency="EUR", reason="funding", entries={"a": 1, "b": -1})
        raise ZeroDivisionError
    assert (queries.find_transfer("k"), queries.list_accounts(["a"]), queries.list_totals()) == (None, [], [])


@pytest.mark.django_db
def test_many_verbs_share_one_book_and_one_hash(means):
    fund(means, 10 * EURO)
    before = queries.list_totals()[0].batches
    with transaction.atomic(), actions.batch(means, "EUR") as book:
        day = actions.open_envelope(
            means, key="c", kind="day", payer=PAYER, currency="EUR", timezone="UTC", limit_micros=EURO
        ).id
        actions.set_limit(means, key="c", limit_micros=2 * EURO)
        actions.charge_many(book, [an_event(means, (day,), EURO)])
        actions.move(means, OPERATOR, key="more", currency="EUR", reason="funding", entries={OUTSIDE: -5, PAYER: 5})
        same = actions.move(
            means, OPERATOR, key="more", currency="EUR", reason="funding", entries={OUTSIDE: -5, PAYER: 5}
        )
        actions.charge_many(book, [an_event(means, (day,), EURO), an_event(means, (day,), 1)])
        assert book.lines == 6
    assert queries.list_totals()[0].batches == before + 1
    assert queries.find_transfer("more") == same
    verdict = verify_ledger()
    assert (verdict.difference, verdict.batches, verdict.transfers, verdict.charges) == (None, 2, 4, 3)


@pytest.mark.django_db
def test_limits_alone_seal_no_batch(means):
    an_envelope(means, "c", EURO)
    assert queries.list_totals()[0].batches == 0


@pytest.mark.django_db
def test_a_refused_verb_leaves_nothing_in_the_book(means):
    fund(means, EURO)
    with transaction.atomic(), actions.batch(means, "EUR"):
        with pytest.raises(Refusal):
            actions.move(
                means, OPERATOR, key="r", currency="EUR", reason="refund", entries={PAYER: -2 * EURO, OUTSIDE: 2 * EURO}
            )
        actions.move(means, OPERATOR, key="s", currency="EUR", reason="refund", entries={PAYER: -EURO, OUTSIDE: EURO})
    assert queries.find_transfer("r") is None
    assert queries.balance_of(PAYER, "EUR") == 0
    assert verify_ledger().difference is None


@pytest.mark.django_db
def test_a_book_in_which_something_failed_is_not_sealed(means):
    def caught() -> None:
        with pytest.raises(ZeroDivisionError), actions.batch(means, "EUR"):
            raise ZeroDivisionError

    with pytest.raises(AssertionError, match="not sealed"), transaction.atomic(), actions.batch(means, "EUR"):
        caught()
    assert queries.list_totals() == []


@pytest.mark.django_db
def test_a_savepoint_does_not_join_a_book_that_it_could_not_undo(means):
    def join_in_a_savepoint() -> None:
        with transaction.atomic(), actions.batch(means, "EUR"):
            pass

    with transaction.atomic(), actions.batch(means, "EUR"), pytest.raises(AssertionError, match="savepoint"):
        join_in_a_savepoint()


@pytest.mark.django_db
def test_books_are_opened_in_the_order_of_their_currencies(means):
    with transaction.atomic(), actions.batch(means, "EUR"), actions.batch(means, "USD"), actions.batch(means, "EUR"):
        pass
    with transaction.atomic(), actions.batch(means, "USD"), pytest.raises(AssertionError, match="order"):
        actions.open_account(means, key="a", currency="EUR")
    with pytest.raises(KeyError), transaction.atomic(), actions.batch(means, "XXX"):
        pass


@pytest.mark.django_db
def test_each_currency_has_its_own_chain_without_gaps(means):
    for number in range(3):
        for currency in ("EUR", "USD"):
            with transaction.atomic():
                actions.move(
                    means, OPERATOR, key=f"{currency}{number}", currency=currency, reason="r", entries={"a": 1, "b": -1}
                )
    for currency in ("EUR", "USD"):
        rows = list(Batch.objects.filter(currency=currency).order_by("number"))
        assert [row.number for row in rows] == [1, 2, 3]
        assert [row.previous_hash for row in rows] == ["", rows[0].hash, rows[1].hash]
        assert Head.objects.get(currency=currency).hash == rows[-1].hash
    assert set(verify_ledger().heads) == {"EUR", "USD"}


@pytest.mark.django_db
def test_what_is_hashed_is_what_is_stored_column_by_column(means):
    for model, row in ((Transfer, chain.TransferRow), (Entry, chain.EntryRow), (Charge, chain.ChargeRow)):
        assert storing.columns_of("sqlite", model)[0] == row._fields


@pytest.mark.django_db
def test_the_same_story_has_the_same_hash_on_either_database(means):
    fund(means, EURO, key="f")
    day = an_envelope(means, "c", EURO)
    charge(means, an_event(means, (day,), 8_700, key="e:é", legs=(("creator:7", 8_700),)))
    assert queries.list_totals()[0].head_hash == HASH
