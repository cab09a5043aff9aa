"""The operator answers what a creator asked for: approved and paid, refused, or failed on its way."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.limits import PAYOUT_NOTE_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.money import format_amount
from attise.kernel.text import clean_text
from attise.ledger import actions as ledger
from attise.ledger import queries as books
from attise.ledger.paying import ManualPayment, Payer, Payment
from attise.management.accounts.payer import earner_of
from attise.management.earnings import errors
from attise.management.earnings.actions.ask import hold_payout
from attise.management.earnings.actions.telling import tell
from attise.management.earnings.errors import EarningsRefused
from attise.management.earnings.models import Payout
from attise.management.earnings.queries import balance_of, get_payout, open_number, payable_of
from attise.management.earnings.rules import CAME_BACK, SENT, SET_ASIDE, WAITING
from attise.management.earnings.views import PayoutView, payout_view
from attise.management.outbox.actions import Unit, unit, verb
from attise.records.lookups import currencies

State = Payout.State


@verb
def approve_payout(means: Means, actor: Actor, *, payout_id: int, note: str = "") -> PayoutView:
    """Set the money of a payout aside, if what has matured still covers it; a held one takes a note that says why.

    Raises: ``not_found``, ``payout_state``, ``payout_note_required``, ``payout_not_covered``.
    """
    note = _clean(note)
    with unit(means) as work:
        row = _hold(payout_id, *WAITING)
        if row.state == State.HELD and not note:
            raise EarningsRefused(errors.NOTE_REQUIRED, field="note")
        with ledger.batch(means, row.currency):
            owed = balance_of(means, creator_id=row.creator_id, currency=row.currency).owed_micros
            if owed < row.amount_micros:
                available = format_amount(max(0, owed), exponent=currencies.get(row.currency).exponent)
                raise EarningsRefused(errors.NOT_COVERED, field="payout_id", available=available, currency=row.currency)
            ledger.move(
                means,
                actor,
                key=f"payout:{row.id}",
                currency=row.currency,
                reason=SET_ASIDE,
                entries={earner_of(row.creator_id): -row.amount_micros, payable_of(row.creator_id): row.amount_micros},
                memo=row.account.mask,
            )
        _decide(means, work, actor, row, State.APPROVED, note)
    return payout_view(row)


@verb
def refuse_payout(means: Means, actor: Actor, *, payout_id: int, note: str) -> PayoutView:
    """Refuse a payout; the money stays the creator's.

    Raises: ``not_found``, ``payout_state``, ``payout_note_required``.
    """
    note = _clean(note)
    if not note:
        raise EarningsRefused(errors.NOTE_REQUIRED, field="note")
    with unit(means) as work:
        row = _hold(payout_id, *WAITING)
        row.ended_at_ms = means.clock.world_ms()
        _decide(means, work, actor, row, State.REFUSED, note)
    return payout_view(row)


def mark_paid(
    means: Means, actor: Actor, *, payout_id: int, reference: str = "", payer: Payer | None = None
) -> PayoutView:
    """Pay an approved payout, once; by default the operator's word that it was, and by which reference.

    The provider is asked outside of the transaction, under the payout's own key, and answers the same if a crash makes
    us ask again. Raises: ``not_found``, ``payout_state``, the rules of texts, and the refusals of the provider.
    """
    view = get_payout(payout_id)
    if view.state not in {State.APPROVED, State.PAID}:
        raise EarningsRefused(errors.PAYOUT_STATE, field="payout_id")
    receipt = (payer or ManualPayment()).pay(
        Payment(
            key=f"payout:{view.id}:sent",
            currency=view.currency,
            amount_micros=view.amount_micros,
            holder=view.account.holder,
            number=open_number(means, view.id),
            said=clean_text(reference, field="reference", limit=140, empty=True),
        )
    )
    return _pay(means, actor, payout_id, receipt.account_key, receipt.memo)


@verb
def _pay(means: Means, actor: Actor, payout_id: int, outside: str, reference: str) -> PayoutView:
    with unit(means) as work:
        row = hold_payout(payout_id)
        if row.state == State.PAID:
            return payout_view(row)
        if row.state != State.APPROVED:
            raise EarningsRefused(errors.PAYOUT_STATE, field="payout_id")
        with ledger.batch(means, row.currency):
            ledger.move(
                means,
                actor,
                key=f"payout:{row.id}:sent",
                currency=row.currency,
                reason=SENT,
                entries={payable_of(row.creator_id): -row.amount_micros, outside: row.amount_micros},
                memo=reference,
            )
        row.state, row.reference, row.ended_at_ms = State.PAID, reference, means.clock.world_ms()
        row.save(update_fields=["state", "reference", "ended_at_ms"])
        tell(work, actor, row)
    return payout_view(row)


@verb
def fail_payout(means: Means, actor: Actor, *, payout_id: int, note: str) -> PayoutView:
    """Say that an approved payout did not arrive: the money is the creator's again.

    Raises: ``not_found``, ``payout_state``, ``payout_note_required``.
    """
    note = _clean(note)
    if not note:
        raise EarningsRefused(errors.NOTE_REQUIRED, field="note")
    with unit(means) as work:
        row = _hold(payout_id, State.APPROVED)
        set_aside = books.find_transfer(f"payout:{row.id}")
        if set_aside is None:
            raise AssertionError("an approved payout has its money set aside")
        with ledger.batch(means, row.currency):
            ledger.reverse_transfer(
                means,
                actor,
                transfer_id=set_aside.id,
                currency=row.currency,
                key=f"payout:{row.id}:failed",
                reason=CAME_BACK,
                memo=note,
            )
        row.state, row.note, row.ended_at_ms = State.FAILED, note, means.clock.world_ms()
        row.save(update_fields=["state", "note", "ended_at_ms"])
        tell(work, actor, row)
    return payout_view(row)


def _hold(payout_id: int, *states: str) -> Payout:
    """Return a payout in one of some states, held. Raises: ``not_found``, ``payout_state``."""
    row = hold_payout(payout_id)
    if row.state not in states:
        raise EarningsRefused(errors.PAYOUT_STATE, field="payout_id")
    return row


def _decide(means: Means, work: Unit, actor: Actor, row: Payout, state: str, note: str) -> None:
    row.state, row.note, row.decided_by, row.decided_at_ms = state, note, str(actor), means.clock.world_ms()
    row.save(update_fields=["state", "note", "decided_by", "decided_at_ms", "ended_at_ms"])
    tell(work, actor, row)


def _clean(note: str) -> str:
    return clean_text(note, field="note", limit=PAYOUT_NOTE_CHARACTERS, empty=True)
