"""What happens here: money comes, goes, moves between a Business Center and its advertisers, or is given back."""

from attise.management.billing.actions.credit import give_test_credit
from attise.management.billing.actions.fund import (
    fund_advertiser,
    fund_business_center,
    fund_by_hand,
    refund_advertiser,
    refund_business_center,
)
from attise.management.billing.actions.give_back import GivenBack, give_back
from attise.management.billing.actions.transfer import move_to_advertiser, move_to_business_center

__all__ = [
    "GivenBack",
    "fund_advertiser",
    "fund_business_center",
    "fund_by_hand",
    "give_back",
    "give_test_credit",
    "move_to_advertiser",
    "move_to_business_center",
    "refund_advertiser",
    "refund_business_center",
]
