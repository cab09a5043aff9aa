"""A creator asks to be paid what has matured, or takes that back."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.kernel.money import LARGEST_MICROS, format_amount
from attise.ledger import actions as ledger
from attise.management.accounts import queries as accounts
from attise.management.earnings import errors
from attise.management.earnings.actions.telling import tell
from attise.management.earnings.errors import EarningsRefused
from attise.management.earnings.links import reasons_to_hold
from attise.management.earnings.models import Payout
from attise.management.earnings.queries import balance_of, newest_account
from attise.management.earnings.rules import OPEN, WAITING
from attise.management.earnings.views import PayoutView, payout_view
from attise.management.outbox.actions import unit, verb
from attise.records.lookups import currencies

State = Payout.State


@verb
def ask_payout(
    means: Means, actor: Actor, *, creator_id: int, currency: str, amount_micros: int | None = None
) -> PayoutView:
    """Ask for matured earnings, for all that is available where no amount is named, down to what a bank can write.

    One payout of a currency is under way at a time. It is held where creator and payer may be one. However many ask at
    once, no more is reserved than has matured. Raises: ``not_found``, ``payout_account_missing``,
    ``payout_above_matured``, ``payout_under_way``.
    """
    creator = accounts.get_creator(creator_id)
    row = currencies.find(currency)
    if row is None:
        raise _above(0, "EUR")
    account = newest_account(creator.id)
    if account is None:
        raise EarningsRefused(errors.ACCOUNT_MISSING, field="creator_id")
    with unit(means) as work, ledger.batch(means, currency):
        if Payout.objects.filter(creator_id=creator.id, currency=currency, state__in=OPEN).exists():
            raise EarningsRefused(errors.PAYOUT_UNDER_WAY, field="currency", currency=currency)
        available = balance_of(means, creator_id=creator.id, currency=currency).available_micros
        payable = min(available, LARGEST_MICROS) // row.smallest_micros * row.smallest_micros
        wanted = payable if amount_micros is None else amount_micros
        if not 0 < wanted <= payable or wanted % row.smallest_micros:
            raise _above(payable, currency)
        held_for = reasons_to_hold(creator, currency, account)
        made = Payout.objects.create(
            id=means.ids.next(),
            creator_id=creator.id,
            account=account,
            currency=currency,
            amount_micros=wanted,
            state=State.HELD if held_for else State.ASKED,
            held_for=held_for,
            asked_by=str(actor),
            asked_at_ms=means.clock.world_ms(),
        )
        tell(work, actor, made)
    return payout_view(made)


@verb
def withdraw_payout(means: Means, actor: Actor, *, creator_id: int, payout_id: int) -> PayoutView:
    """Take back what was asked for, while it is not approved. Raises: ``not_found``, ``payout_state``."""
    with unit(means) as work:
        row = hold_payout(payout_id, creator_id=creator_id)
        if row.state not in WAITING:
            raise EarningsRefused(errors.PAYOUT_STATE, field="payout_id")
        row.state, row.ended_at_ms = State.WITHDRAWN, means.clock.world_ms()
        row.save(update_fields=["state", "ended_at_ms"])
        tell(work, actor, row)
    return payout_view(row)


def hold_payout(payout_id: int, *, creator_id: int | None = None) -> Payout:
    """Return a payout, of a creator where one is named, held until the unit ends. Raises: ``not_found``."""
    rows = Payout.objects.select_for_update(no_key=True, of=("self",)).select_related("account").filter(id=payout_id)
    row = (rows if creator_id is None else rows.filter(creator_id=creator_id)).first()
    if row is None:
        raise EarningsRefused(NOT_FOUND, field="payout_id")
    return row


def _above(available_micros: int, currency: str) -> EarningsRefused:
    available = format_amount(available_micros, exponent=currencies.get(currency).exponent)
    return EarningsRefused(errors.NOTHING_TO_PAY, field="amount_micros", available=available, currency=currency)
