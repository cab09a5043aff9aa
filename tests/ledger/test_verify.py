"""A direct edit of the database is found and named, whatever it touches."""

import re

import pytest
from django.db import connection, transaction

from attise.kernel.clock import to_datetime
from attise.ledger import actions, chain, heads
from attise.ledger.models import Account, Batch, Charge, Entry, Head, Transfer
from attise.ledger.verify import verify_ledger
from tests.ledger.payers import EURO, OPERATOR, PAYER, REVENUE, an_envelope, an_event, charge, fund

pytestmark = pytest.mark.django_db
TABLES = ("ledger_batch", "ledger_transfer", "ledger_entry", "ledger_charge")


@pytest.fixture
def books(means, clock):
    """Five batches: funding, charges of two days, a free one, a credit."""
    fund(means, 100 * EURO)
    day = an_envelope(means, "campaign:1", 10 * EURO)
    week = an_envelope(means, "campaign:1:week", None, kind="week")
    events = [an_event(means, (day, week), EURO, legs=(("creator:7", 1), (REVENUE, EURO - 1))) for _ in range(4)]
    charge(means, *events)
    clock.advance(days=1)
    charge(means, an_event(means, (day, week), 10 * EURO), an_event(means, (day, week), 1))
    with transaction.atomic():
        actions.reverse_charge(
            means, OPERATOR, charge_key=events[0].key, currency="EUR", key="credit", reason="invalid_traffic"
        )
    with transaction.atomic():
        actions.move(means, OPERATOR, key="usd", currency="USD", reason="funding", entries={"a": 5, "b": -5})
    assert verify_ledger().difference is None


def edit(statement: str) -> None:
    """Change the database as somebody with the whole of it would: guards taken off first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        assert cursor.rowcount != 0, "the edit touches something"


ID_OF = "(SELECT id FROM ledger_account WHERE key = '{}')"
CREATOR = ID_OF.format("creator:7")
OF_ONE_CHARGE = (
    "number > 1 AND transfer_id = (SELECT MAX(transfer_id) FROM ledger_entry WHERE number = 3 AND by_charge)"
)
EDITS = {
    "an amount": ("UPDATE ledger_entry SET amount_micros = amount_micros + 7 WHERE number = 2", "hash does not hold"),
    "both sides of a transfer": ("UPDATE ledger_entry SET amount_micros = amount_micros * 2", "hash does not hold"),
    "who was paid": (
        f"UPDATE ledger_entry SET account_id = {ID_OF.format('outside:manual')} WHERE account_id = {CREATOR}",
        "hash does not hold",
    ),
    "the reason of a transfer": ("UPDATE ledger_transfer SET reason = 'gift' WHERE key = 'credit'", "EUR, batch 4"),
    "the time of a charge": ("UPDATE ledger_charge SET decided_at_ms = decided_at_ms + 1", "EUR, batch 2"),
    "why it was free": ("UPDATE ledger_charge SET reason = 'envelope_closed' WHERE outcome = 'free'", "EUR, batch 3"),
    "a charge is gone": (
        "DELETE FROM ledger_charge WHERE id = (SELECT MIN(id) FROM ledger_charge)",
        "8 lines were sealed",
    ),
    "a free charge is gone": ("DELETE FROM ledger_charge WHERE outcome = 'free'", "lines were sealed"),
    "the order of batches": (
        "UPDATE ledger_batch SET number = 100 - number WHERE currency = 'EUR' AND number > 1",
        "batch 2 is missing",
    ),
    "the time of a batch": ("UPDATE ledger_batch SET at_ms = 0 WHERE number = 2", "EUR, batch 2"),
    "the hash of a batch": (f"UPDATE ledger_batch SET hash = '{'0' * 64}' WHERE number = 3", "EUR, batch 3"),
    "a balance": ("UPDATE ledger_account SET balance_micros = balance_micros + 1 WHERE key = 'creator:7'", "creator:7"),
    "what was spent": (
        "UPDATE ledger_envelopeperiod SET spent_micros = 0 WHERE period = '2026-09-22'",
        "envelope campaign:1, 2026-09-22: 0 is kept as spent",
    ),
    "a period is gone": ("DELETE FROM ledger_envelopeperiod WHERE period <> ''", "nothing is kept as spent"),
    "a balance's limit": (
        "UPDATE ledger_envelopeperiod SET limit_micros = limit_micros + 5 WHERE period = ''",
        f"account {PAYER}",
    ),
    "a head": ("UPDATE ledger_head SET number = number + 1 WHERE currency = 'USD'", "USD: the chain ends at batch 1"),
    "a head is gone": ("DELETE FROM ledger_head", "EUR: the chain ends"),
    "a currency": ("UPDATE ledger_account SET currency = 'USD' WHERE key = 'creator:7'", "no EUR account"),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_behind_the_house_s_back_is_found(books, what):
    statement, found = EDITS[what]
    edit(statement)
    assert re.search(re.escape(found), verify_ledger().difference or "nothing")


def test_the_last_batch_cut_off_is_found(books):
    last = Batch.objects.filter(currency="EUR").order_by("-number")[0]
    edit(f"DELETE FROM ledger_entry WHERE transfer_id IN (SELECT id FROM ledger_transfer WHERE batch_id = {last.id})")
    edit(f"DELETE FROM ledger_transfer WHERE batch_id = {last.id}")
    edit(f"DELETE FROM ledger_batch WHERE id = {last.id}")
    assert "the chain ends at batch 3" in (verify_ledger().difference or "")


def test_a_row_beside_every_batch_is_found(books):
    batch = Batch.objects.get(currency="USD")
    edit(
        "INSERT INTO ledger_batch (id, currency, number, at_ms, lines, previous_hash, hash) "
        f"VALUES (5, 'GBP', 2, 0, 0, '', '{batch.hash}')"
    )
    assert verify_ledger().difference == "GBP: batch 1 is missing; 2 comes after 0"


def reseal(currency: str) -> None:
    """Sew a chain up again, as somebody would who knows how it is made."""
    last = ""
    for batch in Batch.objects.filter(currency=currency).order_by("number"):
        transfers = list(Transfer.objects.filter(batch=batch).order_by("id").values_list(*chain.TransferRow._fields))
        entries = Entry.objects.filter(transfer__batch=batch).order_by("transfer_id", "number")
        charges = Charge.objects.filter(batch=batch).order_by("id").values_list(*chain.ChargeRow._fields)
        sealed = chain.batch_hash(
            currency=currency,
            number=batch.number,
            at_ms=batch.at_ms,
            previous_hash=last,
            transfers=transfers,
            entries=list(entries.values_list(*chain.EntryRow._fields)),
            charges=list(charges),
        )
        edit(f"UPDATE ledger_batch SET previous_hash = '{last}', hash = '{sealed}' WHERE id = {batch.id}")
        last = sealed
    Head.objects.filter(currency=currency).update(hash=last)


RESEALED = {
    "one side": ("UPDATE ledger_entry SET amount_micros = amount_micros + 1 WHERE number = 1", "do not sum to zero"),
    "a creator paid twice": (
        f"UPDATE ledger_entry SET amount_micros = amount_micros + 5 - 2 * number WHERE {OF_ONE_CHARGE}",
        "pays something else",
    ),
    "a charge made free": (
        "UPDATE ledger_charge SET outcome = 'free', reason = 'overdelivery'",
        "it is free, and money moved",
    ),
    "a charge without its amount": ("UPDATE ledger_charge SET amount_micros = 7", "its legs are not its amount"),
    "a charge that says nothing": ("UPDATE ledger_charge SET places = 'x'", "cannot be read"),
    "a charge by another name": (
        "UPDATE ledger_transfer SET reason = 'charge' WHERE key = 'credit'",
        "there is no such charge",
    ),
    "a reversal of something else": (
        "UPDATE ledger_transfer SET reverses_id = (SELECT MIN(id) FROM ledger_transfer) WHERE key = 'credit'",
        "does not undo the one it names",
    ),
    "spend in another envelope": (
        "UPDATE ledger_charge SET places = REPLACE(places, '2026-09-21', '2026-09-20')",
        "is kept as spent",
    ),
}


@pytest.mark.parametrize("what", RESEALED)
def test_a_chain_sewn_up_again_still_has_to_add_up(books, what):
    statement, found = RESEALED[what]
    heads = verify_ledger().heads
    edit(statement)
    reseal("EUR")
    verdict = verify_ledger()
    assert re.search(found, verdict.difference or "nothing")
    assert verdict.heads.get("EUR") != heads["EUR"], "a head kept elsewhere tells"


def test_a_head_that_was_kept_elsewhere_finds_a_chain_sewn_up_again(books, tmp_path, clock):
    path = tmp_path / "heads.jsonl"
    assert heads.keep_heads(path, now_ms=clock.wire_ms()) == 2
    kept = heads.read_heads(path)
    assert verify_ledger(kept).difference is None
    edit("UPDATE ledger_transfer SET memo = 'gift' WHERE key = 'credit'")
    reseal("EUR")
    assert verify_ledger().difference is None, "from within it looks whole"
    day = to_datetime(clock.wire_ms()).date()
    assert verify_ledger(kept).difference == f"EUR, batch 4: it is not the batch whose hash was kept on {day}"


def test_a_head_that_was_kept_elsewhere_finds_a_chain_that_was_cut(books, tmp_path, clock):
    path = tmp_path / "heads.jsonl"
    heads.keep_heads(path, now_ms=clock.wire_ms())
    edit("DELETE FROM ledger_entry WHERE transfer_id = (SELECT id FROM ledger_transfer WHERE key = 'usd')")
    edit("DELETE FROM ledger_transfer WHERE key = 'usd'")
    edit("DELETE FROM ledger_batch WHERE currency = 'USD'")
    edit("DELETE FROM ledger_head WHERE currency = 'USD'")
    edit("DELETE FROM ledger_account WHERE currency = 'USD'")
    assert verify_ledger().difference is None
    found = verify_ledger(heads.read_heads(path)).difference
    assert found == "USD: the chain ends at batch 0, and the hash of batch 1 was kept before"


def test_heads_are_kept_once_a_day_and_only_when_they_moved(means, clock, tmp_path):
    path = tmp_path / "heads.jsonl"

    def keep() -> int:
        return heads.keep_heads(path, now_ms=clock.wire_ms())

    assert keep() == 0, "nothing was sealed"
    fund(means, EURO)
    assert [keep(), keep()] == [1, 0]
    fund(means, EURO)
    assert keep() == 0, "on the same day"
    clock.advance(days=1)
    assert [keep(), keep()] == [1, 0]
    clock.advance(days=1)
    assert keep() == 0, "nothing moved"
    assert [head.number for head in heads.read_heads(path)] == [1, 2]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_crash_tore_is_kept_again(means, clock, tmp_path):
    path = tmp_path / "heads.jsonl"
    fund(means, EURO)
    heads.keep_heads(path, now_ms=clock.wire_ms())
    whole = path.read_bytes()
    path.write_bytes(whole[:20])
    assert heads.read_heads(path) == []
    assert heads.keep_heads(path, now_ms=clock.wire_ms()) == 1
    assert path.read_bytes() == whole[:20] + b"\n" + whole
    assert verify_ledger(heads.read_heads(path)).difference is None


def test_accounts_that_moved_together_have_to_sum_to_nothing(books):
    account = Account.objects.get(key="creator:7")
    edit(
        "INSERT INTO ledger_account (id, key, currency, kind, balance_micros, opened_at_ms) "
        f"VALUES (7, 'creator:8', 'EUR', 'creator', {account.balance_micros}, 0)"
    )
    assert (verify_ledger().difference or "").startswith("account creator:8 (EUR)")


def test_an_empty_ledger_is_whole(means):
    assert verify_ledger().difference is None
