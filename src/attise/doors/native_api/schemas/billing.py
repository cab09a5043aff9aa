"""Shapes of money: what is added, returned and moved, balances and movements."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Given, GivenId, Micros, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.ledger.funding.manual import REFERENCE_CHARACTERS
from attise.management.billing.views import BalanceView, MovementView

Reference = Annotated[
    str, Field(max_length=REFERENCE_CHARACTERS, description="How a statement names it, such as a bank's reference.")
]
MovedMicros = Annotated[int, Field(description="Millionths of the currency's unit; negative when it left.")]


class Funds(Given):
    """An amount to add, in the currency of whom it is added to.

    `manual_transfer` says that money arrived; `test_card` pretends, in a sandbox and a demo.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"amount_micros": 500_000_000}]})
    amount_micros: Micros
    provider: Literal["manual_transfer", "test_card"] = "manual_transfer"
    reference: Reference = ""
    card_number: Annotated[
        str,
        Field(max_length=40, description="A test card's number.", examples=["9999 0000 0000 0000"]),
    ] = ""

    @property
    def said(self) -> str:
        """What the provider asks for."""
        return self.card_number if self.provider == "test_card" else self.reference


class Refund(Given):
    """An amount to give back by a manual transfer, of what is not spent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"amount_micros": 20_000_000}]})
    amount_micros: Micros
    reference: Reference = ""


class CenterTransfer(Given):
    """An amount to move between a Business Center and one of its advertisers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"advertiser_id": "7507931062747136001", "amount_micros": 50_000_000, "to": "advertiser"}]
        }
    )
    advertiser_id: GivenId
    amount_micros: Micros
    to: Literal["advertiser", "business_center"]


class BalanceAnswer(Told):
    """What an advertiser, or a Business Center itself, has: available is paid in less spent, never below zero."""

    bc_id: ToldId
    advertiser_id: ToldId | None
    currency: str
    paid_in_micros: Micros
    spent_micros: Micros
    available_micros: Micros


class MovementAnswer(Told):
    """A movement of money that no event made.

    `kind` is `funding`, `refund`, `transfer`, or the reason of a correction.
    """

    transaction_id: ToldId
    advertiser_id: ToldId | None
    kind: str
    amount_micros: MovedMicros
    currency: str
    reference: str
    actor: str
    at: ToldMoment
    reverses: Annotated[ToldId | None, Field(description="The transaction that this one undoes.")]


def tell_balance(view: BalanceView) -> BalanceAnswer:
    """Return a balance as callers see it."""
    return BalanceAnswer(
        bc_id=str(view.business_center_id),
        advertiser_id=None if view.advertiser_id is None else str(view.advertiser_id),
        currency=view.currency,
        paid_in_micros=view.paid_in_micros,
        spent_micros=view.spent_micros,
        available_micros=view.available_micros,
    )


def tell_movement(view: MovementView) -> MovementAnswer:
    """Return a movement as callers see it."""
    return MovementAnswer(
        transaction_id=str(view.id),
        advertiser_id=None if view.advertiser_id is None else str(view.advertiser_id),
        kind=view.kind,
        amount_micros=view.amount_micros,
        currency=view.currency,
        reference=view.memo,
        actor=view.actor,
        at=rfc3339(view.at_ms),
        reverses=None if view.reverses is None else str(view.reverses),
    )
