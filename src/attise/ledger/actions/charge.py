"""Events are charged: all of an amount or nothing, within every envelope, once for each key.

Step 4 of *an event comes back*. Before: settle has made the event once and attributed it. After: accounts, envelopes.
"""

from __future__ import annotations

from collections.abc import Sequence

from attise.kernel.means import Means
from attise.kernel.money import LARGEST_MICROS
from attise.ledger.actions.batch import batch
from attise.ledger.book import Book, EnvelopeOnHand
from attise.ledger.book.book import CHARGE, Movement
from attise.ledger.errors import CHARGE_KEY_REUSED, LedgerRefused
from attise.ledger.models import Charge as ChargeRow
from attise.ledger.rules import Free, period_of, why_free
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


def charge_many(book: Book, asked: Sequence[Charge]) -> list[Charged]:
    """Charge many events, judged one after the other; the answers are in their order.

    An event is *free* when an envelope lacks room in the period of its decision, was closed more than 60 s before its
    receipt, or is not there; never partly. The same key with the same content (all but the time of receipt) answers
    what was answered before, with other content ``conflict``, and nothing is recorded.
    Raises: AssertionError for what no caller may ask: a negative amount, legs that do not sum to it, envelopes of two
    payers, a payer without a balance.
    Cost: seven statements to read, whatever their number; no statement for what is on hand already.
    """
    shelves = book.shelves
    for one in asked:
        _check(one)
    book.bring_charges(one.key for one in asked)
    shelves.bring_envelopes({envelope for one in asked for envelope in one.envelopes})
    shelves.bring_accounts({key for one in asked for key, _ in one.legs})
    placed = [_places(book, one) for one in asked]
    shelves.bring_periods({place for places in placed for place in places})
    return [_charge(book, one, places) for one, places in zip(asked, placed, strict=True)]


def _check(asked: Charge) -> None:
    if not 0 <= asked.amount_micros <= LARGEST_MICROS or not asked.envelopes:
        raise AssertionError(f"charge {asked.key} has no amount or no envelope")
    if any(micros < 0 for _, micros in asked.legs) or sum(micros for _, micros in asked.legs) != asked.amount_micros:
        raise AssertionError(f"the legs of charge {asked.key} are not its amount")


def _places(book: Book, asked: Charge) -> Places:
    """Return the envelopes that bound a charge, the payer's balance among them, with the periods of its decision."""
    known = {one: book.shelves.envelope_of_id(one) for one in asked.envelopes}
    payers = {envelope.account_id for envelope in known.values() if envelope is not None}
    if len(payers) > 1:
        raise AssertionError(f"charge {asked.key} has envelopes of {len(payers)} payers")
    for payer in payers:
        balance = book.shelves.account_of_id(payer).balance_envelope
        if balance is None:
            raise AssertionError(f"the payer of charge {asked.key} has no balance")
        known.setdefault(balance, book.shelves.envelope_of_id(balance))
    return tuple(
        (one, period_of(envelope.kind, envelope.zone, asked.decided_at_ms))
        for one, envelope in sorted(known.items())
        if envelope is not None
    )


def _charge(book: Book, asked: Charge, places: Places) -> Charged:
    """Judge one charge and write it."""
    legs = _legs(asked)
    before = book.find_charge(asked.key)
    if before is not None:
        if not _is_same(before, asked, places, legs):
            return Charged(asked.key, CONFLICT, "", 0)
        return Charged(asked.key, before.outcome, before.reason, before.charged_micros, is_repeated=True)
    reason = _why_free(book, asked, places)
    view = ChargeView(
        id=book.means.ids.next(),
        key=asked.key,
        currency=book.currency,
        amount_micros=asked.amount_micros,
        outcome=CHARGED if reason is None else FREE,
        reason="" if reason is None else reason.value,
        places=places,
        legs=legs,
        decided_at_ms=asked.decided_at_ms,
        received_at_ms=asked.received_at_ms,
    )
    if view.charged_micros:
        _pay(book, view)
    book.write_charge(view)
    return Charged(view.key, view.outcome, view.reason, view.charged_micros)


def _why_free(book: Book, asked: Charge, places: Places) -> Free | None:
    shelves = book.shelves
    bounds: list[tuple[int | None, int | None]] = []
    if any(shelves.envelope_of_id(one) is None for one in asked.envelopes):
        return Free.UNKNOWN
    for envelope_id, period in places:
        closed_at_ms = _envelope(book, envelope_id).closed_at_ms
        bounds.append((shelves.period(envelope_id, period).room_micros, closed_at_ms))
    return why_free(asked.amount_micros, received_at_ms=asked.received_at_ms, bounds=bounds)


def _pay(book: Book, charge: ChargeView) -> None:
    """Move the money of a charge that fits, and count it in every envelope."""
    shelves = book.shelves
    for envelope_id, period in charge.places:
        held = shelves.period(envelope_id, period)
        held.spend(charge.amount_micros)
        shelves.changed(held)
    payer = shelves.account_of_id(_envelope(book, charge.places[0][0]).account_id)
    paid = [(shelves.account(key), micros) for key, micros in charge.legs]
    movement = Movement(id=charge.id, reason=CHARGE, at_ms=charge.decided_at_ms, payer=payer)
    book.write_transfer(movement, [(payer, -charge.amount_micros), *paid])


def _envelope(book: Book, envelope_id: int) -> EnvelopeOnHand:
    envelope = book.shelves.envelope_of_id(envelope_id)
    if envelope is None:
        raise AssertionError("a place names an envelope on hand")
    return envelope


def _legs(asked: Charge) -> tuple[tuple[str, int], ...]:
    """Return who is paid, once each, by key; nobody who gets nothing."""
    paid: dict[str, int] = {}
    for key, micros in asked.legs:
        paid[key] = paid.get(key, 0) + micros
    return tuple(sorted((key, micros) for key, micros in paid.items() if micros))


def _is_same(before: ChargeView, asked: Charge, places: Places, legs: tuple[tuple[str, int], ...]) -> bool:
    """Tell whether a charge was asked for in the same words; when it was received may differ."""
    return (before.amount_micros, before.decided_at_ms, before.legs) == (
        asked.amount_micros,
        asked.decided_at_ms,
        legs,
    ) and {one for one, _ in before.places} == {one for one, _ in places}
