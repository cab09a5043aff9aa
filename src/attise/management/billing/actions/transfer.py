"""Money moves between a Business Center and one of its advertisers; none comes, none goes."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.management.billing.errors import CURRENCY_DIFFERS, BillingRefused
from attise.management.billing.purses import Purse, move_once, purse_of_advertiser, purse_of_center, tell
from attise.management.billing.queries import movement_of
from attise.management.billing.rules import TRANSFER, check_amount, check_key
from attise.management.billing.views import MovementView
from attise.management.outbox.actions import unit, verb


def move_to_advertiser(
    means: Means,
    actor: Actor,
    *,
    business_center_id: int,
    advertiser_id: int,
    amount_micros: int,
    key: str | None = None,
) -> MovementView:
    """Give an advertiser part of what its Business Center holds; returns it as the advertiser sees it.

    The same ``key`` (of this Business Center) with the same amount and advertiser is the same transfer.
    Raises: ``not_found`` (also for an advertiser of another Business Center), ``amount_not_payable``,
    ``currency_differs``, ``balance_too_low``, ``transfer_key_reused``.
    """
    return _move(means, actor, business_center_id, advertiser_id, amount_micros, key, sign=1)


def move_to_business_center(
    means: Means,
    actor: Actor,
    *,
    business_center_id: int,
    advertiser_id: int,
    amount_micros: int,
    key: str | None = None,
) -> MovementView:
    """Take back to a Business Center what one of its advertisers has not spent. Raises: as ``move_to_advertiser``."""
    return _move(means, actor, business_center_id, advertiser_id, amount_micros, key, sign=-1)


@verb
def _move(
    means: Means,
    actor: Actor,
    business_center_id: int,
    advertiser_id: int,
    amount_micros: int,
    key: str | None,
    *,
    sign: int,
) -> MovementView:
    center, advertiser = _purses(business_center_id, advertiser_id)
    moved = sign * check_amount(amount_micros, center.currency)
    once = means.ids.next() if key is None else check_key(key)
    with unit(means) as work:
        transfer = move_once(
            means,
            actor,
            purses=(center, advertiser),
            key=f"{center.account_key}:{TRANSFER}:{once}",
            reason=TRANSFER,
            entries={center.account_key: -moved, advertiser.account_key: moved},
            memo="",
        )
        tell(work, advertiser, transfer)
    return movement_of(transfer, advertiser)


def _purses(business_center_id: int, advertiser_id: int) -> tuple[Purse, Purse]:
    center, advertiser = purse_of_center(business_center_id), purse_of_advertiser(advertiser_id)
    if advertiser.business_center_id != center.business_center_id:
        raise BillingRefused(NOT_FOUND, field="advertiser_id")
    if advertiser.currency != center.currency:
        raise BillingRefused(
            CURRENCY_DIFFERS,
            field="advertiser_id",
            advertiser_currency=advertiser.currency,
            center_currency=center.currency,
        )
    return center, advertiser
