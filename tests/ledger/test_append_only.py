"""The database itself refuses to change or remove what is sealed."""

import pytest
from django.db import DatabaseError, connection, transaction

from attise.ledger.verify import verify_ledger
from tests.ledger.payers import EURO, an_envelope, an_event, charge, fund

TABLES = ("ledger_batch", "ledger_transfer", "ledger_entry", "ledger_charge")


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_sealed_rows_are_neither_changed_nor_removed(means, table, statement):
    fund(means, EURO)
    charge(means, an_event(means, (an_envelope(means, "c", EURO),), 5))
    column = "number" if table in {"ledger_batch", "ledger_entry"} else "id"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))
    assert verify_ledger().difference is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_envelopeperiod SET spent_micros = limit_micros + 1 WHERE limit_micros IS NOT NULL",
        "UPDATE ledger_envelopeperiod SET spent_micros = -1",
        "UPDATE ledger_envelopeperiod SET limit_micros = asked_micros - 1 WHERE limit_micros IS NOT NULL",
    ],
)
def test_no_statement_spends_beyond_a_limit(means, statement):
    fund(means, EURO)
    charge(means, an_event(means, (an_envelope(means, "c", EURO),), 5))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
