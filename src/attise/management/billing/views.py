"""What this room tells others: plain, frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from attise.management.billing.rules import Sort, sort_of


@dataclass(frozen=True, slots=True)
class BalanceView:
    """What an advertiser or a Business Center has.

    ``advertiser_id`` is None for a Business Center's own. Invariant: available = paid in − spent, never below zero.
    """

    business_center_id: int
    advertiser_id: int | None
    currency: str
    paid_in_micros: int
    """What transfers brought, less what they took."""
    spent_micros: int
    """What charges took, less what was given back."""

    @property
    def available_micros(self) -> int:
        """What is left."""
        return self.paid_in_micros - self.spent_micros


@dataclass(frozen=True, slots=True)
class MovementView:
    """A movement of money as an advertiser or a Business Center sees it; the amount is negative when it left."""

    id: int
    advertiser_id: int | None
    """None for a Business Center's own."""
    amount_micros: int
    currency: str
    kind: str
    """``funding``, ``refund``, ``transfer``, or the reason of a correction."""
    memo: str
    actor: str
    at_ms: int
    reverses: int | None

    @property
    def sort(self) -> Sort:
        """What it is to whom it concerns."""
        return sort_of(self.kind, self.amount_micros)
