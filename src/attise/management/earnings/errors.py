"""The room's refusals."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason, Refusal


class EarningsRefused(Refusal):
    """A payout does not go as asked."""


NOTHING_TO_PAY = Reason(
    "payout_above_matured",
    N_("%(available)s %(currency)s can be paid out now."),
    N_("Ask for that much or less; an earning can be paid out 30 days after it was made."),
)
PAYOUT_UNDER_WAY = Reason(
    "payout_under_way",
    N_("A payout in %(currency)s is under way already."),
    N_("Wait until it is paid, or withdraw it while it is not approved."),
    Kind.CONFLICT,
)
ACCOUNT_MISSING = Reason(
    "payout_account_missing",
    N_("It is not said yet where to pay."),
    N_("Give an account first."),
)
ACCOUNT_WRONG = Reason(
    "payout_account_wrong",
    N_("This is not the number of an account: %(rule)s."),
    N_("Copy the number again, the whole of it."),
)
PAYOUT_STATE = Reason(
    "payout_state",
    N_("This payout was decided meanwhile."),
    N_("Read it again."),
    Kind.CONFLICT,
)
NOT_COVERED = Reason(
    "payout_not_covered",
    N_("What was given back since leaves %(available)s %(currency)s to pay out."),
    N_("Refuse this payout; the creator may ask for less."),
    Kind.CONFLICT,
)
NOTE_REQUIRED = Reason(
    "payout_note_required",
    N_("It is not said why."),
    N_("Say why in the note; the creator reads it."),
)
