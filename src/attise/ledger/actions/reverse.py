"""What was moved is moved back: all legs in one transfer that names the one it reverses, at most once."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.ledger.actions.batch import batch
from attise.ledger.actions.move import check_borne
from attise.ledger.book import AccountOnHand, Book
from attise.ledger.book.book import CHARGE, Movement
from attise.ledger.errors import ALREADY_REVERSED, NOT_REVERSIBLE, TRANSFER_KEY_REUSED, LedgerRefused
from attise.ledger.views import ChargeView, TransferView


def reverse_charge(
    means: Means, actor: Actor, *, charge_key: str, currency: str, key: str, reason: str, memo: str = ""
) -> TransferView:
    """Give a charge back: every leg, and the spend of every envelope in the period of its decision.

    The same key for the same charge answers the reversal that was made. What a creator was paid goes back too, though
    their balance may fall below zero by it. Raises: ``not_found``, ``not_reversible`` for a free charge or one of
    zero, ``already_reversed``, ``transfer_key_reused``; ``balance_too_low`` when a prepaid account was paid by it.
    """
    with batch(means, currency) as book:
        charge = book.find_charge(charge_key)
        if charge is None:
            raise LedgerRefused(NOT_FOUND, field="charge_key")
        if not charge.charged_micros:
            raise LedgerRefused(NOT_REVERSIBLE, field="charge_key")
        return _reverse(book, actor, charge.id, charge=charge, key=key, reason=reason, memo=memo)


def reverse_transfer(
    means: Means, actor: Actor, *, transfer_id: int, currency: str, key: str, reason: str, memo: str = ""
) -> TransferView:
    """Undo a transfer that no charge made. Raises: as above."""
    with batch(means, currency) as book:
        return _reverse(book, actor, transfer_id, charge=None, key=key, reason=reason, memo=memo)


def _reverse(
    book: Book, actor: Actor, transfer_id: int, *, charge: ChargeView | None, key: str, reason: str, memo: str
) -> TransferView:
    made = book.find_transfer(key)
    if made is not None:
        if made.reverses != transfer_id or made.reason != reason:
            raise LedgerRefused(TRANSFER_KEY_REUSED, field="key")
        return made
    moved = book.transfer_of_id(transfer_id)
    if moved is None:
        raise LedgerRefused(NOT_FOUND, field="transfer_id")
    if moved.reverses is not None or (moved.reason == CHARGE) != (charge is not None):
        raise LedgerRefused(NOT_REVERSIBLE, field="transfer_id")
    if book.reversal_of(transfer_id) is not None:
        raise LedgerRefused(ALREADY_REVERSED, field="transfer_id")
    back = {account_key: -micros for account_key, micros in moved.entries}
    book.shelves.bring_accounts(back)
    payer = None if charge is None else _payer(book, charge)
    check_borne(book, back, payer=payer)
    if charge is not None:
        _give_back(book, charge)
    movement = Movement(
        id=book.means.ids.next(),
        key=key,
        reason=reason,
        actor=str(actor),
        memo=memo,
        at_ms=book.means.clock.world_ms(),
        reverses=transfer_id,
        payer=payer,
    )
    book.write_transfer(movement, [(book.shelves.account(name), micros) for name, micros in back.items()])
    return book.view_of_transfer(movement.id)


def _payer(book: Book, charge: ChargeView) -> AccountOnHand:
    book.shelves.bring_envelopes({envelope_id for envelope_id, _ in charge.places})
    envelope = book.shelves.envelope_of_id(charge.places[0][0])
    if envelope is None:
        raise AssertionError("a charge was bounded by an envelope of its currency")
    return book.shelves.account_of_id(envelope.account_id)


def _give_back(book: Book, charge: ChargeView) -> None:
    """Lower what was spent in every envelope; a limit that was kept up by it comes down too."""
    book.shelves.bring_periods(charge.places)
    for envelope_id, period in charge.places:
        held = book.shelves.period(envelope_id, period)
        held.spend(-charge.amount_micros)
        book.shelves.changed(held)
