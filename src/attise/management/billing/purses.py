"""Whose money: an advertiser's or a Business Center's, with its account, its currency, and who hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.ledger import actions as ledger
from attise.ledger import queries as books
from attise.ledger.views import TransferView
from attise.management.accounts import queries as accounts
from attise.management.accounts.payer import payer_of
from attise.management.outbox.actions import Unit
from attise.records.change import ChangeKind


@dataclass(frozen=True, slots=True)
class Purse:
    """A prepaid account of somebody; ``advertiser_id`` is None for a Business Center's own."""

    account_key: str
    currency: str
    business_center_id: int
    advertiser_id: int | None


def purse_of_advertiser(advertiser_id: int) -> Purse:
    """Return an advertiser's purse. Raises: ``not_found``."""
    advertiser = accounts.get_advertiser(advertiser_id)
    return Purse(payer_of(advertiser.id), advertiser.currency, advertiser.business_center_id, advertiser.id)


def purse_of_center(business_center_id: int) -> Purse:
    """Return a Business Center's own purse. Raises: ``not_found``."""
    center = accounts.get_business_center(business_center_id)
    return Purse(f"business_center:{center.id}", center.currency, center.id, None)


def move_once(
    means: Means,
    actor: Actor,
    *,
    purses: tuple[Purse, ...],
    key: str,
    reason: str,
    entries: Mapping[str, int],
    memo: str,
) -> TransferView:
    """Move micros in or between purses of one currency, each opened at its first need; once for a key.

    Raises: ``balance_too_low``, ``balance_too_large``, ``transfer_key_reused``.
    """
    currency = purses[0].currency
    with ledger.batch(means, currency):
        for purse in purses:
            ledger.open_account(means, key=purse.account_key, currency=currency, is_prepaid=True)
        return ledger.move(means, actor, key=key, currency=currency, reason=reason, entries=entries, memo=memo)


def tell(work: Unit, purse: Purse, transfer: TransferView) -> None:
    """Tell decision processes what an advertiser has now, and the advertiser what came or went; once for a transfer.

    A Business Center's own purse pays for nothing by itself: nobody has to hear of it.
    """
    if purse.advertiser_id is None:
        return
    tell_balance(work, purse)
    amount_micros = dict(transfer.entries)[purse.account_key]
    work.notice(
        "advertiser",
        purse.advertiser_id,
        "funds_added" if amount_micros > 0 else "funds_returned",
        transfer.id,
        once=f"funds:{transfer.id}",
        amount_micros=abs(amount_micros),
        currency=purse.currency,
    )


def tell_balance(work: Unit, purse: Purse) -> None:
    """Tell decision processes what an advertiser has now."""
    if purse.advertiser_id is None:
        raise AssertionError("a Business Center's own purse pays for nothing by itself")
    balance = books.find_envelope(purse.account_key, at_ms=work.means.clock.world_ms())
    if balance is None:
        raise AssertionError("whoever moved money has a balance")
    work.change(
        ChangeKind.ADVERTISER_CHANGED,
        purse.advertiser_id,
        currency=purse.currency,
        envelope_id=balance.envelope.id,
        limit_micros=balance.limit_micros,
        spent_micros=balance.spent_micros,
    )
