"""A charge on its way: measurement → ledger, what one settled event costs and who is paid of it."""

from __future__ import annotations

from typing import Final

import msgspec

EVENT: Final = "event:"
"""How the key of an event's charge begins; the event's own key follows, in hexadecimal digits."""


class Charge(msgspec.Struct, frozen=True):
    """What is asked of the ledger for one event; the price comes from the decision, never from the client.

    Invariants, asserted by the ledger: ``amount_micros`` is not negative; the legs sum to it.
    """

    key: str
    """Made from the event's own key: the same event asks for the same charge."""
    envelopes: tuple[int, ...]
    """Ids of every envelope that bounds it, of one payer; the payer's balance is always among those judged."""
    amount_micros: int
    legs: tuple[tuple[str, int], ...]
    """Account keys and micros: platform, creator…"""
    decided_at_ms: int
    """World time of the decision."""
    received_at_ms: int
    """Wire time of the event's receipt."""
    sealed_at_ms: int = 0
    """Wire time at which the token was sealed that the event came with; 0: it came with none."""
