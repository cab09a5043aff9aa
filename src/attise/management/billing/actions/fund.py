"""Money comes from outside, or goes back there."""

from __future__ import annotations

from attise.kernel.actor import COMMAND, Actor
from attise.kernel.means import Means
from attise.ledger.funding import ManualTransfer, Order, Provider
from attise.management.billing.purses import Purse, move_once, purse_of_advertiser, purse_of_center, tell
from attise.management.billing.queries import movement_of
from attise.management.billing.rules import FUNDING, REFUND, check_amount, check_key, read_amount
from attise.management.billing.views import MovementView
from attise.management.outbox.actions import unit, verb


def fund_advertiser(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    amount_micros: int,
    provider: Provider,
    key: str | None = None,
    said: str = "",
) -> MovementView:
    """Add to an advertiser's balance what a provider collects, in the advertiser's currency.

    The same ``key`` (of this advertiser) with the same amount and provider is the same funding; without one each call
    is another. ``said`` is what the provider asks for: a reference, a card's number.
    Raises: ``not_found``, ``amount_not_payable``, ``transfer_key_reused``, and the refusals of the provider.
    """
    return _fund(means, actor, purse_of_advertiser(advertiser_id), amount_micros, provider, key, said)


def fund_by_hand(
    means: Means, *, advertiser_id: int, amount: str, reference: str = "", key: str | None = None
) -> MovementView:
    """Add to an advertiser's balance what the operator says, on the command line, in a plain decimal.

    Raises: as ``fund_advertiser``.
    """
    purse = purse_of_advertiser(advertiser_id)
    micros = read_amount(amount, purse.currency)
    return _fund(means, COMMAND, purse, micros, ManualTransfer(), key, reference)


def fund_business_center(
    means: Means,
    actor: Actor,
    *,
    business_center_id: int,
    amount_micros: int,
    provider: Provider,
    key: str | None = None,
    said: str = "",
) -> MovementView:
    """Add to a Business Center's balance, in its own currency. Raises: as ``fund_advertiser``."""
    return _fund(means, actor, purse_of_center(business_center_id), amount_micros, provider, key, said)


def refund_advertiser(
    means: Means, actor: Actor, *, advertiser_id: int, amount_micros: int, key: str | None = None, said: str = ""
) -> MovementView:
    """Give an advertiser back what it has not spent, by a manual transfer; ``said`` is its reference.

    Raises: ``not_found``, ``amount_not_payable``, ``balance_too_low``, ``transfer_key_reused``.
    """
    return _refund(means, actor, purse_of_advertiser(advertiser_id), amount_micros, key, said)


def refund_business_center(
    means: Means, actor: Actor, *, business_center_id: int, amount_micros: int, key: str | None = None, said: str = ""
) -> MovementView:
    """Give a Business Center back what it holds, by a manual transfer. Raises: as ``refund_advertiser``."""
    return _refund(means, actor, purse_of_center(business_center_id), amount_micros, key, said)


@verb
def _fund(
    means: Means, actor: Actor, purse: Purse, amount_micros: int, provider: Provider, key: str | None, said: str
) -> MovementView:
    check_amount(amount_micros, purse.currency)
    order = Order(_key_of(means, purse, FUNDING, key), purse.currency, amount_micros, said)
    receipt = provider.collect(order)
    entries = {receipt.account_key: -amount_micros, purse.account_key: amount_micros}
    with unit(means) as work:
        transfer = move_once(
            means, actor, purses=(purse,), key=order.key, reason=FUNDING, entries=entries, memo=receipt.memo
        )
        tell(work, purse, transfer)
    return movement_of(transfer, purse)


@verb
def _refund(means: Means, actor: Actor, purse: Purse, amount_micros: int, key: str | None, said: str) -> MovementView:
    check_amount(amount_micros, purse.currency)
    order = Order(_key_of(means, purse, REFUND, key), purse.currency, amount_micros, said)
    receipt = ManualTransfer().collect(order)
    entries = {purse.account_key: -amount_micros, receipt.account_key: amount_micros}
    with unit(means) as work:
        transfer = move_once(
            means, actor, purses=(purse,), key=order.key, reason=REFUND, entries=entries, memo=receipt.memo
        )
        tell(work, purse, transfer)
    return movement_of(transfer, purse)


def _key_of(means: Means, purse: Purse, reason: str, key: str | None) -> str:
    """Return the key of a movement: the caller's, within the purse, or one of its own."""
    return f"{purse.account_key}:{reason}:{means.ids.next() if key is None else check_key(key)}"
