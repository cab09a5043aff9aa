"""Shapes of creators' money: balances, accounts that they are paid on, payouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Currency, Given, Micros, Told, ToldId, ToldMoment, told_id
from attise.kernel.clock import rfc3339
from attise.kernel.limits import ACCOUNT_HOLDER_CHARACTERS, ACCOUNT_NUMBER_CHARACTERS, PAYOUT_NOTE_CHARACTERS
from attise.ledger.funding.manual import REFERENCE_CHARACTERS
from attise.management.earnings.by_post import EarnedRow
from attise.management.earnings.rules import Balance
from attise.management.earnings.views import PayoutAccountView, PayoutView

SignedMicros = Annotated[int, Field(description="Millionths of the currency's unit; may be negative.")]
Note = Annotated[str, Field(max_length=PAYOUT_NOTE_CHARACTERS, description="The creator reads it.")]
PayoutState = Literal["asked", "held", "approved", "paid", "refused", "failed", "withdrawn"]


class PayoutAccount(Given):
    """Where a creator is paid. The number is kept sealed and shown masked."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"holder": "Léa Martin", "number": "FR76 3000 6000 0112 3456 7890 189"}]}
    )
    holder: Annotated[str, Field(max_length=ACCOUNT_HOLDER_CHARACTERS)]
    number: Annotated[str, Field(max_length=ACCOUNT_NUMBER_CHARACTERS, description="An IBAN, or another number.")]


class PayoutWish(Given):
    """Matured earnings to be paid out; without an amount all that is available."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"currency": "EUR", "amount_micros": 25_000_000}]})
    currency: Currency
    amount_micros: Micros | None = None


class PayoutApproval(Given):
    """An approval; of a payout that is held, the note says why it is paid all the same."""

    note: Note = ""


class PayoutRefusal(Given):
    """Why a payout is refused, or what became of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "The account is closed."}]})
    note: Note


class PayoutSent(Given):
    """The operator's word that a payout was sent."""

    reference: Annotated[str, Field(max_length=REFERENCE_CHARACTERS, description="How the bank names it.")] = ""


class PayoutAccountAnswer(Told):
    """Where a creator is paid."""

    holder: str
    account: Annotated[str, Field(description="The number, masked.", examples=["•••• 0189"])]
    named_at: ToldMoment


class EarningsBalance(Told):
    """What a creator has in one currency.

    `accrued` plus `owed` is all that is theirs. `owed` is what matured, less what was set aside and paid: below zero
    when more was given back to advertisers than was left.
    """

    currency: str
    accrued_micros: SignedMicros
    matured_micros: SignedMicros
    set_aside_micros: Micros
    paid_micros: Micros
    asked_micros: Micros
    owed_micros: SignedMicros
    available_micros: Micros


class EarningsSource(Told):
    """What one post brought from one advertiser, since the beginning.

    `authorization_id` is null where no single grant can be named, `post_id` where no post can. `kind` is `share` of
    what ads cost, or `fee` of a grant. What is given back is in `given_back_micros` and not taken off `earned_micros`.
    """

    currency: str
    advertiser_id: ToldId | None
    authorization_id: ToldId | None
    post_id: ToldId | None
    kind: Literal["share", "fee"]
    events: int
    earned_micros: Micros
    given_back_micros: Micros


class EarningsAnswer(Told):
    """What a creator earned, by currency and by what brought it, and where they are paid."""

    creator_id: ToldId
    balances: list[EarningsBalance]
    sources: list[EarningsSource]
    payout_account: PayoutAccountAnswer | None


class HeldFor(Told):
    """Why a payout waits for the operator's word."""

    reason: Literal["same_owner", "shared_account"]
    object_id: ToldId


class PayoutAnswer(Told):
    """A payout."""

    payout_id: ToldId
    creator_id: ToldId
    currency: str
    amount_micros: Micros
    state: PayoutState
    held_for: list[HeldFor]
    holder: str
    account: str
    asked_at: ToldMoment
    asked_by: str
    decided_at: ToldMoment | None
    decided_by: str
    note: str
    reference: str
    ended_at: ToldMoment | None


def tell_account(view: PayoutAccountView) -> PayoutAccountAnswer:
    """Return an account as callers see it."""
    return PayoutAccountAnswer(holder=view.holder, account=view.mask, named_at=rfc3339(view.created_at_ms))


def tell_earnings(
    creator_id: int,
    balances: list[Balance],
    earned: Mapping[str, Sequence[EarnedRow]],
    account: PayoutAccountView | None,
) -> EarningsAnswer:
    """Return earnings as callers see them; ``earned`` is by currency."""
    return EarningsAnswer(
        creator_id=str(creator_id),
        balances=[
            EarningsBalance(
                currency=one.currency,
                accrued_micros=one.accrued_micros,
                matured_micros=one.matured_micros,
                set_aside_micros=one.set_aside_micros,
                paid_micros=one.paid_micros,
                asked_micros=one.asked_micros,
                owed_micros=one.owed_micros,
                available_micros=one.available_micros,
            )
            for one in balances
        ],
        sources=[_tell_source(currency, row) for currency, rows in earned.items() for row in rows],
        payout_account=None if account is None else tell_account(account),
    )


def _tell_source(currency: str, row: EarnedRow) -> EarningsSource:
    return EarningsSource(
        currency=currency,
        advertiser_id=told_id(row.advertiser_id),
        authorization_id=told_id(row.authorization_id),
        post_id=told_id(row.post_id),
        kind="fee" if row.is_fee else "share",
        events=row.events,
        earned_micros=row.earned_micros,
        given_back_micros=row.given_back_micros,
    )


def tell_payout(view: PayoutView) -> PayoutAnswer:
    """Return a payout as callers see it."""
    return PayoutAnswer(
        payout_id=str(view.id),
        creator_id=str(view.creator_id),
        currency=view.currency,
        amount_micros=view.amount_micros,
        state=view.state,
        held_for=[HeldFor(reason=reason, object_id=number) for reason, number in view.held_for],
        holder=view.account.holder,
        account=view.account.mask,
        asked_at=rfc3339(view.asked_at_ms),
        asked_by=view.asked_by,
        decided_at=None if view.decided_at_ms is None else rfc3339(view.decided_at_ms),
        decided_by=view.decided_by,
        note=view.note,
        reference=view.reference,
        ended_at=None if view.ended_at_ms is None else rfc3339(view.ended_at_ms),
    )
