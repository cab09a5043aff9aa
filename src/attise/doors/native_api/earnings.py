"""Creators' money: what they earned, where they are paid, and payouts, answered by the operator."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.earnings import (
    EarningsAnswer,
    PayoutAccount,
    PayoutAccountAnswer,
    PayoutAnswer,
    PayoutApproval,
    PayoutRefusal,
    PayoutSent,
    PayoutWish,
    tell_account,
    tell_earnings,
    tell_payout,
)
from attise.doors.site.earned import list_earned
from attise.management.accounts.queries import get_creator
from attise.management.earnings import actions, queries

group = Group("Earnings")
Shown = Annotated[
    Literal["open", "over"], Field(description="Only those that wait for somebody, or those that are over.")
]


@group.get("/v1/creators/{creator_id}/earnings", gives=EarningsAnswer)
def get_earnings(call: Call, creator_id: PathId) -> EarningsAnswer:
    """Get what a creator has, by currency, and what brought it: brand, grant and post.

    An earning can be paid out 30 days after its event.
    """
    balances = queries.list_balances(call.means, creator_id=creator_id)
    earned = {one.currency: list_earned(creator_id, one.currency) for one in balances}
    return tell_earnings(creator_id, balances, earned, queries.find_account(creator_id))


@group.post("/v1/creators/{creator_id}/payout-account", gives=PayoutAccountAnswer, status=201)
def name_payout_account(call: Call, creator_id: PathId, body: PayoutAccount) -> PayoutAccountAnswer:
    """Say where a creator is paid from now on; payouts under way keep the account they have."""
    view = actions.name_account(call.means, call.actor, creator_id=creator_id, holder=body.holder, number=body.number)
    return tell_account(view)


@group.post("/v1/creators/{creator_id}/payouts", gives=PayoutAnswer, status=201, refuses=(409,))
def ask_payout(call: Call, creator_id: PathId, body: PayoutWish) -> PayoutAnswer:
    """Ask for matured earnings in a creator's name.

    Its state is `held` where the creator and who paid them may be one person.
    """
    view = actions.ask_payout(
        call.means, call.actor, creator_id=creator_id, currency=body.currency, amount_micros=body.amount_micros
    )
    return tell_payout(view)


@group.get("/v1/creators/{creator_id}/payouts", gives=Listing[PayoutAnswer])
def list_creators_payouts(
    call: Call, creator_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[PayoutAnswer]:
    """List the payouts of a creator, newest first."""
    get_creator(creator_id)
    page = queries.list_payouts(creator_id=creator_id, after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[PayoutAnswer], page, tell_payout)


@group.post("/v1/creators/{creator_id}/payouts/{payout_id}/withdraw", gives=PayoutAnswer, refuses=(409,))
def withdraw_payout(call: Call, creator_id: PathId, payout_id: PathId) -> PayoutAnswer:
    """Take back what a creator asked for, while it is not approved."""
    return tell_payout(actions.withdraw_payout(call.means, call.actor, creator_id=creator_id, payout_id=payout_id))


@group.get("/v1/payouts", gives=Listing[PayoutAnswer])
def list_payouts(
    call: Call, shown: Shown | None = None, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[PayoutAnswer]:
    """List the payouts of the house, newest first."""
    is_open = None if shown is None else shown == "open"
    page = queries.list_payouts(is_open=is_open, after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[PayoutAnswer], page, tell_payout)


@group.get("/v1/payouts/{payout_id}", gives=PayoutAnswer)
def get_payout(call: Call, payout_id: PathId) -> PayoutAnswer:  # noqa: ARG001 - the same first argument for all
    """Get a payout."""
    return tell_payout(queries.get_payout(payout_id))


@group.post("/v1/payouts/{payout_id}/approve", gives=PayoutAnswer, refuses=(409,))
def approve_payout(call: Call, payout_id: PathId, body: PayoutApproval) -> PayoutAnswer:
    """Approve a payout: its money is set aside, if what matured still covers it."""
    return tell_payout(actions.approve_payout(call.means, call.actor, payout_id=payout_id, note=body.note))


@group.post("/v1/payouts/{payout_id}/refuse", gives=PayoutAnswer, refuses=(409,))
def refuse_payout(call: Call, payout_id: PathId, body: PayoutRefusal) -> PayoutAnswer:
    """Refuse a payout; the money stays the creator's."""
    return tell_payout(actions.refuse_payout(call.means, call.actor, payout_id=payout_id, note=body.note))


@group.post("/v1/payouts/{payout_id}/paid", gives=PayoutAnswer, refuses=(409,))
def mark_payout_paid(call: Call, payout_id: PathId, body: PayoutSent) -> PayoutAnswer:
    """Say that an approved payout was sent."""
    return tell_payout(actions.mark_paid(call.means, call.actor, payout_id=payout_id, reference=body.reference))


@group.post("/v1/payouts/{payout_id}/failed", gives=PayoutAnswer, refuses=(409,))
def mark_payout_failed(call: Call, payout_id: PathId, body: PayoutRefusal) -> PayoutAnswer:
    """Say that an approved payout did not arrive: the money is the creator's again."""
    return tell_payout(actions.fail_payout(call.means, call.actor, payout_id=payout_id, note=body.note))
