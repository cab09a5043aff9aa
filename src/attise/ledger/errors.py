"""The ledger's refusals."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason, Refusal


class LedgerRefused(Refusal):
    """The ledger says no."""


BALANCE_TOO_LOW = Reason(
    "balance_too_low",
    N_("The balance does not cover this amount: %(available)s %(currency)s are available."),
    N_("Take a smaller amount, or add funds first."),
)
BALANCE_TOO_LARGE = Reason(
    "balance_too_large",
    N_("No account may hold that much."),
    N_("Take a smaller amount."),
)
TRANSFER_KEY_REUSED = Reason(
    "transfer_key_reused",
    N_("This key was used for another movement of money."),
    N_("Use a new key for a new movement; the same key repeats the same one."),
    Kind.CONFLICT,
)
CHARGE_KEY_REUSED = Reason(
    "charge_key_reused",
    N_("This key was used for another charge."),
    N_("Use one key for one event; the same key repeats the same charge."),
    Kind.CONFLICT,
)
ALREADY_REVERSED = Reason(
    "already_reversed",
    N_("This movement of money was reversed before."),
    N_("Nothing is left to reverse. Correct the reversal by a new movement."),
    Kind.CONFLICT,
)
NOT_REVERSIBLE = Reason(
    "not_reversible",
    N_("This cannot be reversed: it moved no money, or is a reversal itself."),
    N_("Correct it by a new movement."),
)
ENVELOPE_KEY_REUSED = Reason(
    "envelope_key_reused",
    N_("An envelope of this key exists with another kind, currency or payer."),
    N_("Use another key: kind, currency and payer of an envelope are fixed."),
    Kind.CONFLICT,
)
