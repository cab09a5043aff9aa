"""Money: funds added and returned by the operator, balances, and movements, of advertisers and Business Centers."""

from __future__ import annotations

from attise.doors.native_api import wire
from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.billing import (
    BalanceAnswer,
    CenterTransfer,
    ChargeAnswer,
    Funds,
    GiveBack,
    GivenBackAnswer,
    MovementAnswer,
    Refund,
    tell_balance,
    tell_charge,
    tell_given_back,
    tell_movement,
)
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.journal import Since, Until
from attise.ledger.funding import find_provider
from attise.management.billing import actions, queries

group = Group("Money")


@group.post("/v1/advertisers/{advertiser_id}/funds", gives=MovementAnswer, status=201)
def add_funds(call: Call, advertiser_id: PathId, body: Funds) -> MovementAnswer:
    """Add funds to an advertiser's balance, in its currency."""
    view = actions.fund_advertiser(
        call.means,
        call.actor,
        advertiser_id=advertiser_id,
        amount_micros=body.amount_micros,
        provider=find_provider(body.provider, call.house.mode),
        said=body.said,
    )
    return tell_movement(view)


@group.post("/v1/advertisers/{advertiser_id}/refunds", gives=MovementAnswer, status=201)
def return_funds(call: Call, advertiser_id: PathId, body: Refund) -> MovementAnswer:
    """Return to an advertiser what it has not spent."""
    view = actions.refund_advertiser(
        call.means, call.actor, advertiser_id=advertiser_id, amount_micros=body.amount_micros, said=body.reference
    )
    return tell_movement(view)


@group.get("/v1/advertisers/{advertiser_id}/balance", gives=BalanceAnswer)
def get_balance(call: Call, advertiser_id: PathId) -> BalanceAnswer:
    """Get what an advertiser has."""
    return tell_balance(queries.balance_of_advertiser(call.means, advertiser_id=advertiser_id))


@group.get("/v1/advertisers/{advertiser_id}/transactions", gives=Listing[MovementAnswer])
def list_transactions(
    call: Call, advertiser_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[MovementAnswer]:
    """List what came to an advertiser's balance and left it, newest first; what events cost is left to reports."""
    page = queries.list_movements(advertiser_id=advertiser_id, after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[MovementAnswer], page, tell_movement)


@group.get("/v1/advertisers/{advertiser_id}/charges", gives=Listing[ChargeAnswer])
def list_charges(
    call: Call,
    advertiser_id: PathId,
    since: Since | None = None,
    until: Until | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[ChargeAnswer]:
    """List what events and creators' fees cost an advertiser, newest first; what was free is left out."""
    page = queries.page_charges(
        advertiser_id=advertiser_id, from_ms=since, to_ms=until, after=read_cursor(call, cursor), limit=limit
    )
    return listing(
        call,
        Listing[ChargeAnswer],
        page,
        lambda one: tell_charge(one[0], is_given_back=one[1] is not None),
    )


@group.post("/v1/advertisers/{advertiser_id}/charges/give-back", gives=GivenBackAnswer)
def give_back_charges(call: Call, advertiser_id: PathId, body: GiveBack) -> GivenBackAnswer:
    """Give charges back to an advertiser: what a creator and the platform had of them is taken back with it.

    A charge is given back once; asking again changes nothing. What one charge is refused for is its own result.
    """
    results = actions.give_back(
        call.means,
        call.actor,
        advertiser_id=advertiser_id,
        charge_keys=body.charges,
        reason=body.reason,
        note=body.note,
    )
    return tell_given_back(results, lambda refused: wire.say(refused.reason.message, refused.params))


@group.post("/v1/business-centers/{bc_id}/funds", gives=MovementAnswer, status=201)
def add_center_funds(call: Call, bc_id: PathId, body: Funds) -> MovementAnswer:
    """Add funds to a Business Center's own balance, in its currency; its members give them to advertisers."""
    view = actions.fund_business_center(
        call.means,
        call.actor,
        business_center_id=bc_id,
        amount_micros=body.amount_micros,
        provider=find_provider(body.provider, call.house.mode),
        said=body.said,
    )
    return tell_movement(view)


@group.post("/v1/business-centers/{bc_id}/refunds", gives=MovementAnswer, status=201)
def return_center_funds(call: Call, bc_id: PathId, body: Refund) -> MovementAnswer:
    """Return to a Business Center what it holds itself."""
    view = actions.refund_business_center(
        call.means, call.actor, business_center_id=bc_id, amount_micros=body.amount_micros, said=body.reference
    )
    return tell_movement(view)


@group.post("/v1/business-centers/{bc_id}/transfers", gives=MovementAnswer, status=201)
def transfer_funds(call: Call, bc_id: PathId, body: CenterTransfer) -> MovementAnswer:
    """Move funds between a Business Center and one of its advertisers of the same currency."""
    move = actions.move_to_advertiser if body.to == "advertiser" else actions.move_to_business_center
    view = move(
        call.means,
        call.actor,
        business_center_id=bc_id,
        advertiser_id=body.advertiser_id,
        amount_micros=body.amount_micros,
    )
    return tell_movement(view)


@group.get("/v1/business-centers/{bc_id}/balance", gives=BalanceAnswer)
def get_center_balance(call: Call, bc_id: PathId) -> BalanceAnswer:
    """Get what a Business Center itself has, its advertisers' balances apart."""
    return tell_balance(queries.balance_of_business_center(call.means, business_center_id=bc_id))


@group.get("/v1/business-centers/{bc_id}/transactions", gives=Listing[MovementAnswer])
def list_center_transactions(
    call: Call, bc_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[MovementAnswer]:
    """List what came to a Business Center's own balance and left it, newest first."""
    page = queries.list_movements_of_business_center(
        business_center_id=bc_id, after=read_cursor(call, cursor), limit=limit
    )
    return listing(call, Listing[MovementAnswer], page, tell_movement)
