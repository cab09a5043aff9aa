"""How money leaves the house to those it is owed: one small interface, as ``funding`` is for how it comes.

A *payer* sends an amount to an outside account, once for each key, and says which account of ours the transfer names
and by which reference; the caller moves it in its own transaction under the same key. A *manual payment* is the
operator's word that they sent it.
"""

from attise.ledger.paying.manual import ManualPayment
from attise.ledger.paying.payer import Payer, Payment, Sent

__all__ = ["ManualPayment", "Payer", "Payment", "Sent"]
