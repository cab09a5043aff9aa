"""Money moves between a Business Center and one of its ad accounts, by a member who manages its billing."""

from __future__ import annotations

from typing import Any, Literal

from attise.doors.marketing_api.endpoint import Advertiser, BusinessCenter, Call, Data, Params, endpoint
from attise.doors.marketing_api.once import once
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Amount, Id, NotOffered
from attise.kernel.errors import N_, Refusal
from attise.management.accounts import queries as accounts
from attise.management.accounts.rules import Permission, Scope
from attise.management.billing import actions
from attise.management.billing.rules import read_amount

NO_CREDIT_LINES = N_("a Business Center has no line of credit here: transfer_level is ADVERTISER")
NO_VOUCHERS = N_("there are no vouchers here: give cash_amount")


class _Transfer(Params):
    bc_id: Id
    transfer_type: Literal["RECHARGE", "REFUND"]
    advertiser_id: Id | None = None
    cash_amount: Amount | None = None
    grant_amount: Amount | None = None
    transfer_level: Literal["ADVERTISER", "BC"] = "ADVERTISER"
    child_bc_id: NotOffered = None
    request_id: Id | None = None


@endpoint(
    "POST",
    "bc/transfer",
    needs=(BusinessCenter(Permission.MANAGE_BILLING), Advertiser(Permission.MANAGE_BILLING)),
    scope=Scope.AD_ACCOUNT,
    spelled={"amount_micros": "cash_amount", "key": "request_id"},
)
def transfer(call: Call, params: _Transfer) -> Data:
    """Recharge an ad account from its Business Center's balance, or refund it there; in their common currency.

    With a ``request_id`` it is done once. One transfer is one transaction, told of both accounts.
    """
    if params.transfer_level == "BC":
        raise Refusal(errors.VALUE, field="transfer_level", rule=NO_CREDIT_LINES)
    if params.grant_amount is not None and params.grant_amount.strip("0.") != "":
        raise Refusal(errors.VALUE, field="grant_amount", rule=NO_VOUCHERS)
    missing = [name for name in ("advertiser_id", "cash_amount") if getattr(params, name) is None]
    if missing:
        raise Refusal(errors.MISSING, fields=", ".join(missing))
    return once(call, f"bc:{params.bc_id}", params.request_id, params, lambda: _transfer(call, params))


def _transfer(call: Call, params: _Transfer) -> dict[str, Any]:
    center = accounts.get_business_center(params.bc_id)
    advertiser_id = params.advertiser_id or 0
    is_recharge = params.transfer_type == "RECHARGE"
    move = actions.move_to_advertiser if is_recharge else actions.move_to_business_center
    moved = move(
        call.means,
        call.actor,
        business_center_id=center.id,
        advertiser_id=advertiser_id,
        amount_micros=read_amount(params.cash_amount or "", center.currency, field="cash_amount"),
        key=None if params.request_id is None else f"request-{params.request_id}",
    )
    ours = {"account_type": "BC", "account_id": str(center.id)}
    theirs = {"account_type": "ADVERTISER", "account_id": str(advertiser_id)}
    info = {
        "transaction_id": str(moved.id),
        "transaction_type": "CASH",
        "payee_account": theirs if is_recharge else ours,
        "remitter_account": ours if is_recharge else theirs,
    }
    return {"bc_id": str(center.id), "advertiser_id": str(advertiser_id), "transaction_infos": [info]}
