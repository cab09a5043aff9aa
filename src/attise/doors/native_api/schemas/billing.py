"""Shapes of money: what is added, returned and moved, balances and movements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Given, GivenId, Micros, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.kernel.errors import Refusal
from attise.kernel.limits import CREDITS_AT_ONCE
from attise.ledger.funding.manual import REFERENCE_CHARACTERS
from attise.ledger.views import ChargeView
from attise.management.accounts.payer import creator_of
from attise.management.billing.actions import GivenBack
from attise.management.billing.rules import MEMO_CHARACTERS
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


class GiveBack(Given):
    """Charges of an advertiser to give back, each with all its parts, once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"charges": ["event:6f1e5d4c3b2a19080706050403020100"], "reason": "invalid_traffic"}]
        }
    )
    charges: Annotated[
        list[Annotated[str, Field(max_length=120)]],
        Field(
            min_length=1, max_length=CREDITS_AT_ONCE, description="Keys of charges, as the list of charges tells them."
        ),
    ]
    reason: Annotated[
        Literal["invalid_traffic", "billing_error"],
        Field(description="Invalid traffic is given back within 30 days of its event."),
    ]
    note: Annotated[str, Field(max_length=MEMO_CHARACTERS)] = ""


class ChargeAnswer(Told):
    """What one event, or a creator's fee, cost an advertiser."""

    charge: Annotated[str, Field(description="The key by which it may be given back.")]
    amount_micros: Micros
    currency: str
    at: Annotated[ToldMoment, Field(description="When it was decided: its local day pays.")]
    creator_id: ToldId | None
    creator_micros: Micros
    given_back: bool


class GivenBackResult(Told):
    """What became of one charge: `before` was given back already."""

    charge: str
    outcome: Literal["given_back", "before", "refused"]
    amount_micros: Micros
    code: str | None
    message: str | None


class GivenBackAnswer(Told):
    """One result for each charge, in the order asked."""

    results: list[GivenBackResult]
    amount_micros: Micros


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


def tell_charge(charge: ChargeView, *, is_given_back: bool) -> ChargeAnswer:
    """Return a charge as callers see it."""
    creator = next(((creator_of(key), micros) for key, micros in charge.legs if creator_of(key) is not None), (None, 0))
    return ChargeAnswer(
        charge=charge.key,
        amount_micros=charge.charged_micros,
        currency=charge.currency,
        at=rfc3339(charge.decided_at_ms),
        creator_id=None if creator[0] is None else str(creator[0]),
        creator_micros=creator[1],
        given_back=is_given_back,
    )


def tell_given_back(results: list[GivenBack], verdict: Callable[[Refusal], str]) -> GivenBackAnswer:
    """Return what became of charges as callers see it; ``verdict`` says a refusal in the caller's language."""
    return GivenBackAnswer(
        results=[
            GivenBackResult(
                charge=one.charge_key,
                outcome=one.outcome,
                amount_micros=one.amount_micros,
                code=None if one.refusal is None else one.refusal.code,
                message=None if one.refusal is None else verdict(one.refusal),
            )
            for one in results
        ],
        amount_micros=sum(one.amount_micros for one in results),
    )


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
