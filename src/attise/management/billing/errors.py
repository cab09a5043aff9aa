"""The room's refusals."""

from __future__ import annotations

from attise.kernel.errors import N_, Reason, Refusal


class BillingRefused(Refusal):
    """Money does not move as asked."""


AMOUNT_NOT_PAYABLE = Reason(
    "amount_not_payable",
    N_("This is not an amount that can be paid in %(currency)s: above zero, in steps of %(step)s, at most %(most)s."),
    N_("Correct the amount."),
)
CURRENCY_DIFFERS = Reason(
    "currency_differs",
    N_("The advertiser pays in %(advertiser_currency)s, the Business Center in %(center_currency)s."),
    N_("Fund the advertiser in its own currency; no amount is ever converted."),
)
