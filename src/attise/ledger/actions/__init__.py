"""What happens here: one module for each kind of act. All run in the transaction of their caller."""

from attise.ledger.actions.accounts import open_account
from attise.ledger.actions.batch import batch
from attise.ledger.actions.charge import charge, charge_many
from attise.ledger.actions.envelopes import (
    close_envelope,
    open_envelope,
    reopen_envelope,
    set_limit,
    set_timezone,
)
from attise.ledger.actions.move import move
from attise.ledger.actions.restored import note_restored
from attise.ledger.actions.reverse import reverse_charge, reverse_transfer
from attise.ledger.actions.touched import take_touched

__all__ = [
    "batch",
    "charge",
    "charge_many",
    "close_envelope",
    "move",
    "note_restored",
    "open_account",
    "open_envelope",
    "reopen_envelope",
    "reverse_charge",
    "reverse_transfer",
    "set_limit",
    "set_timezone",
    "take_touched",
]
