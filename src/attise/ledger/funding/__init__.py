"""Where money comes from: one small interface, and the two ways that this house knows.

A *provider* collects an amount for an account, once for each key, and says which outside account it came from; the
caller then moves it in its own transaction, under the same key. A crash between the two is mended by asking again:
the provider answers the same, and the transfer is made once. A *manual transfer* is the operator's word that money
came; a *test card* pretends, in a sandbox and a demo.
"""

from attise.ledger.funding.errors import FundingRefused
from attise.ledger.funding.manual import ManualTransfer
from attise.ledger.funding.provider import Order, Provider, Receipt
from attise.ledger.funding.providers import find_provider
from attise.ledger.funding.test_card import TestCard

__all__ = ["FundingRefused", "ManualTransfer", "Order", "Provider", "Receipt", "TestCard", "find_provider"]
