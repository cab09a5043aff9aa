"""An advertiser of a sandbox or a demo begins with money that is none."""

from __future__ import annotations

from attise.kernel.actor import COMMAND
from attise.kernel.house import Mode
from attise.kernel.means import Means
from attise.ledger.funding.test_card import ACCEPTED, TestCard
from attise.management.accounts import queries as accounts
from attise.management.billing.actions.fund import fund_advertiser, fund_business_center
from attise.management.billing.rules import TEST_CREDIT_KEY, TEST_CREDIT_MICROS
from attise.management.outbox.actions import unit, verb


@verb
def give_test_credit(means: Means, mode: Mode, *, advertiser_id: int) -> None:
    """Fund an advertiser and its Business Center by test card, each once, in their currencies; never in a live house.

    Raises: ``not_found``.
    """
    if mode is Mode.LIVE:
        return
    advertiser = accounts.get_advertiser(advertiser_id)
    card = {"amount_micros": TEST_CREDIT_MICROS, "provider": TestCard(), "key": TEST_CREDIT_KEY, "said": ACCEPTED}
    with unit(means):
        fund_advertiser(means, COMMAND, advertiser_id=advertiser.id, **card)
        fund_business_center(means, COMMAND, business_center_id=advertiser.business_center_id, **card)
