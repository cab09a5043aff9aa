"""An account is opened: one side of transfers, or a payer with a balance that never falls below zero."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.ledger.actions.batch import batch
from attise.ledger.book import AccountOnHand, Book, EnvelopeOnHand
from attise.ledger.errors import ENVELOPE_KEY_REUSED, LedgerRefused
from attise.ledger.models import Envelope
from attise.ledger.rules import ENDLESS, Zone
from attise.ledger.views import AccountView


def open_account(means: Means, *, key: str, currency: str, is_prepaid: bool = False) -> AccountView:
    """Open an account, or return the one that is there; a prepaid one with an envelope of the same key, its balance.

    Any account may be named in a transfer without this; a payer of charges is prepaid. An account that was not prepaid
    becomes so, unless it owes. Raises: ``envelope_key_reused`` when the key is prepaid in another currency.
    """
    with batch(means, currency) as book:
        account = open_payer(book, key) if is_prepaid else book.shelves.account(key)
        return account.view()


def open_payer(book: Book, key: str) -> AccountOnHand:
    """Return an account with its balance envelope, each opened if it is not there."""
    account = book.shelves.find_account(key)
    if account is not None and account.balance_envelope is not None:
        return account
    if Envelope.objects.filter(key=key).exists() or (account is not None and account.balance_micros < 0):
        raise LedgerRefused(ENVELOPE_KEY_REUSED, field="key")
    account = account or book.shelves.open_account(key)
    envelope = EnvelopeOnHand(
        id=book.means.ids.next(),
        key=key,
        kind=Envelope.Kind.BALANCE,
        currency=book.currency,
        account_id=account.id,
        zone=Zone("UTC"),
        limit_micros=0,
        closed_at_ms=None,
        opened_at_ms=book.means.clock.world_ms(),
    )
    book.shelves.open_envelope(envelope)
    balance = book.shelves.period(envelope.id, ENDLESS)
    balance.ask(account.balance_micros)
    book.shelves.changed(balance)
    return account
