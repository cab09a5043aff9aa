"""What can be paid out, and on which account. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from attise.kernel.errors import N_
from attise.kernel.limits import ACCOUNT_HOLDER_CHARACTERS, ACCOUNT_NUMBER_CHARACTERS, MATURITY_MS
from attise.kernel.text import clean_text
from attise.management.earnings.errors import ACCOUNT_WRONG, EarningsRefused

SET_ASIDE, SENT, CAME_BACK = "payout_set_aside", "payout_sent", "payout_came_back"
"""Reasons of the ledger's transfers: to what is payable, to the outside, and back to the creator."""
MANUAL: Final = "manual_transfer"
METHODS: Final = (MANUAL,)
OPEN: Final = ("asked", "held", "approved")
WAITING: Final = ("asked", "held")
SAME_OWNER, SHARED_ACCOUNT = "same_owner", "shared_account"
"""Why a payout is held: a person stands on both sides, or another creator is paid on the same account."""

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_LOOKS_LIKE_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}")
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/.-]{3,}")
_SHOWN = 4
IBAN_MODULUS, IBAN_REST = 97, 1


@dataclass(frozen=True, slots=True)
class Balance:
    """What a creator has in one currency, in micros. Invariant: accrued + owed is the balance of their ledger account.

    An amount given back is taken off where the earning it undoes lies.
    """

    currency: str
    accrued_micros: int
    """Earned within the last thirty days: not matured yet."""
    matured_micros: int
    """Everything that ever matured, less what was given back of it."""
    set_aside_micros: int
    """Approved, and not paid yet."""
    paid_micros: int
    asked_micros: int
    """Asked for, and not approved yet."""

    @property
    def owed_micros(self) -> int:
        """What matured and was neither set aside nor paid; negative when more was given back than is left."""
        return self.matured_micros - self.set_aside_micros - self.paid_micros

    @property
    def available_micros(self) -> int:
        """What may be asked for now."""
        return max(0, self.owed_micros - self.asked_micros)


def balance_of(
    currency: str,
    *,
    balance_micros: int,
    recent_micros: int,
    set_aside_micros: int,
    paid_micros: int,
    asked_micros: int,
) -> Balance:
    """Return a balance from what the ledger says: the account's balance, and what of it came within thirty days."""
    matured = balance_micros - recent_micros + set_aside_micros + paid_micros
    return Balance(currency, recent_micros, matured, set_aside_micros, paid_micros, asked_micros)


def matures_before_ms(now_ms: int) -> int:
    """Return the first moment (world time) whose earnings have not matured."""
    return now_ms - MATURITY_MS + 1


def clean_holder(holder: str) -> str:
    """Return the name of an account's holder. Raises: the rules of texts."""
    return clean_text(holder, field="holder", limit=ACCOUNT_HOLDER_CHARACTERS)


def clean_number(number: str) -> str:
    """Return an account's number without its spaces, in capitals; one that looks like an IBAN must be one.

    Raises: ``field_required``, ``text_too_long``, ``payout_account_wrong``.
    """
    text = clean_text(number, field="number", limit=ACCOUNT_NUMBER_CHARACTERS)
    bare = "".join(text.split()).upper()
    if _LOOKS_LIKE_IBAN.match(bare):
        if not _IBAN.fullmatch(bare) or not _is_iban(bare):
            raise EarningsRefused(ACCOUNT_WRONG, field="number", rule=N_("an IBAN whose check digits do not hold"))
    elif not _NUMBER.fullmatch(bare):
        raise EarningsRefused(ACCOUNT_WRONG, field="number", rule=N_("letters and figures are expected"))
    return bare


def _is_iban(bare: str) -> bool:
    """Tell whether the check digits of an IBAN hold (ISO 13616: 97 divides it with 1 left)."""
    moved = bare[_SHOWN:] + bare[:_SHOWN]
    return int("".join(str(int(sign, 36)) for sign in moved)) % IBAN_MODULUS == IBAN_REST


def mask_of(number: str) -> str:
    """Return an account's number as it may be shown: its last signs."""
    return f"•••• {number[-_SHOWN:]}"
