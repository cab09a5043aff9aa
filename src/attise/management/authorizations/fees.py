"""The fixed fee of a grant: what an advertiser pays its creator once, when the first of its ads is switched on.

A charge like any other, under a key of the grant and the advertiser, within an envelope of its own: so that it happens
once, all of it or not at all, that no cap of what is spent on ads counts it, and that whoever reads the ledger sees
which grant it was paid for. What the terms ask later changes nothing for whoever has paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from attise.kernel.means import Means
from attise.kernel.money import format_amount
from attise.ledger import actions as ledger
from attise.ledger import queries as books
from attise.management.accounts import queries as accounts
from attise.management.accounts.payer import earner_of, payer_of
from attise.management.authorizations.coverage import Cover
from attise.management.authorizations.errors import FEE_NOT_COVERED, AuthorizationRefused
from attise.records.charge import Charge
from attise.records.lookups import currencies


@dataclass(frozen=True, slots=True)
class Due:
    """A fee that is not paid yet."""

    authorization_id: int
    advertiser_id: int
    creator_id: int
    amount_micros: int
    currency: str


def key_of(authorization_id: int, advertiser_id: int) -> str:
    """Return the key of a fee's charge, and of its envelope."""
    return f"fee:{authorization_id}:{advertiser_id}"


def list_due(covers: Iterable[tuple[int, Cover]]) -> list[Due]:
    """Return the fees that advertisers have not paid yet for the grants they stand on, each once.

    Pairs are an advertiser and its grant. Cost: one query, none where no terms ask for a fee.
    """
    asked = {
        key_of(cover.authorization_id, advertiser_id): Due(
            cover.authorization_id,
            advertiser_id,
            cover.creator_id,
            cover.terms.fee_micros,
            cover.terms.currency or "",
        )
        for advertiser_id, cover in covers
        if cover.terms.fee_micros and cover.is_live
    }
    paid = books.known_charges(asked) if asked else set()
    return [due for key, due in sorted(asked.items()) if key not in paid]


def rooms_of(dues: Iterable[Due], *, now_ms: int) -> Mapping[int, int]:
    """Return what the advertisers of fees have left, by id. Cost: one query, none for no fees."""
    keys = {payer_of(due.advertiser_id): due.advertiser_id for due in dues}
    states = books.list_envelopes(keys, at_ms=now_ms) if keys else {}
    return {one: (states[key].room_micros or 0) if key in states else 0 for key, one in keys.items()}


def charge_fee(means: Means, due: Due) -> None:
    """Charge a fee, in the unit of the caller, late in it; one that was charged meanwhile stays charged once.

    Raises: ``fee_not_covered`` when the advertiser's balance is short, or is in another currency than the terms.
    """
    payer = accounts.get_advertiser(due.advertiser_id)
    key = key_of(due.authorization_id, due.advertiser_id)
    with ledger.batch(means, payer.currency) as book:
        if books.known_charges([key]):
            return
        room_micros = rooms_of([due], now_ms=means.clock.world_ms())[payer.id]
        if due.currency != payer.currency or room_micros < due.amount_micros:
            raise not_covered(due, room_micros if due.currency == payer.currency else 0)
        envelope = ledger.open_envelope(
            means,
            key=key,
            kind="total",
            payer=payer_of(payer.id),
            currency=payer.currency,
            timezone=payer.timezone,
            limit_micros=None,
        )
        charge = Charge(
            key=key,
            envelopes=(envelope.id,),
            amount_micros=due.amount_micros,
            legs=((earner_of(due.creator_id), due.amount_micros),),
            decided_at_ms=means.clock.world_ms(),
            received_at_ms=means.clock.wire_ms(),
        )
        (answer,) = ledger.charge_many(book, [charge])
        if answer.charged_micros != due.amount_micros:
            raise AssertionError("a fee that the balance covers is charged")


def not_covered(due: Due, room_micros: int) -> AuthorizationRefused:
    """Return the refusal of a fee that a balance does not cover."""
    row = currencies.get(due.currency)
    return AuthorizationRefused(
        FEE_NOT_COVERED,
        field="post_id",
        fee=format_amount(due.amount_micros, exponent=row.exponent),
        available=format_amount(room_micros, exponent=row.exponent),
        currency=due.currency,
    )
