"""Money of a Business Center and its ad accounts: what they have, and what moved between them.

Everything is cash: there are no vouchers, credit lines, taxes or frozen parts here, and their fields are zero. Amounts
of movements are negative when they left the account they are told of. What events cost is told by reports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal

from attise.doors.marketing_api.business_center import Keyword, PageNumber
from attise.doors.marketing_api.endpoint import BusinessCenter, Call, Data, Params, endpoint
from attise.doors.marketing_api.masks import mask_email, mask_name
from attise.doors.marketing_api.wire import errors, lists
from attise.doors.marketing_api.wire.kinds import Between, Day, Id, Items, NotOffered, Time
from attise.doors.marketing_api.wire.lists import page_info
from attise.doors.marketing_api.wire.numbers import amount
from attise.doors.marketing_api.wire.times import entity_time
from attise.kernel.clock import to_datetime, to_ms
from attise.kernel.errors import N_, Refusal
from attise.kernel.limits import DAY_MS
from attise.management.accounts import queries as accounts
from attise.management.accounts.rules import Permission, Scope
from attise.management.accounts.views import AdvertiserView, BusinessCenterView
from attise.management.billing import queries
from attise.management.billing.queries import Asked
from attise.management.billing.rules import Sort
from attise.management.billing.views import BalanceView, MovementView

PageSize = Annotated[int, Between(1, 50)]
FundsType = Literal["FUNDS_TYPE_CASH", "FUNDS_TYPE_GRANT"]
TransferType = Literal["TRANS_TYPE_TRANSFER", "TRANS_TYPE_PAYMENT", "TRANS_TYPE_TAX", "TRANS_TYPE_COST"]
TransactionType = Literal[
    "BILL_PAYMENT", "ADD_BALANCE", "CANCELLATION", "PROMOTION_ISSUED", "PROMOTION_EXPIRED", "INCREASE_BALANCE",
    "DECREASE_BALANCE", "CARD_VERIFICATION", "CARD_VERIFICATION_REFUND", "ORDER_CREATION_PAYMENT",
    "ORDER_EDIT_PAYMENT", "RETURN_OF_REMAINING_BUDGET", "REFUND",
]  # fmt: skip
OF_TRANSACTION: dict[str, Sort] = {
    "ADD_BALANCE": Sort.ADDED,
    "REFUND": Sort.RETURNED,
    "INCREASE_BALANCE": Sort.INCREASED,
    "DECREASE_BALANCE": Sort.DECREASED,
}
"""The dialect's types of transactions that happen here; the others have no row."""
NAME_OF = {sort: name for name, sort in OF_TRANSACTION.items()}
PAYMENTS = frozenset({Sort.ADDED, Sort.RETURNED})
OF_TRANSFER: dict[str, frozenset[Sort]] = {
    "TRANS_TYPE_PAYMENT": PAYMENTS,
    "TRANS_TYPE_TRANSFER": frozenset(Sort) - PAYMENTS,
    "TRANS_TYPE_TAX": frozenset(),
}
DEFAULT_DAYS, MOST_DAYS = 90, 366
COST_IS_IN_REPORTS = N_("what events cost is told by report/integrated/get/")
DAYS_BACKWARDS = N_("the last day comes before the first")
TOO_MANY_DAYS = N_("at most 366 days are told at once")


def purse_row(balance: BalanceView) -> dict[str, Any]:
    """Return what somebody has, in the dialect's ten words."""
    available, nothing = amount(balance.available_micros, balance.currency), amount(0, balance.currency)
    return {
        "account_balance": available,
        "valid_account_balance": available,
        "frozen_balance": nothing,
        "tax": nothing,
        "cash_balance": available,
        "valid_cash_balance": available,
        "grant_balance": nothing,
        "valid_grant_balance": nothing,
    }


class _OfCenter(Params):
    bc_id: Id
    child_bc_id: NotOffered = None


@endpoint("GET", "bc/balance/get", needs=BusinessCenter(Permission.READ_BILLING), scope=Scope.AD_ACCOUNT)
def read_center_balance(call: Call, params: _OfCenter) -> Data:
    """Tell what a Business Center itself has; its ad accounts' money is theirs."""
    balance = queries.balance_of_business_center(call.means, business_center_id=params.bc_id)
    return {"bc_id": str(params.bc_id), "currency": balance.currency, **purse_row(balance)}


class _BalanceFilter(Params):
    keyword: Keyword = ""
    advertiser_status: list[str] | None = None


class _ListBalances(Params):
    bc_id: Id
    child_bc_id: NotOffered = None
    filtering: _BalanceFilter = _BalanceFilter()
    page: PageNumber = 1
    page_size: PageSize = 10


@endpoint("GET", "advertiser/balance/get", needs=BusinessCenter(Permission.READ_BILLING), scope=Scope.AD_ACCOUNT)
def list_balances(call: Call, params: _ListBalances) -> Data:
    """List what the ad accounts of a Business Center have."""
    statuses = params.filtering.advertiser_status
    found = [
        view
        for view in _advertisers(params.bc_id, params.filtering.keyword)
        if statuses is None or view.status in statuses
    ]
    page = lists.cut(found, params.page, params.page_size)
    balances = queries.list_balances(call.means, page.items)
    rows = [_balance_row(view, balances[view.id]) for view in page.items]
    return {"advertiser_account_list": rows, "page_info": page_info(page)}


def _balance_row(view: AdvertiserView, balance: BalanceView) -> dict[str, Any]:
    nothing = amount(0, view.currency)
    return {
        "advertiser_id": str(view.id),
        "advertiser_name": view.name,
        "advertiser_status": view.status,
        "advertiser_type": "AUCTION",
        "currency": view.currency,
        "timezone": view.timezone,
        "company": view.company,
        "contact_name": mask_name(view.contact_name),
        "contact_email": mask_email(view.contact_email),
        "create_time": entity_time(view.created_at_ms),
        **purse_row(balance),
        "transferable_amount": amount(balance.available_micros, balance.currency),
        "budget_mode": "UNLIMITED",
        "budget": nothing,
        "budget_cost": nothing,
        "budget_remaining": nothing,
    }


class _TransactionFilter(Params):
    transfer_type: TransferType | None = None
    funds_type: list[FundsType] | None = None
    keyword: Keyword = ""
    summary_by_account: bool = False
    start_date: Day | None = None
    end_date: Day | None = None


class _ListTransactions(Params):
    bc_id: Id
    filtering: _TransactionFilter = _TransactionFilter()
    page: PageNumber = 1
    page_size: PageSize = 10


@endpoint("GET", "advertiser/transaction/get", needs=BusinessCenter(Permission.READ_BILLING), scope=Scope.AD_ACCOUNT)
def list_transactions(call: Call, params: _ListTransactions) -> Data:
    """List what moved in the ad accounts of a Business Center, newest first, or its sum by account.

    Days are UTC's. Without ``transfer_type``, what came from outside or went there is told too, as payments.
    """
    asked = params.filtering
    if asked.transfer_type == "TRANS_TYPE_COST":
        raise Refusal(errors.VALUE, field="filtering.transfer_type", rule=COST_IS_IN_REPORTS)
    from_ms, to_ms = _days(call, asked.start_date, asked.end_date, field="filtering.start_date")
    advertisers = {view.id: view for view in _advertisers(params.bc_id, asked.keyword)}
    sorts = frozenset(Sort) if asked.transfer_type is None else OF_TRANSFER[asked.transfer_type]
    which = Asked(
        advertiser_ids=tuple(advertisers),
        sorts=sorts if _is_cash_meant(asked.funds_type) else frozenset(),
        from_ms=from_ms,
        to_ms=to_ms,
    )
    if asked.summary_by_account:
        sums = queries.sum_movements(which)
        told = [(view, sums[view.id]) for view in advertisers.values() if view.id in sums]
        page = lists.cut(told, params.page, params.page_size)
        rows = [
            _transaction_row(view, micros, asked.transfer_type or "TRANS_TYPE_TRANSFER", None)
            for view, micros in page.items
        ]
        return {"transaction_list": rows, "page_info": page_info(page)}
    found = queries.page_movements(which, page=params.page, page_size=params.page_size)
    rows = [
        _transaction_row(
            advertisers[one.advertiser_id or 0],
            one.amount_micros,
            "TRANS_TYPE_PAYMENT" if one.sort in PAYMENTS else "TRANS_TYPE_TRANSFER",
            one.at_ms,
        )
        for one in found.items
    ]
    return {"transaction_list": rows, "page_info": page_info(found)}


def _transaction_row(view: AdvertiserView, micros: int, transfer_type: str, at_ms: int | None) -> dict[str, Any]:
    return {
        "advertiser_id": str(view.id),
        "advertiser_name": view.name,
        "amount": amount(micros, view.currency),
        "currency": view.currency,
        "date": entity_time(at_ms),
        "funds_type": "FUNDS_TYPE_CASH",
        "transfer_type": transfer_type,
        "timezone": view.timezone,
    }


class _FundsFilter(Params):
    funds_type: list[FundsType] | None = None


class _ListCenterTransactions(Params):
    bc_id: Id
    filtering: _FundsFilter = _FundsFilter()
    start_date: Day | None = None
    end_date: Day | None = None
    page: PageNumber = 1
    page_size: PageSize = 10


@endpoint("GET", "bc/transaction/get", needs=BusinessCenter(Permission.READ_BILLING), scope=Scope.AD_ACCOUNT)
def list_center_transactions(call: Call, params: _ListCenterTransactions) -> Data:
    """List what moved in a Business Center's own balance, newest first, with the sums of all that is told."""
    center = accounts.get_business_center(params.bc_id)
    from_ms, to_ms = _days(call, params.start_date, params.end_date, field="start_date")
    kept = frozenset(Sort) if _is_cash_meant(params.filtering.funds_type) else frozenset[Sort]()

    def some(sorts: Iterable[Sort]) -> Asked:
        return Asked(business_center_id=center.id, sorts=kept & frozenset(sorts), from_ms=from_ms, to_ms=to_ms)

    found = queries.page_movements(some(Sort), page=params.page, page_size=params.page_size)
    came = queries.sum_movements(some({Sort.ADDED, Sort.INCREASED})).get(None, 0)
    went = queries.sum_movements(some({Sort.RETURNED, Sort.DECREASED})).get(None, 0)
    return {
        "list": [_center_row(center, one) for one in found.items],
        "transaction_summary": {
            "amount_charged": amount(came, center.currency),
            "amount_paid": amount(-went, center.currency),
            "currency": center.currency,
        },
        "page_info": page_info(found),
    }


def _center_row(center: BusinessCenterView, one: MovementView) -> dict[str, Any]:
    return {
        "date": one.at_ms // 1000,
        "amount": amount(one.amount_micros, one.currency),
        "timezone": center.timezone,
        "currency": one.currency,
        "funds_type": "FUNDS_TYPE_CASH",
        "invoice_id": None,
        "invoice_serial_number": None,
    }


class _AccountFilter(Params):
    transaction_types: list[TransactionType] | None = None
    billing_types: list[Literal["CASH", "CREDIT"]] | None = None
    owner_of_account: list[str] | None = None
    account_ids: Annotated[list[Id], Items(1, 100)] | None = None
    account_name: Keyword = ""
    start_time: Time | None = None
    end_time: Time | None = None


class _ListAccountTransactions(Params):
    bc_id: Id
    child_bc_id: NotOffered = None
    transaction_level: Literal["BC", "ADVERTISER", "PAYMENT_PORTFOLIO"] = "ADVERTISER"
    filtering: _AccountFilter = _AccountFilter()
    page: PageNumber = 1
    page_size: PageSize = 10


@endpoint("GET", "bc/account/transaction/get", needs=BusinessCenter(Permission.READ_BILLING), scope=Scope.AD_ACCOUNT)
def list_account_transactions(call: Call, params: _ListAccountTransactions) -> Data:
    """List what moved in the ad accounts of a Business Center, or in its own balance, with ids and types.

    Times are UTC's, both ends meant. Ad accounts of another Business Center are no rows, and there are no payment
    portfolios.
    """
    asked, center = params.filtering, accounts.get_business_center(params.bc_id)
    advertisers = {view.id: view for view in _advertisers(center.id, asked.account_name)}
    if asked.account_ids is not None:
        advertisers = {one: advertisers[one] for one in dict.fromkeys(asked.account_ids) if one in advertisers}
    is_told = params.transaction_level != "PAYMENT_PORTFOLIO" and (
        asked.billing_types is None or "CASH" in asked.billing_types
    )
    sorts = frozenset(Sort)
    if asked.transaction_types is not None:
        sorts = frozenset(OF_TRANSACTION[name] for name in asked.transaction_types if name in OF_TRANSACTION)
    from_ms, to_ms = _moments(call, asked.start_time, asked.end_time)
    is_center = params.transaction_level == "BC"
    which = Asked(
        advertiser_ids=() if is_center else tuple(advertisers),
        business_center_id=center.id if is_center else None,
        sorts=sorts if is_told else frozenset(),
        from_ms=from_ms,
        to_ms=to_ms,
    )
    found = queries.page_movements(which, page=params.page, page_size=params.page_size)
    rows = [_account_row(center, advertisers.get(one.advertiser_id or 0), one) for one in found.items]
    return {"transaction_list": rows, "page_info": page_info(found)}


def _account_row(center: BusinessCenterView, view: AdvertiserView | None, one: MovementView) -> dict[str, Any]:
    moved = amount(one.amount_micros, one.currency)
    return {
        "transaction_id": str(one.id),
        "account_id": None if view is None else str(view.id),
        "account_name": None if view is None else view.name,
        "bc_id": str(center.id),
        "bc_name": center.name,
        "amount": moved,
        "subtotal": moved,
        "tax_amount": Decimal(0).quantize(moved),
        "currency": one.currency,
        "amount_type": "POSITIVE" if one.amount_micros > 0 else "NEGATIVE",
        "transaction_type": NAME_OF[one.sort],
        "billing_type": "CASH",
        "timezone": center.timezone if view is None else view.timezone,
        "create_time": entity_time(one.at_ms),
        "invoice_id": None,
        "serial_number": None,
    }


def _advertisers(business_center_id: int, keyword: str) -> list[AdvertiserView]:
    """Return the ad accounts of a Business Center whose name holds a keyword, or whose id is it."""
    word = keyword.casefold()
    return [
        view
        for view in accounts.list_advertisers_of_business_center(business_center_id)
        if word in view.name.casefold() or keyword == str(view.id)
    ]


def _is_cash_meant(funds_types: list[FundsType] | None) -> bool:
    return funds_types is None or "FUNDS_TYPE_CASH" in funds_types


def _days(call: Call, first: dt.date | None, last: dt.date | None, *, field: str) -> tuple[int, int]:
    """Return from when to when days of UTC last, both meant; the last 90 when none is given."""
    last = last or to_datetime(call.means.clock.world_ms()).date()
    first = first or last - dt.timedelta(days=DEFAULT_DAYS)
    return _span(_begin_ms(first), _begin_ms(last) + DAY_MS, field=field)


def _moments(call: Call, first_ms: int | None, last_ms: int | None) -> tuple[int, int]:
    last_ms = call.means.clock.world_ms() if last_ms is None else last_ms
    first_ms = last_ms - DEFAULT_DAYS * DAY_MS if first_ms is None else first_ms
    return _span(first_ms, last_ms + 1000, field="filtering.start_time")


def _span(from_ms: int, to_ms: int, *, field: str) -> tuple[int, int]:
    if to_ms <= from_ms:
        raise Refusal(errors.VALUE, field=field, rule=DAYS_BACKWARDS)
    if to_ms - from_ms > (MOST_DAYS + 1) * DAY_MS:
        raise Refusal(errors.VALUE, field=field, rule=TOO_MANY_DAYS)
    return from_ms, to_ms


def _begin_ms(day: dt.date) -> int:
    return to_ms(dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC))
