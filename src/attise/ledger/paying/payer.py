"""What every way of sending money keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Payment:
    """An amount to send; ``key`` makes it once, ``said`` is what the operator gave."""

    key: str
    currency: str
    amount_micros: int
    holder: str
    number: str = field(repr=False)
    """The whole number of the outside account; in no log."""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the outside account of the ledger that it went to, and how a statement names it."""

    account_key: str
    memo: str


class Payer(Protocol):
    """A way of sending money.

    ``pay`` is asked outside of the database's transaction, and answers the same for the same payment, however often it
    is asked.
    """

    @property
    def name(self) -> str:
        """Its name in requests and histories."""
        ...

    def pay(self, payment: Payment) -> Sent:
        """Send an amount. Raises: a refusal when nothing was sent."""
        ...
