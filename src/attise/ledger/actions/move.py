"""Money moves between accounts: funding, refunds, payouts. Charges have a verb of their own."""

from __future__ import annotations

from collections.abc import Mapping

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.kernel.money import format_amount
from attise.ledger.actions.batch import batch
from attise.ledger.book import AccountOnHand, Book
from attise.ledger.book.book import CHARGE, Movement
from attise.ledger.errors import BALANCE_TOO_LARGE, BALANCE_TOO_LOW, TRANSFER_KEY_REUSED, LedgerRefused
from attise.ledger.rules import LARGEST_BALANCE_MICROS, is_balanced
from attise.ledger.views import TransferView
from attise.records.lookups import currencies


def move(
    means: Means,
    actor: Actor,
    *,
    key: str,
    currency: str,
    reason: str,
    entries: Mapping[str, int],
    memo: str = "",
) -> TransferView:
    """Move micros between accounts, by account key; accounts are opened as they are named.

    What it brings to a prepaid account raises its balance envelope in the same transaction; what it takes lowers it,
    never below what is spent. The same key with the same reason and entries answers the transfer that was made.
    Raises: ``balance_too_low``, ``balance_too_large``, ``transfer_key_reused``; AssertionError for entries that do not
    sum to zero. Cost: eight statements to read, those of ``batch`` to write.
    """
    if not is_balanced(list(entries.values())) or reason == CHARGE:
        raise AssertionError("a transfer has two entries at least, none zero, that sum to zero")
    with batch(means, currency) as book:
        made = book.find_transfer(key)
        if made is not None:
            asked = (currency, reason, dict(entries), None)
            if (made.currency, made.reason, dict(made.entries), made.reverses) != asked:
                raise LedgerRefused(TRANSFER_KEY_REUSED, field="key")
            return made
        book.shelves.bring_accounts(entries)
        check_borne(book, {name: micros for name, micros in entries.items() if micros})
        movement = Movement(
            id=means.ids.next(),
            key=key,
            reason=reason,
            actor=str(actor),
            memo=memo,
            at_ms=means.clock.world_ms(),
        )
        book.write_transfer(
            movement, [(book.shelves.account(name), micros) for name, micros in sorted(entries.items())]
        )
        return book.view_of_transfer(movement.id)


def check_borne(book: Book, entries: Mapping[str, int], *, payer: AccountOnHand | None = None) -> None:
    """Refuse entries that an account would not bear; ``payer`` is judged by its envelopes instead.

    Raises: ``balance_too_low``, ``balance_too_large``.
    """
    for key, micros in entries.items():
        account = book.shelves.find_account(key)
        if account is None:
            continue  # opened with nothing in it, and not prepaid
        if abs(account.balance_micros + micros) > LARGEST_BALANCE_MICROS:
            raise LedgerRefused(BALANCE_TOO_LARGE, field="amount_micros")
        balance = None if account is payer else book.balance_of(account)
        if balance is not None and micros < 0 and -micros > (balance.room_micros or 0):
            raise LedgerRefused(
                BALANCE_TOO_LOW,
                field="amount_micros",
                available=format_amount(balance.room_micros or 0, exponent=currencies.get(book.currency).exponent),
                currency=book.currency,
            )
