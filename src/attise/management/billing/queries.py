"""Reads of money: balances and movements, of advertisers and of Business Centers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage, Page
from attise.ledger import queries as books
from attise.ledger.queries import Movements
from attise.ledger.views import ChargeView, StatementLine, TransferView
from attise.management.accounts.payer import advertiser_of, payer_of
from attise.management.accounts.views import AdvertiserView
from attise.management.billing.purses import Purse, purse_of_advertiser, purse_of_center
from attise.management.billing.rules import FUNDING, REFUND, TEST_CREDIT_KEY, Sort
from attise.management.billing.views import BalanceView, MovementView

_OF_SORT = {
    Sort.ADDED: Movements((FUNDING,)),
    Sort.RETURNED: Movements((REFUND,)),
    Sort.INCREASED: Movements(but_reasons=(FUNDING, REFUND), is_credit=True),
    Sort.DECREASED: Movements(but_reasons=(FUNDING, REFUND), is_credit=False),
}


def balance_of_advertiser(means: Means, *, advertiser_id: int) -> BalanceView:
    """Return what an advertiser has; nothing where it was never funded. Raises: ``not_found``."""
    return _balance(means, purse_of_advertiser(advertiser_id))


def balance_of_business_center(means: Means, *, business_center_id: int) -> BalanceView:
    """Return what a Business Center itself has, its advertisers' apart. Raises: ``not_found``."""
    return _balance(means, purse_of_center(business_center_id))


def list_balances(means: Means, advertisers: Iterable[AdvertiserView]) -> dict[int, BalanceView]:
    """Return what advertisers have, by id. Cost: one statement."""
    keys = {payer_of(one.id): one for one in advertisers}
    states = books.list_envelopes(keys, at_ms=means.clock.world_ms())
    found = {}
    for key, one in keys.items():
        state = states.get(key)
        paid_in, spent = (0, 0) if state is None else (state.limit_micros or 0, state.spent_micros)
        found[one.id] = BalanceView(one.business_center_id, one.id, one.currency, paid_in, spent)
    return found


def list_test_credited() -> list[int]:
    """Return the advertisers that were given test credit, in the order in which they were."""
    keys = books.list_transfer_keys(TEST_CREDIT_KEY)
    found = [advertiser_of(key.removesuffix(f":{FUNDING}:{TEST_CREDIT_KEY}")) for key in keys]
    return [one for one in found if one is not None]


def list_movements(*, advertiser_id: int, after: int | None = None, limit: int = 50) -> Page[MovementView]:
    """Return an advertiser's movements but charges, newest first. Raises: ``not_found``."""
    purse = purse_of_advertiser(advertiser_id)
    return books.list_statement(purse.account_key, purse.currency, after=after, limit=limit).map(_movement)


def list_movements_of_business_center(
    *, business_center_id: int, after: int | None = None, limit: int = 50
) -> Page[MovementView]:
    """Return a Business Center's own movements, newest first. Raises: ``not_found``."""
    purse = purse_of_center(business_center_id)
    return books.list_statement(purse.account_key, purse.currency, after=after, limit=limit).map(_movement)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which movements, charges always left out: whose, of which sorts, and when."""

    advertiser_ids: tuple[int, ...] = ()
    business_center_id: int | None = None
    """A Business Center's own."""
    sorts: frozenset[Sort] | None = None
    """None: every one."""
    from_ms: int | None = None
    """World time; this moment is meant."""
    to_ms: int | None = None
    """World time; this moment is not meant."""


def page_movements(asked: Asked, *, page: int, page_size: int) -> NumberedPage[MovementView]:
    """Return a page of movements, newest first. Cost: three statements at most. Raises: ``not_found``."""
    found = books.page_statement(
        _keys(asked), page, page_size, which=_which(asked), from_ms=asked.from_ms, to_ms=asked.to_ms
    )
    return NumberedPage([_movement(line) for line in found.items], found.page, found.page_size, found.total)


def sum_movements(asked: Asked) -> dict[int | None, int]:
    """Return the sums of movements in micros, by advertiser; None is the Business Center's own. Raises: ``not_found``.

    Cost: two statements at most. Whoever moved nothing is left out.
    """
    sums = books.sum_statement(_keys(asked), which=_which(asked), from_ms=asked.from_ms, to_ms=asked.to_ms)
    return {advertiser_of(key): micros for key, micros in sums.items()}


def page_charges(
    *,
    advertiser_id: int,
    from_ms: int | None = None,
    to_ms: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[tuple[ChargeView, int | None]]:
    """Return what an advertiser was charged, newest first; each with the transfer that gave it back, if one did.

    Raises: ``not_found``.
    """
    purse = purse_of_advertiser(advertiser_id)
    return books.page_charges(purse.account_key, purse.currency, from_ms=from_ms, to_ms=to_ms, after=after, limit=limit)


def _keys(asked: Asked) -> list[str]:
    keys = [payer_of(one) for one in asked.advertiser_ids]
    if asked.business_center_id is not None:
        keys.append(purse_of_center(asked.business_center_id).account_key)
    return keys


def _which(asked: Asked) -> list[Movements] | None:
    return None if asked.sorts is None else [_OF_SORT[sort] for sort in sorted(asked.sorts)]


def movement_of(transfer: TransferView, purse: Purse) -> MovementView:
    """Return a transfer as one purse sees it."""
    return MovementView(
        transfer.id,
        purse.advertiser_id,
        dict(transfer.entries)[purse.account_key],
        transfer.currency,
        transfer.reason,
        transfer.memo,
        transfer.actor,
        transfer.at_ms,
        transfer.reverses,
    )


def _balance(means: Means, purse: Purse) -> BalanceView:
    state = books.find_envelope(purse.account_key, at_ms=means.clock.world_ms())
    paid_in, spent = (0, 0) if state is None else (state.limit_micros or 0, state.spent_micros)
    return BalanceView(purse.business_center_id, purse.advertiser_id, purse.currency, paid_in, spent)


def _movement(line: StatementLine) -> MovementView:
    return MovementView(
        line.transfer_id,
        advertiser_of(line.account_key),
        line.amount_micros,
        line.currency,
        line.reason,
        line.memo,
        line.actor,
        line.at_ms,
        line.reverses,
    )
