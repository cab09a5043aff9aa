"""Why money does not come."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason, Refusal


class FundingRefused(Refusal):
    """A provider says no; nothing was collected."""


PROVIDER_UNKNOWN = Reason(
    "funding_provider_unknown",
    N_("Money does not come to this house that way."),
    N_("Choose one of: %(providers)s."),
)
CARD_REQUIRED = Reason(
    "test_card_required",
    N_("A test card has a number."),
    N_("Give 9999 0000 0000 0000, which is always accepted, or another number of the list of test cards."),
)
CARD_UNKNOWN = Reason(
    "test_card_unknown",
    N_("This is not the number of a test card. It was not kept."),
    N_("Give a number of the list of test cards, such as 9999 0000 0000 0000. Never type a real one here."),
)
CARD_DECLINED = Reason(
    "card_declined",
    N_("The card was declined: %(rule)s"),
    N_("Use another card, or another amount."),
    Kind.RULE,
)
