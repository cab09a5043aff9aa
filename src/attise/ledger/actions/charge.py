"""Events are charged: all of an amount or nothing, within every envelope, once for each key.

Step 4 of *an event comes back*. Before: settle has made the event once and attributed it. After: accounts, envelopes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from attise.kernel.limits import MINUTE_MS
from attise.kernel.means import Means
from attise.kernel.money import LARGEST_MICROS
from attise.ledger.actions.batch import batch
from attise.ledger.book import AccountOnHand, Book, EnvelopeOnHand, PeriodOnHand
from attise.ledger.book.book import CHARGE, Movement
from attise.ledger.errors import CHARGE_KEY_REUSED, LedgerRefused
from attise.ledger.models import Charge as ChargeRow
from attise.ledger.rules import Free, is_of_before, period_of, why_free
from attise.ledger.views import Charged, ChargeView
from attise.records.charge import Charge

CONFLICT = "conflict"
CHARGED, FREE = str(ChargeRow.Outcome.CHARGED), str(ChargeRow.Outcome.FREE)
Places = tuple[tuple[int, str], ...]
"""Envelope ids and periods, by id."""


def charge(means: Means, asked: Charge, *, currency: str) -> Charged:
    """Charge one event. Raises: ``charge_key_reused``, and as ``charge_many``."""
    with batch(means, currency) as book:
        (answer,) = charge_many(book, [asked])
        if answer.outcome == CONFLICT:
            raise LedgerRefused(CHARGE_KEY_REUSED, field="key")
        return answer


def charge_many(book: Book, asked: Sequence[Charge], *, restored_at_ms: int = 0) -> list[Charged]:
    """Charge many events, judged one after the other; the answers are in their order.

    An event is *free* when its token is of before ``restored_at_ms`` (wire time) and it came afterwards, when an
    envelope lacks room in the period of its decision, was closed more than 60 s before its receipt, or is not there;
    never partly. The same key with the same content (all but the time of receipt) answers what was answered before,
    with other content ``conflict``, and nothing is recorded.
    Raises: AssertionError for what no caller may ask: a negative amount, legs that do not sum to it, envelopes of two
    payers, a payer without a balance.
    Cost: five statements to read, whatever their number; no statement for what is on hand already.
    """
    shelves = book.shelves
    for one in asked:
        _check(one)
    book.bring_charges(one.key for one in asked)
    paid = {key for one in asked for key, _ in one.legs}
    shelves.bring_envelopes({envelope for one in asked for envelope in one.envelopes}, accounts=paid)
    known: dict[tuple[tuple[int, ...], int], _Bounds] = {}
    bounds = []
    for one in asked:
        # What is decided within one minute for one ad is bounded alike: no day begins within a minute.
        alike = (one.envelopes, one.decided_at_ms // MINUTE_MS)
        found = known.get(alike)
        if found is None:
            found = known[alike] = _bounds_of(book, one)
        bounds.append(found)
    shelves.bring_periods({place for found in known.values() for place in found.places})
    for found in known.values():
        found.periods = [(envelope, shelves.period(*place)) for envelope, place in found.envelopes]
    return [_charge(book, one, found, restored_at_ms) for one, found in zip(asked, bounds, strict=True)]


@dataclass(slots=True)
class _Bounds:
    """What bounds charges alike: every envelope named, and the payer's balance, in the periods of the decision."""

    places: Places
    envelopes: list[tuple[EnvelopeOnHand, tuple[int, str]]]
    payer: AccountOnHand | None
    is_known: bool
    """Whether every envelope that was named is there."""
    periods: list[tuple[EnvelopeOnHand, PeriodOnHand]] = field(default_factory=list)
    is_changed: bool = False
    """Whether its periods are noted as changed."""


def _check(asked: Charge) -> None:
    if not 0 <= asked.amount_micros <= LARGEST_MICROS or not asked.envelopes:
        raise AssertionError(f"charge {asked.key} has no amount or no envelope")
    if any(micros < 0 for _, micros in asked.legs) or sum(micros for _, micros in asked.legs) != asked.amount_micros:
        raise AssertionError(f"the legs of charge {asked.key} are not its amount")


def _bounds_of(book: Book, asked: Charge) -> _Bounds:
    """Return the envelopes that bound a charge, in the order of their ids, with the periods of its decision."""
    named = {one: book.shelves.envelope_of_id(one) for one in asked.envelopes}
    there = {one: envelope for one, envelope in named.items() if envelope is not None}
    payers = {envelope.account_id for envelope in there.values()}
    if len(payers) > 1:
        raise AssertionError(f"charge {asked.key} has envelopes of {len(payers)} payers")
    payer = book.shelves.account_of_id(payers.pop()) if payers else None
    if payer is not None:
        balance = None if payer.balance_envelope is None else book.shelves.envelope_of_id(payer.balance_envelope)
        if balance is None:
            raise AssertionError(f"the payer of charge {asked.key} has no balance")
        there[balance.id] = balance
    envelopes = [
        (envelope, (one, period_of(envelope.kind, envelope.zone, asked.decided_at_ms)))
        for one, envelope in sorted(there.items())
    ]
    is_known = None not in named.values()
    return _Bounds(tuple(place for _, place in envelopes), envelopes, payer, is_known)


def _charge(book: Book, asked: Charge, bounds: _Bounds, restored_at_ms: int) -> Charged:
    """Judge one charge and write it."""
    legs = _legs(asked.legs)
    before = book.find_charge(asked.key)
    if before is not None:
        if not _is_same(before, asked, bounds.places, legs):
            return Charged(asked.key, CONFLICT, "", 0)
        return Charged(asked.key, before.outcome, before.reason, before.charged_micros, True, bounds.places)
    reason: Free | None = Free.UNKNOWN
    if is_of_before(restored_at_ms, sealed_at_ms=asked.sealed_at_ms, received_at_ms=asked.received_at_ms):
        reason = Free.RESTORED
    elif bounds.is_known:
        rooms = [(period.room_micros, envelope.closed_at_ms) for envelope, period in bounds.periods]
        reason = why_free(asked.amount_micros, received_at_ms=asked.received_at_ms, bounds=rooms)
    view = ChargeView(
        id=book.means.ids.next(),
        key=asked.key,
        currency=book.currency,
        amount_micros=asked.amount_micros,
        outcome=CHARGED if reason is None else FREE,
        reason="" if reason is None else reason.value,
        places=bounds.places,
        legs=legs,
        decided_at_ms=asked.decided_at_ms,
        received_at_ms=asked.received_at_ms,
    )
    if view.charged_micros:
        _pay(book, view, bounds)
    book.write_charge(view)
    return Charged(view.key, view.outcome, view.reason, view.charged_micros, places=bounds.places)


def _pay(book: Book, charge: ChargeView, bounds: _Bounds) -> None:
    """Move the money of a charge that fits, and count it in every envelope."""
    shelves, payer = book.shelves, bounds.payer
    if payer is None:
        raise AssertionError("a charge that fits has a payer")
    for _, period in bounds.periods:
        period.spend(charge.amount_micros)
    if not bounds.is_changed:  # those of many charges are the same
        for _, period in bounds.periods:
            shelves.changed(period)
        bounds.is_changed = True
    paid = [(shelves.account(key), micros) for key, micros in charge.legs]
    movement = Movement(id=charge.id, reason=CHARGE, at_ms=charge.decided_at_ms, payer=payer)
    book.write_transfer(movement, [(payer, -charge.amount_micros), *paid])


@lru_cache(maxsize=8_192)
def _legs(asked: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Return who is paid, once each, by key; nobody who gets nothing."""
    paid: dict[str, int] = {}
    for key, micros in asked:
        paid[key] = paid.get(key, 0) + micros
    return tuple(sorted((key, micros) for key, micros in paid.items() if micros))


def _is_same(before: ChargeView, asked: Charge, places: Places, legs: tuple[tuple[str, int], ...]) -> bool:
    """Tell whether a charge was asked for in the same words; when it was received may differ."""
    return (before.amount_micros, before.decided_at_ms, before.legs) == (
        asked.amount_micros,
        asked.decided_at_ms,
        legs,
    ) and {one for one, _ in before.places} == {one for one, _ in places}
