"""A test card: the same number and amount always end the same way. No issuer gives numbers that begin with 9999."""

from __future__ import annotations

from attise.kernel.errors import N_
from attise.kernel.money import MICROS
from attise.ledger.funding.errors import CARD_DECLINED, CARD_REQUIRED, CARD_UNKNOWN, FundingRefused
from attise.ledger.funding.provider import Order, Receipt

ACCEPTED = "9999000000000000"
DECLINED = {
    "9999000000000001": N_("its bank refuses, without saying why"),
    "9999000000000002": N_("it has not enough money"),
    "9999000000000003": N_("it has expired"),
    "9999000000000004": N_("it was reported lost"),
}
CEILING_MICROS = 1_000_000 * MICROS
OVER_CEILING = N_("the amount is above its limit of 1,000,000")
DIGITS_SHOWN = 4


class TestCard:
    """Pretends to collect; for a sandbox and a demo."""

    __test__ = False  # its name is what it is, not what it does
    name = "test_card"

    def collect(self, order: Order) -> Receipt:
        """Return a receipt, or decline as the number says; a number that is no test card's is not kept anywhere.

        Raises: ``test_card_required``, ``test_card_unknown``, ``card_declined``.
        """
        number = order.said.replace(" ", "")
        if not number:
            raise FundingRefused(CARD_REQUIRED, field="card_number")
        if number != ACCEPTED and number not in DECLINED:
            raise FundingRefused(CARD_UNKNOWN, field="card_number")
        why = DECLINED.get(number) or (OVER_CEILING if order.amount_micros > CEILING_MICROS else None)
        if why is not None:
            raise FundingRefused(CARD_DECLINED, field="card_number", rule=why)
        return Receipt("outside:test_card", f"•••• {number[-DIGITS_SHOWN:]}")
