"""What a recount has counted so far, and what it throws when something differs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from attise.ledger.heads import KeptHead


class Difference(Exception):  # noqa: N818 - it is what was looked for
    """Where the ledger is not what it should be, in words for the operator."""


@dataclass(slots=True)
class CountedAccount:
    """An account, with the sum of its entries."""

    currency: str
    key: str
    sum_micros: int = 0


@dataclass(slots=True)
class Count:
    """Sums over what was sealed up to the ends of the chains."""

    ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By currency: number and hash of the last batch that was read."""
    accounts: dict[int, CountedAccount] = field(default_factory=dict)
    spent: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    """By envelope and period: charges less their reversals."""
    kept: dict[tuple[str, int], KeptHead] = field(default_factory=dict)
    """By currency and number: heads kept outside of the database whose batch was not met yet."""
    batches: int = 0
    transfers: int = 0
    entries: int = 0
    charges: int = 0
