"""A manual payment: the operator says that they sent it, and by which reference."""

from __future__ import annotations

from attise.ledger.paying.payer import Payment, Sent


class ManualPayment:
    """Takes the operator's word; whoever calls has made sure that it is theirs."""

    name = "manual_transfer"

    def pay(self, payment: Payment) -> Sent:
        """Return what is said to have been sent."""
        return Sent("outside:manual_transfer", payment.said)
