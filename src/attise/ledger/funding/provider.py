"""What every way of bringing money keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Order:
    """An amount to collect; ``key`` makes it once, ``said`` is what the payer gave (a card's number, a reference)."""

    key: str
    currency: str
    amount_micros: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was collected: the outside account that it came from, and how a statement names it."""

    account_key: str
    memo: str


class Provider(Protocol):
    """A way of bringing money.

    ``collect`` is asked outside of the database's transaction when it speaks to others, and answers the same receipt
    for the same order, however often it is asked.
    """

    @property
    def name(self) -> str:
        """Its name in requests and histories."""
        ...

    def collect(self, order: Order) -> Receipt:
        """Collect an amount. Raises: FundingRefused when nothing was."""
        ...
