"""What should not have been charged is given back: every leg of a charge at once, once, for a reason that is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.limits import CREDIT_MS, CREDITS_AT_ONCE
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.ledger import actions as ledger
from attise.ledger import queries as books
from attise.ledger.errors import ALREADY_REVERSED, NOT_REVERSIBLE
from attise.ledger.views import ChargeView
from attise.management.accounts.payer import creator_of
from attise.management.billing.errors import CHARGE_TOO_OLD, TOO_MANY_CHARGES, BillingRefused
from attise.management.billing.purses import Purse, purse_of_advertiser, tell_balance
from attise.management.billing.rules import INVALID_TRAFFIC, MEMO_CHARACTERS, check_given_back
from attise.management.outbox.actions import Unit, unit, verb


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What became of one charge: ``given_back``, ``before`` (it was given back already), or refused with its reason."""

    charge_key: str
    outcome: str
    amount_micros: int = 0
    refusal: Refusal | None = None


@verb
def give_back(
    means: Means, actor: Actor, *, advertiser_id: int, charge_keys: Sequence[str], reason: str, note: str = ""
) -> list[GivenBack]:
    """Give charges of one advertiser back, each with all its legs or not at all; the answers are in the order asked.

    What a creator had of it is taken back too, though it was paid out: then they owe it. ``invalid_traffic`` is given
    back within 30 days of its event, before a creator's part of it can be paid; ``billing_error`` whenever it is found.
    Asking again changes nothing. Raises: ``not_found``, ``too_many_charges``, ``choice_unknown``, the rules of texts;
    what is wrong with one charge is its answer: ``not_found`` (another advertiser's too), ``charge_too_old``,
    ``not_reversible``.
    """
    check_given_back(reason)
    if not 1 <= len(charge_keys) <= CREDITS_AT_ONCE:
        raise BillingRefused(TOO_MANY_CHARGES, field="charges", limit=CREDITS_AT_ONCE, got=len(charge_keys))
    memo = clean_text(note, field="note", limit=MEMO_CHARACTERS, empty=True)
    purse = purse_of_advertiser(advertiser_id)
    with unit(means) as work:
        with ledger.batch(means, purse.currency):
            known = books.list_charges(charge_keys, payer=purse.account_key)
            answers: dict[str, GivenBack] = {}
            for key in dict.fromkeys(charge_keys):
                answers[key] = _give_back(means, actor, known.get(key), key, purse.currency, reason, memo)
        _tell(work, purse, [known[key] for key, answer in answers.items() if answer.outcome == "given_back"], reason)
    return [answers[key] for key in charge_keys]


def _tell(work: Unit, purse: Purse, charges: Sequence[ChargeView], reason: str) -> None:
    """Tell decision processes of the balance, the advertiser what came back, and creators what left them."""
    if not charges or purse.advertiser_id is None:
        return
    tell_balance(work, purse)
    told = {"currency": purse.currency, "reason": reason}
    total = sum(charge.charged_micros for charge in charges)
    work.notice(
        "advertiser", purse.advertiser_id, "charges_given_back", purse.advertiser_id, amount_micros=total, **told
    )
    taken: dict[int, int] = defaultdict(int)
    for charge in charges:
        for account, micros in charge.legs:
            creator_id = creator_of(account)
            if creator_id is not None:
                taken[creator_id] += micros
    for creator_id, micros in sorted(taken.items()):
        work.notice("creator", creator_id, "earnings_taken_back", creator_id, amount_micros=micros, **told)


def _give_back(
    means: Means, actor: Actor, charge: ChargeView | None, key: str, currency: str, reason: str, memo: str
) -> GivenBack:
    own_key = "" if charge is None else f"give_back:{charge.id}"
    if charge is not None and books.find_transfer(own_key) is not None:
        return GivenBack(key, "before")
    refusal = _why_not(charge, reason, now_ms=means.clock.world_ms())
    if charge is None or refusal is not None:
        return GivenBack(key, "refused", refusal=refusal)
    try:
        ledger.reverse_charge(means, actor, charge_key=key, currency=currency, key=own_key, reason=reason, memo=memo)
    except Refusal as refused:
        if refused.reason is ALREADY_REVERSED:
            return GivenBack(key, "before")
        return GivenBack(key, "refused", refusal=refused)
    return GivenBack(key, "given_back", charge.charged_micros)


def _why_not(charge: ChargeView | None, reason: str, *, now_ms: int) -> Refusal | None:
    """Return why a charge is not given back for a reason, or None."""
    if charge is None:
        return BillingRefused(NOT_FOUND, field="charges")
    if not charge.charged_micros:
        return BillingRefused(NOT_REVERSIBLE, field="charges")
    if reason == INVALID_TRAFFIC and now_ms - charge.decided_at_ms >= CREDIT_MS:
        return BillingRefused(CHARGE_TOO_OLD, field="charges")
    return None
