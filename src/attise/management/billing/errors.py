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
GIVE_BACK_REASON = Reason(
    "give_back_reason_unknown",
    N_("Charges are not given back for this reason."),
    N_("Choose one of: %(choices)s."),
)
TOO_MANY_CHARGES = Reason(
    "too_many_charges",
    N_("One request gives back 1 to %(limit)s charges; this one names %(got)s."),
    N_("Send them in several requests."),
)
CHARGE_TOO_OLD = Reason(
    "charge_too_old",
    N_("Invalid traffic is given back within 30 days of its event."),
    N_("Give the reason billing_error if the house made a mistake."),
)
