"""What this room tells others: plain, frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from attise.management.earnings.models import Payout, PayoutAccount
from attise.management.earnings.rules import OPEN


@dataclass(frozen=True, slots=True)
class PayoutAccountView:
    """Where a creator is paid; the number is masked."""

    id: int
    method: str
    holder: str
    mask: str
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout."""

    id: int
    creator_id: int
    account: PayoutAccountView
    currency: str
    amount_micros: int
    state: str
    held_for: tuple[tuple[str, str], ...]
    """Reasons, each with the id it speaks of."""
    asked_by: str
    asked_at_ms: int
    decided_by: str
    decided_at_ms: int | None
    note: str
    reference: str
    ended_at_ms: int | None

    @property
    def is_open(self) -> bool:
        """Whether something is left to happen to it."""
        return self.state in OPEN


def account_view(row: PayoutAccount) -> PayoutAccountView:
    """Read an account off its row."""
    return PayoutAccountView(row.id, row.method, row.holder, row.mask, row.created_at_ms)


def payout_view(row: Payout) -> PayoutView:
    """Read a payout off its row, which comes with ``account``."""
    return PayoutView(
        row.id,
        row.creator_id,
        account_view(row.account),
        row.currency,
        row.amount_micros,
        row.state,
        tuple((reason, str(number)) for reason, number in row.held_for),
        row.asked_by,
        row.asked_at_ms,
        row.decided_by,
        row.decided_at_ms,
        row.note,
        row.reference,
        row.ended_at_ms,
    )
